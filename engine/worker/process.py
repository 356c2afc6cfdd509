"""The worker process: `main.py --worker`. Frames come in on what was standard input and go out on
what was standard output; after the first lines here, file descriptors 1 and 2 are the log, because
llama.cpp and other C code write to them whenever they like.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading

import msgspec

from engine import __version__
from engine.backends import BackendSwitch
from engine.frames import encode_frame, read_frame
from engine.logs import open_log
from engine.protocol import PROTOCOL_VERSION, Event, Request, WorkerReady
from engine.worker.loop import WorkerLoop

PARENT_GONE_SECONDS = 1.5  # after the pipe ends, the process is gone within two seconds


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="carrel --worker")
    parser.add_argument("--backend", default="llama_cpp")
    parser.add_argument("--log", default=None)
    options = parser.parse_args(argv)
    requests, events = _take_pipes(options.log)
    _set_environment()
    write_lock = threading.Lock()

    def emit(event: Event) -> None:
        frame = encode_frame(event)
        try:
            with write_lock:
                events.write(frame)
        except (BrokenPipeError, ValueError):
            pass  # the parent is gone; the receiver below sees that too

    backend = BackendSwitch(options.backend)
    loop = WorkerLoop(backend, emit)
    emit(WorkerReady(PROTOCOL_VERSION, os.getpid(), __version__, backend.devices(), backend.name))
    decoder, exit_code = msgspec.msgpack.Decoder(Request), 0
    try:
        while (frame := read_frame(requests)) is not None:
            loop.submit(decoder.decode(frame))
    except msgspec.DecodeError as error:
        print(f"Not a request: {error}", file=sys.stderr)
        exit_code = 1
    # Whatever still runs may be deep in C code; it gets a moment to see its abort flag, no more.
    threading.Timer(PARENT_GONE_SECONDS, os._exit, [exit_code]).start()
    loop.close(PARENT_GONE_SECONDS)
    sys.stderr.flush()
    os._exit(exit_code)


def _take_pipes(log: str | None):  # type: ignore[no-untyped-def]
    requests = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    log_handle = open_log(log)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log_handle, 1)
    os.dup2(log_handle, 2)
    os.close(null)
    os.close(log_handle)
    return requests, _WholeWrites(events)


class _WholeWrites:
    """An unbuffered pipe may take less than it is given; this gives it the rest."""

    def __init__(self, raw) -> None:  # type: ignore[no-untyped-def]
        self._raw = raw

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._raw.write(view) :]


def _set_environment() -> None:
    """The worker reads untrusted files: no network for its libraries."""
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"})
    # Threads that wait for each other shall not spin for long: on busy cores that is all they do.
    # About a tenth of a millisecond covers what is done between two steps of a model.
    os.environ.setdefault("GOMP_SPINCOUNT", "30000")
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = os.environ["DO_NOT_TRACK"] = "1"
