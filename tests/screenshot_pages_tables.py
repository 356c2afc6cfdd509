"""Pictures of tables of files: planned, found, a cell with its proof, narrow."""

from __future__ import annotations

from pathlib import Path

from engine.paths import config_folder
from gui.pages.tables_page import TablesPage
from tests.screenshot_pages_library import TEXTS
from tests.screenshots import Shot, Stage


def _planned(stage: Stage) -> TablesPage:
    stage.window.open_page("tables")
    page = stage.window.page("tables")
    assert isinstance(page, TablesPage)
    folder = config_folder() / "Papers"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        Path(folder / name).write_text(text, "utf-8")
    (folder / "scan of 1998.pdf").write_bytes(b"%PDF-1.4\n broken")
    page.accept_files([folder])
    for box in page.plan.choice.boxes.values():
        box.setChecked(True)
    page.plan.choice.add_question().setText("Who asks for money?")
    return page


def empty(stage: Stage) -> None:
    stage.window.open_page("tables")
    stage.wait(0.3)


def planned(stage: Stage) -> None:
    _planned(stage)
    stage.wait(0.3)


def found(stage: Stage) -> None:
    page = _planned(stage)
    page.plan.start_button.click()
    stage.wait_until(lambda: page.session.counts()[0] == len(TEXTS) + 1)
    stage.wait_until(lambda: not page.session.is_running())
    page.view.setCurrentIndex(page.view.rows.index(1, 1))
    stage.wait(0.5)


def narrow(stage: Stage) -> None:
    stage.window.resize(760, 820)
    found(stage)


SHOTS: list[Shot] = [
    ("tables_empty", empty),
    ("tables_planned", planned),
    ("tables_found", found),
    ("tables_narrow", narrow),
]
