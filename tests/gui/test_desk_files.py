"""Files on the desk: those that change on disk, and those that come in folders."""

from __future__ import annotations

import json
import os
import time
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot

from engine.documents import DOCUMENT_FORMATS
from engine.protocol import RequestFinished, RunTextTool
from engine.types import Document, FinishReason
from gui import icons
from gui.document_kinds import format_icon, kinds_in_words
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.services import Services
from gui.text_session import FIRST_TOOL
from tests.gui.desk_stage import (
    keep,
    noted_runs,
    text_page,
)
from tests.gui.sample_results import DOCUMENT

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(app_window: MainWindow) -> TextPage:
    return text_page(app_window)


@pytest.fixture
def sent(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[RunTextTool]:
    return noted_runs(services, monkeypatch)


def changed(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    later = time.time() + 60
    os.utime(path, (later, later))


def test_a_file_that_changed_is_read_again_and_goes_on_from_what_was_known(
    page: TextPage, qtbot: QtBot, tmp_path: Path, sent: list[RunTextTool], services: Services
) -> None:
    path = tmp_path / "report.txt"
    path.write_text(DOCUMENT.text, encoding="utf-8")
    page.accept_files([path])
    qtbot.waitUntil(
        lambda: (
            page.desk.current is not None
            and page.session.state(page.desk.current.id, FIRST_TOOL).run_id is not None
        ),
        timeout=20_000,
    )
    older = page.desk.current
    assert older is not None
    assert sent[-1].earlier is None
    page.results.quick.chosen.emit({"form": "paragraph"})
    qtbot.waitUntil(lambda: not page.session.state(older.id, FIRST_TOOL).is_running, timeout=20_000)
    assert not page.reader.changed.isVisible()
    changed(path, DOCUMENT.text + "\nThe light still burns.\n")
    page.files.look(older)
    qtbot.waitUntil(page.reader.changed.isVisible)
    qtbot.mouseClick(page.reader.changed.again, LEFT)
    qtbot.waitUntil(lambda: page.desk.current is not None and page.desk.current.id != older.id)
    assert page.desk.current.document.text.endswith("still burns.\n")
    qtbot.waitUntil(lambda: len(sent) == 3)
    assert sent[-1].options["form"] == "paragraph"  # as it was chosen for the older text
    result = page.session.state(older.id, FIRST_TOOL).outcome
    assert result is not None
    assert json.loads(json.dumps(sent[-1].earlier)) == json.loads(json.dumps(result.result))
    assert [entry.name for entry in page.desk.entries()] == ["report.txt"]
    assert "older" in services.notifications.toasts()[-1].text()
    page.files.look(page.desk.current)
    qtbot.wait(100)
    assert not page.reader.changed.isVisible()
    qtbot.waitUntil(
        lambda: page.session.state(page.desk.current.id, FIRST_TOOL).run_id is not None,
        timeout=20_000,
    )


def test_coming_back_to_the_window_looks_at_the_file(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "report.txt"
    path.write_text("One.", encoding="utf-8")
    keep(page, qtbot, Document("report.txt", "One.", path=str(path)))
    qtbot.wait(50)
    assert not page.reader.changed.isVisible()
    changed(path, "Two.")
    QCoreApplication.sendEvent(page, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(page.reader.changed.isVisible)


def test_a_file_that_is_gone_is_no_news(page: TextPage, qtbot: QtBot, tmp_path: Path) -> None:
    gone = tmp_path / "gone.txt"
    (stored,) = keep(page, qtbot, Document("gone.txt", "Gone.", path=str(gone)))
    told: list[bool] = []
    page.files.told.connect(lambda _, is_changed: told.append(is_changed))
    page.files.look(stored)
    qtbot.waitUntil(lambda: bool(told))
    assert not any(told)


def test_a_folder_is_put_on_the_desk_and_only_what_is_opened_is_summarized(
    app_window: MainWindow, page: TextPage, qtbot: QtBot, tmp_path: Path, sent: list[RunTextTool]
) -> None:
    folder = tmp_path / "letters"
    (folder / "1998").mkdir(parents=True)
    for number in range(3):
        (folder / f"letter {number}.txt").write_text(f"Letter {number}. It rained.")
    with zipfile.ZipFile(folder / "1998" / "old.zip", "w") as archive:
        archive.writestr("May.txt", "A letter of May.")
    (folder / "photo.xyz").write_bytes(bytes(8))
    app_window.open_files([folder])
    names = ["letter 0.txt", "letter 1.txt", "letter 2.txt", "May.txt"]
    qtbot.waitUntil(
        lambda: sorted(e.name for e in page.desk.entries() if e.state == "ready") == sorted(names),
        timeout=20_000,
    )
    qtbot.waitUntil(lambda: page.desk.current is not None)
    assert page.desk.current is not None
    first = page.desk.current
    qtbot.waitUntil(lambda: page.session.state(first.id, FIRST_TOOL).run_id is not None)
    assert len(sent) == 1
    other = next(e for e in page.desk.entries() if e.name == "letter 2.txt" != first.document.name)
    page.desk.open(other.key)
    qtbot.waitUntil(lambda: page.session.state(other.key, FIRST_TOOL).run_id is not None)
    assert len(sent) == 2


def test_a_folder_without_documents_says_so(
    page: TextPage, qtbot: QtBot, tmp_path: Path, services: Services
) -> None:
    (tmp_path / "nothing").mkdir()
    page.accept_files([tmp_path / "nothing"])
    qtbot.waitUntil(lambda: [e.state for e in page.desk.entries()] == ["failed"], timeout=20_000)
    assert "nothing" in services.notifications.toasts()[-1].text()


def test_the_overlay_says_what_a_drop_will_do(app_window: MainWindow, tmp_path: Path) -> None:
    folder, model = tmp_path / "letters", tmp_path / "model"
    for made in (folder, model):
        made.mkdir()
    (model / "model.safetensors").touch()
    say = app_window._what_drop_does
    assert say([tmp_path / "deck.pptx"]) == ("presentation", "Drop to read “deck.pptx”")
    assert say([tmp_path / "prices.xlsx"])[0] == "table"
    assert say([folder]) == ("folder-open", "Drop to read what is in “letters”")
    assert say([tmp_path / "old.zip"])[1] == "Drop to read what is in “old.zip”"
    assert say([model])[0] == "box"
    assert say([folder, tmp_path / "a.txt"])[0] == "files"


def test_every_kind_of_document_has_its_icon(qapp: object) -> None:
    for kind in DOCUMENT_FORMATS:
        assert not icons.pixmap(format_icon(kind.format_id), "#000000", 15).isNull()
    assert "Excel" in kinds_in_words()
    assert "plain text" in kinds_in_words()


def test_a_document_whose_reading_was_stopped_is_no_trouble(page: TextPage) -> None:
    entry = page.desk._add_pending("report.pdf")
    stopped = RequestFinished("1", FinishReason.ABORT)
    page.desk._on_reply_finished(entry, stopped)
    assert page.desk.entries() == []
    page.desk._on_found(page.desk._add_pending("letters"), stopped)
    assert page.desk.entries() == []
