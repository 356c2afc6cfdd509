"""Documents and runs without widgets: what was found is kept, whatever happens."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from engine.storage.records import StoredDocument, StoredRun
from engine.types import Document
from gui.desk_session import DeskSession, first_words
from gui.services import Services
from gui.text_session import FIRST_TOOL, TextSession
from tests.gui.sample_results import DOCUMENT, MODEL, entities

LONG = "the rain was very negative. the sun was positive. it was tuesday. " * 8000


class Desk(QObject):
    """The two sessions as the page joins them, and what storage has."""

    def __init__(self, services: Services, qtbot: QtBot) -> None:
        super().__init__(services.engine)
        self.services, self.qtbot = services, qtbot
        self.documents = DeskSession(services, self)
        self.runs = TextSession(services, self)
        self.documents.added.connect(lambda stored, opens: self.runs.begin(stored))

    def add(self, text: str) -> StoredDocument:
        before = self.documents.current
        self.documents.add_text(text)
        self.qtbot.waitUntil(lambda: self.documents.current is not before)
        assert self.documents.current is not None
        return self.documents.current

    def wait_for(self, stored: StoredDocument, tool: str) -> None:
        state = lambda: self.runs.state(stored.id, tool)  # noqa: E731
        self.qtbot.waitUntil(lambda: not state().is_running and state().is_known, timeout=20_000)

    def stored_run(self, stored: StoredDocument, tool: str) -> StoredRun | None:
        found: list[StoredRun | None] = []
        desk = self.services.storage.desk
        self.services.background.run(self, lambda: desk.latest_run(stored.id, tool)).then(
            found.append
        )
        self.qtbot.waitUntil(lambda: bool(found))
        return found[0]


@pytest.fixture
def desk(services: Services, qtbot: QtBot) -> Desk:
    return Desk(services, qtbot)


def test_a_file_is_read_summarized_and_kept(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "skerryvore.txt"
    path.write_text(DOCUMENT.text, encoding="utf-8")
    desk.documents.read_files([path])
    assert [e.state for e in desk.documents.entries()] == ["reading"]
    qtbot.waitUntil(lambda: desk.documents.current is not None)
    stored = desk.documents.current
    assert stored.document.text == DOCUMENT.text
    qtbot.waitUntil(lambda: desk.runs.state(stored.id, FIRST_TOOL).outcome is not None)
    run = desk.stored_run(stored, FIRST_TOOL)
    assert run is not None
    assert run.result["key_sentences"]
    assert run.model is not None
    assert run.model["usage"]["prompt_tokens"] > 0


def test_files_that_cannot_be_read_say_why_and_the_others_go_on(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nText of it.\n")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "deck.pptx").write_bytes(b"PK\x03\x04" + bytes(40))
    names = ["gone.pdf", "empty.txt", "good.md", "deck.pptx"]
    desk.documents.read_files([tmp_path / name for name in names])
    qtbot.waitUntil(lambda: all(e.state != "reading" for e in desk.documents.entries()))
    reasons = {e.name: e.error.message for e in desk.documents.entries() if e.error}
    assert set(reasons) == {"gone.pdf", "empty.txt", "deck.pptx"}
    assert "not there" in reasons["gone.pdf"]
    assert [e.name for e in desk.documents.entries() if e.state == "ready"] == ["good.md"]
    toasts = [toast.text() for toast in desk.services.notifications.toasts()]
    assert set(toasts) == set(reasons.values())
    for entry in desk.documents.entries():
        if entry.error:
            desk.documents.remove(entry.key)
    assert [e.name for e in desk.documents.entries()] == ["good.md"]


def test_a_pasted_text_is_named_by_its_first_words(desk: Desk) -> None:
    stored = desk.add("Dear all,\r\n\r\nplease find enclosed the minutes of Tuesday's meeting.\x00")
    assert stored.document.name == "Dear all, please find enclosed the minutes of…"
    assert stored.document.text.endswith("meeting.\ufffd")
    assert stored.document.remarks
    assert first_words("一" * 200) == "一" * 48 + "…"


def test_a_text_without_words_is_refused_with_a_reason(desk: Desk, qtbot: QtBot) -> None:
    desk.documents.add_text(" \n\n ")
    qtbot.waitUntil(lambda: desk.documents.entries()[0].state == "failed")
    error = desk.documents.entries()[0].error
    assert error is not None
    assert error.hint


def test_stopping_keeps_what_was_found(desk: Desk, qtbot: QtBot) -> None:
    stored = desk.add(LONG)
    desk.wait_for(stored, FIRST_TOOL)
    desk.runs.run(stored, "sentiment", {})
    desk.runs.run(stored, "sentiment", {})  # one at a time
    state = lambda: desk.runs.state(stored.id, "sentiment")  # noqa: E731
    qtbot.waitUntil(lambda: state().result is not None, timeout=10_000)
    assert state().is_running
    desk.runs.stop(stored.id, "sentiment")
    desk.wait_for(stored, "sentiment")
    read = state().result.coverage
    assert 0 < read.parts_read < read.parts
    assert not state().is_whole()
    run = desk.stored_run(stored, "sentiment")
    assert run is not None
    assert run.result["coverage"]["parts_read"] == read.parts_read


def test_a_failure_on_the_way_keeps_what_was_found_and_says_why(desk: Desk) -> None:
    stored = desk.add("今天下雨了。" * 300 + "/fail 昨天没有下雨，前天下了。")
    desk.wait_for(stored, FIRST_TOOL)
    desk.runs.run(stored, "entities", {})
    desk.wait_for(stored, "entities")
    state = desk.runs.state(stored.id, "entities")
    assert state.error is not None
    assert "told to fail" in state.error.message
    assert state.result is not None
    assert state.result.coverage.parts_read >= 1
    assert desk.stored_run(stored, "entities") is not None


def test_a_run_that_finds_nothing_leaves_the_result_before_it(desk: Desk) -> None:
    stored = desk.add("/fail 昨天没有下雨，前天下了。")
    keep, plain = desk.services.storage.desk.save_run, msgspec.to_builtins(entities())
    desk.services.background.run(desk, lambda: keep(stored.id, "entities", {}, plain, MODEL, 1))
    desk.runs.read_runs(stored.id)
    desk.wait_for(stored, "entities")
    desk.runs.run(stored, "entities", {})
    desk.wait_for(stored, "entities")
    state = desk.runs.state(stored.id, "entities")
    assert state.error is not None
    assert state.result == entities()


def test_a_second_run_that_is_stopped_early_does_not_replace_a_whole_one(
    desk: Desk, qtbot: QtBot
) -> None:
    stored = desk.add(LONG)
    desk.wait_for(stored, FIRST_TOOL)
    whole = desk.runs.state(stored.id, FIRST_TOOL).result
    assert desk.runs.state(stored.id, FIRST_TOOL).is_whole()
    desk.runs.run(stored, FIRST_TOOL, {})
    qtbot.waitUntil(lambda: desk.runs.state(stored.id, FIRST_TOOL).result is not None)
    desk.runs.stop(stored.id, FIRST_TOOL)
    desk.wait_for(stored, FIRST_TOOL)
    assert desk.runs.state(stored.id, FIRST_TOOL).result == whole


def test_a_bug_in_a_text_tool_is_an_error_not_a_crash(desk: Desk) -> None:
    stored = desk.add("/bug 昨天没有下雨，前天下了。")
    desk.wait_for(stored, FIRST_TOOL)
    desk.runs.run(stored, "entities", {})
    desk.wait_for(stored, "entities")
    error = desk.runs.state(stored.id, "entities").error
    assert error is not None
    assert error.message


def test_a_stored_run_is_there_again_after_a_restart(
    desk: Desk, services: Services, qtbot: QtBot
) -> None:
    stored = desk.add(DOCUMENT.text)
    desk.wait_for(stored, FIRST_TOOL)
    later = Desk(services, qtbot)
    later.documents.read()
    qtbot.waitUntil(lambda: later.documents.current is not None)
    later.runs.read_runs(stored.id)
    qtbot.waitUntil(lambda: later.runs.state(stored.id, FIRST_TOOL).result is not None)
    assert later.runs.state(stored.id, FIRST_TOOL).usage.prompt_tokens > 0
    assert later.runs.progress(stored.id) == (False, None, True)


def test_opening_the_same_text_again_does_not_run_it_again(desk: Desk, qtbot: QtBot) -> None:
    stored = desk.add(DOCUMENT.text)
    desk.wait_for(stored, FIRST_TOOL)
    first = desk.stored_run(stored, FIRST_TOOL)
    desk.documents.add_text(DOCUMENT.text)
    qtbot.waitUntil(lambda: all(e.state == "ready" for e in desk.documents.entries()))
    qtbot.wait(100)
    assert len(desk.documents.entries()) == 1
    assert desk.stored_run(stored, FIRST_TOOL).id == first.id


def test_a_removed_document_comes_back_with_its_results(desk: Desk, qtbot: QtBot) -> None:
    stored = desk.add(DOCUMENT.text)
    desk.wait_for(stored, FIRST_TOOL)
    desk.documents.remove(stored.id)
    assert desk.documents.entries() == []
    assert desk.documents.current is None
    desk.documents.restore(stored.id)
    qtbot.waitUntil(lambda: desk.documents.current is not None)
    assert desk.stored_run(stored, FIRST_TOOL) is not None


def test_a_result_that_cannot_be_understood_counts_as_none(desk: Desk, qtbot: QtBot) -> None:
    storage, found = desk.services.storage, []

    def work() -> StoredDocument:
        stored = storage.desk.add_document(Document("old.txt", "Old."))
        storage.desk.save_run(stored.id, FIRST_TOOL, {}, {"from": "another age"}, None, 1.0)
        return stored

    desk.services.background.run(desk, work).then(found.append)
    qtbot.waitUntil(lambda: bool(found))
    desk.runs.read_runs(found[0].id)
    desk.wait_for(found[0], FIRST_TOOL)
    assert desk.runs.state(found[0].id, FIRST_TOOL).result is None
