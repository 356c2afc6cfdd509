"""What sentiment says beside its chart: "not sure", names, and why a sentence was judged so."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import ErrorInfo
from engine.text_tools.results import UNSURE, SentimentResult
from engine.types import Coverage, Span
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.reason_session import ReasonSession
from gui.services import Services
from gui.widgets.results.sentiment_results import SentimentResults
from tests.gui.sample_sentiment import reasons
from tests.gui.sentiment_stage import RESULT, show, shown_view

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> SentimentResults:
    return shown_view(qtbot)


# Not sure


def test_not_sure_is_a_label_of_its_own_everywhere(view: SentimentResults) -> None:
    show(view, msgspec.structs.replace(RESULT, label=UNSURE, score=0.44))
    assert view.verdict.text().endswith("Not sure")
    assert "“Negative” with 44 %" in view.sure.text()
    assert view.bar.accessibleName() == "Negative 5, Neutral 2, Positive 2, Not sure 1"
    assert [entry.title for entry in view.legend(RESULT)] == ["Negative", "Positive", "Not sure"]
    assert [mark.number for mark in view.marks(RESULT) if mark.label == UNSURE] == [8]
    assert view.tip(8) == "Not sure"


def test_a_text_without_words_claims_nothing(view: SentimentResults) -> None:
    empty = Span(0, 3, "…!?", UNSURE, 0.0)
    show(
        view,
        SentimentResult(coverage=Coverage(1, 1), spans=(empty,), label=UNSURE, counts={UNSURE: 1}),
    )
    assert view.verdict.text().endswith("Not sure")
    assert not view.sure.isVisible()
    assert not view.targets.isVisible()


# Names


def test_a_name_leads_to_its_sentences_one_after_the_other(
    view: SentimentResults, qtbot: QtBot
) -> None:
    wanted: list[int] = []
    view.mark_wanted.connect(wanted.append)
    row = view.targets.rows[0]
    assert row.accessibleName() == "Stevenson, 4, Negative"
    qtbot.mouseClick(row, LEFT)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Return):
        qtbot.keyClick(row, key)
    assert wanted == [0, 3, 9, 0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Down)
    assert view.targets.rows[1].hasFocus()
    assert view.targets.rows[2].accessibleName() == "Walter Scott, 1, Not sure"


def test_without_names_there_is_no_section(view: SentimentResults) -> None:
    assert view.named.isVisible()
    show(view, msgspec.structs.replace(RESULT, targets=()))
    assert not view.named.isVisible()
    assert not view.targets.isVisible()


# Why


def test_a_sentence_is_explained_by_its_words(view: SentimentResults, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.explanation_wanted) as wanted:
        view.mark_clicked(1)
    assert wanted.args == [1, RESULT.spans[1].text, "negative"]
    assert view.why.isVisible()
    assert "Looking" in view.why.state.text()
    found = reasons(RESULT.spans[1], {"disaster": 0.6, "winter": -0.2})
    view.show_explanation(1, found)
    assert view.why.title.text().endswith("Why “Negative”?")
    assert view.why.words_for.text() == "speaks for “Negative”"
    assert not view.why.state.isVisible()
    by_word = {RESULT.spans[1].text[w.start : w.end]: n for n, w in enumerate(found.words)}
    for word, token in (("disaster.", "positive"), ("winter", "negative")):
        shade = view.why.heat.shade(by_word[word])
        assert shade.rgb() & 0xFFFFFF == view.theme.color(token).rgb() & 0xFFFFFF
    strong, weak = (view.why.heat.shade(by_word[w]).alphaF() for w in ("disaster.", "winter"))
    assert strong > weak > view.why.heat.shade(by_word["The"]).alphaF() == 0
    qtbot.mouseClick(view.why.close_button, LEFT)
    assert not view.why.isVisible()


def test_the_tint_lies_on_the_word_whatever_stands_before_it(view: SentimentResults) -> None:
    text = "😀 One\r\n二 bad 👍🏽 day"
    span = Span(0, len(text), text, "negative", 0.9)
    show(view, msgspec.structs.replace(RESULT, spans=(span,), targets=()))
    view.mark_clicked(0)
    view.show_explanation(0, reasons(span, {"bad": 0.5}))
    heat = view.why.heat
    tinted = [
        fragment.text()
        for fragment in fragments(heat)
        if fragment.charFormat().background().style() != Qt.BrushStyle.NoBrush
    ]
    assert tinted == ["bad"]


def fragments(heat: QWidget) -> list:
    block, found = heat.document().begin(), []  # type: ignore[attr-defined]
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            found.append(walk.fragment())
            walk += 1
        block = block.next()
    return found


def test_a_sentence_in_the_list_is_explained_and_shown(
    view: SentimentResults, qtbot: QtBot
) -> None:
    row = view.strongest.rows[0]
    asked: list[tuple] = []
    view.explanation_wanted.connect(lambda *what: asked.append(what))
    with qtbot.waitSignal(view.mark_wanted) as wanted:
        qtbot.mouseClick(row.text, LEFT)  # type: ignore[attr-defined]
    assert [what[0] for what in asked] == wanted.args == [1]


def test_what_was_not_sure_says_what_it_is_nearest_to(view: SentimentResults) -> None:
    view.mark_clicked(8)
    found = msgspec.structs.replace(reasons(RESULT.spans[8], {}), label="negative")
    view.show_explanation(8, found)
    assert view.why.title.text().endswith("Not sure, nearest to “Negative”")


def test_an_error_is_told_quietly_in_the_card(view: SentimentResults) -> None:
    view.mark_clicked(1)
    view.show_explanation_error(1, ErrorInfo("X", "It is too long.", "Choose a shorter one."))
    assert view.why.state.text() == "It is too long. Choose a shorter one."
    assert not view.why.legend.isVisible()


def test_a_late_answer_for_another_sentence_is_not_shown(view: SentimentResults) -> None:
    view.mark_clicked(1)
    view.mark_clicked(2)
    view.show_explanation(1, reasons(RESULT.spans[1], {"disaster": 0.6}))
    assert "Looking" in view.why.state.text()
    show(view, msgspec.structs.replace(RESULT, spans=RESULT.spans[:2]))
    assert not view.why.isVisible()
    view.show_explanation(2, reasons(RESULT.spans[2], {}))


def test_no_reasons_are_offered_for_what_a_chat_model_said(
    view: SentimentResults, qtbot: QtBot
) -> None:
    view.can_explain = False
    with qtbot.assertNotEmitted(view.explanation_wanted):
        view.mark_clicked(1)
    assert not view.why.isVisible()


# In the page, with the engine


@pytest.fixture
def text_page(app_window: MainWindow, qtbot: QtBot) -> TextPage:
    app_window.open_page("text")
    page = app_window.page("text")
    assert isinstance(page, TextPage)
    page.desk.add_text("The food was bad. The view was good. It was Tuesday in Oslo.")
    qtbot.waitUntil(lambda: page.desk.current is not None, timeout=20_000)
    page.results.open_tab("sentiment")
    qtbot.waitUntil(page.results.invitation.button.isVisible)
    qtbot.mouseClick(page.results.invitation.button, LEFT)
    key = page.desk.current.id
    qtbot.waitUntil(
        lambda: page.session.state(key, "sentiment").outcome is not None, timeout=20_000
    )
    return page


def test_the_engine_says_why(text_page: TextPage, qtbot: QtBot) -> None:
    view = text_page.results.view()
    assert isinstance(view, SentimentResults)
    text_page.reader.view.mark_clicked.emit(0)
    qtbot.waitUntil(lambda: view.why.isVisible() and view.why.legend.isVisible(), timeout=20_000)
    words = view.why.heat._words
    said = {"The food was bad."[word.start : word.end]: word.weight for word in words}
    assert said["bad"] == max(said.values()) > 0
    assert said["food"] == 0


def test_a_chart_is_saved_where_the_user_says(
    text_page: TextPage, qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    view = text_page.results.view()
    assert isinstance(view, SentimentResults)
    view.curve.picture_asked.emit(".svg")
    dialog = text_page.findChild(QFileDialog)
    assert dialog is not None
    path = tmp_path / "chart.svg"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: path.read_bytes().startswith(b"<?xml"))
    texts = [toast.text() for toast in services.notifications.toasts()]
    qtbot.waitUntil(lambda: any("chart.svg" in t.text() for t in services.notifications.toasts()))
    assert len(texts) <= 2


def test_only_the_last_question_is_answered_and_answers_are_remembered(
    services: Services, qtbot: QtBot
) -> None:
    session = ReasonSession(services, services.notifications)
    found: list[int] = []
    session.found.connect(lambda number, why: found.append(number))
    session.ask(1, "It was bad.", "negative")
    session.ask(2, "It was good.", "positive")
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    qtbot.wait(50)
    assert found == [2]
    session.ask(7, "It was good.", "positive")
    assert found == [2, 7]
    failed: list[ErrorInfo] = []
    session.failed.connect(lambda number, error: failed.append(error))
    session.ask(3, "word " * 2000, "positive")
    qtbot.waitUntil(lambda: bool(failed), timeout=20_000)
    assert "too long" in failed[0].message
