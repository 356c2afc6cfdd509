"""Asks processes of their own to read documents, and ends those that hang.

A process is started when one is first needed and kept for the next document, up to `WIDTH` of them. One
that shows no sign of progress for `STILL_SECONDS` of its own computing (so that a busy machine makes
nobody suspicious), or takes `LONGEST_SECONDS` in all, is ended, and so is one whose document nobody
waits for any more.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from typing import IO

import msgspec
import psutil

from engine.contracts import AbortFlag
from engine.errors import DocumentDamagedError, DocumentError, DocumentTooLargeError, ErrorInfo
from engine.frames import encode_frame, read_frame
from engine.paths import APP_ROOT
from engine.protocol import (
    Event,
    FindDocuments,
    Progress,
    ReadDocument,
    RequestFailed,
    RequestFinished,
)

WIDTH = 2
STILL_SECONDS = 3.5  # of computing without progress
WAITING_SECONDS = 30.0  # of anything without progress: a file on a network drive may be slow
LONGEST_SECONDS = 300.0
KEPT_DOCUMENTS = 50  # then a fresh one takes over: parsers leak
KEPT_BYTES = 600 * 1024**2
_LOOK_SECONDS = 0.1
_SECRETS = ("_KEY", "_PASSWORD", "_SECRET", "_TOKEN")
_decoder = msgspec.msgpack.Decoder(Event)


class ReadError(DocumentError):
    """An error as the process told it."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__(info.message, hint=info.hint, detail=info.detail)
        self.code = info.code


class DocumentReaders:
    """Thread-safe; `close` ends all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._all: set[_Process] = set()
        self._closed = False

    def ask(self, request: ReadDocument | FindDocuments, abort: AbortFlag) -> object:
        """The result of the request as plain data; a `DocumentError` if there is none."""
        abort.raise_if_set()
        process = self._take()
        try:
            event = process.ask(request, abort)
        except BaseException:
            self._end(process)
            raise
        self._give_back(process)
        if isinstance(event, RequestFailed):
            raise ReadError(event.error)
        return event.result

    def close(self) -> None:
        with self._lock:
            self._closed = True
            processes, self._idle = list(self._all), []
        for process in processes:
            self._end(process)

    def _take(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_alive():
                    return process
                self._all.discard(process)
        process = _Process()
        with self._lock:
            self._all.add(process)
        return process

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < WIDTH and process.is_fit():
                self._idle.append(process)
                return
        self._end(process)

    def _end(self, process: _Process) -> None:
        process.end()
        with self._lock:
            self._all.discard(process)


class _Process:
    def __init__(self) -> None:
        program = [sys.executable]
        if not getattr(sys, "frozen", False):
            program.append(str(APP_ROOT / "main.py"))
        try:
            self._process = subprocess.Popen(
                [*program, "--read"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={k: v for k, v in os.environ.items() if not k.upper().endswith(_SECRETS)},
                creationflags=0x08000000 if os.name == "nt" else 0,  # no console window
                process_group=None if os.name == "nt" else 0,
            )
        except OSError as error:
            raise DocumentError(
                f"The reader of documents could not be started: {error}.",
                hint="Close other programs and try again.",
            ) from error
        self._usage = psutil.Process(self._process.pid)
        self._documents = 0
        self._blame: DocumentError | None = None

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def is_fit(self) -> bool:
        """For another document: sound, not yet old, and not grown by what it read."""
        try:
            return self._documents < KEPT_DOCUMENTS and self._usage.memory_info().rss < KEPT_BYTES
        except psutil.Error:
            return False

    def ask(
        self, request: ReadDocument | FindDocuments, abort: AbortFlag
    ) -> RequestFinished | RequestFailed:
        """Raises what the process died of: a stop, its silence, or a crash."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._documents += 1
        done = threading.Event()
        beats = _Beats(self)
        abort.when_set(lambda: None if done.is_set() else self.kill())
        watch = threading.Thread(target=self._watch, args=(beats, done), name="carrel-reader-watch")
        watch.start()
        try:
            with contextlib.suppress(OSError):  # it died: the end of its events tells
                self._process.stdin.write(encode_frame(request))
                self._process.stdin.flush()
            event = self._events_of(self._process.stdout, beats)
        finally:
            done.set()
            watch.join()
        abort.raise_if_set()
        if event is None:
            raise self._blame or _crashed()
        return event

    def _events_of(
        self, events: IO[bytes], beats: _Beats
    ) -> RequestFinished | RequestFailed | None:
        while (frame := read_frame(events)) is not None:
            event = _decoder.decode(frame)
            if isinstance(event, (RequestFinished, RequestFailed)):
                return event
            if isinstance(event, Progress):
                beats.beat()
        return None

    def _watch(self, beats: _Beats, done: threading.Event) -> None:
        while not done.wait(_LOOK_SECONDS):
            if (why := beats.wrong()) is not None:
                self._blame = why
                self.kill()
                return

    def computed(self) -> float:
        """Seconds of processor time so far."""
        try:
            times = self._usage.cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def kill(self) -> None:
        """With what it started to read pictures."""
        with contextlib.suppress(psutil.Error):
            for helper in self._usage.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    helper.kill()
        self._process.kill()

    def end(self) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


class _Beats:
    """When a process was last seen to get on."""

    def __init__(self, process: _Process) -> None:
        self._process = process
        self._started = self._last = time.monotonic()
        self._computed = process.computed()

    def beat(self) -> None:
        self._last = time.monotonic()
        self._computed = self._process.computed()

    def wrong(self) -> DocumentError | None:
        now = time.monotonic()
        computed = self._process.computed() - self._computed
        if computed > STILL_SECONDS or now - self._last > WAITING_SECONDS:
            return DocumentDamagedError(
                "The file was given up: reading it does not get on.",
                hint="It may be damaged or made to do harm. Save it anew in the program that made it.",
            )
        if now - self._started > LONGEST_SECONDS:
            return DocumentTooLargeError("The file was given up: reading it takes too long.")
        return None


def _crashed() -> DocumentError:
    return DocumentDamagedError(
        "The file could not be read: its reader broke off.",
        hint="It may be damaged, or need more memory than a document may. "
        "Save it anew in the program that made it.",
    )
