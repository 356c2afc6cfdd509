"""The view of entities: what leads where, what is said of a mention, and how it stays while it grows."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.text_tools.name_groups import group_names
from engine.text_tools.results import EntitiesResult
from gui.item_models.entity_model import Column
from gui.theme import Theme
from gui.widgets.results.entities_results import EntitiesResults
from tests.gui.sample_entities import many_entities, own_types, read_entities
from tests.gui.sample_results import DOCUMENT, MODEL
from tests.gui.stall_meter import StallMeter

Make = Callable[..., EntitiesResults]


@pytest.fixture
def made(qtbot: QtBot) -> Make:
    """A view with a result; the fixture holds its window."""
    kept = []

    def make(result: EntitiesResult | None = None, height: int = 700) -> EntitiesResults:
        parent = QWidget()
        qtbot.addWidget(parent)
        parent.resize(400, height)
        view = EntitiesResults(Theme("light", QApplication.instance()), parent)
        view.resize(400, height)
        parent.show()
        kept.append(parent)
        view.show_result(result or read_entities(), DOCUMENT, None)
        qtbot.wait(30)
        return view

    return make


def jumps(view: EntitiesResults) -> list[int]:
    found: list[int] = []
    view.mark_wanted.connect(found.append)
    return found


def names(view: EntitiesResults) -> list[str]:
    return [row.entity.text for row in view.model.rows()]


def click(qtbot: QtBot, view: EntitiesResults, row: int) -> None:
    at = view.table.visualRect(view.model.index(row, Column.TYPE)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_name_goes_to_its_mentions_one_after_the_other_and_round(
    made: Make, qtbot: QtBot
) -> None:
    view = made()
    wanted = jumps(view)
    for _ in range(3):
        click(qtbot, view, 0)
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    first, second = read_entities().entities[0].mentions
    assert wanted == [first, second, first, second]
    assert view.card.place.text() == "2 of 2"


def test_the_arrow_keys_go_from_name_to_name(made: Make, qtbot: QtBot) -> None:
    view, entities = made(), read_entities().entities
    wanted = jumps(view)
    view.table.setFocus()
    assert wanted == []  # coming by is not choosing
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(view.table, key)
    assert wanted == [entities[n].mentions[0] for n in (0, 1, 2, 1)]
    assert view.card.name.text() == entities[1].text


def test_a_click_in_the_text_chooses_the_name_and_its_mention(made: Make) -> None:
    view, result = made(), read_entities()
    wanted = jumps(view)
    view.mark_clicked(result.entities[1].mentions[1])
    assert view.model.entity(view.table.currentIndex()) == result.entities[1]
    assert view.card.place.text() == "2 of 2"
    assert wanted == []  # one is there already


def test_the_card_steps_through_the_mentions(made: Make, qtbot: QtBot) -> None:
    view, result = made(), read_entities()
    assert not view.card.isVisible()
    view.mark_clicked(result.entities[0].mentions[0])
    assert view.card.isVisible()
    wanted = jumps(view)
    qtbot.mouseClick(view.card.after, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.card.before, Qt.MouseButton.LeftButton)
    first, second = result.entities[0].mentions
    assert wanted == [second, first]


def test_what_a_mention_might_be_is_told_below_the_table_and_in_the_text(made: Make) -> None:
    view, result = made(), read_entities()
    number = next(n for n, span in enumerate(result.spans) if span.text == "Stevenson")
    view.mark_clicked(number)
    words = "Person 71 %, Organization 20 %, no name 9 %"
    assert view.card.sure.text() == words
    assert view.tip(number) == f"Stevenson\n{words}"
    number = next(n for n, span in enumerate(result.spans) if span.text == "Hynish")
    assert view.tip(number).startswith("Hynish\nNot sure: Place 44 %")


def test_what_is_not_sure_looks_less_sure_in_the_text(made: Make) -> None:
    result = read_entities()
    faint = [result.spans[mark.number].text for mark in made().marks(result) if mark.faint]
    assert sorted(faint) == ["Hynish", "November"]
    assert not any(mark.faint for mark in made(own_types()).marks(own_types()))


def test_the_headers_sort_and_sort_back(made: Make, qtbot: QtBot) -> None:
    view = made()
    header = view.table.horizontalHeader()

    def press(column: Column) -> None:
        at = QPoint(header.sectionViewportPosition(column) + 10, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)

    press(Column.NAME)
    assert names(view) == sorted(names(view), key=str.casefold)
    press(Column.NAME)
    assert names(view) == sorted(names(view), key=str.casefold, reverse=True)
    press(Column.SURE)
    sure = [row.sure for row in view.model.rows()]
    assert sure == sorted(sure, reverse=True)
    assert view.model.headerData(Column.SURE, Qt.Orientation.Horizontal) == "↓ Sure"
    press(Column.COUNT)
    counts = [row.entity.count for row in view.model.rows()]
    assert counts == sorted(counts, reverse=True)


def test_the_keyboard_sorts_by_the_menu(made: Make) -> None:
    view = made()
    menu = view.table.order_menu()
    titles = [action.text() for action in menu.actions()]
    menu.actions()[titles.index("Sort by: Type")].trigger()
    types = [row.type_title for row in view.model.rows()]
    assert types == sorted(types)
    menu.deleteLater()


def test_hidden_kinds_and_the_search_shorten_table_and_chart(made: Make, qtbot: QtBot) -> None:
    _, result = many_entities(60)
    view = made(result)
    view.hide_labels(frozenset({"LOC", "MISC"}))
    assert {row.entity.label for row in view.model.rows()} == {"PER", "ORG"}
    assert {entity.label for entity in view.chart.names()} == {"PER", "ORG"}
    view.hide_labels(frozenset())
    qtbot.keyClicks(view.search, "HOUSE5")
    assert all("House5" in name for name in names(view))
    assert len(view.chart.names()) > 1
    qtbot.keyClicks(view.search, "zzz")
    assert names(view) == []


def test_a_name_is_found_by_its_other_forms_which_its_row_tells(made: Make) -> None:
    view = made()
    row = names(view).index("Alan Stevenson")
    assert view.model.rows()[row].entity.forms == ("Alan",)
    assert "Also: Alan" in view.table.tip(view.model.index(row, 0))
    view.model.search("alan")
    assert "Alan Stevenson" in names(view)


def test_types_of_the_users_own_have_names_and_colours(made: Make) -> None:
    result = own_types()
    view = made(result)
    legend = view.legend(result)
    assert {entry.label for entry in legend} == {span.label for span in result.spans}
    assert len({entry.token for entry in legend}) == len(legend)
    assert all(entry.title == entry.label for entry in legend)
    tokens = {mark.label: mark.token for mark in view.marks(result)}
    assert tokens == {entry.label: entry.token for entry in legend}
    assert view.table.isColumnHidden(Column.SURE)  # nothing is claimed


def test_the_chart_leads_to_its_names_by_mouse_and_keys(made: Make, qtbot: QtBot) -> None:
    view, result = made(), read_entities()
    assert view.chart.isVisible()
    assert view.chart.plot is not None
    wanted = jumps(view)
    third = QPoint(view.chart.width() // 2, round(view.chart.height() * 2.5 / 8))
    qtbot.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=third)
    qtbot.keyClick(view.chart, Qt.Key.Key_Up)
    qtbot.keyClick(view.chart, Qt.Key.Key_Return)
    assert wanted == [result.entities[2].mentions[0], result.entities[1].mentions[0]]
    assert view.model.entity(view.table.currentIndex()) == result.entities[1]


def test_a_low_pane_keeps_the_chart_folded_until_it_is_wanted(made: Make, qtbot: QtBot) -> None:
    view = made(height=260)
    assert not view.most.is_open()
    assert view.chart.plot is None  # nor is what draws it loaded
    qtbot.mouseClick(view.most.button, Qt.MouseButton.LeftButton)
    assert len(view.chart.names()) == 3
    assert view.chart.isVisible()


def test_while_a_text_is_read_the_chosen_name_stays(made: Make, qtbot: QtBot) -> None:
    document, whole = many_entities(400)
    spans = whole.spans
    view = made(part(spans, 20))
    view.show_result(part(spans, 40), document, None)
    qtbot.wait(20)
    click(qtbot, view, 1)
    chosen = view.model.entity(view.table.currentIndex())
    assert chosen is not None
    wanted = jumps(view)
    for count in range(60, len(spans), 60):
        view.show_result(part(spans, count), document, None)
        now = view.model.entity(view.table.currentIndex())
        assert now is not None
        assert (now.text, now.label) == (chosen.text, chosen.label)
        assert view.card.name.text() == chosen.text
    assert wanted == []


def test_a_long_document_grows_without_stalls(made: Make, qtbot: QtBot) -> None:
    document, whole = many_entities(3_000)
    parts = [part(whole.spans, round(len(whole.spans) * n / 60)) for n in range(1, 61)]
    view = made(parts[0])
    import gui.plotting  # noqa: F401  # once in a window's life, before the growth that is measured

    meter = StallMeter()
    meter.start()
    for result in parts:
        view.show_result(result, document, None)
        qtbot.wait(2)
    meter.stop()
    assert view.model.rowCount() == 3_000
    assert meter.longest() < 250  # milliseconds; charts and table together


def test_another_document_begins_anew(made: Make) -> None:
    view = made()
    view.mark_clicked(read_entities().entities[0].mentions[0])
    document, result = many_entities(40)
    view.search.setText("zz")
    view.show_result(result, document, MODEL)
    assert view.search.text() == ""
    assert not view.table.currentIndex().isValid()
    assert not view.card.isVisible()
    assert view.model.rowCount() == 40


def test_nothing_and_one_name_are_shown_calmly(made: Make) -> None:
    empty = msgspec.structs.replace(read_entities(), spans=(), entities=())
    view = made(empty)
    assert not view.table.isVisible()
    assert not view.chart.isVisible()
    view.show_result(part(read_entities().spans, 1), DOCUMENT, None)
    assert view.table.isVisible()
    assert not view.chart.isVisible()  # one bar says nothing


def part(spans: tuple, count: int) -> EntitiesResult:
    """What is known after the first mentions."""
    found, mentions = group_names(list(itertools.islice(spans, count)))
    return msgspec.structs.replace(read_entities(), spans=tuple(mentions), entities=found)
