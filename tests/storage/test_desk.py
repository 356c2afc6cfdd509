from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from engine.errors import StorageError
from engine.storage import backups
from engine.storage.database import Database
from engine.storage.desk import Desk
from engine.types import Coverage, Document, Section, Span
from tests.storage.samples import DIFFICULT_TEXTS

HISTORY_V2 = Path(__file__).parent.parent / "files" / "history_v2.sqlite3"
REPORT = Document(
    name="Report.pdf",
    text="One.\nTwo.",
    format="pdf",
    path="/home/someone/Report.pdf",
    sections=(Section(0, 4, "p. 1", kind="page"), Section(5, 9, "二", level=2)),
    page_count=2,
    remarks=("A page had no text.",),
)


class Options(msgspec.Struct, frozen=True):
    length: str = "short"


class Result(msgspec.Struct, frozen=True):
    coverage: Coverage
    spans: tuple[Span, ...]


def test_a_document_comes_back_whole(desk: Desk) -> None:
    stored = desk.add_document(REPORT)
    assert stored.document == REPORT
    assert desk.document(stored.id) == stored


@pytest.mark.parametrize("text", DIFFICULT_TEXTS.values(), ids=DIFFICULT_TEXTS)
def test_its_text_comes_back_exactly(desk: Desk, text: str) -> None:
    stored = desk.add_document(Document(name="x", text=text))
    assert stored.document.text == text
    assert desk.documents()[0].characters == len(text)


def test_text_that_no_reader_cleaned_is_cleaned(desk: Desk) -> None:
    stored = desk.add_document(Document(name="a\ud800", text="b\x00\r\n", path="/\udcff"))
    assert stored.document.text == "b\ufffd\n"
    assert stored.document.name == "a\ufffd"


def test_the_same_document_is_there_once_and_moves_to_the_top(desk: Desk) -> None:
    first = desk.add_document(REPORT)
    other = desk.add_document(msgspec.structs.replace(REPORT, path=None))
    changed = desk.add_document(msgspec.structs.replace(REPORT, text="One. Three."))
    assert [entry.id for entry in desk.documents()] == [changed.id, other.id, first.id]
    again = desk.add_document(msgspec.structs.replace(REPORT, remarks=()))
    assert again.id == first.id
    assert again.document.remarks == ()
    assert [entry.id for entry in desk.documents()] == [first.id, changed.id, other.id]


def test_removing_can_be_undone(desk: Desk) -> None:
    stored = desk.add_document(REPORT)
    desk.remove_document(stored.id)
    assert desk.documents() == []
    assert desk.purge_removed() == 0
    desk.restore_document(stored.id)
    assert [entry.name for entry in desk.documents()] == ["Report.pdf"]
    desk.remove_document(stored.id)
    assert desk.add_document(REPORT).id == stored.id
    assert len(desk.documents()) == 1


def test_purging_takes_the_results_along(desk: Desk, database: Database) -> None:
    stored = desk.add_document(REPORT)
    desk.save_run(stored.id, "entities", {}, {}, None, 1)
    desk.remove_document(stored.id)
    assert desk.purge_removed(older_than_days=0) == 1
    assert database.row("SELECT count(*) FROM tool_runs") == (0,)


def test_the_latest_run_of_a_text_tool(desk: Desk) -> None:
    stored = desk.add_document(REPORT)
    assert desk.latest_run(stored.id, "entities") is None
    result = Result(Coverage(1, 1), (Span(0, 3, "One", "MISC", 0.5),))
    desk.save_run(stored.id, "entities", Options(), {"old": True}, None, 1)
    desk.save_run(stored.id, "sentiment", Options(), {}, None, 1)
    saved = desk.save_run(stored.id, "entities", Options("long"), result, {"name": "模型"}, 2.5)
    assert desk.latest_run(stored.id, "entities") == saved
    assert saved.options == {"length": "long"}
    assert saved.model == {"name": "模型"}
    assert saved.seconds == 2.5
    assert msgspec.convert(saved.result, Result) == result


def test_a_missing_document(desk: Desk) -> None:
    for attempt in (
        lambda: desk.document(7),
        lambda: desk.remove_document(7),
        lambda: desk.save_run(7, "entities", {}, {}, None, 1),
    ):
        with pytest.raises(StorageError, match="no longer there"):
            attempt()


def test_runs_over_several_documents_are_apart_from_those_over_one(desk: Desk) -> None:
    one, two, three = (
        desk.add_document(Document(name=n, text=f"Text {n}.")).id for n in ("a", "b", "c")
    )
    desk.save_run(one, "summarize", {}, {"of": "one"}, None, 1)
    desk.save_run(one, "summarize", {}, {"of": "two"}, None, 1, further=(two,))
    desk.save_run(one, "summarize", {}, {"of": "three"}, None, 1, further=(two, three))
    found = [desk.latest_run(one, "summarize", further) for further in ((), (two,), (two, three))]
    assert [run.result["of"] for run in found if run] == ["one", "two", "three"]
    assert found[2] is not None
    assert found[2].further == (two, three)
    assert desk.latest_run(two, "summarize") is None
    assert desk.latest_run(one, "summarize", (three, two)) is None


def test_all_runs_are_found_the_newest_first(desk: Desk) -> None:
    stored = desk.add_document(REPORT)
    for number in range(5):
        desk.save_run(stored.id, "ask", {"question": f"{number}?"}, {}, None, 1)
    desk.save_run(stored.id, "summarize", {}, {}, None, 1)
    asked = [run.options["question"] for run in desk.runs(stored.id, "ask")]
    assert asked == ["4?", "3?", "2?", "1?", "0?"]
    assert len(desk.runs(stored.id, "ask", limit=2)) == 2


def test_the_newest_run_over_any_text_of_a_file_is_found(desk: Desk) -> None:
    old = desk.add_document(REPORT)
    new = desk.add_document(msgspec.structs.replace(REPORT, text="One.\nTwo. Three."))
    other = desk.add_document(msgspec.structs.replace(REPORT, path="/elsewhere/Report.pdf"))
    pasted = desk.add_document(Document(name="a", text="b"))
    assert desk.latest_run_of_file(new.id, "summarize") is None
    kept = desk.save_run(old.id, "summarize", {}, {"coverage": 1}, None, 1)
    desk.save_run(old.id, "sentiment", {}, {}, None, 1)
    desk.save_run(old.id, "summarize", {}, {}, None, 1, further=(other.id,))
    desk.save_run(pasted.id, "summarize", {}, {}, None, 1)
    desk.remove_document(old.id)
    assert desk.latest_run_of_file(new.id, "summarize") == kept
    assert desk.latest_run_of_file(other.id, "summarize") is None
    assert desk.latest_run_of_file(pasted.id, "summarize") == desk.latest_run(
        pasted.id, "summarize"
    )


def test_a_history_of_version_2_is_brought_up_to_date(path: Path) -> None:
    path.parent.mkdir()
    shutil.copyfile(HISTORY_V2, path)
    with Database.open(path) as database:
        desk = Desk(database)
        run = desk.latest_run(1, "sentiment")
        assert run is not None
        assert run.further == ()
        desk.save_run(1, "summarize", {}, {}, None, 1, further=(2,))
        assert desk.latest_run(1, "summarize") is None
    (copy,) = backups.existing(path)
    assert "-before-m003_runs_of_several" in copy.name
