"""Files damaged in every way: never an unexplained error, never a lost file."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import EngineError, StorageDamagedError, StorageError
from engine.storage import backups
from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.desk import Desk
from engine.types import Role
from tests.storage.samples import contents, copy_as_if_killed, fill


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("carrel.damaged-*.sqlite3"))


def use(database: Database) -> int:
    """Read everything, then write; the number of conversations that were found."""
    conversations, desk = Conversations(database), Desk(database)
    found = conversations.list()
    conversations.mark_interrupted()
    for conversation in found:
        for message in conversations.branch(conversation.id)[:1]:
            conversations.select_message(message.id)
    for entry in desk.documents():
        desk.document(entry.id)
        desk.latest_run(entry.id, "sentiment")
    new = conversations.create("New")
    conversations.add_message(new.id, Role.USER, "Hello", None)
    return len(found)


def another_programs() -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
        return connection.serialize()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "not a database": lambda data: b"This is a text file. " * 1000,
    "header": lambda data: b"X" * 16 + data[16:],
    "first page": lambda data: data[:100] + b"\xff" * 3996 + data[4096:],
    "later pages": lambda data: data[:4096] + b"\xff" * (len(data) - 4096),
    "cut short": lambda data: data[: len(data) // 2],
    "cut within a page": lambda data: data[:-1000],
    "one byte": lambda data: data[:1],
    "empty with a backup": lambda data: b"",
    "table name": lambda data: data.replace(b"TABLE messages", b"TABLE massages"),
    "column name": lambda data: data.replace(b"    content TEXT", b"    kontent TEXT"),
    "link": lambda data: data.replace(b"REFERENCES documents", b"REFERENCES dokuments"),
    "migration name": lambda data: data.replace(b"m001_first_t", b"m001_fist__t"),
    "another program's": lambda data: another_programs(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_set_aside_and_the_backup_put_back(
    path: Path, damage: Callable[[bytes], bytes]
) -> None:
    fill(path)
    Database.open(path).close()  # makes the backup
    (backup,) = backups.existing(path)
    with Database.open(path) as database:
        Conversations(database).create("After the backup")
    damaged = damage(path.read_bytes())
    assert damaged != path.read_bytes()
    path.write_bytes(damaged)
    with Database.open(path) as database:
        assert use(database) == 3
        (remark,) = database.remarks
    (aside,) = set_aside(path)
    assert aside.read_bytes() == damaged
    taken = backups.taken_at(backup)
    assert str(aside) in remark
    assert f"The backup of {taken:%Y-%m-%d %H:%M} UTC was put in its place" in remark
    with Database.open(path) as database:
        assert database.remarks == ()
        assert len(Conversations(database).list()) == 4


def test_without_a_backup_a_fresh_one_is_started(path: Path) -> None:
    fill(path)
    path.write_bytes(b"garbage" * 1000)
    with Database.open(path) as database:
        assert use(database) == 0
        (remark,) = database.remarks
    assert "no good backup" in remark
    assert str(set_aside(path)[0]) in remark


def test_the_log_is_set_aside_with_its_database(path: Path, tmp_path: Path) -> None:
    fill(tmp_path / "other" / path.name)
    with Database.open(tmp_path / "other" / path.name) as database:
        Conversations(database).create("Only in the log")
        copy_as_if_killed(database.path, path)
    log = path.with_name(f"{path.name}-wal").read_bytes()
    path.write_bytes(b"garbage" * 1000)
    with Database.open(path) as database:
        assert Conversations(database).list() == []
    (aside,) = set_aside(path)
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == log


def test_a_log_without_its_database_is_kept(path: Path, tmp_path: Path) -> None:
    with Database.open(tmp_path / "other" / path.name) as database:
        Conversations(database).create("Only in the log")
        copy_as_if_killed(database.path, path)
    log = path.with_name(f"{path.name}-wal").read_bytes()
    path.unlink()
    with Database.open(path) as database:
        (remark,) = database.remarks
        assert "missing" in remark
    assert log in contents(path).values()


def test_a_missing_file_starts_anew_and_names_the_backups(path: Path) -> None:
    fill(path)
    Database.open(path).close()
    path.unlink()
    with Database.open(path) as database:
        assert use(database) == 0
        (remark,) = database.remarks
    assert str(path.parent / "backups") in remark
    assert set_aside(path) == []


def test_nothing_is_moved_when_the_backup_cannot_be_copied(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(path)
    Database.open(path).close()
    path.write_bytes(b"garbage")
    before = contents(path)

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfile", no_space)
        with pytest.raises(StorageError, match="could not be copied back") as caught:
            Database.open(path)
    assert "Free some space" in caught.value.hint
    assert contents(path) == before


def test_damage_that_shows_in_use_is_explained(path: Path) -> None:
    fill(path, count=30)
    with Database.open(path) as database:
        (root,) = database.row("SELECT rootpage FROM sqlite_master WHERE name = 'messages'") or (0,)
        with open(path, "r+b") as file:
            file.seek((root - 1) * 4096)
            file.write(b"\xff" * 4096)
        database.rows("PRAGMA shrink_memory")
        with pytest.raises(StorageDamagedError) as caught:
            use(database)
        assert "sets the damaged file aside" in caught.value.hint


def test_links_that_run_in_a_circle_end(conversations: Conversations, database: Database) -> None:
    conversation = conversations.create()
    first = conversations.add_message(conversation.id, Role.USER, "one", None)
    second = conversations.add_message(conversation.id, Role.USER, "two", first.id)
    database.write("UPDATE messages SET parent_id = ? WHERE id = ?", second.id, first.id)
    assert conversations.branch(conversation.id)[-1].content == "two"
    assert conversations.select_message(first.id)[-1].content == "two"
    assert conversations.select_message(second.id)[-1].content == "two"


def damaged_at_random(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    kind = chance.choice(("flip", "flip", "bytes", "page", "cut", "zero", "swap"))
    if kind == "flip":
        for _ in range(chance.choice((1, 3, 30))):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del damaged[chance.randrange(len(damaged)) :]
    else:
        length = chance.choice((4, 64, 512))
        start = chance.randrange(len(damaged))
        if kind in ("page", "swap"):
            length, start = 4096, start // 4096 * 4096
        patch = bytes(length) if kind == "zero" else chance.randbytes(length)
        if kind == "swap":
            other = chance.randrange(len(damaged)) // 4096 * 4096
            patch = bytes(damaged[other : other + 4096])
        damaged[start : start + length] = patch
    return bytes(damaged)


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
def test_random_damage(tmp_path: Path, killed: bool) -> None:
    source = tmp_path / "source" / "carrel.sqlite3"
    fill(source, count=5)
    Database.open(source).close()
    with Database.open(source) as database:
        Conversations(database).create("Only in the log")
        template = tmp_path / "template" / source.name
        copy_as_if_killed(source, template)
    if not killed:
        template = source
    kept = contents(template)
    outcomes = {"sound": 0, "set aside": 0, "refused": 0}
    told: list[str] = []
    for seed in range(40):
        chance = random.Random(seed)
        path = tmp_path / str(seed) / source.name
        path.parent.mkdir()
        hit = chance.choice(sorted(kept))
        for name, data in kept.items():
            (path.parent / name).write_bytes(
                damaged_at_random(data, chance) if name == hit else data
            )
        before = contents(path)
        try:
            with Database.open(path) as database:
                use(database)
        except EngineError as error:
            told.append(f"{error.message} {error.hint}")
            outcomes["refused"] += 1
        else:
            outcomes["set aside" if set_aside(path) else "sound"] += 1
        if set_aside(path):
            assert before["carrel.sqlite3"] in contents(path).values(), seed
        shutil.rmtree(path.parent)
    assert outcomes["set aside"] >= 5
    assert outcomes["sound"] >= 5
    assert all("Start Carrel again" in sentence for sentence in told)
