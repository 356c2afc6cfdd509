"""Files that were made from a user's model file because they are read faster here, and what was
measured of them. They lie in the cache: whatever does not fit any more is removed without a word.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engine.backends.llama import library
from engine.contracts import AbortFlag
from engine.hashing import file_sha256
from engine.paths import cache_folder

LEFT_BEHIND_SECONDS = 3600.0  # a part that nobody has written to for so long is nobody's
_PART = ".part"


class Converted(msgspec.Struct, frozen=True):
    """One conversion. Speeds are tokens per second on the CPU; `used` False: it has no file."""

    file: str
    source: str
    source_sha256: str
    source_quantization: str
    sha256: str
    quantization: str
    size_bytes: int
    build: str
    prompt_speed: float
    source_prompt_speed: float
    decode_speed: float
    source_decode_speed: float
    perplexity: float
    source_perplexity: float
    used: bool

    @property
    def path(self) -> Path:
        return folder() / self.file

    def sentence(self) -> str:
        """For the window: why this file is taken."""
        faster = self.prompt_speed / self.source_prompt_speed
        change = self.perplexity / self.source_perplexity - 1
        return (
            f"A copy converted to {self.quantization} is used: it reads prompts {faster:.1f} times "
            f"as fast as {self.source_quantization}, and its perplexity differs by {change:+.1%}."
        )


def folder() -> Path:
    return cache_folder() / "models"


def file_name(source: Path, source_sha256: str, quantization: str) -> str:
    stem = re.sub(r"[^\w.+-]+", "_", source.stem)[:80]
    return f"{stem}-{source_sha256[:12]}-{quantization}.gguf"


def part_of(name: str) -> Path:
    """Where a file is written before it is whole."""
    return folder() / f"{name}.{os.getpid()}{_PART}"


def find(source: Path, source_sha256: str, abort: AbortFlag) -> Converted | None:
    """What is known of a conversion of this file; its own file is sound if it is `used`.

    Records of other builds, of what once was at `source`, and damaged files are removed.
    """
    found = None
    for record in list(_records()):
        if record.source_sha256 != source_sha256:
            if record.source == str(source):
                remove(record)
        elif record.build != library.build() or not _is_sound(record, abort):
            remove(record)
        else:
            found = record
    return found


def keep(record: Converted, part: Path) -> None:
    """Take over what was written to `part` (removed if it is not `used`), and the record of it."""
    if record.used:
        os.replace(part, record.path)
    else:
        part.unlink(missing_ok=True)
        record.path.unlink(missing_ok=True)
    target = _record_path(record)
    temporary = target.with_suffix(f".{os.getpid()}{_PART}")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(record)))
    os.replace(temporary, target)


def remove(record: Converted) -> None:
    for path in (record.path, _record_path(record)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def clean() -> None:
    """Remove what a process that was ended left behind."""
    known = {record.file for record in _records()}
    for path in [*folder().glob(f"*{_PART}"), *folder().glob("*.gguf")]:
        with contextlib.suppress(OSError):
            if path.name not in known and time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                path.unlink()


def _records() -> Iterator[Converted]:
    for path in sorted(folder().glob("*.json")):
        try:
            record = msgspec.json.decode(path.read_bytes(), type=Converted)
        except OSError:
            continue
        except msgspec.MsgspecError:
            record = None
        # Only a file beside its record is ever touched, whatever the record says.
        if record is None or record.file != path.with_suffix(".gguf").name:
            with contextlib.suppress(OSError):
                path.unlink()
        else:
            yield record


def _record_path(record: Converted) -> Path:
    return record.path.with_suffix(".json")


def _is_sound(record: Converted, abort: AbortFlag) -> bool:
    if not record.used:
        return True
    try:
        return file_sha256(record.path, abort, lambda done, total: None) == record.sha256
    except OSError:
        return False
