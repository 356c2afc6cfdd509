"""Whether a file is still the one that was read: its size and its time."""

from __future__ import annotations

import os
from pathlib import Path

NOT_THERE = (-1, -1)


def file_stamp(path: str) -> tuple[int, int]:
    """Bytes and nanoseconds, of the archive where the file is inside one; `NOT_THERE` if it is gone."""
    place = Path(path)
    for one in (place, *place.parents):
        try:
            status = os.stat(one)
        except (OSError, ValueError):
            continue
        return (status.st_size, status.st_mtime_ns) if os.path.isfile(one) else NOT_THERE
    return NOT_THERE
