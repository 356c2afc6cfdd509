"""The window: pages, shortcuts, drops, messages at the bottom, bugs, and a second start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.errors import ErrorInfo, StorageError
from gui.app import Carrel
from gui.dialogs.crash_dialog import CrashDialog
from gui.dialogs.shortcuts_dialog import ShortcutsDialog
from gui.main_window import MainWindow, dropped_paths
from gui.pages import PAGES
from gui.services import Services
from gui.single_instance import SingleInstance

HEAVY = ("torch", "transformers", "llama_cpp", "pypdfium2", "docx", "trafilatura", "lxml", "numpy")


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_over(window: MainWindow, data: QMimeData) -> QDragEnterEvent:
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDragEnterEvent(QPoint(300, 300), actions, data, button, Qt.KeyboardModifier.NoModifier)
    window.dragEnterEvent(event)
    return event


def drop(window: MainWindow, data: QMimeData) -> None:
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(
        QDropEvent(QPointF(300, 300), actions, data, button, Qt.KeyboardModifier.NoModifier)
    )


def control(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)


def test_every_page_opens_by_key_and_by_mouse(app_window: MainWindow, qtbot: QtBot) -> None:
    for position, entry in enumerate(PAGES):
        control(app_window, Qt.Key(Qt.Key.Key_1 + position))
        assert app_window.current_page().page_id == entry.page_id
        assert app_window._rail.button(entry.page_id).isChecked()
    qtbot.mouseClick(app_window._rail.button("chat"), Qt.MouseButton.LeftButton)
    assert app_window.current_page().page_id == "chat"
    control(app_window, Qt.Key.Key_Comma)
    assert app_window.current_page().page_id == "settings"


def test_pages_are_built_when_they_are_first_opened(app_window: MainWindow) -> None:
    assert list(app_window._pages) == ["chat"]
    page = app_window.page("models")
    assert app_window.page("models") is page


def test_new_chat_and_search_work_from_every_page(app_window: MainWindow) -> None:
    control(app_window, Qt.Key.Key_4)
    control(app_window, Qt.Key.Key_N)
    assert app_window.current_page().page_id == "chat"
    control(app_window, Qt.Key.Key_4)
    control(app_window, Qt.Key.Key_K)
    assert app_window.focusWidget().accessibleName() == "Search conversations"


def test_f6_goes_round_the_parts_of_the_window(app_window: MainWindow) -> None:
    app_window.open_page("chat")
    seen = []
    for _ in range(4):
        QTest.keyClick(app_window, Qt.Key.Key_F6)
        seen.append(app_window.focusWidget())
    assert len(set(seen)) >= 3
    assert app_window._rail.button("chat") in seen


def test_a_drag_says_what_a_drop_will_do(app_window: MainWindow, tmp_path: Path) -> None:
    report, model = tmp_path / "report.pdf", tmp_path / "model.GGUF"
    for path in (report, model):
        path.write_bytes(b"x")
    assert drag_over(app_window, files(report)).isAccepted()
    assert app_window.overlay().isVisible()
    assert "report.pdf" in app_window.overlay().text()
    drag_over(app_window, files(model))
    assert "model" in app_window.overlay().text()
    drag_over(app_window, files(report, report))
    assert "2" in app_window.overlay().text()
    app_window.dragLeaveEvent(QDragLeaveEvent())
    assert not app_window.overlay().isVisible()


def test_a_dropped_document_goes_to_the_text_page(
    app_window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, the engine works.", encoding="utf-8")
    taken: list[list[Path]] = []
    page = app_window.page("text")
    monkeypatch.setattr(page, "accept_files", lambda paths: bool(taken.append(paths)) or True)
    drop(app_window, files(path))
    qtbot.waitUntil(lambda: app_window.current_page() is page)
    assert taken == [[path]]
    assert not app_window.overlay().isVisible()


def test_a_dropped_gguf_goes_to_the_model_session(
    app_window: MainWindow,
    services: Services,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    loaded: list[str | None] = []
    monkeypatch.setattr(services.model, "load", loaded.append)
    drop(app_window, files(path))
    qtbot.waitUntil(lambda: loaded == [str(path)])


def test_nothing_from_the_network_is_taken(tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.com/x.pdf"), QUrl.fromLocalFile(str(tmp_path / "gone"))])
    assert dropped_paths(data) == []


def test_an_error_stays_with_its_hint_and_is_not_repeated(services: Services, qtbot: QtBot) -> None:
    error = ErrorInfo("STORAGE", "The disk is full.", "Make room, then try again.")
    services.notifications.show_error(error)
    services.notifications.show_error(error)
    (toast,) = services.notifications.toasts()
    assert (toast.text(), toast.hint()) == (error.message, error.hint)
    qtbot.mouseClick(toast._close, Qt.MouseButton.LeftButton)
    assert services.notifications.toasts() == []


def test_a_message_goes_by_itself_and_its_action_works(services: Services, qtbot: QtBot) -> None:
    done: list[bool] = []
    services.notifications.show_message("Deleted", "Undo", lambda: done.append(True), 30)
    services.notifications.show_message("Gone soon", seconds=0.05)
    undo = services.notifications.toasts()[0].findChild(QPushButton)
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: services.notifications.toasts() == [])
    assert done == [True]


def test_a_bug_opens_the_report_and_the_window_stays(
    carrel: Carrel, app_window: MainWindow, qtbot: QtBot
) -> None:
    try:
        raise ZeroDivisionError("a bug")
    except ZeroDivisionError as error:
        carrel._on_bug_found(error)
        carrel._on_bug_found(error)
    (dialog,) = app_window.findChildren(CrashDialog)
    assert dialog.text().count("ZeroDivisionError: a bug") == 2
    assert str(Path.home()) not in dialog.text().split("Traceback")[0]
    dialog.accept()
    assert app_window.isVisible()


def test_the_shortcuts_are_listed(app_window: MainWindow) -> None:
    control(app_window, Qt.Key.Key_Slash)
    dialog = app_window.findChild(ShortcutsDialog)
    assert dialog is not None
    dialog.reject()


def test_a_database_that_cannot_be_opened_is_told_and_closes_nothing(
    carrel: Carrel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> list[str]:
        raise StorageError("The database cannot be opened.", hint="Look at the folder.")

    monkeypatch.setattr(carrel.services.storage, "open", refuse)
    carrel.window.show()
    qtbot.waitUntil(lambda: bool(carrel.services.notifications.toasts()))
    page = carrel.window.page("chat")
    page.composer.set_text("still here")  # type: ignore[attr-defined]
    with qtbot.waitSignal(page.session.sending_failed):  # type: ignore[attr-defined]
        page.session.send("still here")  # type: ignore[attr-defined]
    assert page.composer.text() == "still here"  # type: ignore[attr-defined]


def test_the_window_remembers_its_size(carrel: Carrel, app_window: MainWindow) -> None:
    app_window.resize(777, 555)
    app_window.close()
    again = MainWindow(carrel.theme)
    assert (again.width(), again.height()) == (777, 555)
    again.deleteLater()


def test_an_answer_under_way_is_kept_when_the_window_closes(
    carrel: Carrel, app_window: MainWindow, qtbot: QtBot
) -> None:
    session = app_window.page("chat").session  # type: ignore[attr-defined]
    session.send("/slow 200")
    qtbot.waitUntil(lambda: bool((r := session.running_reply()) and r.text))
    kept: list[str] = []
    finish = carrel.services.storage.conversations.finish_reply

    def see(message_id: int, content: str, *rest: object) -> object:
        kept.append(content)
        return finish(message_id, content, *rest)  # type: ignore[arg-type]

    carrel.services.storage.conversations.finish_reply = see  # type: ignore[assignment,method-assign]
    carrel.close()
    assert kept
    assert kept[0].startswith("word0 ")


def test_a_second_start_raises_the_first(home: Path, qtbot: QtBot) -> None:
    first = SingleInstance()
    assert first.is_first()
    first.listen()
    code = "from PySide6.QtCore import QCoreApplication as A; a = A([]);" + (
        "from gui.single_instance import SingleInstance as S; print(S().is_first())"
    )
    with qtbot.waitSignal(first.second_start, timeout=10_000):
        second = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert second.communicate(timeout=10)[0].strip() == "False"
    first.close()


def test_a_lock_left_by_a_crash_is_no_obstacle(home: Path) -> None:
    code = (
        "import os; from gui.single_instance import SingleInstance as S;"
        "s = S(); assert s.is_first(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    after = SingleInstance()
    assert after.is_first()
    after.close()


def test_the_window_imports_nothing_heavy() -> None:
    code = (
        "import sys, gui.app, gui.pages.chat_page, gui.widgets.transcript;"
        f"print([name for name in {HEAVY!r} + ('markdown_it', 'pygments', 'sqlite_utils')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
