"""llama.cpp through llama-cpp-python's low-level API: one model, one context, one sequence."""
