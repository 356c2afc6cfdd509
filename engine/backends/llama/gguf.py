"""A look into a GGUF file before llama.cpp, which may abort the whole process, gets to see it.

Reads the header and metadata with hard limits and checks that every tensor lies inside the file. It
does not know what an architecture means. Format: the GGUF specification of the ggml project.
"""

from __future__ import annotations

import math
import stat
import struct
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from engine.errors import ModelFileError

MAGIC = b"GGUF"
MAX_ENTRIES = 65_536
MAX_TENSORS = 65_536
MAX_STRING = 16 * 1024 * 1024
MAX_ARRAY = 4_000_000
KEPT_ARRAY = 8  # longer arrays (the vocabulary) are skipped over, not kept
KEPT_NUMBERS = 1024  # but for lists of whole numbers: some have one for each layer

_CUT_SHORT = "is cut short, most likely by a download that did not finish"
_BAD_LENGTH = "is damaged (an impossible text length in its header)"

# value type: (struct format, size); 8 is a string, 9 an array
_SCALARS = {
    0: ("B", 1), 1: ("b", 1), 2: ("H", 2), 3: ("h", 2), 4: ("I", 4), 5: ("i", 4),
    6: ("f", 4), 7: ("?", 1), 10: ("Q", 8), 11: ("q", 8), 12: ("d", 8),
}  # fmt: skip
_STRING, _ARRAY = 8, 9
_WHOLE = frozenset({0, 1, 2, 3, 4, 5, 10, 11})

# ggml type: (name, weights per block, bytes per block)
_TENSOR_TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
    20: ("IQ4_NL", 32, 18), 23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2),
    26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8), 30: ("BF16", 1, 2),
}  # fmt: skip

# general.file_type, llama.cpp's enum llama_ftype
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip


class GgufHeader(msgspec.Struct, frozen=True):
    """`metadata` holds scalars, strings and short arrays as text; `parameter_count` is exact.

    `numbers` has the whole numbers and lists of them; `weights` how many weights are kept in which
    ggml type ("" for types that are not known here).
    """

    architecture: str
    name: str
    quantization: str
    parameter_count: int
    tensor_count: int
    metadata: dict[str, str]
    numbers: dict[str, tuple[int, ...]] = {}
    weights: dict[str, int] = {}


def read_header(path: Path) -> GgufHeader:
    """Read and check; `ModelFileError` says in plain words what is wrong with the file."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "folder" if stat.S_ISDIR(status.st_mode) else "device or a pipe"
            raise ModelFileError(f"{path.name} is a {kind}, not a model file.")
        with path.open("rb") as file:
            return _Reader(file, status.st_size, path.name).header()
    except (FileNotFoundError, ValueError):  # ValueError: a NUL in the name
        raise ModelFileError(
            f"The model file {path.name} does not exist.",
            hint="Check that it has not been moved or deleted, or choose another one.",
        ) from None
    except OSError as error:
        raise ModelFileError(f"{path.name} cannot be read: {error.strerror}.") from error


class _Reader:
    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self._file, self._size, self._name = file, size, name
        self._weights: dict[str, int] = {}

    def header(self) -> GgufHeader:
        if self._size == 0:
            raise self._bad("is empty")
        magic = self._file.read(4)
        if magic != MAGIC:
            raise self._bad("is not a GGUF model")
        (version,) = struct.unpack("<I", self._take(4))
        if version not in (2, 3):
            raise self._bad(f"has GGUF version {version}, which this Carrel does not know")
        tensors, entries = struct.unpack("<QQ", self._take(16))
        if entries > MAX_ENTRIES or tensors > MAX_TENSORS:
            raise self._bad("is damaged (impossible counts in its header)")
        metadata = {}
        for _ in range(entries):
            key = self._string()
            metadata[key] = self._value(*struct.unpack("<I", self._take(4)))
        if tensors == 0 and "split.count" not in metadata:  # a first part may hold none
            raise self._bad("holds no weights (a vocabulary or header file)")
        self._tensors(tensors, metadata.get("general.alignment", 32))
        architecture = metadata.get("general.architecture")
        if not isinstance(architecture, str) or not architecture:
            raise self._bad("does not name its architecture")
        file_type = metadata.get("general.file_type")
        return GgufHeader(
            architecture=architecture,
            name=str(metadata.get("general.name") or Path(self._name).stem),
            quantization=_FILE_TYPES.get(file_type, "") if isinstance(file_type, int) else "",
            parameter_count=sum(self._weights.values()),
            tensor_count=tensors,
            metadata={key: str(value) for key, value in metadata.items() if _is_short(value)},
            numbers={key: numbers for key, value in metadata.items() if (numbers := _whole(value))},
            weights=self._weights,
        )

    def _bad(self, what: str) -> ModelFileError:
        return ModelFileError(f"{self._name} {what}.")

    def _take(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) < count:
            raise self._bad(_CUT_SHORT)
        return data

    def _string(self) -> str:
        (length,) = struct.unpack("<Q", self._take(8))
        if length > MAX_STRING:
            raise self._bad(_BAD_LENGTH)
        return self._take(length).decode("utf-8", errors="replace")

    def _value(self, kind: int) -> Any:
        if kind in _SCALARS:
            form, size = _SCALARS[kind]
            return struct.unpack("<" + form, self._take(size))[0]
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array()
        raise self._bad("is damaged (an unknown value type in its header)")

    def _array(self) -> list[Any] | None:
        kind, count = struct.unpack("<IQ", self._take(12))
        if count > MAX_ARRAY or kind == _ARRAY:
            raise self._bad("is damaged (an impossible list in its header)")
        if count <= (KEPT_NUMBERS if kind in _WHOLE else KEPT_ARRAY):
            return [self._value(kind) for _ in range(count)]
        if kind in _SCALARS:
            self._take(_SCALARS[kind][1] * count)
        elif kind == _STRING:
            self._skip_strings(count)
        else:
            raise self._bad("is damaged (an unknown value type in its header)")
        return None

    def _skip_strings(self, count: int) -> None:
        """The vocabulary: hundreds of thousands of them, so this loop is worth some care."""
        read, length_of = self._file.read, struct.Struct("<Q").unpack
        for _ in range(count):
            data = read(8)
            if len(data) < 8:
                raise self._bad(_CUT_SHORT)
            (length,) = length_of(data)
            if length > MAX_STRING:
                raise self._bad(_BAD_LENGTH)
            if len(read(length)) < length:
                raise self._bad(_CUT_SHORT)

    def _tensors(self, count: int, alignment: Any) -> None:
        """Check every tensor's place and count the weights."""
        if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 20:
            raise self._bad("is damaged (an impossible alignment)")
        end = 0
        for _ in range(count):
            self._string()
            (dimensions,) = struct.unpack("<I", self._take(4))
            if not 0 < dimensions <= 4:
                raise self._bad("is damaged (a tensor with an impossible shape)")
            shape = struct.unpack(f"<{dimensions}Q", self._take(8 * dimensions))
            kind, offset = struct.unpack("<IQ", self._take(12))
            elements = math.prod(shape)
            name, block, size = _TENSOR_TYPES.get(kind, ("", 1, 0))  # unknown: its start is checked
            self._weights[name] = self._weights.get(name, 0) + elements
            end = max(end, offset + elements // block * size)
        start = -(-self._file.tell() // alignment) * alignment
        if start + end > self._size:
            raise self._bad(
                f"is cut short ({self._size:,} of at least {start + end:,} bytes), most likely by "
                "a download that did not finish"
            )


def _is_short(value: Any) -> bool:
    return value is not None and not (isinstance(value, list) and len(value) > KEPT_ARRAY)


def _whole(value: Any) -> tuple[int, ...]:
    """A whole number or a list of them as a tuple; empty for anything else, bools too."""
    numbers = value if isinstance(value, list) else [value]
    return tuple(numbers) if all(type(number) is int for number in numbers) else ()
