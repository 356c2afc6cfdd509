"""The chart of the most frequent names: what is drawn, how it leads on, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.text_tools.results import Entity
from gui.theme import Theme
from gui.widgets.results.count_chart import CountChart
from gui.widgets.results.name_types import tokens_of

NAMES = (
    Entity("Skerryvore", "LOC", 9, (0,)),
    Entity("Alan Stevenson", "PER", 4, (1,), ("Alan",)),
    Entity("<b>北灯塔</b> & Co", "ORG", 1, (2,)),
)


@pytest.fixture
def chart(qtbot: QtBot) -> Iterator[CountChart]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(360, 200)
    chart = CountChart(
        Theme("light", QApplication.instance()), lambda label: tokens_of(())[label], parent
    )
    chart.resize(360, 70)
    chart.show_names(NAMES)
    parent.show()
    qtbot.waitUntil(lambda: chart.plot is not None)
    yield chart
    parent.hide()


def colors(image: QImage) -> set[str]:
    points = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return {image.pixelColor(x, y).name() for x, y in points}


def test_each_bar_is_where_it_is_clicked(chart: CountChart, qtbot: QtBot) -> None:
    chosen: list[Entity] = []
    chart.chosen.connect(chosen.append)
    for number in (2, 0, 1):
        middle = round((number + 0.5) * chart.height() / len(NAMES))
        at = QPoint(chart.width() // 2, middle)
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert chosen == [NAMES[2], NAMES[0], NAMES[1]]


def test_keys_go_through_the_bars(chart: CountChart, qtbot: QtBot) -> None:
    chosen: list[Entity] = []
    chart.chosen.connect(chosen.append)
    keys = Qt.Key
    for key in (keys.Key_End, keys.Key_Down, keys.Key_Return, keys.Key_Home, keys.Key_Enter):
        qtbot.keyClick(chart, key)
    assert chosen == [NAMES[2], NAMES[0]]


def test_bars_have_the_colours_of_their_types(chart: CountChart) -> None:
    for choice in ("light", "dark"):
        chart._theme.set_choice(choice)
        found = colors(chart.grab().toImage())
        for token in ("places", "people", "organizations"):
            assert chart._theme.color(token).name() in found


def test_tips_show_characters_and_no_markup(chart: CountChart) -> None:
    assert "&lt;b&gt;北灯塔" in chart.tip(2)
    assert "Organization" in chart.tip(2)


def test_a_screen_reader_is_told_names_and_counts(chart: CountChart) -> None:
    assert chart.accessibleDescription().startswith("Skerryvore 9, Alan Stevenson 4")


def test_no_names_leave_an_empty_chart(chart: CountChart, qtbot: QtBot) -> None:
    chart.show_names(())
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert chart.names() == ()
    chart.show_names(NAMES)
    assert chart._theme.color("places").name() in colors(chart.grab().toImage())


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_chart_is_kept_as_a_picture(chart: CountChart, suffix: str, qtbot: QtBot) -> None:
    menu = chart.save_menu(chart)
    titles = [action.text() for action in menu.actions()]
    with qtbot.waitSignal(chart.picture_asked) as asked:
        menu.actions()[titles.index(f"Save chart as {suffix[1:].upper()}…")].trigger()
    menu.deleteLater()
    assert asked.args == [suffix]
    picture = chart.picture(suffix, "skerryvore.html")
    if suffix == ".png":
        image = QImage.fromData(picture)
        assert image.width() == 1920
        assert chart._theme.color("places").name() in colors(image)
    else:
        words = "".join(ElementTree.fromstring(picture).itertext()).replace("\n", "")  # by fonts
        for name in ("skerryvore.html", *(entity.text for entity in NAMES)):
            assert name in words


def test_as_a_file_it_has_more_names_than_a_low_pane(chart: CountChart) -> None:
    names = [Entity(f"Skerry{number}", "LOC", 20 - number, (number,)) for number in range(12)]
    chart.show_names(names[:3], names)
    assert chart.names() == tuple(names[:3])
    words = "".join(ElementTree.fromstring(chart.picture(".svg", "reefs")).itertext())
    assert all(entity.text in words for entity in names)
