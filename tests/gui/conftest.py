"""The real composition, offscreen, with the echo backend and a database of its own.

`app_window` is a shown `MainWindow`; `services` its collaborators; `page` its chat page. Threads and
windows that stay fail the test; Qt's warnings do too (pyproject.toml).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.local_client import LocalClient
from gui.app import Carrel
from gui.main_window import MainWindow
from gui.pages.chat_page import ChatPage
from gui.services import Services
from gui.widgets.answer_view import AnswerView

Say = Callable[[str], AnswerView]


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    threads = set(threading.enumerate())
    yield
    flush_deletions()
    stray = [t for t in set(threading.enumerate()) - threads if t.is_alive()]
    for thread in stray:
        thread.join(2)
    assert [t.name for t in stray if t.is_alive()] == []
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `CARREL_HOME` of the test's own."""
    monkeypatch.setenv("CARREL_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def carrel(home: Path, qapp: QApplication) -> Iterator[Carrel]:
    """Everything that `main` puts together, before the window is shown and started."""
    qapp.setStyle("Fusion")
    found: list[BaseException] = []
    running = Carrel(lambda: LocalClient("echo"))
    running.bug_found.disconnect()
    running.bug_found.connect(found.append)
    running.furnish()
    yield running
    running.close()
    running.deleteLater()
    flush_deletions()
    assert found == []


@pytest.fixture
def app_window(carrel: Carrel, qtbot: QtBot) -> MainWindow:
    """The window, shown and started."""
    with qtbot.waitSignal(carrel.window.painted):
        carrel.window.show()
    return carrel.window


@pytest.fixture
def services(carrel: Carrel, app_window: MainWindow) -> Services:
    return carrel.services


@pytest.fixture
def page(app_window: MainWindow) -> ChatPage:
    found = app_window.page("chat")
    assert isinstance(found, ChatPage)
    return found


@pytest.fixture
def say(page: ChatPage, qtbot: QtBot) -> Say:
    """Type, press Enter, wait for the end of the answer."""

    def typed(text: str) -> AnswerView:
        count = len(page.session.branch)
        page.composer.set_text(text)
        qtbot.keyClick(page.composer.edit, Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda: len(page.session.branch) == count + 2 and not page.session.is_busy(),
            timeout=8000,
        )
        view = page.transcript.last_answer()
        assert view is not None
        return view

    return typed


def flush_deletions() -> None:
    QCoreApplication.sendPostedEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def titles(page: ChatPage) -> list[str]:
    """What the list of conversations shows."""
    return [c.title for c in page.list.model.conversations()]


def focused(page: ChatPage) -> bool:
    """Does the keyboard go to the box to write in?"""
    return page.window().focusWidget() is page.composer.edit
