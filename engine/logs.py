"""Logs: one file per process, the last run's kept beside it. Prompts and answers never go there."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

TAIL_BYTES = 4000


def open_log(path: str | Path | None) -> int:
    """A file descriptor to write to; the null device if the log cannot be opened."""
    if path is not None:
        path = Path(path)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(OSError):
                os.replace(path, path.with_suffix(".previous.log"))
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC, 0o600)
    return os.open(os.devnull, os.O_WRONLY)


def tail(path: Path) -> str:
    """The last lines of a log, for a report; "" if there is none."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - TAIL_BYTES))
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
