from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.desk import Desk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "carrel.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with Database.open(path) as database:
        assert database.remarks == ()
        yield database


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)
