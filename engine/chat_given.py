"""Documents of `carrel chat`: read before the question, and told after the answer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import msgspec

from engine.call import Caller
from engine.command_inputs import documents_in, named_document
from engine.errors import BadRequestError, EngineError
from engine.protocol import ChatResult
from engine.status_line import StatusLine
from engine.types import Document


def add_options(chat: argparse.ArgumentParser) -> None:
    chat.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="FILE",
        dest="documents",
        help="answer from this document, or those of a folder or zip archive; may be repeated",
    )
    chat.add_argument("--library", action="store_true", help="answer from the library, too")


def asked_documents(
    arguments: argparse.Namespace, caller: Caller, follow: StatusLine
) -> tuple[Document, ...]:
    """All of them, or the error of the first that cannot be read: an answer without it would mislead."""
    if "-" in arguments.documents and arguments.prompt == "-":
        raise BadRequestError(
            "Standard input is the message already.", hint="Give the document as a file."
        )
    names, failed = documents_in(arguments.documents, caller)
    if failed:
        raise BadRequestError(
            "Not all of the documents can be read.", hint="Leave out those that were named."
        )
    found = []
    for document in caller.run((named_document(name) for name in names), 1, follow):
        if isinstance(document, EngineError):
            raise document
        found.append(document)
    follow.clear()
    return tuple(found)


def told_given(result: ChatResult) -> Iterator[str]:
    """Lines for a person: what the model was given, and which quotes are not in it."""
    places: dict[str, list[str]] = {}
    for text in result.given:
        places.setdefault(text.name, []).append("whole" if text.whole else text.place)
    for name, found in places.items():
        yield f"given: {name} ({'; '.join(dict.fromkeys(found))})"
    if not places:
        yield "the model was given nothing of the documents"
    for quote in result.quotes:
        if quote.given < 0:
            words = " ".join(result.text[quote.start : quote.end].split())
            yield f"not found in what it was given: “{words}”"


def given_row(result: ChatResult) -> dict[str, Any]:
    """The same as plain data; a document that was given whole is not repeated."""
    given = [
        msgspec.to_builtins(text) | ({"text": ""} if text.whole else {}) for text in result.given
    ]
    return {"given": given, "quotes": msgspec.to_builtins(result.quotes)}
