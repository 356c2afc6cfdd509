"""What a person writes into the settings' larger fields, read into what the engine takes.

Each reader takes the whole text and raises `UnreadableTextError` with the line that it cannot read.
"""

from __future__ import annotations

import json
import re
from typing import Any

from engine.errors import BadRequestError

STRONGEST_BIAS = 100.0
_ESCAPE = re.compile(r"\\([nt\\])")
_ESCAPED = {"n": "\n", "t": "\t", "\\": "\\"}
_ROOT = re.compile(r"^\s*root\s*::=", re.MULTILINE)


class UnreadableTextError(BadRequestError):
    """`template` and `values` make the message, so that a window can say it in its language."""

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template.format(**values))
        self.template, self.values = template, values


def logit_bias(text: str) -> tuple[tuple[str, float], ...]:
    """`maybe = -5` on each line; a text in double quotes is read as JSON and keeps its spaces."""
    return tuple(
        _bias(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    )


def _bias(number: int, line: str) -> tuple[str, float]:
    words, sign, value = line.rpartition("=")
    words, value = words.strip(), value.strip()
    if not sign or not words:
        raise UnreadableTextError("Line {line} is not of the form “text = number”.", line=number)
    if len(words) > 1 and words[0] == words[-1] == '"':
        try:
            words = json.loads(words)
        except ValueError:
            words = words[1:-1]
    try:
        bias = float(value)
    except ValueError:
        raise UnreadableTextError(
            "Line {line}: “{value}” is not a number.", line=number, value=value
        ) from None
    if not abs(bias) <= STRONGEST_BIAS:
        raise UnreadableTextError(
            "Line {line}: the number must lie between -100 and 100.", line=number
        )
    if not words:
        raise UnreadableTextError("Line {line} has no text before the “=”.", line=number)
    return words, bias


def stop_strings(text: str) -> tuple[str, ...]:
    r"""One on each line; `\n` and `\t` stand for a line end and a tab."""
    lines = (line for line in text.split("\n") if line.strip())
    return tuple(_ESCAPE.sub(lambda match: _ESCAPED[match[1]], line) for line in lines)


def json_schema(text: str) -> dict[str, Any] | None:
    """A JSON object, None for an empty text."""
    if not text.strip():
        return None
    try:
        schema = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableTextError(
            "The schema is not valid JSON (line {line}, column {column}: {detail}).",
            line=error.lineno,
            column=error.colno,
            detail=error.msg.lower(),
        ) from None
    except ValueError:  # a number of thousands of digits
        raise UnreadableTextError("The schema is not valid JSON.") from None
    except RecursionError:
        raise UnreadableTextError("The schema is nested too deeply.") from None
    if not isinstance(schema, dict):
        raise UnreadableTextError("The schema must be a JSON object: it begins with “{{”.")
    return schema


def grammar(text: str) -> str:
    """GBNF, "" for an empty text. Only its first rule is looked for: the engine reads the rest."""
    if text.strip() and not _ROOT.search(text):
        raise UnreadableTextError(
            'The grammar has no rule named root, as in: root ::= "yes" | "no"'
        )
    return text.strip()
