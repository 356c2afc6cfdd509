"""Work on the storage thread: in order, told on the GUI thread, and never lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from engine.errors import StorageError
from gui.background import Background
from tests.gui.conftest import flush_deletions


class Bench:
    def __init__(self) -> None:
        self.bugs: list[BaseException] = []
        self.background = Background(self.bugs.append)
        self.owner = QObject()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.background.close()


def test_the_result_comes_back_on_the_gui_thread(bench: Bench, qtbot: QtBot) -> None:
    seen: list[tuple[object, str, str]] = []
    bench.background.run(bench.owner, lambda: threading.current_thread().name).then(
        lambda name: seen.append((name, threading.current_thread().name, ""))
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] == "carrel-storage"
    assert seen[0][1] == threading.main_thread().name


def test_jobs_are_done_in_the_order_they_were_asked_for(bench: Bench, qtbot: QtBot) -> None:
    done: list[int] = []
    for number in range(50):
        bench.background.run(bench.owner, lambda n=number: done.append(n))
    qtbot.waitUntil(lambda: len(done) == 50)
    assert done == list(range(50))


def test_a_known_error_goes_to_its_handler(bench: Bench, qtbot: QtBot) -> None:
    told: list[str] = []

    def fail() -> None:
        raise StorageError("The disk is full.")

    bench.background.run(bench.owner, fail).then(None, lambda error: told.append(error.message))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["The disk is full."]
    assert bench.bugs == []


def test_a_bug_is_reported_even_with_a_handler(bench: Bench, qtbot: QtBot) -> None:
    bench.background.run(bench.owner, lambda: 1 // 0).then(None, lambda error: None)
    qtbot.waitUntil(lambda: bool(bench.bugs))
    assert isinstance(bench.bugs[0], ZeroDivisionError)


def test_work_whose_page_is_gone_is_still_done(bench: Bench, qtbot: QtBot) -> None:
    done, told = threading.Event(), []
    gate = threading.Event()
    page = QObject()
    bench.background.run(bench.owner, gate.wait)
    bench.background.run(page, done.set).then(lambda result: told.append(result))
    page.deleteLater()
    flush_deletions()
    gate.set()
    assert done.wait(2)
    qtbot.wait(20)
    assert told == []


def test_closing_finishes_what_was_asked_for(qtbot: QtBot) -> None:
    background, owner, done = Background(lambda error: None), QObject(), []
    for number in range(20):
        background.run(owner, lambda n=number: done.append(n))
    background.close()
    assert len(done) == 20
