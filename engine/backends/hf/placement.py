"""On which device a model runs, in which type, and why: for what there is in memory."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import torch

from engine.errors import ModelLoadError
from engine.types import Device

RESERVE = 1_200_000_000  # bytes: activations, kernels, and the screen
BYTES = {"F32": 4, "F16": 2, "BF16": 2}
TORCH_DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


class Need(msgspec.Struct, frozen=True):
    """What a model takes. `weights(b)` bytes when its floats have b bytes each."""

    name: str
    dtype: str  # of the file
    weights: Callable[[int], int]
    kv_values: int  # what is remembered of contexts
    layers: int

    def bytes_as(self, dtype: str) -> int:
        return self.weights(BYTES[dtype]) + self.kv_values * BYTES[dtype]


class Placement(msgspec.Struct, frozen=True):
    """`place` is torch's name of the device, `dtype` safetensors' name of the type."""

    place: str
    dtype: str
    device: Device
    remarks: tuple[str, ...] = ()


def choose_place(need: Need, gpu_layers: int, memory: int) -> Placement:
    """The first GPU that all of it fits on, or the CPU; `ModelLoadError` if it fits nowhere.

    `memory` is what the CPU has free, in bytes. A part of the layers on a GPU is for llama.cpp.
    """
    reason = "GPU layers are set to 0 in Settings." if gpu_layers == 0 else ""
    gpus = [] if reason else _gpus()
    for place, name, free, dtypes in gpus:
        for dtype in _ordered(need.dtype, dtypes):
            if need.bytes_as(dtype) + RESERVE <= free:
                kind = "cuda" if place.startswith("cuda") else "metal"
                device = Device(kind, name, need.layers, need.layers, f"{name} was found.")
                return Placement(place, dtype, device, _told(need.dtype, dtype, name))
        reason = (
            f"The model takes {_gb(need.bytes_as('BF16'))}, "
            f"and {name} has {_gb(free - RESERVE)} free."
        )
    return _on_cpu(need, reason or _why_no_gpu(), memory)


def devices() -> tuple[Device, ...]:
    """Every device that torch can use, GPUs first."""
    gpus = _gpus()
    found = [Device("cuda" if p.startswith("cuda") else "metal", name) for p, name, *_ in gpus]
    return (*found, Device("cpu", _cpu_name(), reason="" if gpus else _why_no_gpu()))


def _on_cpu(need: Need, reason: str, memory: int) -> Placement:
    quick = ("BF16", "F32") if _reads_bf16() else ("F32", "BF16")
    if need.dtype == "F16":
        quick = ("F32", "F16")  # bfloat16 would lose some of it
    elif need.dtype == "F32":
        quick = ("F32", "BF16")
    for dtype in quick:
        if need.bytes_as(dtype) + RESERVE // 4 <= memory:
            device = Device("cpu", _cpu_name(), 0, need.layers, reason)
            return Placement("cpu", dtype, device, _told(need.dtype, dtype, "this processor"))
    raise ModelLoadError(
        f"{need.name} takes {_gb(need.bytes_as('BF16'))} of memory, and {_gb(memory)} are free.",
        hint="Close other programs, choose a smaller model or context, or a quantized GGUF file.",
    )


def _ordered(wanted: str, possible: tuple[str, ...]) -> list[str]:
    """The file's own type first; a larger one is read in half the size where it must be."""
    own = [wanted] if wanted in possible else []
    return own + [dtype for dtype in possible if dtype not in (*own, "F32")]


def _told(file: str, dtype: str, where: str) -> tuple[str, ...]:
    if file == dtype:
        return ()
    return (f"The weights are kept as {dtype} instead of {file}, which suits {where} better.",)


def _gpus() -> list[tuple[str, str, int, tuple[str, ...]]]:
    """(torch's name, a person's name, free bytes, possible types)."""
    if torch.cuda.is_available():
        halves = ("BF16", "F16") if torch.cuda.is_bf16_supported() else ("F16",)
        found = [
            (f"cuda:{i}", torch.cuda.get_device_name(i), torch.cuda.mem_get_info(i)[0])
            for i in range(torch.cuda.device_count())
        ]
        return [(*gpu, (*halves, "F32")) for gpu in sorted(found, key=lambda gpu: -gpu[2])]
    if torch.backends.mps.is_available():
        free = torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
        return [("mps", "Apple GPU", free, ("BF16", "F16", "F32"))]
    return []


def _why_no_gpu() -> str:
    if torch.version.cuda is None and not torch.backends.mps.is_built():
        return "torch was installed without GPU support; see docs/install.md."
    return "No GPU was found that this build of torch can use."


def _reads_bf16() -> bool:
    """Has the processor instructions for bfloat16? Without them it is several times slower."""
    tests = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in tests)


def _cpu_name() -> str:
    from engine.backends.llama.library import cpu_name

    return cpu_name()


def _gb(size: int) -> str:
    return f"{max(size, 0) / 1e9:,.1f} GB"
