# Read by CMake while llama-cpp-python is compiled (see BUILD_SETTINGS in install_plan.py).
#
# llama.cpp's `common` library serves its command-line tools: Carrel does not use it, and it is
# nearly half of the compile time. llama-cpp-python switches it on in the cache; a plain variable
# is looked up first (CMake policies CMP0077 and CMP0126), so this leaves it out.
set(LLAMA_BUILD_COMMON OFF)
