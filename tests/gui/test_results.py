"""The views of the text tools' results: what is said, and where a click goes."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import TextToolError
from engine.protocol import TextToolOutcome
from engine.retrieval.naming import name_passage
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.results import EntitiesResult, SentimentResult, SummaryPoint
from engine.types import Coverage, Document, Section, Span, Usage
from gui.text_export import as_json, as_markdown, file_name, write_file
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.coverage_bar import CoverageBar, stage_words
from gui.widgets.results import RESULT_VIEWS
from gui.widgets.results.base import ResultView
from gui.widgets.results.mood import mood_curve, strongest
from gui.widgets.results.passage_names import PassageNames
from gui.widgets.results.sentiment_results import SentimentResults
from gui.widgets.results.summary_results import SummaryResults
from tests.gui.sample_results import (
    DOCUMENT,
    MODEL,
    SMALL_MODEL,
    TEXT,
    answer,
    entities,
    sentiment,
    summary,
)

RESULTS = {"summarize": summary, "ask": answer, "sentiment": sentiment, "entities": entities}


def shown(tool_id: str, qtbot: QtBot, model: dict | None = MODEL) -> ResultView:
    app = QApplication.instance()
    parent = QWidget()
    qtbot.addWidget(parent)
    view = RESULT_VIEWS[tool_id](Theme("light", app), parent)
    parent.resize(400, 700)
    view.resize(400, 700)
    parent.show()
    view.holder = parent  # type: ignore[attr-defined]
    # Held to the test's end: what only itself holds may be collected while it is painted.
    qtbot.__dict__.setdefault("held", []).append(view)
    view.show_result(RESULTS[tool_id](), DOCUMENT, model)
    qtbot.wait(20)
    return view


def visible_words(view: QWidget) -> str:
    labels = view.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_every_text_tool_has_a_view() -> None:
    assert set(RESULT_VIEWS) == {tool.tool_id for tool in TEXT_TOOLS}


@pytest.mark.parametrize("tool_id", RESULT_VIEWS)
def test_marks_and_legend_agree_with_the_text(tool_id: str, qtbot: QtBot) -> None:
    view, result = shown(tool_id, qtbot), RESULTS[tool_id]()
    marks = view.marks(result)
    assert marks
    for mark in marks:
        assert TEXT[mark.start : mark.end] == result.spans[mark.number].text
    assert {mark.label for mark in marks} <= {entry.label for entry in view.legend(result)}


def test_key_sentences_come_first_word_for_word_and_jump(qtbot: QtBot) -> None:
    view, result = shown("summarize", qtbot), summary()
    assert isinstance(view, SummaryResults)
    rows = [row for row in view.quotes.rows if row.isVisible()]
    assert [row.text() for row in rows] == [key.text for key in result.key_sentences]
    assert view.quotes.mapToGlobal(view.pos()).y() < view.words.mapToGlobal(view.pos()).y()
    chip = rows[1].chips()[0]
    assert chip.text() == "¶ 3"
    with qtbot.waitSignal(view.passage_wanted) as wanted:
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert TEXT[slice(*wanted.args[:2])].startswith("In November 1838")


def test_what_the_source_does_not_have_is_said(qtbot: QtBot) -> None:
    view = shown("summarize", qtbot)
    assert isinstance(view, SummaryResults)
    assert "Not found in the source: Captain Hughes" in visible_words(view)
    assert any("6" in text and "9" in text for text in view.checked.texts())
    assert any("1" in text and "not found" in text for text in view.checked.texts())
    assert "Qwen3 8B" in visible_words(view)
    assert "very small model" not in visible_words(view)


def test_nothing_is_called_checked_where_nothing_was(qtbot: QtBot) -> None:
    view, result = shown("summarize", qtbot), summary()
    assert isinstance(view, SummaryResults)
    bare = msgspec.structs.replace(
        result,
        points=(SummaryPoint("It stands.", result.points[0].passages),),
        checked_numbers=0,
        checked_names=0,
    )
    view.show_result(bare, DOCUMENT, MODEL)
    assert view.checked.texts() == []


def test_a_small_model_is_called_one(qtbot: QtBot) -> None:
    for tool_id in RESULT_VIEWS:
        assert "very small model" in visible_words(shown(tool_id, qtbot, SMALL_MODEL))


def test_a_long_list_shows_its_first_rows_and_more_on_request(qtbot: QtBot) -> None:
    view, result = shown("summarize", qtbot), summary()
    assert isinstance(view, SummaryResults)
    many = msgspec.structs.replace(result, points=result.points * 200)
    view.show_result(many, DOCUMENT, MODEL)
    rows = view.words.rows
    qtbot.waitUntil(lambda: sum(row.isVisible() for row in rows) == 30)
    assert "570" in view.words.more.text()
    qtbot.mouseClick(view.words.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sum(row.isVisible() for row in rows) == 60)
    view.show_result(result, DOCUMENT, MODEL)
    assert sum(row.isVisible() for row in rows) == 3


def test_the_mood_is_told_in_words_signs_and_counts(qtbot: QtBot) -> None:
    view = shown("sentiment", qtbot)
    assert isinstance(view, SentimentResults)
    assert view.verdict.text() == "▼  Negative"
    assert "58 %" in view.sure.text()
    assert view.bar.accessibleName() == "Negative 6, Neutral 2, Positive 2"
    assert "▲ Positive  96 %" in visible_words(view)


def test_a_click_on_the_curve_goes_to_the_sentence(qtbot: QtBot) -> None:
    view = shown("sentiment", qtbot)
    assert isinstance(view, SentimentResults)
    with qtbot.waitSignal(view.mark_wanted) as wanted:
        at = view.curve.rect().center()
        at.setX(view.curve.width() - 10)
        qtbot.mouseClick(view.curve, Qt.MouseButton.LeftButton, pos=at)
    assert wanted.args == [len(sentiment().spans) - 1]
    with qtbot.waitSignal(view.mark_wanted) as wanted:
        qtbot.keyClick(view.curve, Qt.Key.Key_Left)
        qtbot.keyClick(view.curve, Qt.Key.Key_Return)
    assert wanted.args == [len(sentiment().spans) - 2]


spans = st.lists(
    st.tuples(st.sampled_from(["positive", "neutral", "negative"]), st.floats(0, 1)), max_size=400
).map(
    lambda rows: tuple(Span(n, n + 1, "x", label, score) for n, (label, score) in enumerate(rows))
)


@given(spans)
def test_the_curve_covers_the_text_and_stays_in_its_box(rows: tuple[Span, ...]) -> None:
    curve = mood_curve(rows)
    assert bool(curve) == bool(rows)
    numbers = [number for _, number in curve]
    assert numbers == sorted(set(numbers))
    assert all(-1 <= mood <= 1 for mood, _ in curve)
    if rows:
        assert (numbers[0], numbers[-1]) == (0, len(rows) - 1)
    assert all(rows[n].label != "neutral" for n in strongest(rows))


def test_no_names_and_no_sentences_are_said_calmly(qtbot: QtBot) -> None:
    nothing = Coverage(1, 1)
    view = shown("entities", qtbot)
    view.show_result(EntitiesResult(coverage=nothing), DOCUMENT, MODEL)
    assert "No names were found." in visible_words(view)
    view = shown("sentiment", qtbot)
    view.show_result(SentimentResult(coverage=nothing), DOCUMENT, MODEL)
    assert "Neutral" in visible_words(view)


def test_the_coverage_bar_says_whether_all_was_read(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    bar = CoverageBar(Theme("light", QApplication.instance()), parent)
    bar.show_coverage(Coverage(7, 7))
    assert bar.texts()[0] == "Read whole"
    bar.show_coverage(Coverage(3, 7))
    assert bar.texts()[0] == "Read in part"
    assert "3" in bar.texts()[1]
    bar.show_progress("reading", 0.5, Coverage(3, 7))
    assert bar.texts()[0] == "Reading…"
    with qtbot.waitSignal(bar.stop_asked):
        qtbot.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
    assert stage_words("polishing") == "Polishing…"


paragraphs = st.lists(st.text(alphabet=st.sampled_from("ab \n\t。"), max_size=30), max_size=12).map(
    "\n\n".join
)


@given(paragraphs, st.data())
def test_chips_name_passages_as_the_engine_does(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    sections = data.draw(
        st.sampled_from([(), (Section(0, len(text) // 2, "p. 1", "page"),), (Section(0, 3, "H"),)])
    )
    document = Document("t", text, sections=sections)
    names = PassageNames(document)
    assert names.full(start, start + 1) == name_passage(document, start, start + 1)


def done(tool_id: str) -> RunState:
    result = RESULTS[tool_id]()
    outcome = TextToolOutcome(tool_id, msgspec.to_builtins(result), dict(MODEL), 2.5)
    return RunState(is_known=True, result=result, outcome=outcome, usage=Usage(10, 5))


@pytest.mark.parametrize("tool_id", RESULT_VIEWS)
def test_exports_hold_the_fields_of_the_command_line(tool_id: str, tmp_path: Path) -> None:
    row = json.loads(as_json((DOCUMENT,), tool_id, done(tool_id)))
    wanted = "input text_tool result spans coverage model device usage seconds source_text"
    assert set(row) == set(wanted.split())
    for span in row["spans"]:
        assert row["source_text"][span["start"] : span["end"]] == span["text"]
    path = tmp_path / file_name((DOCUMENT,), tool_id, ".md")
    write_file(path, as_markdown((DOCUMENT,), tool_id, done(tool_id)))
    assert path.read_text(encoding="utf-8").startswith("# skerryvore.html\n\n")


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TextToolError, match=r"“notes\.md” could not be written"):
        write_file(tmp_path / "gone" / "notes.md", "text")
    (tmp_path / "taken.md").mkdir()
    with pytest.raises(TextToolError):
        write_file(tmp_path / "taken.md", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.md"]


def test_a_file_name_is_safe_everywhere() -> None:
    odd = Document('a/b: "c"?\n*.pdf', "x")
    assert file_name((odd,), "summarize", ".md") == "b c-summarize.md"
    assert file_name((Document("...", "x"),), "entities", ".json") == "document-entities.json"
