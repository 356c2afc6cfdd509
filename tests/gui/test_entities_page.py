"""Entities on the text page: the text, its legend, the table and the chart are of one mind."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.text_tools.results import EntitiesResult
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.services import Services
from gui.widgets.results.entities_results import EntitiesResults
from tests.gui.sample_entities import read_entities
from tests.gui.sample_results import DOCUMENT, TEXT
from tests.gui.sample_sentiment import read_by_encoder

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(app_window: MainWindow, services: Services, qtbot: QtBot) -> TextPage:
    """The text page with a document whose names and sentences the built-in reader has read."""
    done: list[bool] = []

    def keep() -> bool:
        desk = services.storage.desk
        stored = desk.add_document(DOCUMENT)
        for tool, result in (("entities", read_entities()), ("sentiment", read_by_encoder())):
            desk.save_run(stored.id, tool, {}, msgspec.to_builtins(result), {}, 0.02)
        return True

    services.background.run(app_window, keep).then(done.append)
    qtbot.waitUntil(lambda: bool(done))
    app_window.open_page("text")
    page = app_window.page("text")
    assert isinstance(page, TextPage)
    qtbot.waitUntil(lambda: page.desk.current is not None)
    page.results.open_tab("entities")
    wait_for_result(page, qtbot)
    return page


def wait_for_result(page: TextPage, qtbot: QtBot) -> None:
    current, tool_id = page.desk.current, page.results.tool_id()
    assert current is not None
    qtbot.waitUntil(lambda: page.session.state(current.id, tool_id).result is not None)
    qtbot.wait(30)


def view_of(page: TextPage) -> EntitiesResults:
    view = page.results.view("entities")
    assert isinstance(view, EntitiesResults)
    return view


def test_a_row_shows_its_mention_in_the_text(page: TextPage, qtbot: QtBot) -> None:
    view = view_of(page)
    view.table.setFocus()
    for key, word in ((Qt.Key.Key_Return, 0), (Qt.Key.Key_Return, 1), (Qt.Key.Key_Down, 0)):
        qtbot.keyClick(view.table, key)
        passage = page.reader.view.passage()
        assert passage is not None
        entity = view.model.entity(view.table.currentIndex())
        assert entity is not None
        span = read_entities().spans[entity.mentions[word]]
        assert (span.start, span.end) == passage
        assert TEXT[slice(*passage)] in (entity.text, *entity.forms)


def test_the_legend_filters_text_table_and_chart(page: TextPage, qtbot: QtBot) -> None:
    view, all_rows = view_of(page), view_of(page).model.rowCount()
    qtbot.mouseClick(page.reader.legend.chips()["LOC"], LEFT)
    assert {mark.label for mark in page.reader.view.marks().shown()} == {"PER", "ORG", "MISC"}
    assert {row.entity.label for row in view.model.rows()} == {"PER", "ORG", "MISC"}
    assert "LOC" not in {entity.label for entity in view.chart.names()}
    # Another tab has another legend; coming back, everything is shown in all places.
    page.results.open_tab("sentiment")
    wait_for_result(page, qtbot)
    page.results.open_tab("entities")
    assert page.reader.legend.hidden() == frozenset()
    assert view.model.rowCount() == all_rows


def test_the_built_in_reader_is_named_and_nothing_is_called_small(page: TextPage) -> None:
    footer = page.results.footer
    assert footer.maker.text() == "Carrel reader · below 1 s"
    assert "all-MiniLM-L6-v2" in footer.maker.toolTip()
    assert not view_of(page)._caution.isVisible()


@pytest.mark.parametrize("tool_id", ["entities", "sentiment"])
def test_a_table_is_kept_as_csv(page: TextPage, qtbot: QtBot, tmp_path: Path, tool_id: str) -> None:
    page.results.open_tab(tool_id)
    wait_for_result(page, qtbot)
    assert page.results.footer.table.isVisible()
    page.results.footer.table.trigger()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    path = tmp_path / f"names-{tool_id}.csv"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(path.exists)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    wanted = read_entities().spans if tool_id == "entities" else read_by_encoder().spans
    assert len(rows) == len(wanted)


def test_a_summary_offers_no_table(page: TextPage) -> None:
    page.results.open_tab("summarize")
    assert not page.results.footer.table.isVisible()


def test_the_chart_is_kept_as_a_picture(page: TextPage, qtbot: QtBot, tmp_path: Path) -> None:
    def is_drawn() -> bool:
        if not view_of(page).most.is_open():  # the window may be low, or become so
            qtbot.mouseClick(view_of(page).most.button, LEFT)
        return view_of(page).chart.plot is not None

    qtbot.waitUntil(is_drawn)
    view_of(page).chart.picture_asked.emit(".svg")
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    path = tmp_path / "names.svg"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(path.exists)
    assert path.read_bytes().startswith(b"<?xml")
    assert "Skerryvore" in path.read_text(encoding="utf-8")


def test_the_names_are_those_that_were_stored(page: TextPage) -> None:
    state = page.session.state(page.desk.current.id, "entities")  # type: ignore[union-attr]
    assert isinstance(state.result, EntitiesResult)
    assert state.result.entities == read_entities().entities
