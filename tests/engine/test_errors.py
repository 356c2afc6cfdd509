"""Every known error has a code of its own, and what a person can meet says what to do."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import errors
from engine.client import exit_error
from engine.errors import EngineError, ErrorInfo
from engine.paths import APP_ROOT

# Bases, and what only a mistake in a program brings about.
NO_HINT_NEEDED = {"EngineError", "BadRequestError"}


def kinds() -> list[type[EngineError]]:
    found = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    return [kind for kind in found if issubclass(kind, EngineError)]


def test_every_kind_of_error_has_a_code_of_its_own() -> None:
    codes = [vars(kind).get("code") for kind in kinds()]
    assert None not in codes
    assert len(set(codes)) == len(codes) > 15


def test_hints_are_sentences() -> None:
    for kind in kinds():
        assert kind.default_hint == "" or kind.default_hint.endswith(".")


def raised() -> Iterator[tuple[Path, ast.Call, str]]:
    """Every call in the engine that makes an error, with the error's name."""
    names = {kind.__name__ for kind in kinds()}
    for path in sorted((APP_ROOT / "engine").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield path, node, node.func.id  # type: ignore[attr-defined]


def test_what_has_no_hint_by_itself_gets_one_where_it_is_raised() -> None:
    hintless = {kind.__name__ for kind in kinds() if not kind.default_hint} - NO_HINT_NEEDED
    calls = list(raised())
    assert len(calls) > 30
    missing = [
        f"{path.relative_to(APP_ROOT)}:{call.lineno} {name}"
        for path, call, name in calls
        if name in hintless and "hint" not in {keyword.arg for keyword in call.keywords}
    ]
    assert missing == []


def test_an_error_reads_as_one_line() -> None:
    info = ErrorInfo("X", "It  broke\nin two.", "Mend it.", "detail")
    assert info.one_line() == "It broke in two. Mend it."
    assert ErrorInfo("X", "It broke.").one_line() == "It broke."


@pytest.mark.parametrize(
    ("exit_code", "told"),
    [
        (-4, "built for another processor"),
        (-6, "internal check"),
        (-9, "memory ran out"),
        (-11, "crashed"),
        (3, "exit code 3"),
    ],
)
def test_a_dead_worker_is_told_with_its_cause(exit_code: int, told: str) -> None:
    info = exit_error(exit_code, "the log")
    assert info.code == "WORKER_DIED"
    assert told in info.message
    assert info.hint
    assert info.detail == "the log"


def test_the_hint_does_not_say_that_the_engine_runs_again_when_it_does_not() -> None:
    assert "was started again" in exit_error(-9, "").hint
    assert "was started again" not in exit_error(-9, "", will_restart=False).hint
