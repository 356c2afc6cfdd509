"""The keys of model servers: in the system's keyring, or in memory where there is none.

Never in a file, and never in a message or log of Carrel's. `keyring` is imported only when a key is
asked for. A key belongs to a server's origin (scheme, host and port) and is given to no other.
"""

from __future__ import annotations

import re
import threading
from enum import StrEnum
from typing import Any

from engine.errors import BadRequestError

SERVICE = "carrel"
LONGEST = 8192
_lock = threading.Lock()
_this_session: dict[str, str] = {}  # keys that no keyring took
_seen: dict[str, str] = {}  # the keyring's, read once for each load of a model


class KeptWhere(StrEnum):
    KEYRING = "keyring"
    SESSION = "session"  # in this process's memory, until it ends
    NOWHERE = ""


def read_key(origin: str, *, again: bool = False) -> str:
    """The key for a server, "" if there is none. `again` asks the keyring anew."""
    with _lock:
        if origin in _this_session:
            return _this_session[origin]
        if again or origin not in _seen:
            _seen[origin] = _from_keyring(origin)
        return _seen[origin]


def keep_key(origin: str, key: str, *, in_memory: bool = False) -> KeptWhere:
    """Keep a key and say where; `BadRequestError` if it can be no key."""
    key = checked_key(key)
    with _lock:
        _this_session.pop(origin, None)
        if not in_memory and _to_keyring(origin, key):
            _seen[origin] = key
            return KeptWhere.KEYRING
        _this_session[origin] = key
        return KeptWhere.SESSION


def forget_key(origin: str) -> bool:
    """Remove a server's key everywhere; was there one?"""
    with _lock:
        had = bool(_this_session.pop(origin, ""))
        had |= bool(_from_keyring(origin))
        _seen[origin] = ""
        if had:
            _delete(origin)
        return had


def checked_key(key: str) -> str:
    """A key as it can stand in a header: one line of printable ASCII without spaces."""
    key = key.strip()
    if not key or len(key) > LONGEST or not re.fullmatch(r"[\x21-\x7e]+", key):
        raise BadRequestError(
            "This is no key: it must be one line of letters, digits and signs.",
            hint="Copy it once more from where the server's operator gave it to you.",
        )
    return key


def _keyring() -> Any:
    """The library, or None where nothing can keep a secret."""
    try:
        import keyring
        from keyring.backends import fail, null

        found = keyring.get_keyring()
    except Exception:  # the choice of a keyring is made by whatever is installed
        return None
    return None if isinstance(found, (fail.Keyring, null.Keyring)) else keyring


def _from_keyring(origin: str) -> str:
    library = _keyring()
    if library is None:
        return ""
    try:
        return str(library.get_password(SERVICE, origin) or "")
    except Exception:  # locked, refused, or its service has ended: as good as none
        return ""


def _to_keyring(origin: str, key: str) -> bool:
    library = _keyring()
    if library is None:
        return False
    try:
        library.set_password(SERVICE, origin, key)
    except Exception:
        return False
    return _from_keyring(origin) == key


def _delete(origin: str) -> None:
    library = _keyring()
    if library is None:
        return
    try:
        library.delete_password(SERVICE, origin)
    except Exception:  # it was not there, or the keyring was closed meanwhile
        return
