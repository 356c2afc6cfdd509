"""Questions about a document: asking, the answer with its checked quotes, and what was asked before."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.storage.records import StoredDocument
from engine.text_tools.results import AnswerResult
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.theme import Theme
from gui.widgets.results.ask_results import AskResults
from gui.widgets.results.quote_card import QuoteCard
from tests.gui.sample_results import DOCUMENT, MODEL, SMALL_MODEL, TEXT, answer, no_answer

LEFT = Qt.MouseButton.LeftButton


def shown(qtbot: QtBot, result: AnswerResult, model: dict | None = MODEL) -> AskResults:
    parent, theme = QWidget(), Theme("light", QApplication.instance())
    qtbot.addWidget(parent)
    view = AskResults(theme, parent)
    parent.resize(400, 900)
    view.resize(400, 900)
    parent.show()
    view.show_result(result, DOCUMENT, model)
    qtbot.__dict__.setdefault("held", []).append((view, parent, theme))
    qtbot.wait(20)
    return view


def words(view: QWidget) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def cards(view: AskResults) -> list[QuoteCard]:
    return [
        card for card in view.answer.cards() if isinstance(card, QuoteCard) and card.isVisible()
    ]


def test_the_short_answer_is_big_and_leads_to_its_place(qtbot: QtBot) -> None:
    view = shown(qtbot, answer())
    assert view.answer.short.text() == "another 4,000 pounds"
    with qtbot.waitSignal(view.passage_wanted) as wanted:
        qtbot.mouseClick(view.answer.short.chips()[0], LEFT)
    assert TEXT[slice(*wanted.args[:2])] == "another 4,000 pounds"


def test_quotes_say_whether_they_were_found(qtbot: QtBot) -> None:
    view = shown(qtbot, answer())
    first, second, third = cards(view)
    for card in (first, second):
        assert "word for word" in card.check.text()
        assert card.check.property("kind") == "positive"
    assert "do not rely on it" in third.check.text()
    assert third.check.property("kind") == "warning"
    assert third.words.chips() == []
    with qtbot.waitSignal(view.passage_wanted) as wanted:
        qtbot.mouseClick(second.words.chips()[0], LEFT)
    assert TEXT[slice(*wanted.args[:2])] == second.words.text()


def test_the_models_own_words_stand_under_its_name_with_their_doubts(qtbot: QtBot) -> None:
    said = words(shown(qtbot, answer()))
    assert "Qwen3 8B" in said
    assert "Not found in the source: Lord Dundas" in said
    assert "very small model" not in said
    assert "very small model" in words(shown(qtbot, answer(), SMALL_MODEL))
    quotes_only = msgspec.structs.replace(answer(), answer="", unsupported=(), model_name="")
    assert "In the model's words" not in words(shown(qtbot, quotes_only, None))


def test_not_in_the_document_is_an_answer_and_says_what_was_read(qtbot: QtBot) -> None:
    view = shown(qtbot, no_answer())
    said = words(view)
    assert "Not in the document" in said
    assert "2 passage" in said
    assert cards(view) == []
    assert not view.answer.short.isVisible()
    whole = msgspec.structs.replace(no_answer(), whole=True)
    assert "All of it was read" in words(shown(qtbot, whole))
    nowhere = msgspec.structs.replace(no_answer(), given=())
    assert "Nothing in it comes near" in words(shown(qtbot, nowhere))


def test_what_the_model_was_shown_unfolds(qtbot: QtBot) -> None:
    view = shown(qtbot, answer())
    rows = view.answer.given_rows.rows
    assert not any(row.isVisible() for row in rows)
    assert "3 passage" in view.answer.given.button.text()
    qtbot.mouseClick(view.answer.given.button, LEFT)
    assert [row.isVisible() for row in rows] == [True] * 3
    assert rows[2].text().startswith("Stone came from Mull")  # type: ignore[attr-defined]
    with qtbot.waitSignal(view.passage_wanted):
        qtbot.mouseClick(rows[2].chips()[0], LEFT)  # type: ignore[attr-defined]


def test_going_to_another_question_closes_what_was_unfolded(qtbot: QtBot) -> None:
    view = shown(qtbot, answer())
    view.answer.given.button.setChecked(True)
    view.show_result(no_answer(), DOCUMENT, MODEL)
    assert not view.answer.given.is_open()


# On the page


@pytest.fixture
def page(app_window: MainWindow, qtbot: QtBot) -> TextPage:
    app_window.open_page("text")
    found = app_window.page("text")
    assert isinstance(found, TextPage)
    return found


def open_questions(page: TextPage, qtbot: QtBot, *asked: AnswerResult) -> StoredDocument:
    """The lighthouse's text with questions asked before, the last one the newest."""

    def work() -> None:
        desk = page.services.storage.desk
        stored = desk.add_document(DOCUMENT)
        for result in asked:
            plain = msgspec.to_builtins(result)
            desk.save_run(stored.id, "ask", {"question": result.question}, plain, MODEL, 2.0)

    page.services.background.run(page, work)
    page.desk.read()
    qtbot.waitUntil(lambda: page.desk.current is not None)
    page.results.open_tab("ask")
    assert page.desk.current is not None
    key = page.desk.current.id
    qtbot.waitUntil(lambda: len(page.session.runs(key, "ask")) == len(asked))
    qtbot.wait(20)
    return page.desk.current


def view_of(page: TextPage) -> AskResults:
    view = page.results.view("ask")
    assert isinstance(view, AskResults)
    return view


def earlier(view: AskResults) -> list[str]:
    rows = view.before.rows.rows
    return [row.text() for row in rows if isinstance(row, QAbstractButton) and row.isVisible()]


def test_enter_asks_and_the_answer_is_kept(page: TextPage, qtbot: QtBot) -> None:
    stored = open_questions(page, qtbot)
    view = view_of(page)
    assert view.promise.isVisible()
    assert not view.box.button.isEnabled()
    page.session.state(stored.id, "ask").options["reader"] = "quotes"  # chosen behind the gear
    view.setFocus()
    qtbot.keyClicks(view.box.line, "What tore the barrack  from the rock?")
    qtbot.keyClick(view.box.line, Qt.Key.Key_Return)
    assert view.box.line.text() == ""
    assert view.question.text() == "What tore the barrack from the rock?"
    assert page.session.state(stored.id, "ask").is_running
    qtbot.waitUntil(lambda: page.session.state(stored.id, "ask").run_id is not None, timeout=30_000)
    result = page.session.state(stored.id, "ask").result
    assert isinstance(result, AnswerResult)
    assert result.question == "What tore the barrack from the rock?"
    assert not view.promise.isVisible()
    (run,) = page.session.runs(stored.id, "ask")
    assert run.options["question"] == result.question
    assert earlier(view) == []
    assert run.options["reader"] == "quotes"
    qtbot.keyClick(view.box.line, Qt.Key.Key_Up)
    assert view.box.line.text() == result.question


def test_a_question_that_fails_is_given_back(page: TextPage, qtbot: QtBot) -> None:
    stored = open_questions(page, qtbot, answer())
    view = view_of(page)
    page.session.state(stored.id, "ask").options["reader"] = "nobody"
    qtbot.keyClicks(view.box.line, "Who?")
    qtbot.keyClick(view.box.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.session.state(stored.id, "ask").error is not None, timeout=20_000)
    assert view.box.line.text() == "Who?"
    assert page.results.trouble.isVisible()
    assert view.question.text() == answer().question


def test_an_empty_question_is_not_asked(page: TextPage, qtbot: QtBot) -> None:
    stored = open_questions(page, qtbot)
    line = view_of(page).box.line
    qtbot.keyClicks(line, "   ")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert not page.session.state(stored.id, "ask").is_running


def test_what_was_asked_before_is_listed_the_newest_first_and_shown_again(
    page: TextPage, qtbot: QtBot
) -> None:
    lantern = msgspec.structs.replace(answer(), question="When was the lantern lit?")
    open_questions(page, qtbot, lantern, no_answer(), answer())
    view = view_of(page)
    assert view.question.text() == answer().question
    assert earlier(view) == ["Who painted the tower?", "When was the lantern lit?"]
    assert len(page.reader.view.marks().shown()) == 2
    row = view.before.rows.rows[0]
    assert isinstance(row, QAbstractButton)
    assert row.accessibleName() == "Who painted the tower? (Not in the text)"
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    assert view.question.text() == "Who painted the tower?"
    assert "Not in the document" in words(view)
    assert earlier(view) == [answer().question, "When was the lantern lit?"]
    assert page.reader.view.marks().shown() == []


def test_a_quote_is_shown_in_the_text_and_the_text_leads_back(page: TextPage, qtbot: QtBot) -> None:
    open_questions(page, qtbot, answer())
    view = view_of(page)
    qtbot.mouseClick(cards(view)[0].words.chips()[0], LEFT)
    place = answer().quotes[0].passage
    assert place is not None
    assert page.reader.view.passage() == (place.start, place.end)
    page.reader.view.mark_clicked.emit(1)
    assert page.results.footer.isVisible()


def test_everything_on_the_questions_tab_can_be_reached_and_has_a_name(
    page: TextPage, qtbot: QtBot
) -> None:
    open_questions(page, qtbot, no_answer(), answer())
    view = view_of(page)
    for button in view.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName() or button.text(), button
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button
    assert view.box.line.accessibleName()
