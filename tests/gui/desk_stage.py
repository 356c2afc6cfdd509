"""Documents on the desk for tests: several of them, chosen together, with a summary of both."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.protocol import RunTextTool
from engine.storage.records import StoredDocument
from engine.text_tools.results import (
    DocumentSummary,
    KeySentence,
    SummaryPoint,
    SummaryResult,
)
from engine.types import Coverage, Document, Passage, Span
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.services import Services
from tests.gui.sample_results import DOCUMENT, MODEL, summary

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
LETTER = Document("letter.docx", "Gentlemen, the barrack is gone.\n\nThe men are well.\n", "docx")


def text_page(window: MainWindow) -> TextPage:
    window.open_page("text")
    found = window.page("text")
    assert isinstance(found, TextPage)
    return found


def noted_runs(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[RunTextTool]:
    """The runs that are asked of the engine from now on."""
    requests: list[RunTextTool] = []
    send = services.engine.send

    def noted(request: Any, parent: Any) -> Any:
        if isinstance(request, RunTextTool):
            requests.append(request)
        return send(request, parent)

    monkeypatch.setattr(services.engine, "send", noted)
    return requests


def keep(page: TextPage, qtbot: QtBot, *documents: Document) -> list[StoredDocument]:
    """Documents on the desk, the last on top; each was summarized before."""
    found: list[list[StoredDocument]] = []
    plain = msgspec.to_builtins(summary())

    def work() -> list[StoredDocument]:
        desk = page.services.storage.desk
        stored = [desk.add_document(document) for document in documents]
        for one in stored:
            desk.save_run(one.id, "summarize", {}, plain, MODEL, 1.0)
        return stored

    page.services.background.run(page, work).then(found.append)
    page.desk.read()
    qtbot.waitUntil(lambda: page.desk.current is not None and bool(found))
    return found[0]


def together(page: TextPage, qtbot: QtBot, stored: list[StoredDocument]) -> None:
    """Click on the first row, then with Ctrl on the others."""
    view = page.list.view
    for number in range(len(stored)):
        at = view.visualRect(page.list.model.index(number)).center()
        qtbot.mouseClick(view.viewport(), LEFT, CTRL if number else Qt.KeyboardModifier(0), at)
    qtbot.waitUntil(lambda: len(page.selection.documents) == len(stored))


def over_both() -> SummaryResult:
    """Over `DOCUMENT` and then `LETTER`."""
    here, there = summary().points[0].passages[0], Passage(0, 31, 1)
    return SummaryResult(
        coverage=Coverage(4, 4),
        model_name="Qwen3 8B",
        key_sentences=(KeySentence("Gentlemen, the barrack is gone.", there, 0.9),),
        spans=(
            Span(here.start, here.end, DOCUMENT.text[here.start : here.end], "key"),
            Span(0, 31, LETTER.text[:31], "key", None, 1),
        ),
        each=(
            DocumentSummary(0, (SummaryPoint("It was built.", (here,)),)),
            DocumentSummary(1, (SummaryPoint("It is gone.", (there,)),)),
        ),
        points=(SummaryPoint("Built and gone.", (here, there)),),
    )


def shown_over_both(page: TextPage, qtbot: QtBot) -> list[StoredDocument]:
    """Both documents are selected, and a summary of both is there."""
    stored = keep(page, qtbot, DOCUMENT, LETTER)
    desk, plain = page.services.storage.desk, msgspec.to_builtins(over_both())
    first, second = (one.id for one in stored)
    page.services.background.run(
        page, lambda: desk.save_run(first, "summarize", {}, plain, MODEL, 1.0, (second,))
    )
    together(page, qtbot, stored)
    ids = (first, second)
    qtbot.waitUntil(lambda: page.session.state(ids, "summarize").result is not None)
    return stored
