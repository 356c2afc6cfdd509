"""The engine as its users see it: requests go to a worker process, events come back.

Events go to the listener on a thread of the client's. A worker that dies fails every open request
and is started again, three times in a row at most; a later request tries once more.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.errors import ErrorInfo, WorkerDiedError, WorkerStartError
from engine.frames import encode_frame, read_frame
from engine.logs import tail
from engine.paths import APP_ROOT, log_folder
from engine.protocol import (
    Abort,
    Event,
    Request,
    RequestFailed,
    RequestFinished,
    WorkerDied,
)

Listener = Callable[[Event], None]
MAX_DEATHS_IN_A_ROW = 3
RESTART_SECONDS = (0.1, 0.5, 2.0)
ABORT_SECONDS = 5.0  # an abort that has no effect for so long ends the worker
CLOSE_SECONDS = 3.0
_SECRETS = ("_KEY", "_PASSWORD", "_SECRET", "_TOKEN")  # ends of environment variables' names


def worker_command(backend: str = "llama_cpp") -> list[str]:
    """This very program with `--worker`, from source and frozen alike."""
    program = [sys.executable]
    if not getattr(sys, "frozen", False):
        program.append(str(APP_ROOT / "main.py"))
    return [*program, "--worker", "--backend", backend]


def worker_environment() -> dict[str, str]:
    """This program's, without the secrets: the worker reads untrusted files."""
    return {k: v for k, v in os.environ.items() if not k.upper().endswith(_SECRETS)}


class EngineClient:
    """Thread-safe. `send` never blocks; every request ends with one terminal event."""

    def __init__(self, backend: str = "llama_cpp", *, log: Path | None = None) -> None:
        self._log = log or log_folder() / "worker.log"
        self._command = [*worker_command(backend), "--log", str(self._log)]
        self._listener: Listener = lambda event: None
        self._lock = threading.Lock()
        self._open: set[str] = set()
        self._aborts: dict[str, threading.Timer] = {}
        self._hung = False  # the worker had to be killed after an abort
        self._deaths = 0
        self._closing = threading.Event()
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []

    @property
    def pid(self) -> int | None:
        """The worker's process id while one runs."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def set_listener(self, listener: Listener) -> None:
        self._listener = listener

    def start(self) -> None:
        """Start the worker without waiting for it; `WorkerReady` tells when it is there."""
        with self._lock:
            self._deaths = 0
            if self._process is None and not self._closing.is_set():
                self._start_process()

    def send(self, request: Request) -> None:
        """Queue a request. `BadRequestError` if it cannot be sent, `WorkerStartError` if no worker."""
        frame = encode_frame(request)
        with self._lock:
            if self._closing.is_set():
                raise WorkerStartError("The engine has been closed.", hint="")
            if isinstance(request, Abort):
                if request.request_id not in self._open:
                    return
                self._watch_abort(request.request_id)
            else:
                if self._process is None:
                    self._start_process()  # it had given up; the user tries again
                self._open.add(request.request_id)
            self._outgoing.put(frame)

    def close(self) -> None:
        """End the worker and every thread. Open requests fail."""
        self._closing.set()
        with self._lock:
            process, threads = self._process, list(self._threads)
            for timer in self._aborts.values():
                timer.cancel()
        self._outgoing.put(None)
        if process is not None:
            try:
                process.wait(CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join()

    def _start_process(self) -> None:
        flags = 0x08000000 if os.name == "nt" else 0  # no console window
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=worker_environment(),
                creationflags=flags,
                # Ctrl+C in a terminal is for the command, which then stops the worker's request.
                process_group=None if os.name == "nt" else 0,
            )
        except OSError as error:
            raise WorkerStartError(f"The engine could not be started: {error}.") from error
        outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._process, self._outgoing = process, outgoing
        writer = threading.Thread(
            target=self._write, args=(process, outgoing), name="carrel-client-writer"
        )
        reader = threading.Thread(
            target=self._read, args=(process, writer), name="carrel-client-reader"
        )
        self._threads = [t for t in self._threads if t.is_alive()] + [writer, reader]
        writer.start()
        reader.start()

    def _write(
        self, process: subprocess.Popen[bytes], outgoing: queue.SimpleQueue[bytes | None]
    ) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            while (frame := outgoing.get()) is not None:
                process.stdin.write(frame)
                process.stdin.flush()
        with contextlib.suppress(OSError):
            process.stdin.close()  # the worker sees the end of its pipe and leaves

    def _read(self, process: subprocess.Popen[bytes], writer: threading.Thread) -> None:
        assert process.stdout is not None
        decoder = msgspec.msgpack.Decoder(Event)
        while (frame := read_frame(process.stdout)) is not None:
            try:
                event = decoder.decode(frame)
            except msgspec.DecodeError:
                process.kill()  # garbage on the pipe: this worker cannot be trusted any more
                break
            if isinstance(event, (RequestFinished, RequestFailed)):
                self._forget(event)
            self._listener(event)
        process.stdout.close()
        if self._closing.is_set():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(CLOSE_SECONDS)
        exit_code = self._reap(process)
        self._on_exit(process, exit_code)

    def _reap(self, process: subprocess.Popen[bytes]) -> int:
        try:
            return process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _forget(self, event: RequestFinished | RequestFailed) -> None:
        with self._lock:
            self._open.discard(event.request_id)
            if timer := self._aborts.pop(event.request_id, None):
                timer.cancel()
            if isinstance(event, RequestFinished):
                self._deaths = 0

    def _watch_abort(self, request_id: str) -> None:
        if request_id not in self._aborts:
            timer = threading.Timer(ABORT_SECONDS, self._kill_hung, [self._process])
            timer.daemon = True
            self._aborts[request_id] = timer
            timer.start()

    def _kill_hung(self, process: subprocess.Popen[bytes] | None) -> None:
        with self._lock:
            if process is None or process is not self._process:
                return
            self._hung = True
        process.kill()

    def _on_exit(self, process: subprocess.Popen[bytes], exit_code: int) -> None:
        with self._lock:
            failed, self._open = self._open, set()
            for timer in self._aborts.values():
                timer.cancel()
            self._aborts.clear()
            self._outgoing.put(None)
            self._process = None
            self._deaths += 1
            restart = not self._closing.is_set() and self._deaths < MAX_DEATHS_IN_A_ROW
            hung, self._hung = self._hung, False
        info = exit_error(exit_code, tail(self._log), hung=hung, will_restart=restart)
        for request_id in sorted(failed):
            self._listener(RequestFailed(request_id, info))
        if self._closing.is_set():
            return
        self._listener(WorkerDied(exit_code, info.detail, restart))
        if restart and not self._closing.wait(RESTART_SECONDS[self._deaths - 1]):
            with self._lock:
                if self._process is None and not self._closing.is_set():
                    self._start_process()


def exit_error(
    exit_code: int, log_tail: str, *, hung: bool = False, will_restart: bool = True
) -> ErrorInfo:
    """What a user is told about a worker that ended by itself."""
    reasons = {
        -4: "the engine was built for another processor",
        -6: "llama.cpp stopped on an internal check",
        -9: "it was ended from outside, or memory ran out",
        -11: "llama.cpp crashed",
    }
    reason = reasons.get(exit_code, f"exit code {exit_code}")
    if hung:
        reason = "it did not react to Stop and had to be ended"
    hint = None if will_restart else "It is started again when you send the next message."
    if exit_code == -4:
        hint = "Run the set-up again with a fresh build of llama-cpp-python."
    return WorkerDiedError(f"The engine stopped: {reason}.", hint=hint, detail=log_tail).info()
