"""The page of tables: made of dropped folders, followed, stopped, gone on with, exported."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from engine.file_tables.table import Column
from gui.dialogs.columns_dialog import ColumnsDialog
from gui.file_names import safe_stem
from gui.main_window import MainWindow
from gui.pages.tables_page import TablesPage
from gui.services import Services

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(4):
        text = f"Letter {number}. Anna Meyer met NATO in Oslo.\n\nIt was a good day, number {number}.\n"
        (folder / f"letter {number}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def page(app_window: MainWindow) -> TablesPage:
    app_window.open_page("tables")
    found = app_window.page("tables")
    assert isinstance(found, TablesPage)
    return found


def wait_done(page: TablesPage, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(
        lambda: not page.session.is_running() and page.session.counts()[::2] == (count, count),
        timeout=20_000,
    )


@pytest.fixture
def filled(page: TablesPage, folder: Path, qtbot: QtBot) -> TablesPage:
    """A table of four files with their sentiment and an answer."""
    page.accept_files([folder])
    page.plan.choice.boxes["summary"].setChecked(False)
    page.plan.choice.boxes["sentiment"].setChecked(True)
    qtbot.keyClicks(page.plan.choice.add_question(), "Who met NATO?")
    qtbot.mouseClick(page.plan.start_button, LEFT)
    wait_done(page, qtbot, 4)
    return page


def shown(page: TablesPage) -> list[list[str]]:
    rows = page.view.rows
    return [
        [rows.index(row, column).data() for column in range(rows.columnCount())]
        for row in range(rows.rowCount())
    ]


def test_nothing_can_be_started_without_files(page: TablesPage, folder: Path) -> None:
    assert page.plan.isVisible()
    assert not page.plan.start_button.isEnabled()
    page.accept_files([folder])
    assert page.plan.start_button.isEnabled()
    assert page.plan.files.text() == "letters"


def test_nothing_asked_is_told(
    page: TablesPage, folder: Path, services: Services, qtbot: QtBot
) -> None:
    page.accept_files([folder])
    page.plan.choice.boxes["summary"].setChecked(False)
    page.plan.start_button.click()
    qtbot.waitUntil(lambda: bool(services.notifications.toasts()))
    assert services.notifications.toasts()[-1].text() == "Nothing is asked of the files."
    assert page.plan.isVisible()


def test_every_file_becomes_a_row(filled: TablesPage) -> None:
    rows = shown(filled)
    assert [row[0] for row in rows] == [f"letter {number}.txt" for number in range(4)]
    assert all(row[1] and row[2] for row in rows)
    assert {row[1].split(" ")[0] for row in rows} <= {"Positive", "Neutral", "Negative", "Not"}
    header = filled.view.rows.headerData(2, Qt.Orientation.Horizontal)
    assert header == "Who met NATO?"
    assert filled.bar.state.text() == "4 of 4 files"
    assert filled.bar.name.text() == "letters"
    assert [entry.name for entry in filled.session.entries] == ["letters"]


def test_a_cell_shows_its_proof_and_the_place_in_the_file(filled: TablesPage, qtbot: QtBot) -> None:
    filled.view.setCurrentIndex(filled.view.rows.index(1, 2))
    assert filled.cell.isVisible()
    assert filled.cell.file.text() == "letter 1.txt"
    cell = filled.model.cell(filled.view.rows.mapToSource(filled.view.currentIndex()))
    assert cell is not None
    assert cell.proofs
    chip = filled.cell.text.chips()[0]
    qtbot.mouseClick(chip, LEFT)
    qtbot.waitUntil(filled.reader.isVisible, timeout=10_000)
    assert filled.reader.view.passage() == (cell.proofs[0].start, cell.proofs[0].end)
    qtbot.keyClick(filled.reader.view, Qt.Key.Key_Escape)
    assert not filled.reader.isVisible()
    qtbot.keyClick(filled.view, Qt.Key.Key_Escape)
    assert not filled.cell.isVisible()


def test_a_file_that_has_changed_is_said_to_have_and_is_read_again(
    filled: TablesPage, folder: Path, services: Services, qtbot: QtBot
) -> None:
    filled.view.setCurrentIndex(filled.view.rows.index(1, 2))
    chip = filled.cell.text.chips()[0]
    new = "A new letter. Ben Okri met NATO in Rome.\n"
    (folder / "letter 1.txt").write_text(new, "utf-8")
    os.utime(folder / "letter 1.txt", ns=(1, 1))
    qtbot.mouseClick(chip, LEFT)
    qtbot.waitUntil(filled.reader.isVisible, timeout=10_000)
    toast = services.notifications.toasts()[-1]
    assert toast.text() == "“letter 1.txt” has changed since it was read"
    assert filled.reader.view.passage() is None
    again = next(b for b in toast.findChildren(QPushButton) if b.text() == "Read it again")
    again.click()
    assert filled.session.is_running()
    wait_done(filled, qtbot, 4)
    row = filled.session.rows[str(folder / "letter 1.txt")]
    proofs = [proof for cell in row.cells.values() for proof in cell.proofs]
    assert proofs
    assert all(row.stands(new, proof.start, proof.end) for proof in proofs)


def test_looking_for_changes_says_when_there_are_none(
    filled: TablesPage, services: Services, qtbot: QtBot
) -> None:
    qtbot.mouseClick(filled.bar.update_button, LEFT)
    wait_done(filled, qtbot, 4)
    assert services.notifications.toasts()[-1].text() == "No file has changed"
    assert filled.bar.update_button.isVisible()


def test_rows_are_sorted_and_looked_through(filled: TablesPage, qtbot: QtBot) -> None:
    filled.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    assert shown(filled)[0][0] == "letter 3.txt"
    qtbot.keyClicks(filled.bar.filter, "letter 2")
    assert [row[0] for row in shown(filled)] == ["letter 2.txt"]
    filled.bar.filter.clear()
    assert len(shown(filled)) == 4


def test_a_failed_file_says_why_and_is_tried_again(
    filled: TablesPage, folder: Path, qtbot: QtBot
) -> None:
    bad = folder / "bad.txt"
    bad.write_bytes(b"\x01" * 26)
    stamp = bad.stat()
    filled.accept_files([folder])
    filled.plan.choice.boxes["summary"].setChecked(False)
    filled.plan.choice.boxes["entities"].setChecked(True)
    filled.plan.start_button.click()
    wait_done(filled, qtbot, 5)
    assert filled.session.counts() == (5, 1, 5)
    filled.view.setCurrentIndex(filled.view.rows.index(0, 1))
    assert filled.cell.trouble.isVisible()
    assert "“bad.txt”" in filled.cell.trouble.message.text()
    bad.write_bytes(b"Anna Meyer met Bob in Oslo")
    os.utime(bad, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert filled.bar.retry_button.isVisible()
    filled.bar.retry_button.click()
    wait_done(filled, qtbot, 5)
    assert filled.session.counts() == (5, 0, 5)
    assert "Bob" in shown(filled)[0][1]


def test_what_is_stopped_goes_on_where_it_was(
    page: TablesPage, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(
            f"Paper {number} of Anna Meyer in Oslo.\n", "utf-8"
        )
    page.accept_files([folder])
    page.plan.start_button.click()
    qtbot.waitUntil(lambda: page.session.counts()[0] >= 2, timeout=20_000)
    page.bar.stop_button.click()
    qtbot.waitUntil(lambda: not page.session.is_running(), timeout=10_000)
    done = {path: row for path, row in page.session.rows.items() if row.cells}
    assert 2 <= len(done) < 40
    assert page.bar.go_on_button.isVisible()
    page.bar.go_on_button.click()
    wait_done(page, qtbot, 40)
    assert all(page.session.rows[path].cells == row.cells for path, row in done.items())


def test_a_table_of_before_opens_as_it_was(filled: TablesPage, qtbot: QtBot) -> None:
    rows, number = shown(filled), filled.session.table_id
    filled.list.new_button.click()
    assert filled.plan.isVisible()
    filled.list.view.setCurrentRow(0)
    qtbot.waitUntil(lambda: filled.session.table_id == number)
    assert shown(filled) == rows
    assert not filled.bar.go_on_button.isVisible()


def test_more_is_asked_of_the_same_files(filled: TablesPage, qtbot: QtBot) -> None:
    before = {path: dict(row.cells) for path, row in filled.session.rows.items()}
    filled.bar.more_button.click()
    dialog = filled.findChild(ColumnsDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.choice.lines[0], "Where was the day good?")
    qtbot.mouseClick(dialog.findChild(QDialogButtonBox).buttons()[0], LEFT)
    qtbot.waitUntil(lambda: bool(filled.session.spec and len(filled.session.spec.columns) == 3))
    wait_done(filled, qtbot, 4)
    assert all(len(row) == 4 and row[3] for row in shown(filled))
    for path, cells in before.items():
        assert filled.session.rows[path].cells.items() >= cells.items()


def test_it_is_renamed_deleted_and_brought_back(
    filled: TablesPage, qtbot: QtBot, services: Services
) -> None:
    item = filled.list.view.item(0)
    item.setText("Correspondence")
    qtbot.waitUntil(lambda: [e.name for e in filled.session.entries] == ["Correspondence"])
    assert filled.bar.name.text() == "Correspondence"
    filled.list.view.setCurrentRow(0)
    qtbot.keyClick(filled.list.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not filled.session.entries)
    assert filled.plan.isVisible()
    toast = services.notifications.toasts()[-1]
    next(one for one in toast.findChildren(QPushButton) if one.text() == "Undo").click()
    qtbot.waitUntil(lambda: filled.session.table_id is not None)
    assert len(shown(filled)) == 4


@pytest.mark.parametrize("export_id", ["csv", "jsonl", "markdown", "xlsx"])
def test_a_table_is_exported(
    filled: TablesPage, tmp_path: Path, qtbot: QtBot, services: Services, export_id: str
) -> None:
    path = tmp_path / f"out.{export_id}"
    filled.export(path, export_id)
    qtbot.waitUntil(lambda: bool(services.notifications.toasts()))
    assert services.notifications.toasts()[-1].text() == f"Saved as {path.name}"
    assert path.stat().st_size > 100
    if export_id == "jsonl":
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert [row["file"] for row in rows] == [row[0] for row in shown(filled)]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Letters 2024/25: all?", "Letters 2024 25 all"),
        ("书信", "书信"),
        ("..", "table"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_table_is_offered_under_a_name_that_every_system_takes(name: str, stem: str) -> None:
    assert safe_stem(name, "table") == stem


def test_questions_are_added_and_left_away(page: TablesPage, qtbot: QtBot) -> None:
    choice = page.plan.choice
    choice.more_button.click()
    qtbot.keyClicks(choice.lines[0], "  Who  signed it? ")
    choice.more_button.click()
    assert choice.columns() == [Column("summary"), Column("question", "Who signed it?")]
    choice._rows[choice.lines[0]][1].click()
    assert choice.columns() == [Column("summary")]


def test_a_folder_without_documents_is_told(
    page: TablesPage, tmp_path: Path, qtbot: QtBot, services: Services
) -> None:
    (tmp_path / "empty").mkdir()
    page.accept_files([tmp_path / "empty"])
    page.plan.start_button.click()
    qtbot.waitUntil(lambda: bool(services.notifications.toasts()), timeout=10_000)
    assert "empty" in services.notifications.toasts()[-1].text()
    assert page.plan.isVisible()
