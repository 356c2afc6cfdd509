"""What a path is for transformers: a folder of safetensors, or one GGUF file. Nothing is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.backends.hf.folder import ModelFolder, read_folder
from engine.backends.llama.gguf import GgufHeader, read_header
from engine.catalog import CHAT_MODEL_NAME, CHAT_MODEL_SHA256, embedded_chat_model
from engine.contracts import AbortFlag
from engine.errors import ModelFileError
from engine.hashing import file_sha256
from engine.types import ModelSpec


class ModelFiles(msgspec.Struct, frozen=True):
    """`folder` or `header` is there, according to what `path` is."""

    path: Path
    folder: ModelFolder | None = None
    header: GgufHeader | None = None

    @property
    def name(self) -> str:
        if self.folder is not None:
            return self.folder.name
        return self.header.name if self.header is not None else self.path.stem

    @property
    def parts(self) -> tuple[Path, ...]:
        return self.folder.files if self.folder is not None else (self.path,)

    @property
    def size_bytes(self) -> int:
        return sum(part.stat().st_size for part in self.parts)

    @property
    def metadata(self) -> dict[str, str]:
        """What the files say of themselves, as short texts."""
        if self.header is not None:
            return self.header.metadata
        config = self.folder.config if self.folder is not None else {}
        return {
            key: str(value)
            for key, value in config.items()
            if isinstance(value, (str, int, float)) and len(str(value)) <= 200
        }


def look_into(spec: ModelSpec) -> ModelFiles:
    """`ModelFileError` says what is missing, damaged or refused."""
    path = embedded_chat_model() if spec.path is None else Path(spec.path).expanduser()
    if path.is_dir():
        return ModelFiles(path, folder=read_folder(path))
    header = read_header(path)
    if "split.count" in header.metadata:
        raise ModelFileError(
            f"{path.name} is a part of a split model, which transformers cannot read.",
            hint="Open it with llama.cpp, or join its parts to one file.",
        )
    return ModelFiles(path, header=header)


def hash_of(
    files: ModelFiles, abort: AbortFlag, report: Callable[[str, float, float], None]
) -> str:
    """SHA-256 of a file; of a folder that of its parts' names and hashes, in the names' order."""
    total, before, hashes = files.size_bytes, 0, []

    def follow(done: float, _: float) -> None:
        report("hashing", before + done, total)

    for part in files.parts:
        hashes.append(file_sha256(part, abort, follow))
        before += part.stat().st_size
    if files.folder is None:
        return hashes[0]
    listing = "".join(f"{h}  {part.name}\n" for h, part in zip(hashes, files.parts, strict=True))
    return hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()


def name_of(files: ModelFiles, sha256: str) -> str:
    return CHAT_MODEL_NAME if sha256 == CHAT_MODEL_SHA256 else files.name
