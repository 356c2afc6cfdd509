"""How much memory a program may still take on this machine, in bytes."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

UNKNOWN = 4 * 10**9  # where no system call tells
_CGROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """What can be taken without swapping; a container's limit counts, and the process's own."""
    if sys.platform == "win32":
        return _windows()
    linux = linux_available(Path("/proc/meminfo"))
    if linux:
        return min(linux, cgroup_available(_CGROUP), process_available(Path("/proc/self/statm")))
    try:
        # Elsewhere only the whole is known. Half of it is a modest guess at what is free.
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (OSError, ValueError):
        return UNKNOWN


def linux_available(meminfo: Path) -> int:
    """The kernel's own estimate, `MemAvailable`; 0 if there is none."""
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0


def cgroup_available(folder: Path) -> int:
    """What the limit of a control group (version 2) leaves; very much if there is none.

    Cached files count as used there, but go when memory is wanted.
    """
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        statistics = (folder / "memory.stat").read_text(encoding="ascii")
        cached = dict(line.split() for line in statistics.splitlines())
        return (
            sys.maxsize
            if limit == "max"
            else max(
                0,
                int(limit)
                - used
                + int(cached.get("inactive_file", 0))
                + int(cached.get("active_file", 0)),
            )
        )
    except (OSError, ValueError):
        return sys.maxsize


def process_available(statm: Path) -> int:
    """What `ulimit -v` leaves of addresses; very much if it sets no limit.

    Where they run out, llama.cpp does not fail: it ends the process.
    """
    if sys.platform == "win32":
        return sys.maxsize
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return sys.maxsize
    try:
        used = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return sys.maxsize
    return max(0, limit - used)


def _windows() -> int:
    if sys.platform == "win32":

        class Status(ctypes.Structure):
            _fields_ = (
                ("length", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                *((name, ctypes.c_ulonglong) for name in ("total", "available", "total_page")),
                *((name, ctypes.c_ulonglong) for name in ("page", "total_virtual", "virtual")),
                ("extended", ctypes.c_ulonglong),
            )

        status = Status(length=ctypes.sizeof(Status))
        if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return int(status.available)
    return UNKNOWN
