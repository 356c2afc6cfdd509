from __future__ import annotations

import os
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.storage import backups
from engine.storage.conversations import Conversations
from engine.storage.database import Database
from tests.storage.samples import fill


def set_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr("engine.storage.files.stamp", lambda: f"{day}T120000Z")


def test_a_new_database_needs_no_backup(database: Database) -> None:
    assert backups.existing(database.path) == []


def test_one_a_day(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)
    for day, count in (("20260301", 1), ("20260301", 1), ("20260302", 2), ("20260227", 3)):
        set_day(monkeypatch, day)
        Database.open(path).close()
        assert len(backups.existing(path)) == count
    names = [backup.name for backup in backups.existing(path)]
    assert names == [f"carrel-{day}T120000Z.sqlite3" for day in (20260302, 20260301, 20260227)]
    assert sorted(os.listdir(backups.folder(path))) == sorted(names)


def test_a_backup_is_a_whole_database(path: Path) -> None:
    fill(path)
    Database.open(path).close()
    (backup,) = backups.existing(path)
    with Database.open(backup) as copy, Database.open(path) as original:
        assert Conversations(copy).list() == Conversations(original).list()
        assert Conversations(copy).branch(1) == Conversations(original).branch(1)


def test_a_backup_that_cannot_be_written_does_not_keep_anybody_out(path: Path) -> None:
    fill(path)
    backups.folder(path).write_text("a file where the folder should be")
    with Database.open(path) as database:
        assert len(Conversations(database).list()) == 3
        (remark,) = database.remarks
    assert "backup was not made" in remark


def test_what_was_cut_off_is_no_backup(path: Path) -> None:
    fill(path)
    backups.folder(path).mkdir()
    (backups.folder(path) / "carrel.part").write_bytes(b"half")
    (backups.folder(path) / "notes.txt").write_text("the user's own")
    (backups.folder(path) / "carrel-20269999T000000Z.sqlite3").write_text("no such day")
    Database.open(path).close()
    assert len(backups.existing(path)) == 1
    assert len(os.listdir(backups.folder(path))) == 3


def make(path: Path, days: list[date]) -> None:
    backups.folder(path).mkdir(parents=True, exist_ok=True)
    for day in days:
        (backups.folder(path) / f"carrel-{day:%Y%m%d}T090000Z.sqlite3").touch()


def test_thinning_keeps_twelve_days_ten_weeks_nine_months(path: Path) -> None:
    last = date(2026, 11, 22)
    for age in range(450, -1, -1):  # day by day, as it happens
        make(path, [last - timedelta(days=age)])
        backups.thin(backups.existing(path))
    kept = [backups.taken_at(backup) for backup in backups.existing(path)]
    days = [taken.date() for taken in kept if taken]
    assert days[:12] == [last - timedelta(days=age) for age in range(12)]
    assert len({day.isocalendar()[:2] for day in days}) >= 10
    assert len({(day.year, day.month) for day in days}) == 9
    assert 20 <= len(days) <= 31
    assert last - timedelta(days=300) < min(days) < last - timedelta(days=200)


def test_a_clock_that_jumps_throws_nothing_away(path: Path) -> None:
    make(path, [date(2026, 3, 1), date(2026, 3, 2), date(2070, 1, 1), date(1980, 1, 1)])
    backups.thin(backups.existing(path))
    assert len(backups.existing(path)) == 4


def test_copies_made_before_an_upgrade_stay(path: Path) -> None:
    make(path, [date(2026, 1, 1) + timedelta(days=number) for number in range(40)])
    old = backups.folder(path) / "carrel-20200101T000000Z-before-m002_x.sqlite3"
    old.touch()
    backups.thin(backups.existing(path))
    assert old.exists()


def test_the_newest_good_one_is_found(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)
    for day in ("20260301", "20260302", "20260303", "20260304"):
        set_day(monkeypatch, day)
        Database.open(path).close()
    newest, second, third, _ = backups.existing(path)
    newest.write_bytes(b"")
    damaged = bytearray(second.read_bytes())
    damaged[4096:] = random.Random(1).randbytes(len(damaged) - 4096)
    second.write_bytes(damaged)
    before = third.read_bytes()
    assert backups.newest_good(path) == third
    assert third.read_bytes() == before
    assert len(os.listdir(backups.folder(path))) == 4
