"""Fields that say of themselves how a form, a file and the command line may fill them.

Settings and every text tool's `Options` are dataclasses of such fields.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from engine.errors import BadRequestError

T = TypeVar("T")
CHANGED = object()  # for `shown_when`: any value but the default


def option(
    default: Any,
    label: str,
    help: str = "",
    *,
    group: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    step: float | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    multiline: bool = False,
    special: str = "",
    code: bool = False,
    check: Callable[[str], object] | None = None,
    shown_when: tuple[str, Any] | None = None,
) -> Any:
    """A dataclass field (str, bool, int or float, by its default).

    `choices` are (value, label) pairs; `special` is shown in place of the minimum ("automatic").
    `code` is text for machines, in letters of one width. `check` raises `BadRequestError` for a
    text that means nothing. `shown_when` names another field of the same group and the value that
    it must have for this one to matter, or `CHANGED`.
    """
    meta = {
        "label": label,
        "help": help,
        "group": group,
        "minimum": minimum,
        "maximum": maximum,
        "step": step,
        "choices": choices,
        "multiline": multiline,
        "special": special,
        "code": code,
        "check": check,
        "shown_when": shown_when,
    }
    return dataclasses.field(default=default, metadata=meta)


def checked(field: dataclasses.Field[Any], value: Any) -> Any:
    """`value` as this field may hold it; otherwise `BadRequestError` says what it may be."""
    meta, kind = field.metadata, type(field.default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):
            value = float(value)
    allowed = [key for key, _ in meta["choices"]]
    if type(value) is not kind or (allowed and value not in allowed):
        wanted = f"one of {', '.join(allowed)}" if allowed else f"a {kind.__name__}"
        raise BadRequestError(f"{field.name} must be {wanted}, not {value!r}.")
    low, high = meta["minimum"], meta["maximum"]
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        raise BadRequestError(f"{field.name} must lie between {low} and {high}, not {value!r}.")
    if meta["check"] is not None:
        meta["check"](value)
    return value


def filled(kind: type[T], values: dict[str, Any]) -> T:
    """An instance of the options dataclass `kind` from plain data; `BadRequestError` if it cannot."""
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - set(fields))
    if unknown:
        known = ", ".join(fields) or "none"
        raise BadRequestError(f"Unknown option {unknown[0]!r}; there are: {known}.")
    return kind(**{name: checked(fields[name], value) for name, value in values.items()})
