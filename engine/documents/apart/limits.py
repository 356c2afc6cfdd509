"""What the process that reads documents may not do, whatever a file makes its parsers do.

On Unix the system itself limits memory, files and what is written. Sockets, other programs and writing
are refused in Python everywhere (PEP 578), which stops a parser that is led astray and not one that is
taken over: native code is held by the system's limits only. Windows has no such limits here. The one
program that may be started is the user's Tesseract, reading a picture from its standard input.
"""

from __future__ import annotations

import os
import sys
from typing import Any

MEMORY_BYTES = 3 * 1024**3  # of addresses: a process that computes nothing takes a tenth of it
MAX_OPEN_FILES = 128
_REFUSED = (
    "socket.__new__",
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit_this_process(reads_pictures: str | None = None) -> None:
    """For good: nothing takes it back. `reads_pictures` is the program that may be started."""
    sys.dont_write_bytecode = True
    _limit_by_system()

    def look_at(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen" and _only_reads_pictures(arguments, reads_pictures):
            return
        if event in _REFUSED or (event == "open" and _is_writing(arguments)):
            raise PermissionError(f"A document reader may not do this: {event}.")

    sys.addaudithook(look_at)


def _limit_by_system() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
    ):
        try:
            hard = resource.getrlimit(kind)[1]
            bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (bounded, bounded))
        except (ValueError, OSError):  # macOS knows no limit of addresses
            continue


def _only_reads_pictures(arguments: tuple[Any, ...], program: str | None) -> bool:
    """Tesseract, told to write to its standard output, or asked about itself."""
    command = arguments[1]
    return (
        program is not None
        and isinstance(command, list)
        and command[:1] == [program]
        and arguments[0] in (None, program)
        and (
            command[1:3] == ["stdin", "stdout"] or command[1:] in (["--version"], ["--list-langs"])
        )
    )


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = (*arguments, None, None)[:3]
    if path == os.devnull or isinstance(path, int):  # a descriptor is open already
        return False
    if isinstance(mode, str) and set(mode) & set("wax+"):
        return True
    return isinstance(flags, int) and bool(flags & _WRITES)
