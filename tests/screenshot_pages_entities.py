"""Pictures of the entities view, filled through the database's own interface."""

from __future__ import annotations

import msgspec

from engine.text_tools.name_groups import group_names
from engine.text_tools.results import EntitiesResult
from engine.types import Document
from gui.pages.text_page import TextPage
from gui.widgets.results.entities_results import EntitiesResults
from tests.gui.sample_entities import many_entities, own_types, read_entities
from tests.gui.sample_results import DOCUMENT, MODEL
from tests.screenshot_pages_text import _keep, _page
from tests.screenshots import Shot, Stage


def _names(
    stage: Stage, result: EntitiesResult, document: Document = DOCUMENT, model: dict | None = None
) -> tuple[TextPage, EntitiesResults]:
    stage.stored(lambda: None)
    _keep(stage, document, model or {}, result)
    page = _page(stage)
    stage.wait_until(lambda: page.desk.current is not None)
    page.results.open_tab("entities")
    stage.wait_until(
        lambda: page.session.state(page.desk.current.id, "entities").result is not None
    )
    stage.wait(0.5)
    view = page.results.view()
    assert isinstance(view, EntitiesResults)
    return page, view


def _choose(stage: Stage, view: EntitiesResults, name: str) -> None:
    names = [row.entity.text for row in view.model.rows()]
    view.table.setFocus()
    view.table.selectRow(names.index(name))
    stage.wait(0.5)


def names_chosen(stage: Stage) -> None:
    _choose(stage, _names(stage, read_entities())[1], "Alan Stevenson")


def names_not_sure(stage: Stage) -> None:
    _choose(stage, _names(stage, read_entities())[1], "Hynish")


def names_own_types(stage: Stage) -> None:
    _names(stage, own_types(), model=MODEL)


def names_many(stage: Stage) -> None:
    document, result = many_entities(400)
    _, view = _names(stage, result, document)
    view.search.setText("house1")
    view.table.sort_by(3)
    stage.wait(0.3)


def names_hidden(stage: Stage) -> None:
    page, _ = _names(stage, read_entities())
    page.reader.legend.chips()["LOC"].click()
    stage.wait(0.3)


def names_narrow(stage: Stage) -> None:
    stage.window.resize(760, 700)
    _choose(stage, _names(stage, read_entities())[1], "Alan Stevenson")


def names_one(stage: Stage) -> None:
    spans = read_entities().spans[:1]
    names, _ = group_names(spans)
    _names(stage, msgspec.structs.replace(read_entities(), spans=spans, entities=names))


def names_none(stage: Stage) -> None:
    _names(stage, msgspec.structs.replace(read_entities(), spans=(), entities=()))


SHOTS: list[Shot] = [
    ("names_chosen", names_chosen),
    ("names_not_sure", names_not_sure),
    ("names_own_types", names_own_types),
    ("names_many", names_many),
    ("names_hidden", names_hidden),
    ("names_narrow", names_narrow),
    ("names_one", names_one),
    ("names_none", names_none),
]
