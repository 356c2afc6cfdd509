"""The chart of sentiment: it leads to passages, by mouse and by keys, and can be kept in a file."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine.paths import APP_ROOT
from engine.text_tools.results import UNSURE, SentimentResult
from engine.types import Coverage, Span
from gui.widgets.results.mood import mood_curve, outline, round_numbers, signed
from gui.widgets.results.sentiment_results import SentimentResults
from tests.gui.sample_results import DOCUMENT
from tests.gui.sample_sentiment import long_document
from tests.gui.sentiment_stage import RESULT, show, shown_view

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> SentimentResults:
    return shown_view(qtbot)


def x_of(view: SentimentResults, number: int) -> QPoint:
    """Where a sentence stands in the chart."""
    plot = view.curve.plot
    assert plot is not None
    scene = plot.getViewBox().mapViewToScene(QPointF(number + 1, 0))
    return plot.mapTo(view.curve, plot.mapFromScene(scene))


# The chart


def test_a_click_in_the_chart_goes_to_the_sentence_under_it(
    view: SentimentResults, qtbot: QtBot
) -> None:
    wanted: list[int] = []
    view.mark_wanted.connect(wanted.append)
    for number in (0, 4, 9):
        qtbot.mouseClick(view.curve, LEFT, pos=x_of(view, number))
    assert wanted == [0, 4, 9]


def test_arrows_move_the_cursor_and_enter_goes_there(view: SentimentResults, qtbot: QtBot) -> None:
    curve, keys = view.curve, Qt.Key
    wanted: list[int] = []
    view.mark_wanted.connect(wanted.append)
    for key in (keys.Key_Home, keys.Key_Right, keys.Key_Right):
        qtbot.keyClick(curve, key)
    assert wanted == []
    assert "3 / 10" in curve.caption.text()
    assert RESULT.spans[2].text[:40] in curve.accessibleDescription()
    for key in (keys.Key_Return, keys.Key_End, keys.Key_Right, keys.Key_Left, keys.Key_Enter):
        qtbot.keyClick(curve, key)
    assert wanted == [2, 8]


def test_the_pointer_shows_the_sentence_as_plain_text(view: SentimentResults) -> None:
    span = msgspec.structs.replace(RESULT.spans[3], text="<b>bold</b> &amp; bad\nnews")
    spans = (*RESULT.spans[:3], span, *RESULT.spans[4:])
    show(view, msgspec.structs.replace(RESULT, spans=spans))
    at = x_of(view, 3)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, view.curve.mapToGlobal(at))
    QApplication.sendEvent(view.curve, event)
    assert QToolTip.text() == "<qt>&lt;b&gt;bold&lt;/b&gt; &amp;amp; bad news</qt>"
    QToolTip.hideText()


def test_wheel_and_drag_leave_the_chart_as_it_is(view: SentimentResults, qtbot: QtBot) -> None:
    plot, at = view.curve.plot, x_of(view, 5)
    assert plot is not None
    before = plot.getViewBox().viewRect()
    up, none = Qt.ScrollPhase.NoScrollPhase, Qt.KeyboardModifier.NoModifier
    place, delta = QPointF(at), QPoint(0, 240)
    wheel = QWheelEvent(
        place, place, QPoint(), delta, Qt.MouseButton.NoButton, none, up, False
    )  # fmt: skip
    QApplication.sendEvent(view.curve, wheel)
    assert not wheel.isAccepted()  # so that the column scrolls
    for button in (LEFT, Qt.MouseButton.RightButton):
        qtbot.mousePress(view.curve, button, pos=at)
        qtbot.mouseMove(view.curve, at + QPoint(60, 20))
        qtbot.mouseRelease(view.curve, button, pos=at + QPoint(60, 20))
    assert plot.getViewBox().viewRect() == before
    assert QApplication.activePopupWidget() is None


def test_the_chart_follows_the_theme(view: SentimentResults, qtbot: QtBot) -> None:
    plot = view.curve.plot
    assert plot is not None

    def colors() -> set[str]:
        image = plot.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(90)}

    def has(token: str) -> bool:
        wanted = view.theme.color(token)
        return any(
            abs(int(c[1:3], 16) - wanted.red()) + abs(int(c[3:5], 16) - wanted.green()) < 24
            for c in colors()
        )

    assert has("negative")
    view.theme.set_choice("dark")
    assert has("negative")
    assert plot._lines[1].opts["pen"].color() == view.theme.color("negative")


def test_one_sentence_is_a_chart_too(view: SentimentResults, qtbot: QtBot) -> None:
    show(view, msgspec.structs.replace(RESULT, spans=RESULT.spans[1:2]))
    with qtbot.waitSignal(view.mark_wanted) as wanted:
        qtbot.mouseClick(view.curve, LEFT, pos=view.curve.rect().center())
    assert wanted.args == [0]
    assert "1 / 1" in view.curve.caption.text()
    show(view, SentimentResult(coverage=Coverage(1, 1)))
    qtbot.mouseClick(view.curve, LEFT, pos=view.curve.rect().center())
    qtbot.keyClick(view.curve, Qt.Key.Key_Return)
    assert view.curve.caption.text() == ""
    assert not view.save.isEnabled()


def test_twenty_thousand_sentences_are_shown_at_once_and_reached(
    view: SentimentResults, qtbot: QtBot
) -> None:
    document, result = long_document(20_000)
    started = time.perf_counter()
    show(view, result, document)
    view.curve.grab()
    assert time.perf_counter() - started < 2  # a tenth of it, on a computer that does nothing else
    with qtbot.waitSignal(view.mark_wanted) as wanted:
        qtbot.mouseClick(view.curve, LEFT, pos=x_of(view, 12_000))
    assert abs(wanted.args[0] - 12_000) < 120
    qtbot.keyClick(view.curve, Qt.Key.Key_End)
    assert "20000 / 20000" in view.curve.caption.text()


def test_the_cursor_stays_while_a_text_is_still_read(view: SentimentResults, qtbot: QtBot) -> None:
    plot = view.curve.plot
    part = msgspec.structs.replace(RESULT, spans=RESULT.spans[:5])
    show(view, part)
    qtbot.mouseClick(view.curve, LEFT, pos=x_of(view, 2))
    show(view, msgspec.structs.replace(RESULT, spans=RESULT.spans[:8]))
    show(view, RESULT)
    assert view.curve.plot is plot
    assert "3 / 10" in view.curve.caption.text()


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_chart_is_kept_in_a_file(
    view: SentimentResults, qtbot: QtBot, tmp_path: Path, suffix: str
) -> None:
    menu = view.curve.save_menu(view)
    action = next(a for a in menu.actions() if suffix[1:].upper() in a.text())
    with qtbot.waitSignal(view.picture_wanted) as wanted:
        action.trigger()
    menu.deleteLater()
    content, kind = wanted.args
    assert kind == suffix
    if suffix == ".png":
        image = QImage.fromData(content)
        assert image.width() == 1920
        curve = view.theme.color("positive").name()
        columns = [x for x in range(0, 1920, 2) if has_color(image, x, curve)]
        assert max(columns) > 1700  # over the whole width: the last sentences are positive
    else:
        drawn = ET.fromstring(content)
        assert drawn.tag.endswith("svg")
        assert len(list(drawn.iter())) > 20
        assert DOCUMENT.name in content.decode("utf-8")
        assert b"<image" not in content  # lines, not pixels


def has_color(image: QImage, x: int, name: str) -> bool:
    return any(image.pixelColor(x, y).name() == name for y in range(image.height()))


def test_pyqtgraph_comes_with_the_first_chart_and_not_before() -> None:
    code = (
        "import sys, gui.pages.text_page, gui.widgets.results\n"
        "print([m for m in ('pyqtgraph', 'numpy') if m in sys.modules])\n"
        "hook = sys.excepthook\n"
        "import gui.widgets.results.mood_plot\n"
        "print('pyqtgraph' in sys.modules, sys.excepthook is hook)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=APP_ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split("\n")[:2] == ["[]", "True True"]


# What is drawn

shares = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1)).map(
    lambda three: dict(
        zip(("positive", "negative", "neutral"), (n / sum(three) for n in three), strict=True)
    )
)
sentences = st.lists(st.one_of(shares, st.just({})), min_size=1, max_size=300).map(
    lambda rows: tuple(
        Span(n, n + 1, "x", max(row, key=row.__getitem__) if row else UNSURE, 0.5, 0, row)
        for n, row in enumerate(rows)
    )
)


@given(sentences)
def test_the_outline_goes_through_its_points_and_meets_zero(spans: tuple[Span, ...]) -> None:
    curve = mood_curve(spans)
    xs, ys = outline(curve)
    assert len(xs) == len(ys) <= 2 * 600
    assert xs == sorted(xs)
    assert all(-1 <= y <= 1 for y in ys)
    assert not any(a * b < 0 for a, b in itertools.pairwise(ys))
    if len(curve) > 1:
        drawn = dict(zip(xs, ys, strict=True))
        assert all(math.isclose(drawn[1 + n], mood, abs_tol=1e-9) for mood, n in curve)


def test_a_sentences_value_is_positive_less_negative() -> None:
    values = {"positive": 0.7, "negative": 0.2, "neutral": 0.1}
    assert signed(Span(0, 1, "x", "positive", 0.7, 0, values)) == pytest.approx(0.5)
    assert signed(Span(0, 1, "x", "negative", 0.7)) == -0.7
    assert signed(Span(0, 1, "x", UNSURE, 0.0)) == 0.0


@given(st.integers(1, 10**6))
def test_an_axis_names_few_round_numbers(count: int) -> None:
    numbers = round_numbers(count)
    assert numbers[0] == 1
    assert len(numbers) <= 11
    assert all(1 <= n <= count for n in numbers)
    assert numbers == sorted(set(numbers))


def test_a_short_text_is_shown_as_it_is_and_a_long_one_smoothed() -> None:
    spans = tuple(Span(n, n + 1, "x", "positive" if n % 2 else "negative", 0.9) for n in range(64))
    assert [mood for mood, _ in mood_curve(spans[:12])] == pytest.approx([-0.9, 0.9] * 6)
    assert max(abs(mood) for mood, _ in mood_curve(spans)[4:-4]) < 0.2
