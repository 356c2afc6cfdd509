"""Files of what a model has read: a sound one comes back, any other is as if it had never been."""

from __future__ import annotations

import random
from array import array
from pathlib import Path

import pytest

from engine.kept_state import SUFFIX, StateKey, StateStore, hashed

KEY = StateKey("ab" * 32, "build 1", "kv f16")
TALK = hashed("17")
TOKENS = list(range(300))
STATE = random.Random(1).randbytes(5000)


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return StateStore(tmp_path / "kept", limit=1 << 20)


def kept(store: StateStore) -> list[Path]:
    return sorted(store.folder.glob("*")) if store.folder.exists() else []


def test_what_was_kept_comes_back(store: StateStore) -> None:
    assert store.write(KEY, TALK, TOKENS, STATE)
    assert StateStore(store.folder, 1 << 20).entries(KEY) == {TALK: array("i", TOKENS)}
    assert store.read(KEY, TALK) == (array("i", TOKENS), STATE)
    assert store.size() == (1, kept(store)[0].stat().st_size)


def test_it_is_private_to_the_user_and_has_no_readable_name(store: StateStore) -> None:
    store.write(KEY, hashed("my secret talk"), TOKENS, STATE)
    (path,) = kept(store)
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert "secret" not in path.name


def test_a_later_state_takes_the_place_of_the_earlier_one(store: StateStore) -> None:
    store.write(KEY, TALK, TOKENS, STATE)
    store.write(KEY, TALK, [*TOKENS, 7], STATE[::-1])
    assert store.read(KEY, TALK) == (array("i", [*TOKENS, 7]), STATE[::-1])
    assert len(kept(store)) == 1


@pytest.mark.parametrize(
    "key",
    [
        StateKey(KEY.model_sha256, "build 2", KEY.layout),
        StateKey(KEY.model_sha256, KEY.build, "kv q8_0"),
    ],
)
def test_a_stale_file_is_never_used_and_goes(store: StateStore, key: StateKey) -> None:
    store.write(KEY, TALK, TOKENS, STATE)
    assert store.read(key, TALK) is None
    assert store.entries(key) == {}
    assert kept(store) == []


def test_another_models_file_is_left_for_when_that_is_loaded(store: StateStore) -> None:
    store.write(KEY, TALK, TOKENS, STATE)
    other = StateKey("cd" * 32, KEY.build, KEY.layout)
    assert store.entries(other) == {}
    assert store.read(other, TALK) is None
    assert store.read(KEY, TALK) is not None


def test_two_hundred_damaged_files_are_noticed_and_removed(store: StateStore) -> None:
    store.write(KEY, TALK, TOKENS, STATE)
    (path,) = kept(store)
    sound, chance = path.read_bytes(), random.Random(2)
    for number in range(200):
        damaged = bytearray(sound)
        if number % 2:
            del damaged[chance.randrange(len(sound)) :]
        else:
            for _ in range(chance.choice((1, 1, 8))):
                damaged[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
        if damaged == sound:
            continue
        path.write_bytes(damaged)
        fresh = StateStore(store.folder, 1 << 20)
        assert fresh.read(KEY, TALK) is None, f"damage {number} went unnoticed"
        assert not path.exists()
        assert fresh.entries(KEY) == {}


def test_what_is_not_ours_goes_and_other_files_stay(store: StateStore) -> None:
    store.folder.mkdir(parents=True)
    for name in (f"foreign{SUFFIX}", f"empty{SUFFIX}", "notes.txt"):
        (store.folder / name).write_bytes(b"" if name.startswith("empty") else b"x" * 9999)
    assert store.entries(KEY) == {}
    assert [path.name for path in kept(store)] == ["notes.txt"]


def test_a_header_that_claims_gigabytes_is_not_believed(store: StateStore) -> None:
    store.folder.mkdir(parents=True)
    path = store.folder / f"{KEY.model_sha256[:16]}-{TALK}{SUFFIX}"
    path.write_bytes(b"CARRELKV1\n" + b"\xff\xff\xff\xff" + b"x" * 100)
    assert store.read(KEY, TALK) is None
    assert not path.exists()


def test_the_least_recently_used_make_room(store: StateStore) -> None:
    import os

    store.limit = 3 * (len(STATE) + 2000)
    names = [hashed(str(number)) for number in range(3)]
    for age, name in enumerate(names):
        store.write(KEY, name, TOKENS, STATE)
        path = next(path for path in kept(store) if name in path.name)
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    assert store.read(KEY, names[0]) is not None  # used just now
    store.write(KEY, hashed("new"), TOKENS, STATE)
    left = store.entries(KEY)
    assert names[1] not in left
    assert {names[0], names[2], hashed("new")} == set(left)


def test_nothing_is_kept_beyond_the_limit_nor_without_one(store: StateStore) -> None:
    store.limit = 1000
    assert not store.write(KEY, TALK, TOKENS, STATE)
    store.limit = 0
    assert not store.write(KEY, TALK, [1], b"x")
    assert kept(store) == []


def test_forgetting_one_conversation_leaves_the_others(store: StateStore) -> None:
    other = hashed("18")
    for key in (KEY, StateKey("cd" * 32, KEY.build, KEY.layout)):
        store.write(key, TALK, TOKENS, STATE)
        store.write(key, other, TOKENS, STATE)
    store.forget([TALK])
    assert store.size()[0] == 2
    assert set(store.entries(KEY)) == {other}
    store.forget_all()
    assert kept(store) == []


def test_a_folder_that_cannot_be_written_costs_only_the_shortcut(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    store = StateStore(tmp_path / "file" / "kept", 1 << 20)
    assert not store.write(KEY, TALK, TOKENS, STATE)
    assert store.read(KEY, TALK) is None
    assert store.entries(KEY) == {}
    assert store.size() == (0, 0)


@pytest.mark.parametrize("deed", ["entries", "forget", "forget_all"])
def test_what_a_killed_process_had_half_written_is_removed(store: StateStore, deed: str) -> None:
    store.write(KEY, TALK, TOKENS, STATE)
    half = kept(store)[0].with_suffix(".1.tmp")
    half.write_bytes(b"what was said")
    {
        "entries": lambda: store.entries(KEY),
        "forget": lambda: store.forget([hashed("another")]),
        "forget_all": store.forget_all,
    }[deed]()
    assert not half.exists()
    assert store.size()[0] == (0 if deed == "forget_all" else 1)


def test_half_a_write_leaves_nothing_behind(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    assert not store.write(KEY, TALK, TOKENS, STATE)
    assert kept(store) == []
