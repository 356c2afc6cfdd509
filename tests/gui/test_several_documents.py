"""Several documents together: chosen, read, linked, removed."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from engine.protocol import RunTextTool, TextToolOutcome
from engine.types import Document
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.services import Services
from gui.text_export import as_json, as_markdown, file_name
from gui.text_links import paragraph_at
from gui.text_run import RunState
from gui.text_session import FIRST_TOOL
from tests.gui.desk_stage import (
    LETTER,
    keep,
    noted_runs,
    over_both,
    shown_over_both,
    text_page,
    together,
)
from tests.gui.sample_results import DOCUMENT, MODEL
from tests.gui.stall_meter import StallMeter

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(app_window: MainWindow) -> TextPage:
    return text_page(app_window)


@pytest.fixture
def sent(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[RunTextTool]:
    return noted_runs(services, monkeypatch)


def words(page: TextPage) -> list[str]:
    view = page.results.view()
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def test_documents_selected_together_are_summarized_together(
    page: TextPage, qtbot: QtBot, sent: list[RunTextTool]
) -> None:
    stored = keep(page, qtbot, DOCUMENT, LETTER)
    together(page, qtbot, stored)
    assert "2" in page.results.about.text()
    ids = tuple(one.id for one in stored)
    qtbot.waitUntil(page.results.invitation.button.isVisible)
    qtbot.mouseClick(page.results.invitation.button, LEFT)
    qtbot.waitUntil(lambda: page.session.state(ids, FIRST_TOOL).outcome is not None, timeout=20_000)
    assert [document.name for document in sent[-1].documents] == [DOCUMENT.name, LETTER.name]
    assert (
        page.session.state(stored[0].id, FIRST_TOOL).result
        != page.session.state(ids, FIRST_TOOL).result
    )
    later = keep(page, qtbot, Document("third.txt", "A third text."))
    assert page.session.state((*ids, later[0].id), FIRST_TOOL).result is None


def test_what_is_found_in_several_documents_is_there_again_after_a_restart(
    page: TextPage, qtbot: QtBot
) -> None:
    shown_over_both(page, qtbot)
    said = words(page)
    assert [text for text in said if text in (DOCUMENT.name, LETTER.name, "All together")] == [
        DOCUMENT.name,
        LETTER.name,
        "All together",
    ]


def test_a_passage_of_another_document_opens_it_there(page: TextPage, qtbot: QtBot) -> None:
    first, second = shown_over_both(page, qtbot)
    page.desk.open(first.id)
    qtbot.waitUntil(lambda: page.desk.current is not None and page.desk.current.id == first.id)
    assert len(page.selection.documents) == 2
    assert [mark.number for mark in page.reader.view.marks().shown()] == [0]
    chip = page.results.view().quotes.rows[0].chips()[0]  # type: ignore[attr-defined]
    assert chip.text().startswith("letter")
    qtbot.mouseClick(chip, LEFT)
    qtbot.waitUntil(lambda: page.reader.view.passage() == (0, 31))
    assert page.desk.current.id == second.id
    assert len(page.selection.documents) == 2
    assert [mark.number for mark in page.reader.view.marks().shown()] == [1]


def test_a_text_tool_for_one_document_says_which(page: TextPage, qtbot: QtBot) -> None:
    shown_over_both(page, qtbot)
    page.results.open_tab("entities")
    assert page.desk.current is not None
    assert page.desk.current.document.name in page.results.about.text()
    assert [one.id for one in page.subject()] == [page.desk.current.id]
    at = page.list.view.visualRect(page.list.model.index(0)).center()
    qtbot.mouseClick(page.list.view.viewport(), LEFT, pos=at)
    assert page.selection.documents == ()
    assert not page.results.about.isVisible()


def test_documents_are_selected_and_removed_together_by_keyboard(
    page: TextPage, qtbot: QtBot, services: Services
) -> None:
    keep(page, qtbot, DOCUMENT, LETTER)
    page.list.view.setFocus()
    qtbot.keyClick(page.list.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(page.selection.documents) == 2)
    qtbot.keyClick(page.list.view, Qt.Key.Key_Delete)
    assert page.list.model.rowCount() == 0
    toast = services.notifications.toasts()[-1]
    buttons = [b for b in toast.findChildren(QAbstractButton) if b.text() == "Undo"]
    qtbot.mouseClick(buttons[0], LEFT)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 2)


def test_all_are_chosen_with_one_button(page: TextPage, qtbot: QtBot) -> None:
    keep(page, qtbot, DOCUMENT)
    assert not page.list.all_button.isVisible()
    keep(page, qtbot, LETTER, Document("third.txt", "A third text."))
    qtbot.waitUntil(page.list.all_button.isVisible)
    assert "3" in page.list.all_button.text()
    qtbot.mouseClick(page.list.all_button, LEFT)
    qtbot.waitUntil(lambda: len(page.selection.documents) == 3)
    qtbot.waitUntil(page.results.invitation.button.isVisible)
    assert "3" in page.results.invitation.text.text()


def test_a_new_document_leaves_what_is_selected_together(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    stored = keep(page, qtbot, DOCUMENT, LETTER)
    together(page, qtbot, stored)
    keys = {index.data() for index in page.list.view.selectionModel().selectedIndexes()}
    page.desk._wanted = stored[0].id  # it is read in the background, nothing opens
    path = tmp_path / "new.txt"
    path.write_text("A new text.")
    page.desk.read_files([path])
    page.desk._wanted = stored[0].id
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 3)
    qtbot.waitUntil(lambda: all(entry.state == "ready" for entry in page.desk.entries()))
    assert {i.data() for i in page.list.view.selectionModel().selectedIndexes()} == keys
    assert len(page.selection.documents) == 2


def test_many_long_documents_together_do_not_hold_up_the_window(
    page: TextPage, qtbot: QtBot
) -> None:
    texts = [f"Text {n}.\n\n" + "A sentence that goes on and on. " * 30_000 for n in range(6)]
    stored = keep(page, qtbot, *(Document(f"{n}.txt", text) for n, text in enumerate(texts)))
    qtbot.wait(300)
    meter = StallMeter(page)
    meter.start()
    selection = page.list.view.selectionModel()
    for number in range(6):
        selection.select(page.list.model.index(number), QItemSelectionModel.SelectionFlag.Select)
    qtbot.waitUntil(lambda: len(page.selection.documents) == 6, timeout=10_000)
    page.links.show_passage(900_000, 900_040, 5)
    qtbot.waitUntil(lambda: page.reader.view.passage() == (900_000, 900_040), timeout=10_000)
    qtbot.wait(300)
    meter.stop()
    assert page.desk.current is not None
    assert page.desk.current.id == stored[5].id
    assert meter.longest() < 150


def test_a_result_over_several_documents_is_exported_with_all_of_them() -> None:
    documents = (DOCUMENT, LETTER)
    result = over_both()
    plain = msgspec.to_builtins(result)
    state = RunState(result=result, outcome=TextToolOutcome("summarize", plain, MODEL, 1.0))
    row = json.loads(as_json(documents, "summarize", state))
    assert row["input"] == [DOCUMENT.path, LETTER.name]
    for span in row["spans"]:
        text = row["source_text"][span["document"]]
        assert text[span["start"] : span["end"]] == span["text"]
    markdown = as_markdown(documents, "summarize", state)
    assert markdown.startswith(f"# {DOCUMENT.name}, {LETTER.name}\n")
    assert file_name(documents, "summarize", ".md") == "skerryvore-and-1-more-summarize.md"


@given(st.text(alphabet="ab \n", min_size=1, max_size=200), st.floats(0, 1))
def test_every_place_in_a_text_is_in_a_paragraph(text: str, share: float) -> None:
    position = min(len(text) - 1, int(share * len(text)))
    start, end = paragraph_at(text, position)
    assert 0 <= start <= end <= len(text)
    assert "\n" not in text[start:end].strip("\n")
