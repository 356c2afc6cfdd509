"""The document view: any text, of any length, in any script, at the right place."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.types import Document, Section
from gui.theme import Theme
from gui.widgets.document.document_view import DocumentView
from gui.widgets.document.marks import Mark, Marks
from gui.widgets.document.piece_layout import PieceLayout, Utf16
from gui.widgets.document.pieces import MOST, cut_pieces, heading_lines, unwrapped, wrap_width
from tests.gui.stall_meter import StallMeter

MIXED = (
    "Hello 😀 wörld 👨‍👩‍👧 end.\n\n"
    "مرحبا بالعالم، هذا نص عربي مع English words في الوسط.\n\n"
    "今天的天气很好，我们去公园玩。\n\nשלום עולם.\n"
)
texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab \n\n\t.😀👩\u200d\u0301مש字。\U00010900"),
        st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"),
    ),
    max_size=400,
)

View = Callable[..., DocumentView]


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> View:
    def shown(text: str = MIXED, width: int = 600, **fields: object) -> DocumentView:
        found = DocumentView(Theme("light", qapp))
        qtbot.addWidget(found)
        found.resize(width, 500)
        found.show()
        found.set_document(Document("t", text, **fields))
        qtbot.waitUntil(found.is_loaded)
        qtbot.wait(20)  # the scroll bar has come, and taken its width
        return found

    return shown


def mark(text: str, word: str, number: int = 0, token: str = "people") -> Mark:
    start = text.index(word)
    return Mark(start, start + len(word), token, token, number)


def spot_of(view: DocumentView, position: int) -> QPoint:
    """The middle of a character in the viewport."""
    for index, layout, y in view._visible():
        start, end = view._flow.range(index)
        if start <= position < end:
            rect = layout.rects(position - start, position - start + 1)[0]
            return rect.translated(view._column()[0], y).center().toPoint()
    raise AssertionError("not visible")


@given(texts)
def test_positions_survive_the_way_to_utf16_and_back(text: str) -> None:
    utf16 = Utf16(text)
    for position in range(len(text) + 1):
        units = utf16.units(position)
        assert units == len(text[:position].encode("utf-16-le")) // 2
        assert utf16.position(units) == position
        if position < len(text) and ord(text[position]) > 0xFFFF:
            assert utf16.position(units + 1) == position


@given(st.lists(texts, max_size=12).map(lambda parts: "\n\n".join(p * 20 for p in parts)))
def test_every_character_is_in_one_piece(text: str) -> None:
    ends = list(cut_pieces(text))
    assert ends == sorted(set(ends))
    assert (ends[-1] if ends else 0) == len(text)
    for start, end in zip([0, *ends], ends, strict=False):
        assert len(text[start:end].rstrip("\n")) <= MOST


@given(texts)
def test_any_text_can_be_laid_out_and_pointed_at(qapp: QApplication, text: str) -> None:
    font = QFont()
    font.setPixelSize(16)
    layout = PieceLayout(text, font, 300, [])
    assert layout.height >= 0
    assert 0 <= layout.position_at(50, layout.height / 2) <= len(text)
    for rect in layout.rects(0, len(text)):
        assert rect.width() > 0


def test_a_mark_is_found_where_its_word_stands(view: View) -> None:
    shown = view()
    words = ["😀", "👨‍👩‍👧", "wörld", "公园", "عالم", "English", "עולם"]
    shown.set_marks([mark(MIXED, word, n) for n, word in enumerate(words)])
    for number, word in enumerate(words):
        found = shown.mark_at(spot_of(shown, MIXED.index(word)))
        assert found is not None
        assert found.number == number


def test_a_click_on_a_mark_tells_which_and_a_click_beside_it_does_not(
    view: View, qtbot: QtBot
) -> None:
    shown = view()
    shown.set_marks([mark(MIXED, "公园", 7)])
    with qtbot.waitSignal(shown.mark_clicked) as clicked:
        left = Qt.MouseButton.LeftButton
        qtbot.mouseClick(shown.viewport(), left, pos=spot_of(shown, MIXED.index("公园")))
    assert clicked.args == [7]
    with qtbot.assertNotEmitted(shown.mark_clicked):
        qtbot.mouseClick(shown.viewport(), left, pos=spot_of(shown, MIXED.index("天气")))


def test_a_hidden_label_is_neither_painted_nor_clicked(view: View) -> None:
    shown = view()
    shown.set_marks([mark(MIXED, "公园", 7, "places")])
    shown.hide_labels(frozenset({"places"}))
    assert shown.mark_at(spot_of(shown, MIXED.index("公园"))) is None


def test_what_is_selected_is_what_is_copied(view: View, qtbot: QtBot) -> None:
    shown = view()
    low, high = spot_of(shown, MIXED.index("wörld")), spot_of(shown, MIXED.index("end"))
    qtbot.mousePress(shown.viewport(), Qt.MouseButton.LeftButton, pos=low - QPoint(3, 0))
    qtbot.mouseMove(shown.viewport(), high - QPoint(6, 0))
    qtbot.mouseRelease(shown.viewport(), Qt.MouseButton.LeftButton, pos=high - QPoint(6, 0))
    qtbot.keyClick(shown, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "wörld 👨‍👩‍👧 "
    qtbot.keyClick(shown, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert shown.selected_text() == MIXED


def test_a_double_click_selects_a_word(view: View, qtbot: QtBot) -> None:
    shown = view()
    left = Qt.MouseButton.LeftButton
    qtbot.mouseDClick(shown.viewport(), left, pos=spot_of(shown, MIXED.index("English") + 2))
    assert shown.selected_text() == "English"


def test_headings_are_larger(view: View) -> None:
    text = "Title\n\nBody text.\n"
    plain = view(text)
    with_heading = view(text, sections=(Section(0, len(text), "Title"),))
    assert with_heading._flow.layout(0).rects(0, 5)[0].width() > 1.2 * (
        plain._flow.layout(0).rects(0, 5)[0].width()
    )
    assert heading_lines(Document("t", text, sections=(Section(0, 18, "Title"),))) == [(0, 5, 1)]


def test_lines_wrapped_by_hand_are_set_as_paragraphs(view: View) -> None:
    prose = "It is a truth universally acknowledged, that a man must be in want of a wife. " * 5
    text = "\n\n".join(textwrap.fill(prose, 70) for _ in range(4)) + "\n\n- one\n- two\n"
    shown = view(text, 700)
    pieces = range(len(shown._flow))
    lines = [line for n in pieces for line in shown._flow.layout(n).lines]
    assert wrap_width(text) in range(60, 71)
    assert len(lines) < text.count("\n")
    word = text.index("- two")
    piece = shown._flow.piece_of(word)
    begin = shown._flow.starts[piece]
    assert shown._flow.layout(piece).line_of(word - begin).start == word - begin
    shown.select_all()
    assert shown.selected_text() == text
    assert wrap_width("short\nlines\nof a poem\n" * 9) == 0
    assert wrap_width(prose * 30) == 0


@given(texts, st.integers(1, 12))
def test_unwrapping_moves_no_character(text: str, width: int) -> None:
    shown = unwrapped(text, width)
    assert len(shown) == len(text)
    assert all(a == b or a == "\n" for a, b in zip(text, shown, strict=True))


def test_a_jump_shows_the_passage(view: View, qtbot: QtBot) -> None:
    text = "\n\n".join(f"Paragraph {n} says something of its own." * 3 for n in range(4000))
    shown = view(text)
    for word in ("Paragraph 3999 ", "Paragraph 17 ", "Paragraph 2000 "):
        start = text.index(word)
        shown.show_passage(start, start + 40)
        qtbot.waitUntil(lambda: shown._glide.state() == shown._glide.State.Stopped)
        assert 0 <= spot_of(shown, start).y() < shown.viewport().height()
        assert shown.passage() == (start, start + 40)


def test_scrolling_down_and_up_again_ends_where_it_began(view: View, qtbot: QtBot) -> None:
    text = "\n\n".join(f"Paragraph {n} " + "word " * (n % 90) for n in range(900))
    shown = view(text)
    bar = shown.verticalScrollBar()
    shown.show_passage(text.index("Paragraph 400 "), 0, glide=False)
    before = shown.top_position()
    for step in [60] * 40 + [-60] * 40:
        bar.setValue(bar.value() + step)
        qtbot.wait(1)
    assert shown.top_position() == before


def test_the_text_at_the_top_stays_when_the_window_becomes_narrow(view: View) -> None:
    text = "\n\n".join(f"Paragraph {n} " + "word " * 60 for n in range(300))
    shown = view(text)
    shown.show_passage(text.index("Paragraph 150 "), 0, glide=False)
    before = shown.top_position()
    shown.resize(400, 500)
    assert abs(shown.top_position() - before) < 120  # a line or two


def test_the_whole_document_can_be_walked_with_the_keyboard(view: View, qtbot: QtBot) -> None:
    text = "line\n" * 3000 + "last"
    shown = view(text)
    qtbot.keyClick(shown, Qt.Key.Key_End)
    assert spot_of(shown, len(text) - 1).y() < shown.viewport().height()
    qtbot.keyClick(shown, Qt.Key.Key_Home)
    assert shown.top_position() == 0
    qtbot.keyClick(shown, Qt.Key.Key_PageDown)
    assert shown.top_position() > 0


def test_f3_goes_from_mark_to_mark_and_round(view: View, qtbot: QtBot) -> None:
    shown = view()
    shown.set_marks([mark(MIXED, "wörld", 0), mark(MIXED, "公园", 1)])
    reached: list[int] = []
    shown.mark_reached.connect(reached.append)
    for _ in range(3):
        qtbot.keyClick(shown, Qt.Key.Key_F3)
    qtbot.keyClick(shown, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert reached == [0, 1, 0, 1]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=20),
    st.integers(0, 60),
    st.integers(1, 20),
)
def test_marks_of_a_stretch_are_those_that_touch_it(
    spans: list[tuple[int, int]], start: int, length: int
) -> None:
    marks = [Mark(low, low + size, "t", "l", n) for n, (low, size) in enumerate(spans)]
    found = {m.number for m in Marks(marks).within(start, start + length)}
    assert found == {m.number for m in marks if m.start < start + length and start < m.end}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A sentence of a usual length. " * 20 + "\n\n", id="paragraphs"),
        pytest.param("word ", id="one line"),
        pytest.param("字", id="no spaces"),
        pytest.param("\n", id="line ends"),
        pytest.param("a\n", id="short lines"),
        pytest.param("مرحبا بالعالم هذا نص طويل جدا\n", id="right to left"),
        pytest.param("👨‍👩‍👧😀 ", id="emoji"),
    ],
)
def test_five_megabytes_never_stall_the_window(view: View, qtbot: QtBot, text: str) -> None:
    shown, meter = view("x"), StallMeter()
    document = Document("big", (text * (5_000_000 // len(text) + 1))[:5_000_000])
    meter.start()
    shown.set_document(document)
    qtbot.waitUntil(shown.is_loaded, timeout=10_000)
    middle = len(document.text) // 2
    shown.set_marks([Mark(n, n + 4, "people", "l", n) for n in range(middle, middle + 400, 8)])
    shown.show_passage(middle, middle + 10)
    qtbot.waitUntil(lambda: shown._glide.state() == shown._glide.State.Stopped)
    meter.stop()
    # Half of what a person feels, on an idle machine; the tests may share theirs.
    assert meter.percentile(0.99) < 50
    assert sorted(meter.turns)[-3] < 50
