"""Code with colours: pygments' tokens as runs with the names of theme colours.

Code is coloured in pieces of limited size, cut after blank lines, so that a growing block never
costs more than its last piece, and comes out the same however it arrived.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from gui.markdown.units import CodeUnit, Run

SOFT_PIECE, HARD_PIECE = 1200, 2400  # characters
LONGEST_COLORED_LINE = 1000

# The first prefix of a token type's name decides.
_TOKENS = (
    ("Comment", "mut"),
    ("Keyword", "people"),
    ("Operator.Word", "people"),
    ("Literal.String", "positive"),
    ("Literal.Number", "organizations"),
    ("Name.Function", "organizations"),
    ("Name.Class", "organizations"),
    ("Name.Builtin", "organizations"),
    ("Name.Tag", "people"),
    ("Name.Attribute", "organizations"),
    ("Name.Decorator", "other"),
    ("Generic.Inserted", "positive"),
    ("Generic.Deleted", "negative"),
    ("Generic.Heading", "people"),
)

Lines = list[tuple[Run, ...]]


def pieces(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Ranges of lines that are coloured as one, the same for any continuation of `lines`."""
    start = size = 0
    for number, line in enumerate(lines):
        size += len(line) + 1
        if size >= HARD_PIECE or (size >= SOFT_PIECE and not line.strip()):
            yield start, number + 1
            start, size = number + 1, 0
    if start < len(lines):
        yield start, len(lines)


def colored(lines: list[str], language: str) -> Lines:
    """Runs for each line of one piece."""
    lexer = _lexer(language)
    if lexer is None or any(len(line) > LONGEST_COLORED_LINE for line in lines):
        return [plain(line) for line in lines]
    out: Lines = []
    current: list[Run] = []
    for token, text in lexer.get_tokens("\n".join(lines)):
        name = _color(token)
        head, *rest = text.split("\n")
        _add(current, head, name)
        for part in rest:
            out.append(tuple(current))
            current = []
            _add(current, part, name)
    out.append(tuple(current))
    out = out[: len(lines)]  # pygments ends every text with a line end
    if "".join(run.text for runs in out for run in runs) != "".join(lines):
        return [plain(line) for line in lines]  # a lexer that alters its input
    return out


def plain(line: str) -> tuple[Run, ...]:
    return (Run(line),) if line else ()


def code_units(
    lines: Lines, language: str, gap: int, *, opens: bool, closes: bool, indent: int, quote: int
) -> list[CodeUnit]:
    """Units for some lines of a block: `opens` with its first line, `closes` with its last."""
    last = len(lines) - 1
    return [
        CodeUnit(
            runs,
            gap if opens and number == 0 else 0,
            language,
            opens and number == 0,
            closes and number == last,
            indent,
            quote,
        )
        for number, runs in enumerate(lines)
    ]


def whole_block(code: str, language: str, gap: int, indent: int, quote: int) -> list[CodeUnit]:
    """Units of a block that is there as a whole."""
    lines = code.removesuffix("\n").split("\n")
    runs = [r for start, end in pieces(lines) for r in colored(lines[start:end], language)]
    return code_units(runs, language, gap, opens=True, closes=True, indent=indent, quote=quote)


def warm_up() -> None:
    """Import the lexers that answers mostly need, so that the first code block need not wait."""
    for language in ("python", "javascript", "bash", "json", "html", "c++", "sql"):
        colored(["x"], language)


def _add(runs: list[Run], text: str, token: str) -> None:
    if not text:
        return
    if runs and runs[-1].token == token:
        runs[-1] = Run(runs[-1].text + text, token=token)
    else:
        runs.append(Run(text, token=token))


@lru_cache(maxsize=512)
def _color(token: Any) -> str:
    name = str(token).removeprefix("Token.")
    return next((color for prefix, color in _TOKENS if name.startswith(prefix)), "")


@lru_cache(maxsize=32)
def _lexer(language: str) -> Any:
    if not language:
        return None
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=True)
    except ClassNotFound:
        return None
