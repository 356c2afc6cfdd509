"""llama.cpp as a library: which devices it was built for, what it logs, how it is told to stop."""

from __future__ import annotations

import collections
import ctypes
import os
import sys
from importlib.metadata import version

import llama_cpp
import llama_cpp._ggml

from engine.types import Device

_GPU_TYPES = (1, 2)  # ggml_backend_dev_type: GPU, IGPU
_WARN, _ERROR = 3, 4  # ggml_log_level in ggml.h
# Said of every stop and of a context for several conversations: what is meant to be is no warning.
_MEANT = (
    "graph_compute_async failed with error 1",
    "removing memory module entries",
    "failed to decode, ret = 2",
    "failed to compute graph, compute status: 1",
    "possible training context overflow",
)
_errors: collections.deque[str] = collections.deque(maxlen=20)


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _log(level: int, text: bytes, _: object) -> None:
    line = text.decode("utf-8", errors="replace")
    if any(meant in line for meant in _MEANT):
        return
    if level in (_WARN, _ERROR):
        sys.stderr.write(line)
    if level == _ERROR:
        _errors.append(line.strip())


llama_cpp.llama_log_set(_log, ctypes.c_void_p(0))


def forget_errors() -> None:
    _errors.clear()


def logged_errors() -> list[str]:
    """llama.cpp's error lines since `forget_errors`: the only place where it says why."""
    return list(_errors)


def native_abort_callback() -> ctypes._CFuncPtr:  # type: ignore[name-defined]
    """`strlen` as llama.cpp's abort callback: true as soon as the watched buffer is not empty.

    A Python callback would be called a thousand times per decode and fight for the interpreter.
    """
    library = ctypes.cdll.msvcrt if os.name == "nt" else ctypes.CDLL(None)
    return ctypes.cast(library.strlen, llama_cpp.ggml_abort_callback)


def engine_version() -> str:
    return f"llama-cpp-python {version('llama-cpp-python')}"


def build() -> str:
    """Version and the processor features it was built for: what was measured holds for this."""
    return f"{engine_version()}; {llama_cpp.llama_print_system_info().decode(errors='replace')}"


def gpu_devices() -> list[tuple[str, str, int]]:
    """(kind, name, free bytes) of every GPU that this build of llama.cpp can use."""
    ggml = llama_cpp._ggml.libggml
    try:
        ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
        ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
        ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
        for name in ("name", "description"):
            function = getattr(ggml, f"ggml_backend_dev_{name}")
            function.restype, function.argtypes = ctypes.c_char_p, [ctypes.c_void_p]
        ggml.ggml_backend_dev_type.restype = ctypes.c_int
        ggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
        ggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, *[ctypes.c_void_p] * 2]
    except AttributeError:  # a build that keeps these symbols elsewhere: no list, no GPU names
        return []
    found = []
    for index in range(ggml.ggml_backend_dev_count()):
        device = ggml.ggml_backend_dev_get(index)
        if ggml.ggml_backend_dev_type(device) in _GPU_TYPES:
            free, total = ctypes.c_size_t(), ctypes.c_size_t()
            ggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
            short = ggml.ggml_backend_dev_name(device).decode()
            kinds = {"CUDA": "cuda", "Metal": "metal", "MTL": "metal", "Vulkan": "vulkan"}
            kind = next((kinds[key] for key in kinds if short.startswith(key)), "gpu")
            name = ggml.ggml_backend_dev_description(device).decode(errors="replace")
            found.append((kind, name, free.value))
    return found


def why_no_gpu() -> str:
    """One plain sentence for the window."""
    if not llama_cpp.llama_supports_gpu_offload():
        return (
            "llama.cpp was installed without GPU support; "
            "see docs/install.md for CUDA, Metal and Vulkan."
        )
    return "No GPU was found that this build of llama.cpp can use."


def devices() -> tuple[Device, ...]:
    """Every device, GPUs first; the CPU's reason says why no GPU stands before it."""
    gpus = tuple(Device(kind, name, reason="") for kind, name, _ in gpu_devices())
    return (*gpus, Device("cpu", cpu_name(), reason="" if gpus else why_no_gpu()))


def cpu_name() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    import platform

    return platform.processor() or platform.machine() or "CPU"


def available_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def choose_threads(wanted: int) -> int:
    """As asked, or: every core of a small machine, half of the logical cores of a larger one.

    Decoding is bound by memory, and two threads on the two halves of one core are no faster.
    """
    cpus = available_cpus()
    return wanted if wanted > 0 else (cpus if cpus <= 4 else max(4, cpus // 2))
