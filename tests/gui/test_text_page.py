"""The text page as a person uses it: drop, read, look, click, copy, keep, remove, undo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.storage.records import StoredDocument
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.services import Services
from gui.text_session import FIRST_TOOL
from tests.gui.sample_results import DOCUMENT

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
LONG = "the rain was very negative. the sun was positive. it was tuesday. " * 8000


@pytest.fixture
def page(app_window: MainWindow) -> TextPage:
    app_window.open_page("text")
    found = app_window.page("text")
    assert isinstance(found, TextPage)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "skerryvore.txt"
    path.write_text(DOCUMENT.text, encoding="utf-8")
    return path


def wait_for_run(page: TextPage, qtbot: QtBot, tool: str = FIRST_TOOL) -> StoredDocument:
    """Until the document that is shown has a finished run."""

    def ended() -> bool:
        current = page.desk.current
        if current is None:
            return False
        state = page.session.state(current.id, tool)
        return state.is_known and not state.is_running and bool(state.outcome or state.error)

    qtbot.waitUntil(ended, timeout=20_000)
    assert page.desk.current is not None
    return page.desk.current


def dropped(page: TextPage, qtbot: QtBot, *paths: Path) -> StoredDocument:
    page.accept_files(list(paths))
    return wait_for_run(page, qtbot)


def toasts(services: Services) -> list[str]:
    return [toast.text() for toast in services.notifications.toasts()]


def test_an_empty_desk_says_what_to_do(page: TextPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(page.reader.invitation.isVisible)
    assert not page.results.isVisible()
    qtbot.mouseClick(page.reader.invitation.open_button, LEFT)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert "*.pdf" in dialog.nameFilters()[0]
    dialog.reject()


def test_a_dropped_file_is_summarized_without_a_question(
    app_window: MainWindow, page: TextPage, qtbot: QtBot, file: Path
) -> None:
    app_window.open_page("chat")
    app_window.open_files([file])
    stored = wait_for_run(page, qtbot)
    assert app_window.current_page() is page
    assert stored.document.name == "skerryvore.txt"
    assert page.results.isVisible()
    assert page.results.coverage.texts()[0] == "Read whole"
    assert page.results.footer.maker.text().startswith("Echo")
    assert page.reader.view.marks().shown()
    assert page.reader.legend.chips()["key"].text().startswith("Key sentences")
    assert page.session.progress(stored.id) == (False, None, True)


def test_a_source_chip_shows_the_passage(page: TextPage, qtbot: QtBot, file: Path) -> None:
    stored = dropped(page, qtbot, file)
    view = page.results.view()
    row = view.quotes.rows[-1]  # type: ignore[attr-defined]
    qtbot.mouseClick(row.chips()[0], LEFT)
    passage = page.reader.view.passage()
    assert passage is not None
    assert stored.document.text[slice(*passage)] == row.text()


def test_a_tab_without_a_run_offers_one(page: TextPage, qtbot: QtBot, file: Path) -> None:
    stored = dropped(page, qtbot, file)
    page.results.open_tab("sentiment")
    invitation = page.results.invitation
    qtbot.waitUntil(invitation.button.isVisible)
    assert "positive" in invitation.text.text()
    assert page.reader.view.marks().shown() == []
    assert not page.results.footer.isVisible()
    qtbot.mouseClick(invitation.button, LEFT)
    wait_for_run(page, qtbot, "sentiment")
    assert not invitation.isVisible()
    assert page.session.state(stored.id, "sentiment").result is not None
    page.results.open_tab(FIRST_TOOL)
    assert page.reader.legend.chips().keys() == {"key"}
    page.results.open_tab("sentiment")
    assert page.reader.legend.chips().keys() == {"negative", "positive"}


def test_going_back_to_a_document_shows_its_results_at_once(
    page: TextPage, qtbot: QtBot, file: Path, tmp_path: Path
) -> None:
    first = dropped(page, qtbot, file)
    other = tmp_path / "other.md"
    other.write_text("# Other\n\nAnother text. It has two sentences.\n")
    dropped(page, qtbot, other)
    assert [e.name for e in page.desk.entries()] == ["other.md", "skerryvore.txt"]
    page.list.view.setFocus()
    qtbot.keyClick(page.list.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.desk.current is not None and page.desk.current.id == first.id)
    assert page.results.footer.isVisible()
    assert page.reader.view.marks().shown()


def test_pasting_makes_a_document(page: TextPage, qtbot: QtBot, services: Services) -> None:
    QGuiApplication.clipboard().setText("Minutes of the meeting. Everybody was pleased.")
    page.list.view.setFocus()
    qtbot.keyClick(page.list.view, Qt.Key.Key_V, CTRL)
    stored = wait_for_run(page, qtbot)
    assert stored.document.name.startswith("Minutes of the meeting")
    QGuiApplication.clipboard().clear()
    qtbot.mouseClick(page.list.paste_button, LEFT)
    assert toasts(services) == ["There is no text on the clipboard."]


def test_files_on_the_clipboard_are_opened(page: TextPage, qtbot: QtBot, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    QGuiApplication.clipboard().setMimeData(data)
    page.paste()
    assert wait_for_run(page, qtbot).document.path == str(file)
    QGuiApplication.clipboard().clear()


def test_an_unreadable_file_is_told_in_the_list_and_in_passing(
    page: TextPage, qtbot: QtBot, services: Services, file: Path, tmp_path: Path
) -> None:
    dropped(page, qtbot, tmp_path / "gone.pdf", file)
    failed = next(e for e in page.desk.entries() if e.state == "failed")
    assert failed.error is not None
    assert toasts(services) == [failed.error.message]
    tip = page.list.model.data(page.list.model.index_of(failed.key), Qt.ItemDataRole.ToolTipRole)
    assert "gone.pdf" in tip
    assert "moved" in tip


def test_removing_can_be_undone(
    page: TextPage, qtbot: QtBot, services: Services, file: Path
) -> None:
    stored = dropped(page, qtbot, file)
    page.list.view.setFocus()
    qtbot.keyClick(page.list.view, Qt.Key.Key_Delete)
    assert page.list.model.rowCount() == 0
    assert page.reader.invitation.isVisible()
    toast = services.notifications.toasts()[-1]
    buttons = [b for b in toast.children() if getattr(b, "text", None) and b.text() == "Undo"]
    qtbot.mouseClick(buttons[0], LEFT)
    qtbot.waitUntil(lambda: page.desk.current is not None)
    assert page.desk.current.id == stored.id
    qtbot.waitUntil(page.results.footer.isVisible)


def test_the_cross_on_a_row_removes_it(page: TextPage, qtbot: QtBot, file: Path) -> None:
    dropped(page, qtbot, file)
    rect = page.list.view.visualRect(page.list.model.index(0))
    at = QPoint(rect.right() - 10, rect.center().y())
    qtbot.mouseClick(page.list.view.viewport(), LEFT, pos=at)
    assert page.list.model.rowCount() == 0


def test_stop_keeps_what_there_is_and_running_again_goes_on(page: TextPage, qtbot: QtBot) -> None:
    page.desk.add_text(LONG * 4)  # so long that a stop comes in its midst
    stored = wait_for_run(page, qtbot)
    page.results.open_tab("sentiment")
    qtbot.waitUntil(page.results.invitation.button.isVisible)
    state = lambda: page.session.state(stored.id, "sentiment")  # noqa: E731
    seen = []

    def stop() -> None:
        """At once: a quick machine is done while the window draws what there is so far."""
        if state().result is not None and not seen:
            seen.append(page.session.progress(stored.id))
            assert page.results.coverage.stop.isVisible()
            qtbot.mouseClick(page.results.coverage.stop, LEFT)

    page.session.changed.connect(lambda *_: stop())
    qtbot.mouseClick(page.results.invitation.button, LEFT)
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    running, share, _ = seen[0]
    assert running
    assert share is not None
    wait_for_run(page, qtbot, "sentiment")
    assert page.results.coverage.texts()[0] == "Read in part"
    qtbot.mouseClick(page.results.footer.again, LEFT)
    assert state().is_running
    page.reader.view.setFocus()
    qtbot.keyClick(page.reader.view, Qt.Key.Key_Escape)
    wait_for_run(page, qtbot, "sentiment")


def test_a_run_can_be_repeated_with_other_options(page: TextPage, qtbot: QtBot, file: Path) -> None:
    stored = dropped(page, qtbot, file)
    invitation = page.results.invitation
    qtbot.mouseClick(page.results.footer.other, LEFT)
    assert invitation.isVisible()
    qtbot.mouseClick(invitation.back, LEFT)
    assert not invitation.isVisible()
    page.results.footer.options_asked.emit()
    invitation.editor("points").setValue(2)  # type: ignore[attr-defined]
    qtbot.mouseClick(invitation.button, LEFT)
    wait_for_run(page, qtbot)
    state = page.session.state(stored.id, FIRST_TOOL)
    assert state.options["points"] == 2
    assert len(state.result.key_sentences) == 2  # type: ignore[union-attr]
    assert not invitation.isVisible()


def test_a_failure_stands_where_the_result_would_be(page: TextPage, qtbot: QtBot) -> None:
    page.desk.add_text("/fail 昨天没有下雨，前天下了。")
    wait_for_run(page, qtbot)
    page.results.open_tab("entities")
    qtbot.waitUntil(page.results.invitation.button.isVisible)
    qtbot.mouseClick(page.results.invitation.button, LEFT)
    qtbot.waitUntil(page.results.trouble.isVisible)
    assert "told to fail" in page.results.trouble.message.text()
    assert page.results.trouble.hint.text()
    assert page.results.invitation.button.isVisible()


def test_the_legend_hides_marks_and_names(page: TextPage, qtbot: QtBot, file: Path) -> None:
    dropped(page, qtbot, file)
    page.results.open_tab("entities")
    qtbot.waitUntil(page.results.invitation.button.isVisible)
    qtbot.mouseClick(page.results.invitation.button, LEFT)
    wait_for_run(page, qtbot, "entities")
    view, marks = page.results.view(), page.reader.view.marks()
    all_marks, all_rows = len(marks.shown()), view.model.rowCount()  # type: ignore[attr-defined]
    assert all_marks
    label, chip = next(iter(page.reader.legend.chips().items()))
    qtbot.mouseClick(chip, LEFT)
    assert all(mark.label != label for mark in marks.shown())
    assert view.model.rowCount() < all_rows  # type: ignore[attr-defined]
    qtbot.mouseClick(chip, LEFT)
    assert len(marks.shown()) == all_marks


def test_a_result_is_copied_as_markdown(page: TextPage, qtbot: QtBot, file: Path) -> None:
    dropped(page, qtbot, file)
    qtbot.mouseClick(page.results.footer.copy, LEFT)
    wanted = "# skerryvore.txt\n\n## Key sentences"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().startswith(wanted))


def test_a_result_is_exported_and_a_failure_told(
    page: TextPage, qtbot: QtBot, services: Services, file: Path, tmp_path: Path
) -> None:
    stored = dropped(page, qtbot, file)
    page.results.footer.export_asked.emit(".json")
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    state = page.session.state(stored.id, FIRST_TOOL)
    path = tmp_path / "out.json"
    page._keeper.export(path, (stored,), FIRST_TOOL, state, ".json")
    qtbot.waitUntil(path.exists)
    row = json.loads(path.read_text(encoding="utf-8"))
    assert row["text_tool"] == "summarize"
    assert row["usage"]["prompt_tokens"] > 0
    page._keeper.export(tmp_path / "no" / "out.md", (stored,), FIRST_TOOL, state, ".md")
    qtbot.waitUntil(lambda: any("could not be written" in text for text in toasts(services)))


def test_narrow_windows_put_the_results_below(
    app_window: MainWindow, page: TextPage, qtbot: QtBot, file: Path
) -> None:
    dropped(page, qtbot, file)
    app_window.resize(1280, 820)
    qtbot.waitUntil(lambda: page.results.x() > 0)
    app_window.resize(760, 600)
    qtbot.waitUntil(lambda: page.results.y() > 0)
    for pane in (page.list, page.reader, page.results):
        assert pane.isVisible()
        right = pane.mapTo(page, pane.rect().bottomRight())
        assert page.rect().contains(right)
    assert page.reader.width() > 400


def test_panes_hide_and_come_back_by_key(page: TextPage, qtbot: QtBot, file: Path) -> None:
    dropped(page, qtbot, file)
    page.reader.view.setFocus()
    for pane, modifiers in (
        (page.list, CTRL),
        (page.results, CTRL | Qt.KeyboardModifier.ShiftModifier),
    ):
        qtbot.keyClick(page.reader.view, Qt.Key.Key_B, modifiers)
        assert not pane.isVisible()
        qtbot.keyClick(page.reader.view, Qt.Key.Key_B, modifiers)
        assert pane.isVisible()


def test_text_from_the_chat_page_is_taken(page: TextPage, qtbot: QtBot) -> None:
    assert page.accept_text("Pasted text", "A long letter about the harbour. It goes on.")
    assert wait_for_run(page, qtbot).document.name.startswith("A long letter")
    assert not page.accept_text("Pasted text", "  \n")


def test_everything_that_can_be_pressed_has_a_name(
    page: TextPage, qtbot: QtBot, file: Path
) -> None:
    from PySide6.QtWidgets import QAbstractButton

    dropped(page, qtbot, file)
    for button in page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName() or button.text(), button
