"""A look into a safetensors file: its header with hard limits, and that every tensor is there.

Format: the safetensors specification. Needs neither torch nor the safetensors library, so that a
folder can be checked, and listed by the command line, in a moment.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import ModelFileError

MAX_HEADER = 100_000_000  # the specification's own limit
MAX_TENSORS = 1_000_000
HINT = "Choose another folder, or download this one again."
# Bytes per value; the ones below a byte are counted by their packed form.
TYPE_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "F8_E8M0": 1, "F8_E4M3FNUZ": 1,
    "F8_E5M2FNUZ": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4,
    "F64": 8, "I64": 8, "U64": 8, "C64": 8,
}  # fmt: skip
_DAMAGED = "is damaged (a tensor lies outside the file)"


class TensorFile(msgspec.Struct, frozen=True):
    """`dtypes` counts the values of each type."""

    size_bytes: int
    tensor_names: frozenset[str]
    dtypes: dict[str, int]


def read_tensor_file(path: Path) -> TensorFile:
    """Read and check; `ModelFileError` says what is wrong with it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or not 0 < length <= MAX_HEADER:
                raise _bad(path, "is not a safetensors file")
            if 8 + length > size:
                raise _bad(path, f"is cut short ({size:,} of at least {8 + length:,} bytes)")
            data = file.read(length)
    except FileNotFoundError:
        raise _bad(path, "is missing") from None
    except OSError as error:
        raise ModelFileError(f"{path.name} cannot be read: {error.strerror}.", hint=HINT) from error
    try:
        header = msgspec.json.decode(data, type=dict[str, dict[str, Any]])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise _bad(path, "is not a safetensors file") from None
    header.pop("__metadata__", None)
    if len(header) > MAX_TENSORS:
        raise _bad(path, "is damaged (impossible counts in its header)")
    return _checked(path, size, size - 8 - length, header)


def _checked(path: Path, size: int, room: int, header: dict[str, dict[str, Any]]) -> TensorFile:
    dtypes: dict[str, int] = {}
    end_of_all = 0
    for entry in header.values():
        try:
            begin, end = entry["data_offsets"]
            count = math.prod(entry["shape"])
            dtype = str(entry["dtype"])
        except (KeyError, TypeError, ValueError):
            raise _bad(path, "is damaged (its header makes no sense)") from None
        if not (isinstance(begin, int) and isinstance(end, int) and 0 <= begin <= end):
            raise _bad(path, _DAMAGED)
        if dtype in TYPE_BYTES and count * TYPE_BYTES[dtype] != end - begin:
            raise _bad(path, "is damaged (a tensor has not the size that its header says)")
        end_of_all = max(end_of_all, end)
        dtypes[dtype] = dtypes.get(dtype, 0) + int(count)
    if end_of_all > room:
        missing = size - room + end_of_all
        raise _bad(path, f"is cut short ({size:,} of {missing:,} bytes)")
    return TensorFile(size, frozenset(header), dtypes)


def _bad(path: Path, what: str) -> ModelFileError:
    return ModelFileError(f"{path.name} {what}.", hint=HINT)


def is_plain_name(name: object) -> bool:
    """A file of the folder itself: no path leads out of it."""
    return isinstance(name, str) and bool(re.fullmatch(r"[^/\\:\0]+", name)) and name[0] != "."
