"""A summary's forms, its links and its doubts, as the view shows them."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.text_tools.results import (
    DocumentSummary,
    SummaryHeading,
    SummaryPoint,
    SummaryResult,
)
from engine.types import Coverage, Document, Passage, Section
from gui.theme import Theme
from gui.widgets.results.cited_text import Chip, CitedText, Sentence, places_of
from gui.widgets.results.source_chips import SourceChips
from gui.widgets.results.summary_blocks import summary_blocks
from gui.widgets.results.summary_results import BlockRow, SummaryResults
from tests.gui.sample_results import DOCUMENT, MODEL, summary

LEFT = Qt.MouseButton.LeftButton


def stage(qtbot: QtBot, width: int = 400) -> tuple[Theme, QWidget]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(width, 700)
    parent.show()
    return Theme("light", QApplication.instance()), parent


def shown(qtbot: QtBot, result: SummaryResult, form: str, *documents: Document) -> SummaryResults:
    theme, parent = stage(qtbot)
    view = SummaryResults(theme, parent)
    view.resize(parent.size())
    view.show()
    view.options = {"form": form}
    view.show_together(result, documents or (DOCUMENT,), MODEL)
    qtbot.__dict__.setdefault("held", []).append((view, theme, parent))
    qtbot.wait(20)
    return view


def rows(view: SummaryResults) -> list[BlockRow]:
    return [row for row in view.words.rows if isinstance(row, BlockRow) and row.isVisible()]


def test_a_paragraph_flows_and_every_sentence_keeps_its_links(qtbot: QtBot) -> None:
    view = shown(qtbot, summary(), "paragraph")
    (row,) = rows(view)
    assert row.sentence.text() == " ".join(point.text for point in summary().points)
    assert [chip.text() for chip in row.sentence.chips()] == ["¶ 2", "¶ 3", "¶ 4"]
    with qtbot.waitSignal(view.passage_wanted) as wanted:
        qtbot.mouseClick(row.sentence.chips()[1], LEFT)
    place = summary().points[1].passages[0]
    assert wanted.args == [place.start, place.end, 0]
    assert row.doubt.text().endswith("Captain Hughes")


def test_sections_have_their_headings(qtbot: QtBot) -> None:
    headings = (SummaryHeading("The reef", 0), SummaryHeading("The tower", 2))
    result = msgspec.structs.replace(summary(), headings=headings)
    found = rows(shown(qtbot, result, "sections"))
    assert [row.title.text() for row in found] == ["The reef", "", "The tower"]
    assert [row.title.isVisible() for row in found] == [True, False, True]
    flowing = rows(shown(qtbot, result, "paragraph"))
    assert [row.title.text() for row in flowing] == ["The reef", "The tower"]


def test_each_document_comes_before_all_together() -> None:
    one = SummaryPoint("One.", (Passage(0, 4, 0),))
    two = SummaryPoint("Two.", (Passage(0, 4, 1),))
    result = SummaryResult(
        coverage=Coverage(2, 2),
        each=(DocumentSummary(0, (one, one)), DocumentSummary(1, (two,)), DocumentSummary(9, ())),
        points=(one, two),
    )
    documents = (Document("a.txt", "One."), Document("b.txt", "Two."))
    blocks = summary_blocks(result, "points", documents)
    assert [block.name for block in blocks] == ["a.txt", "", "b.txt", "All together", ""]
    assert [block.document for block in blocks] == [0, 0, 1, None, None]
    assert len(summary_blocks(result, "paragraph", documents)) == 3


def test_links_name_the_page_and_heading_and_the_document_where_there_are_several() -> None:
    text = "Methods\nWe asked.\n\nResults\nThey said.\n"
    sections = (
        Section(0, 18, "p. 1", "page"),
        Section(19, 38, "p. 2", "page"),
        Section(0, 18, "Methods"),
        Section(19, 38, "A heading that is much too long for a small link"),
    )
    paper = Document("paper.pdf", text, sections=sections)
    slides = Document("deck.pptx", "One.", sections=(Section(0, 4, "slide 1", "page"),))
    alone = SourceChips((paper,))
    assert [c.text for c in alone.chips((Passage(8, 17), Passage(27, 37)))] == [
        "p. 1, Methods",
        "p. 2",
    ]
    assert alone.chips((Passage(27, 37),))[0].tip.startswith("p. 2, A heading that")
    both = SourceChips((paper, slides))
    there = (Passage(0, 4, 1), Passage(8, 17, 0), Passage(0, 1, 7))
    assert [c.text for c in both.chips(there)] == ["deck · slide 1", "paper · p. 1, Methods"]
    assert next(c.text for c in both.chips(there, within=1)) == "slide 1"
    assert both.place(there[0]) == "deck.pptx: slide 1"


@pytest.mark.parametrize("width", [120, 260, 700])
def test_links_stand_behind_their_words_and_never_over_others(qtbot: QtBot, width: int) -> None:
    theme, parent = stage(qtbot, width)
    text = CitedText(theme, parent)
    sentence = Sentence("Some words that are said here.", (Chip("p. 12", "", 0, 1),) * 2)
    text.set_sentences((sentence,) * 8)
    text.resize(width, text.heightForWidth(width))
    text.show()
    qtbot.wait(10)
    places = [chip.geometry() for chip in text.chips()]
    assert len(places) == 16
    for place in places:
        assert text.rect().contains(place)
    for one, other in itertools.pairwise(places):
        assert not one.intersects(other)
        assert (other.top(), other.left()) > (one.top(), one.left())
    # No word is painted where a link stands: the text is as wide as both together.
    metrics = QFontMetricsF(theme.font())
    used = 8 * metrics.horizontalAdvance(sentence.text) + sum(place.width() for place in places)
    assert text.height() * width / 21 > used * 0.9


def test_a_click_on_a_sentence_goes_to_its_own_source(qtbot: QtBot) -> None:
    theme, parent = stage(qtbot)
    text = CitedText(theme, parent)
    first, second = Chip("¶ 1", "", 1, 2), Chip("¶ 2", "", 3, 4)
    text.set_sentences((Sentence("First words.", (first,)), Sentence("Second words.", (second,))))
    text.resize(400, text.heightForWidth(400))
    text.show()
    after = text.chips()[0].geometry().right() + 20
    with qtbot.waitSignal(text.chosen) as wanted:
        qtbot.mouseClick(text, LEFT, pos=QPoint(after, 10))
    assert wanted.args == [3, 4, 0]
    with qtbot.waitSignal(text.chosen) as wanted:
        qtbot.mouseClick(text, LEFT, pos=QPoint(5, 10))
    assert wanted.args == [1, 2, 0]


def test_every_doubtful_word_is_marked_wherever_it_stands(qtbot: QtBot) -> None:
    theme, parent = stage(qtbot)
    text = CitedText(theme, parent)
    text.set_content("Of 40 homes 😀 40 burned.", (), ("40", "burned"))
    assert [text.text()[slice(*place)] for place in sorted(text._doubts)] == ["40", "40", "burned"]
    assert places_of(("4",), "4 of 40 and 1,4 and 4.5 and 4.") == [(0, 1), (28, 29)]
    assert places_of(("王明",), "昨天王明没有来。") == [(2, 4)]
