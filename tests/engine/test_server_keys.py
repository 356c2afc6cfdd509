"""Keys live in the keyring, or in memory where there is none, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest

from engine import server_keys
from engine.errors import BadRequestError
from engine.server_keys import KeptWhere, forget_key, keep_key, read_key
from tests.engine.keyrings import LockedKeyring, MemoryKeyring

HERE, THERE = "https://gpu.example.org", "https://gpu.example.org:8443"
KEY = "sk-amber-otter-5512"


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    before, ring = keyring.get_keyring(), MemoryKeyring()
    monkeypatch.setattr(server_keys, "_this_session", {})
    monkeypatch.setattr(server_keys, "_seen", {})
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_key_is_kept_for_one_origin_and_read_again(ring: MemoryKeyring) -> None:
    assert read_key(HERE) == ""
    assert keep_key(HERE, f"  {KEY}\n") is KeptWhere.KEYRING
    assert ring.kept == {("carrel", HERE): KEY}
    assert read_key(HERE) == KEY
    assert read_key(THERE) == ""


def test_the_keyring_is_asked_once_and_again_only_on_demand(ring: MemoryKeyring) -> None:
    read_key(HERE)
    ring.kept["carrel", HERE] = KEY  # as another process does
    assert read_key(HERE) == ""
    assert ring.reads == 1
    assert read_key(HERE, again=True) == KEY


def test_a_forgotten_key_is_gone_everywhere(ring: MemoryKeyring) -> None:
    keep_key(HERE, KEY)
    keep_key(THERE, KEY, in_memory=True)
    assert forget_key(HERE)
    assert forget_key(THERE)
    assert (read_key(HERE), read_key(THERE)) == ("", "")
    assert ring.kept == {}
    assert not forget_key(HERE)


@pytest.mark.parametrize(
    "other",
    [LockedKeyring(), keyring.backends.fail.Keyring(), keyring.backends.null.Keyring()],
    ids=["locked", "none", "null"],
)
def test_without_a_keyring_a_key_lasts_for_this_session(other: MemoryKeyring) -> None:
    keyring.set_keyring(other)
    assert read_key(HERE) == ""
    assert keep_key(HERE, KEY) is KeptWhere.SESSION
    assert read_key(HERE, again=True) == KEY
    assert forget_key(HERE)
    assert read_key(HERE) == ""


def test_a_key_for_this_run_is_not_stored(ring: MemoryKeyring) -> None:
    assert keep_key(HERE, KEY, in_memory=True) is KeptWhere.SESSION
    assert ring.kept == {}


@pytest.mark.parametrize(
    "key", ["", "  ", "two words", "line\nbreak", "ключ", "x" * 9000, "a\x00b"]
)
def test_what_can_be_no_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        keep_key(HERE, key)
    assert key.strip() == "" or key not in caught.value.message
