"""How values are written into columns and read back.

Texts go through `clean_text`, so NUL and lone surrogates, which UTF-8 cannot hold or C would cut
off at, become U+FFFD, and line ends become "\\n". Everything else comes back exactly as it went in.
Storage does this itself, once, and hands out what it kept: a reader of the database, the model and
the window then all see the same characters at the same offsets.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from engine.text import clean_text


def text(value: str) -> str:
    return clean_text(value)[0]


def any_text(value: str) -> str:
    """As it is, line ends and all; only lone surrogates, which UTF-8 cannot hold, become "?"."""
    return value.encode("utf-8", "replace").decode("utf-8")


def to_json(value: Any) -> str:
    """Plain values or Structs as JSON, in ASCII: escapes carry even lone surrogates exactly."""
    return json.dumps(msgspec.to_builtins(value))


def optional_json(value: Any) -> str | None:
    return None if value is None else to_json(value)


def from_json(stored: str | None) -> Any:
    """None for what is not JSON any more: it must not keep a damaged row from being read."""
    if stored is None:
        return None
    try:
        return json.loads(stored)
    except ValueError:
        return None


def dict_or_none(stored: str | None) -> dict[str, Any] | None:
    value = from_json(stored)
    return value if isinstance(value, dict) else None
