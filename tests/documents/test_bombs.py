"""Files made to do harm end within five seconds, and cost nobody else anything.

Each goes through the real client, the real worker and its reader; then the worker must still be the same
one, answer another request, and read a good file.
"""

from __future__ import annotations

import io
import os
import stat
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.client import EngineClient
from engine.protocol import (
    FindDocuments,
    ReadDocument,
    Request,
    RequestFailed,
    RequestFinished,
    TerminalEvent,
    WorkerDied,
    WorkerReady,
    new_request_id,
)
from tests.documents.bombs import bombs, overlapping
from tests.documents.makers import zipped
from tests.engine.recorder import Recorder

pytestmark = pytest.mark.worker

SECONDS = 5.0
# Those that are only odd, and are read for the little that they hold.
HARMLESS = frozenset(
    {
        "entities in a drawing", "PDF: packed a thousand times", "PDF: packed again and again",
        "an open quote", "a long number", "deep HTML", "a picture of zeros in RTF",
        "many marks in Markdown", "brackets in Markdown", "quotes in Markdown",
        "back-ticks in Markdown", "spaces for a regular expression",
        "hyphens for a regular expression", "times without end",
    }
)  # fmt: skip
BOMBS = bombs()


class Worker:
    """A worker of its own, and whether it is still the one that was started."""

    def __init__(self) -> None:
        self.recorder = Recorder(EngineClient("echo"))
        self.recorder.client.start()
        self.recorder.wait(WorkerReady)
        assert isinstance(self.recorder.client, EngineClient)
        self.client = self.recorder.client
        self.pid = self.client.pid

    def ask(self, request: Request) -> TerminalEvent:
        return self.recorder.end(self.recorder.send(request))

    def read(self, path: Path | str) -> TerminalEvent:
        return self.ask(ReadDocument(new_request_id(), str(path)))

    def find(self, *paths: Path) -> TerminalEvent:
        return self.ask(FindDocuments(new_request_id(), tuple(map(str, paths))))

    def assert_untouched(self, good: Path) -> None:
        assert isinstance(self.find(good), RequestFinished)
        read = self.read(good)
        assert isinstance(read, RequestFinished)
        assert read.result["text"] == "It rains in Lisbon."
        assert self.client.pid == self.pid
        assert not any(isinstance(event, WorkerDied) for event in self.recorder.events)


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARREL_HOME", str(tmp_path_factory.mktemp("home")))
        made = Worker()
        yield made
        made.client.close()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text("It rains in Lisbon.")
    return path


def hindrance() -> float:
    """How many times as long as alone a computation takes beside whatever else this machine does.

    The reader is given up by the time that it computed, not by the clock.
    """
    return max(1.0, psutil.getloadavg()[0] / (psutil.cpu_count() or 1))


def assert_told(event: TerminalEvent) -> None:
    assert isinstance(event, RequestFailed)
    assert event.error.code.startswith("DOCUMENT")
    assert event.error.message
    assert event.error.hint
    assert "Traceback" not in event.error.message + event.error.hint


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_within_five_seconds_and_the_worker_is_untouched(
    name: str, worker: Worker, good: Path, tmp_path: Path
) -> None:
    suffix, data = BOMBS[name]()
    path = tmp_path / f"bomb{suffix}"
    path.write_bytes(data)
    began = time.monotonic()
    event = worker.read(path)
    took = time.monotonic() - began
    assert took < SECONDS * hindrance()
    if name in HARMLESS and isinstance(event, RequestFinished):
        assert len(event.result["text"]) <= len(data) + 1_000
    else:
        assert_told(event)
    worker.assert_untouched(good)


def test_entities_never_bring_in_another_file(worker: Worker, good: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret word")
    page = tmp_path / "page.html"
    page.write_text(
        f"<!DOCTYPE html [<!ENTITY x SYSTEM '{secret.as_uri()}'>]><p>It rains &x; in Lisbon.</p>"
    )
    event = worker.read(page)
    assert isinstance(event, RequestFinished)
    assert "secret word" not in event.result["text"]
    worker.assert_untouched(good)


def archive(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "things.zip"
    path.write_bytes(zipped(members))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt", "../../../../../../etc/passwd.txt", "/absolute.txt", "C:/drive.txt",
        "C:\\drive.txt", "a/../../outside.txt", "..\\outside.txt", "//server/share.txt",
    ],
)  # fmt: skip
def test_a_path_trick_in_an_archive_leads_nowhere(
    name: str, worker: Worker, good: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("the secret word")
    inner = tmp_path / "inner"
    inner.mkdir()
    path = archive(inner, {name: b"tricked", "sound.txt": b"It rains."})
    found = worker.find(path)
    assert isinstance(found, RequestFinished)
    assert list(found.result["paths"]) == [f"{path}/sound.txt"]
    event = worker.read(f"{path}/{name}")
    if isinstance(event, RequestFinished):
        assert event.result["text"] == "tricked"
    else:
        assert_told(event)
    assert outside.read_text() == "the secret word"
    assert sorted(one.name for one in inner.iterdir()) == ["things.zip"]
    worker.assert_untouched(good)


def test_a_path_that_leaves_an_archive_is_not_there(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("the secret word")
    path = archive(tmp_path, {"sound.txt": b"It rains."})
    assert_told(worker.read(f"{path}/../outside.txt/../../outside.txt"))
    assert_told(worker.read(f"{path}/no.txt"))


def test_a_link_in_an_archive_is_not_followed(worker: Worker, good: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret word")
    path = tmp_path / "links.zip"
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(link, str(secret))
        package.writestr("sound.txt", "It rains.")
    found = worker.find(path)
    assert isinstance(found, RequestFinished)
    assert list(found.result["paths"]) == [f"{path}/sound.txt"]
    event = worker.read(f"{path}/link.txt")
    assert isinstance(event, RequestFailed) or "secret word" not in event.result["text"]
    worker.assert_untouched(good)


def test_a_name_with_nul_in_an_archive(worker: Worker, good: Path, tmp_path: Path) -> None:
    path = tmp_path / "nul.zip"
    path.write_bytes(zipped({"aXb.txt": b"It rains."}).replace(b"aXb.txt", b"a\0b.txt"))
    assert isinstance(worker.find(path), RequestFinished | RequestFailed)
    assert_told(worker.read(f"{path}/a\0b.txt"))
    worker.assert_untouched(good)


def test_an_archive_bomb_is_listed_but_not_unpacked(
    worker: Worker, good: Path, tmp_path: Path
) -> None:
    flat, over = tmp_path / "flat.zip", tmp_path / "over.zip"
    with zipfile.ZipFile(flat, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("zeros.txt", bytes(60 << 20))
    over.write_bytes(overlapping("zeros.txt", 2_000))
    for path in (flat, over):
        began = time.monotonic()
        worker.find(path)
        assert_told(worker.read(f"{path}/zeros.txt"))
        assert time.monotonic() - began < SECONDS
    worker.assert_untouched(good)


def test_archives_in_archives_are_opened_one_level_deep(
    worker: Worker, good: Path, tmp_path: Path
) -> None:
    inner = zipped({"a.txt": bytes(1 << 20)})
    for _ in range(30):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for number in range(10):
                package.writestr(f"{number}.zip", inner)
        inner = buffer.getvalue()
        if len(inner) > 2_000_000:
            break
    path = tmp_path / "nested.zip"
    path.write_bytes(inner)
    began = time.monotonic()
    assert_told_or_refused(worker.find(path))
    assert_told(worker.read(f"{path}/0.zip/0.zip/a.txt"))
    assert time.monotonic() - began < SECONDS
    worker.assert_untouched(good)


def assert_told_or_refused(event: TerminalEvent) -> None:
    if isinstance(event, RequestFailed):
        assert_told(event)
        return
    assert list(event.result["paths"]) == []
    assert event.result["refused"]


@pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators only")
def test_folders_that_link_to_themselves_come_to_an_end(
    worker: Worker, good: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "round"
    folder.mkdir()
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "a.txt").write_text("It rains.")
    found = worker.find(folder)
    assert isinstance(found, RequestFinished)
    assert list(found.result["paths"]) == [str(folder / "a.txt")]
    worker.assert_untouched(good)
