from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import StorageError, StorageNewerError
from engine.storage import migrations
from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.desk import Desk
from engine.types import Role
from tests.storage.samples import contents, copy_as_if_killed, fill

HISTORY_V1 = Path(__file__).parent.parent / "files" / "history_v1.sqlite3"


def run_python(code: str, *arguments: object) -> str:
    """Run a script in a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert done.stderr == ""
    return done.stdout.strip()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_connection_is_set_up_for_safety(database: Database) -> None:
    for pragma, value in {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "locking_mode": "exclusive",
        "busy_timeout": 5000,
    }.items():
        assert database.row(f"PRAGMA {pragma}") == (value,), pragma
    assert database.rows("PRAGMA foreign_key_check") == []
    assert {row[-1] for row in database.rows("PRAGMA table_list") if row[1] in migrations.COLUMNS}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions by folder")
def test_only_the_owner_can_read_it(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    fill(path)
    with Database.open(path) as database:
        Conversations(database).create()
        assert mode(path.parent) == 0o700
        assert mode(path.parent / "backups") == 0o700
        files = [file for file in path.parent.rglob("*") if file.is_file()]
        assert path.with_name("carrel.sqlite3-wal") in files
        assert len([file for file in files if file.parent.name == "backups"]) == 1
        assert {mode(file) for file in files} == {0o600}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions by folder")
def test_a_shared_folder_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with Database.open(tmp_path / "carrel.sqlite3") as database:
        assert mode(tmp_path) == 0o1777
        assert mode(database.path) == 0o600


def test_a_name_with_difficult_letters(tmp_path: Path) -> None:
    path = tmp_path / "书斋 100% #1?&mode=ro" / "my history.sqlite3"
    fill(path)
    assert path.stat().st_size
    with Database.open(path) as database:
        assert len(Conversations(database).list()) == 3


def test_reopening_needs_no_sqlite_utils(path: Path) -> None:
    fill(path)
    code = """
import sys
from pathlib import Path
from engine.storage.database import Database
from engine.storage.conversations import Conversations
with Database.open(Path(sys.argv[1])) as database:
    print(len(Conversations(database).list()))
print(sorted({"sqlite_utils", "numpy", "pandas", "click"} & set(sys.modules)))
"""
    assert run_python(code, path).splitlines() == ["3", "[]"]


def test_a_second_window_is_told_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.storage.database.LOCK_SECONDS", 0.1)
    with pytest.raises(StorageError, match="already open in another Carrel window") as caught:
        Database.open(database.path)
    assert caught.value.hint
    code = """
import sys
from pathlib import Path
from engine.errors import StorageError
from engine.storage.database import Database
try:
    Database.open(Path(sys.argv[1]))
except StorageError as error:
    print(error.message)
"""
    assert "already open in another Carrel window" in run_python(code, database.path)
    Conversations(database).create("The first one still works")


def test_no_other_program_can_write_while_it_is_open(database: Database) -> None:
    other = sqlite3.connect(database.path, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("DELETE FROM conversations")
    other.close()


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
def test_a_newer_file_is_refused_and_not_touched(
    path: Path, tmp_path: Path, killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def m999_from_the_future(db: object) -> None:
        """Nothing to do."""

    with monkeypatch.context() as newer:
        newer.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, m999_from_the_future))
        with Database.open(path) as database:
            Conversations(database).create("From the future")
            target = tmp_path / "copy" / path.name
            copy_as_if_killed(path, target)
    if killed:
        path = target
    before = contents(path)
    assert ("carrel.sqlite3-wal" in before) is killed
    with pytest.raises(StorageNewerError) as caught:
        Database.open(path)
    assert "Update Carrel" in caught.value.hint
    assert contents(path) == before


def test_an_upgrade_makes_a_copy_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)

    def m002_add_a_note(db: object) -> None:
        db["conversations"].add_column("note", str)  # type: ignore[index]

    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, m002_add_a_note))
    with Database.open(path) as database:
        assert len(Conversations(database).list()) == 3
        assert database.row("SELECT note FROM conversations") == (None,)
    (backup,) = (path.parent / "backups").iterdir()
    assert "-before-m002_add_a_note" in backup.name
    monkeypatch.undo()
    with Database.open(backup) as database:
        assert len(Conversations(database).list()) == 3


def test_an_upgrade_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)

    def m002_fails(db: object) -> None:
        db.execute("DROP TABLE tool_runs")  # type: ignore[attr-defined]
        db.execute("DROP TABLE no_such_table")  # type: ignore[attr-defined]

    with monkeypatch.context() as broken:
        broken.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, m002_fails))
        with pytest.raises(StorageError, match="could not be brought up to date") as caught:
            Database.open(path)
        assert "backups" in caught.value.hint
    with Database.open(path) as database:
        assert len(Conversations(database).list()) == 3
        assert Desk(database).latest_run(1, "sentiment")


def test_a_history_of_version_1_opens(path: Path) -> None:
    path.parent.mkdir()
    shutil.copyfile(HISTORY_V1, path)
    with Database.open(path) as database:
        assert database.remarks == ()
        conversations, desk = Conversations(database), Desk(database)
        assert [entry.title for entry in conversations.list()] == [
            "Talk 2 谈话",
            "Talk 1 谈话",
            "Talk 0 谈话",
        ]
        branch = conversations.branch(1)
        assert [message.role for message in branch] == ["user", "assistant", "user"]
        assert branch[1].sibling_ids == (2, 3)
        assert branch[1].made_by == {"model": "test", "seed": 2}
        assert desk.document(1).document.sections[0].label == "One"
        assert desk.latest_run(1, "sentiment").result == {"label": "neutral"}  # type: ignore[union-attr]


def test_a_folder_in_place_of_the_file(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match="not a file"):
        Database.open(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
@pytest.mark.parametrize("what", ["folder", "new folder", "file"])
def test_no_permission_to_write(path: Path, what: str) -> None:
    fill(path)
    folder = path.parent
    code = """
import os, sys
from pathlib import Path
from engine.errors import StorageReadOnlyError
from engine.storage.database import Database
path, what = Path(sys.argv[1]), sys.argv[2]
os.chdir(path.parent)  # the folders above may be closed to everybody but their owner
if what == "file":
    os.chmod(path.parent, 0o777)
    os.chmod(path, 0o444)
else:
    os.chmod(path.parent, 0o555)
if os.geteuid() == 0:  # permissions do not bind root
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
relative = Path("deeper" if what == "new folder" else ".", path.name)
Path.absolute = lambda self: self
try:
    Database.open(relative)
except StorageReadOnlyError as error:
    print(error.message, "|", error.hint)
"""
    before = contents(path)
    answer = run_python(code, path, what)
    folder.chmod(0o700)
    path.chmod(0o600)
    assert "Give yourself write permission" in answer
    assert ("file" if what == "file" else "folder") in answer
    assert not (folder / "backups").exists()
    assert contents(path) == before


def test_a_full_disk_loses_nothing_that_was_saved(
    path: Path, database: Database, conversations: Conversations
) -> None:
    conversation = conversations.create("Full")
    kept = conversations.add_message(conversation.id, Role.USER, "before", None)
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.rows(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(StorageError, match="disk is full") as caught:
        conversations.add_message(conversation.id, Role.USER, "x" * 100_000, kept.id)
    assert "Free some space" in caught.value.hint
    assert conversations.branch(conversation.id) == [kept]
    database.rows("PRAGMA max_page_count = 1000000")
    conversations.add_message(conversation.id, Role.USER, "x" * 100_000, kept.id)
    assert len(conversations.branch(conversation.id)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs rlimits")
def test_a_full_disk_does_not_keep_anybody_out(path: Path) -> None:
    fill(path)
    code = """
import resource, sys
from pathlib import Path
from engine.storage.conversations import Conversations
from engine.storage.database import Database
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
with Database.open(Path(sys.argv[1])) as database:
    found = [*database.remarks, len(Conversations(database).list())]
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
print(*found)
"""
    answer = run_python(code, path)
    assert "backup was not made" in answer
    assert answer.endswith(" 3")


@pytest.mark.skipif(sys.platform == "win32", reason="needs rlimits")
def test_a_disk_that_refuses_to_write(path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
from engine.errors import StorageError
from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.types import Role
with Database.open(Path(sys.argv[1])) as database:
    conversations = Conversations(database)
    conversation = conversations.create("Full")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, most))
    parent = None
    try:
        while True:
            parent = conversations.add_message(
                conversation.id, Role.USER, "x" * 50_000, parent
            ).id
    except StorageError as error:
        print(error.message, "|", error.hint)
    print(len(conversations.branch(conversation.id)) == parent)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    print(conversations.add_message(conversation.id, Role.USER, "again", parent).id)
"""
    refused, all_there, last = run_python(code, path).splitlines()
    assert "The disk could not be read or written" in refused
    assert "not full" in refused
    assert all_there == "True"
    with Database.open(path) as database:
        assert database.remarks == ()
        branch = Conversations(database).branch(1)
        assert len(branch) == int(last)
        assert branch[-1].content == "again"
