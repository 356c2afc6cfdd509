"""The hash of a model file, remembered as long as the file does not change."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from engine.contracts import AbortFlag
from engine.paths import cache_folder

CHUNK = 4 * 1024 * 1024
REMEMBERED = 200


def file_sha256(path: Path, abort: AbortFlag, report: Callable[[float, float], None]) -> str:
    """Hex SHA-256. Size, time and inode are the key: who changes those knows what they do."""
    status = path.stat()
    key = f"{path.resolve()}|{status.st_size}|{status.st_mtime_ns}|{status.st_ino}"
    store = cache_folder() / "model_hashes.json"
    known = _read(store)
    if key in known:
        return known[key]
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            abort.raise_if_set()
            digest.update(chunk)
            done += len(chunk)
            report(done, status.st_size)
    known[key] = digest.hexdigest()
    _write(store, dict(list(known.items())[-REMEMBERED:]))
    return known[key]


def _read(store: Path) -> dict[str, str]:
    try:
        known = json.loads(store.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(store: Path, known: dict[str, str]) -> None:
    # Only a cache: when it cannot be written, the next start hashes again.
    with contextlib.suppress(OSError):
        store.parent.mkdir(parents=True, exist_ok=True)
        temporary = store.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(known), encoding="utf-8")
        os.replace(temporary, store)
