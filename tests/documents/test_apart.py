"""Documents are read by a process of its own: what it may not do, and what its end costs nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.contracts import AbortFlag
from engine.documents.apart import readers
from engine.documents.apart.readers import DocumentReaders, ReadError
from engine.errors import AbortedError, DocumentDamagedError, DocumentError
from engine.paths import APP_ROOT
from engine.protocol import ReadDocument, new_request_id

pytestmark = pytest.mark.worker


@pytest.fixture
def asked() -> Iterator[DocumentReaders]:
    made = DocumentReaders()
    yield made
    made.close()


def read(asked: DocumentReaders, path: Path, abort: AbortFlag | None = None) -> dict[str, object]:
    result = asked.ask(ReadDocument(new_request_id(), str(path)), abort or AbortFlag())
    assert isinstance(result, dict)
    return result


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def letter(folder: Path) -> Path:
    path = folder / "letter.txt"
    path.write_text("It rains in Lisbon.")
    return path


def test_one_process_reads_one_document_after_the_other(
    asked: DocumentReaders, tmp_path: Path
) -> None:
    before = children()
    assert read(asked, letter(tmp_path))["text"] == "It rains in Lisbon."
    started = children() - before
    assert len(started) == 1
    with pytest.raises(ReadError) as caught:
        read(asked, tmp_path / "gone.pdf")
    assert (caught.value.code, caught.value.message) == (
        "DOCUMENT_NOT_FOUND",
        "“gone.pdf” is not there.",
    )
    assert caught.value.hint
    assert read(asked, letter(tmp_path))["name"] == "letter.txt"
    assert children() - before == started
    asked.close()
    assert children() == before


def slow_page(path: Path) -> Path:
    """A page that takes the reader of articles a while."""
    sentence = "<p>Words and <b>words</b> of some length, so that it is an article. </p>"
    path.write_text("<html><body>" + sentence * 29_000)
    return path


def test_a_stop_ends_it_at_once_and_the_next_document_is_read(
    asked: DocumentReaders, tmp_path: Path
) -> None:
    page, abort = slow_page(tmp_path / "slow.html"), AbortFlag()
    ended: list[float] = []

    def work() -> None:
        try:
            read(asked, page, abort)
        except AbortedError:
            ended.append(time.monotonic())

    read(asked, letter(tmp_path))
    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    stopped = time.monotonic()
    abort.set()
    thread.join(10)
    assert ended
    assert ended[0] - stopped < 1
    assert read(asked, letter(tmp_path))["text"]


def test_one_that_does_not_get_on_is_given_up(
    asked: DocumentReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(asked, letter(tmp_path))
    monkeypatch.setattr(readers, "STILL_SECONDS", 0.2)
    with pytest.raises(DocumentDamagedError, match="does not get on"):
        read(asked, slow_page(tmp_path / "slow.html"))
    monkeypatch.undo()
    assert read(asked, letter(tmp_path))["text"]


def test_a_crash_is_an_error_about_the_file_and_nothing_else(
    asked: DocumentReaders, tmp_path: Path
) -> None:
    before = children()
    read(asked, letter(tmp_path))
    (pid,) = children() - before
    errors: list[DocumentError] = []

    def work() -> None:
        try:
            read(asked, slow_page(tmp_path / "slow.html"))
        except DocumentError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    os.kill(pid, 11)
    thread.join(20)
    assert "its reader broke off" in errors[0].message
    assert errors[0].hint
    assert read(asked, letter(tmp_path))["text"]


def test_memory_is_limited(asked: DocumentReaders, tmp_path: Path) -> None:
    """200 MB of tags, which no tree of them fits into the limit."""
    page = tmp_path / "huge.xml.odt"
    with zipfile.ZipFile(page, "w", zipfile.ZIP_STORED) as package:
        package.writestr("content.xml", b"<a>" + b"<b/>" * 15_000_000 + b"</a>")
    began = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        read(asked, page)
    assert caught.value.hint
    assert time.monotonic() - began < 30
    assert read(asked, letter(tmp_path))["text"]


FORBIDDEN = {
    "socket": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "program": "import subprocess; subprocess.run(['true'])",
    "fork": "import os; os.fork()",
    "write": "open({target!r}, 'w')",
    "append": "import os; os.open({target!r}, os.O_WRONLY | os.O_CREAT)",
    "remove": "import os; os.remove({victim!r})",
    "rename": "import os; os.rename({victim!r}, {target!r})",
}


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_it_may_neither_write_nor_call_anybody(deed: str, tmp_path: Path) -> None:
    victim, target = letter(tmp_path), tmp_path / "target"
    code = FORBIDDEN[deed].format(target=str(target), victim=str(victim))
    run = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from engine.documents.apart.limits import limit_this_process as limit; limit()\n"
            + f"try:\n    {code}\nexcept PermissionError as error: print('refused', error)",
        ],
        cwd=APP_ROOT,
        capture_output=True,
        text=True,
    )
    assert run.stdout.startswith("refused"), run.stderr
    assert victim.exists()
    assert not target.exists()


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from engine.contracts import AbortFlag\n"
        "from engine.documents.apart.readers import DocumentReaders\n"
        "from engine.protocol import ReadDocument\n"
        "DocumentReaders().ask(ReadDocument('1', sys.argv[1]), AbortFlag())\n"
        "import psutil; print(psutil.Process().children()[0].pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(letter(tmp_path))],
        cwd=APP_ROOT,
        capture_output=True,
        text=True,
    )
    pid = int(run.stdout)
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
