"""The text page over a real worker process: its death costs nothing that was found."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.client import EngineClient
from gui.app import Carrel
from gui.pages.text_page import TextPage
from tests.gui.conftest import flush_deletions
from tests.gui.stall_meter import StallMeter

pytestmark = pytest.mark.worker
LONG = "the rain was very negative. the sun was positive. it was tuesday. " * 20_000


@pytest.fixture
def worker(home: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[tuple[Carrel, EngineClient]]:
    qapp.setStyle("Fusion")
    client = EngineClient("echo")
    running = Carrel(lambda: client)
    running.furnish()
    running.window.show()
    qtbot.waitUntil(lambda: running.services.model.state == "ready", timeout=20_000)
    yield running, client
    running.close()
    running.deleteLater()
    flush_deletions()


def open_page(carrel: Carrel) -> TextPage:
    carrel.window.open_page("text")
    page = carrel.window.page("text")
    assert isinstance(page, TextPage)
    return page


def test_a_killed_worker_leaves_what_was_found_and_the_next_run_works(
    worker: tuple[Carrel, EngineClient], qtbot: QtBot
) -> None:
    carrel, client = worker
    page = open_page(carrel)
    page.desk.add_text(LONG)
    qtbot.waitUntil(lambda: page.desk.current is not None)
    document_id = page.desk.current.id
    state = lambda: page.session.state(document_id, "sentiment")  # noqa: E731
    page.session.run(page.desk.current, "sentiment", {})
    page.results.open_tab("sentiment")
    qtbot.waitUntil(lambda: state().result is not None, timeout=30_000)
    assert client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: not state().is_running, timeout=10_000)
    assert state().result is not None
    assert 0 < state().result.coverage.parts_read < state().result.coverage.parts
    assert page.results.trouble.isVisible()
    assert "engine" in page.results.trouble.message.text().lower()
    qtbot.waitUntil(lambda: carrel.services.model.state == "ready", timeout=10_000)
    page.desk.add_text("A short text. It is read whole.")
    qtbot.waitUntil(lambda: page.desk.current.id != document_id)
    after = page.desk.current.id
    qtbot.waitUntil(
        lambda: page.session.state(after, "summarize").outcome is not None, timeout=10_000
    )
    assert page.session.state(after, "summarize").is_whole()


def test_five_megabytes_are_dropped_and_pasted_without_a_stall(
    worker: tuple[Carrel, EngineClient], qtbot: QtBot, tmp_path: Path
) -> None:
    carrel, _ = worker
    page, meter = open_page(carrel), StallMeter()
    text = ("A sentence of a usual length, 今天天气很好 😀. " * 8 + "\n\n") * 16_000
    file = tmp_path / "big.txt"
    file.write_text(text[:5_000_000], encoding="utf-8")
    qtbot.wait(100)
    meter.start()
    page.accept_files([file])
    qtbot.waitUntil(
        lambda: page.desk.current is not None and page.reader.view.is_loaded(), timeout=20_000
    )
    page.session.stop_all(page.desk.current.id)
    first = page.desk.current.id
    page.desk.add_text(text[: 5_000_000 - 1])
    qtbot.waitUntil(
        lambda: page.desk.current.id != first and page.reader.view.is_loaded(), timeout=20_000
    )
    qtbot.wait(300)
    meter.stop()
    page.session.stop_all(page.desk.current.id)
    assert len(page.desk.current.document.text) == 4_999_999
    assert meter.percentile(0.99) < 50
    assert meter.longest() < 150  # the tests may share their machine; measured idle: 45
