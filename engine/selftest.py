"""`carrel selftest`: every part tried on this computer, one line each, the reason where one fails."""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from engine.call import Caller, engine_caller
from engine.protocol import (
    Chat,
    ChatResult,
    JudgeTexts,
    LoadModel,
    RunTextTool,
    new_request_id,
)
from engine.types import Document, GenerationParams, Message, ModelInfo, ModelSpec, Role

_TEXT = "Ada Lovelace wrote the first program. Charles Babbage built the engine in London."


def selftest(_: argparse.Namespace) -> int:
    """Exit status 0 if every check passed."""
    failures = 0

    @contextmanager
    def check(name: str) -> Iterator[Callable[[str], None]]:
        nonlocal failures
        told: list[str] = []
        started = time.monotonic()
        try:
            yield told.append
            mark = "ok"
        except Exception as error:  # the point of a self-test is to tell them all
            failures += 1
            mark, told = "FAILED", [f"{type(error).__name__}: {error}"]
        seconds = time.monotonic() - started
        print(f"{mark:7}{name:22}{seconds:6.1f} s  {' '.join(told)}", flush=True)

    with check("python and sqlite") as tell:
        tell(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
    with check("storage"), tempfile.TemporaryDirectory() as folder:
        _try_storage(Path(folder))
    with engine_caller() as caller:
        with check("worker") as tell:
            devices = caller.wait_ready().devices
            tell("; ".join(f"{d.name} {d.reason}".strip() for d in devices))
        with check("embedded model") as tell:
            tell(_try_model(caller))
        with check("chat") as tell:
            tell(repr(_try_chat(caller)))
        with check("summary") as tell:
            tell(_try_summary(caller))
        with check("built-in reader") as tell:
            tell(_try_reader(caller))
    with check("window") as tell:
        tell(_try_window())
    return 1 if failures else 0


def _try_storage(folder: Path) -> None:
    from engine.storage.conversations import Conversations
    from engine.storage.database import Database

    database = Database.open(folder / "carrel.sqlite3")
    try:
        conversations = Conversations(database)
        conversation = conversations.create("self-test")
        conversations.add_message(conversation.id, Role.USER, "hello", None)
        assert [m.content for m in conversations.branch(conversation.id)] == ["hello"]
    finally:
        database.close()


def _try_model(caller: Caller) -> str:
    finished = caller.call(LoadModel(new_request_id(), ModelSpec()), lambda event: None)
    info = msgspec.convert(finished.result, ModelInfo)
    return f"{info.name} {info.quantization} on {info.device.name}"


def _try_chat(caller: Caller) -> str:
    params = GenerationParams(max_tokens=12, temperature=0.0)
    messages = (Message(Role.USER, "Name three colours."),)
    finished = caller.call(
        Chat(new_request_id(), ModelSpec(), messages, params), lambda event: None
    )
    text = msgspec.convert(finished.result, ChatResult).text
    if not text.strip():
        raise ValueError("the model answered nothing")
    return text


def _try_summary(caller: Caller) -> str:
    request = RunTextTool(
        new_request_id(), ModelSpec(), "summarize", (Document("self-test", _TEXT),), {"points": 1}
    )
    finished = caller.call(request, lambda event: None)
    coverage = finished.result["result"]["coverage"]
    return f"{coverage['parts_read']} of {coverage['parts']} parts read"


def _try_reader(caller: Caller) -> str:
    names, sentiment = (
        caller.call(JudgeTexts(new_request_id(), task, (_TEXT,)), lambda event: None).result
        for task in ("entities", "sentiment")
    )
    found = ", ".join(span["text"] for span in names["texts"][0]["spans"])
    if "Ada Lovelace" not in found:
        raise ValueError(f"it found {found or 'no name'}")
    return f"{found}; {sentiment['texts'][0]['label']}"


def _try_window() -> str:
    """Load Qt in a process of its own, as the engine does without it."""
    if getattr(sys, "frozen", False):
        return "built in"
    look = "import PySide6.QtWidgets; print(PySide6.__version__)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip().splitlines()[-1])
    return f"PySide6 {done.stdout.strip()}"
