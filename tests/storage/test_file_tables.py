from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.errors import StorageError
from engine.storage.database import Database
from engine.storage.desk import Desk
from engine.storage.file_tables import FileTables

HISTORY_V3 = Path(__file__).parent.parent / "files" / "history_v3.sqlite3"
SPEC = {"columns": [{"kind": "summary", "question": ""}], "reader": "quotes", "model": "embedded"}


@pytest.fixture
def tables(database: Database) -> FileTables:
    return FileTables(database)


def test_a_table_comes_back_as_it_grew(tables: FileTables) -> None:
    number = tables.add("Letters", SPEC, ["/b", "/a", "/b", "/书"])
    tables.save_row(number, "/a", {"path": "/a", "cells": {"k": {"text": "找到 \ud800"}}})
    stored = tables.table(number)
    assert (stored.name, stored.spec) == ("Letters", SPEC)
    assert list(stored.rows) == ["/b", "/a", "/书"]
    assert stored.rows["/b"] is None
    assert stored.rows["/a"] == {"path": "/a", "cells": {"k": {"text": "找到 \ud800"}}}


def test_the_last_changed_comes_first(tables: FileTables) -> None:
    first, second = tables.add("One", SPEC, ["/a"]), tables.add("Two", SPEC, [])
    assert [entry.id for entry in tables.tables()] == [second, first]
    tables.rename(first, "Uno")
    assert [(entry.name, entry.files) for entry in tables.tables()] == [("Uno", 1), ("Two", 0)]


def test_a_deleted_table_can_be_brought_back_and_goes_in_the_end(tables: FileTables) -> None:
    number = tables.add("One", SPEC, ["/a"])
    tables.remove(number)
    assert tables.tables() == []
    tables.restore(number)
    assert [entry.id for entry in tables.tables()] == [number]
    tables.remove(number)
    tables.purge_removed(older_than_days=1)
    assert tables.table(number).name == "One"
    tables.purge_removed(older_than_days=-1)
    with pytest.raises(StorageError, match="no longer there"):
        tables.table(number)


def test_more_may_be_asked_and_what_was_found_stays(tables: FileTables) -> None:
    number = tables.add("One", SPEC, ["/a"])
    tables.save_row(number, "/a", {"found": 1})
    tables.change_spec(number, {**SPEC, "reader": "automatic"})
    stored = tables.table(number)
    assert stored.spec["reader"] == "automatic"
    assert stored.rows == {"/a": {"found": 1}}


def test_a_history_of_before_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    shutil.copy(HISTORY_V3, path)
    with Database.open(path) as database:
        assert FileTables(database).tables() == []
        assert FileTables(database).add("One", SPEC, ["/a"]) == 1
        assert Desk(database).documents() is not None
