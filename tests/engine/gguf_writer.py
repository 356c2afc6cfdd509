"""Writes small GGUF files, sound and broken ones. Format: the GGUF specification, version 3."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence

_STRING, _U32, _F32, _BOOL, _ARRAY = 8, 4, 6, 7, 9
Value = str | int | float | bool | Sequence[str] | Sequence[int]
Tensor = tuple[str, tuple[int, ...]]  # name and shape, of 32-bit floats

MARTIAN: dict[str, Value] = {"general.architecture": "martian", "general.name": "Marvin"}
ONE_TENSOR: tuple[Tensor, ...] = (("token_embd.weight", (4, 8)),)


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def entry(key: str, value: Value) -> bytes:
    """One key-value pair."""
    if isinstance(value, bool):
        return text(key) + struct.pack("<I?", _BOOL, value)
    if isinstance(value, int):
        return text(key) + struct.pack("<II", _U32, value)
    if isinstance(value, float):
        return text(key) + struct.pack("<If", _F32, value)
    if isinstance(value, str):
        return text(key) + struct.pack("<I", _STRING) + text(value)
    if all(isinstance(item, int) for item in value):
        return text(key) + struct.pack(f"<IIQ{len(value)}I", _ARRAY, _U32, len(value), *value)
    items = b"".join(text(str(item)) for item in value)
    return text(key) + struct.pack("<IIQ", _ARRAY, _STRING, len(value)) + items


def header(tensors: int, entries: int, *, magic: bytes = b"GGUF", version: int = 3) -> bytes:
    return magic + struct.pack("<IQQ", version, tensors, entries)


def pieces(
    metadata: Mapping[str, Value] = MARTIAN, tensors: Sequence[Tensor] = ONE_TENSOR
) -> list[bytes]:
    """A whole file, cut at each boundary of its header; the weights are the last piece."""
    parts = [b"GGUF", struct.pack("<I", 3), struct.pack("<Q", len(tensors))]
    parts.append(struct.pack("<Q", len(metadata)))
    parts += [entry(key, value) for key, value in metadata.items()]
    offset = 0
    for name, shape in tensors:
        info = struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset)
        parts.append(text(name) + info)
        offset += -(-math.prod(shape) * 4 // 32) * 32
    size = sum(map(len, parts))
    parts.append(bytes(-size % 32))
    parts.append(bytes(offset))
    return parts


def gguf(metadata: Mapping[str, Value] = MARTIAN, tensors: Sequence[Tensor] = ONE_TENSOR) -> bytes:
    return b"".join(pieces(metadata, tensors))
