"""`carrel library`: add, list, index, search, ask and remove, without a window."""

from __future__ import annotations

import argparse
import os
import sys

import msgspec

from engine.call import Caller, engine_caller
from engine.command_inputs import json_line
from engine.errors import BadRequestError, LibraryError
from engine.protocol import (
    AskLibrary,
    ChangeLibrary,
    LibraryAnswer,
    LibraryHits,
    LibraryInfo,
    LookAtLibrary,
    ReadFromLibrary,
    Request,
    RequestFinished,
    SearchLibrary,
    UpdateLibrary,
    new_request_id,
)
from engine.server_commands import model_caller
from engine.status_line import StatusLine
from engine.text_tools.ask import Ask
from engine.text_tools.results import AnswerResult
from engine.types import Document

_QUIET_HELP = "no progress on standard error"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    library = commands.add_parser(
        "library",
        help="documents and watched folders to search and ask",
        description="Keeps documents and folders on this computer, indexed by words and by meaning.",
    )
    deeds = library.add_subparsers(dest="deed", required=True, metavar="DEED")
    add = deeds.add_parser("add", help="watch files, folders or zip archives, and index them")
    add.add_argument("paths", nargs="+", metavar="PATH")
    remove = deeds.add_parser("remove", help="stop watching; the files stay as they are")
    remove.add_argument("paths", nargs="+", metavar="PATH")
    deeds.add_parser("list", help="what is watched, and what could not be read")
    index = deeds.add_parser("index", help="read what is new or changed")
    index.add_argument("--retry", action="store_true", help="also what could not be read before")
    deeds.add_parser("forget", help="remove everything from the library")
    search = deeds.add_parser("search", help="the passages that fit best")
    search.add_argument("query")
    search.add_argument("--count", type=int, default=10, metavar="N", help="(default: %(default)s)")
    ask = deeds.add_parser("ask", help="an answer with quotes that are checked word for word")
    ask.add_argument("question")
    ask.add_argument("--reader", choices=("automatic", "quotes"), default="automatic")
    ask.add_argument("--model", help="a model file or folder, a server's address, or `embedded`")
    ask.add_argument("--remote-model", metavar="NAME", help="which of a server's models")
    for deed in deeds.choices.values():
        deed.add_argument("--json", action="store_true", help="JSON instead of text")
        deed.add_argument("--quiet", action="store_true", help=_QUIET_HELP)
        deed.add_argument("--backend", default="llama_cpp", help=argparse.SUPPRESS)


def library(arguments: argparse.Namespace) -> int:
    if arguments.deed == "ask":
        return _ask(arguments)
    with engine_caller(arguments.backend) as caller:
        if arguments.deed == "search":
            return _search(caller, arguments)
        if arguments.deed == "add":
            paths = tuple(_absolute(path) for path in arguments.paths)
            _info(caller, ChangeLibrary(new_request_id(), add=paths), arguments)
        elif arguments.deed == "remove":
            _remove(caller, arguments)
        elif arguments.deed == "forget":
            _info(caller, ChangeLibrary(new_request_id(), forget_all=True), arguments)
        if arguments.deed in ("add", "index"):
            retry = getattr(arguments, "retry", False)
            info = _info(caller, UpdateLibrary(new_request_id(), retry), arguments)
        else:
            info = _info(caller, LookAtLibrary(new_request_id()), arguments)
    _print(info, arguments)
    failed = any(one.error is not None for one in info.documents)
    refused = any(source.path in info.remark for source in info.sources)
    return 1 if (failed or refused) and arguments.deed in ("add", "index") else 0


def _info(caller: Caller, request: Request, arguments: argparse.Namespace) -> LibraryInfo:
    ended = _ended(caller, request, arguments)
    return msgspec.convert(ended.result, LibraryInfo)


def _remove(caller: Caller, arguments: argparse.Namespace) -> None:
    info = _info(caller, LookAtLibrary(new_request_id()), arguments)
    known = {source.path: source.id for source in info.sources}
    wanted = [_absolute(path) for path in arguments.paths]
    for path in wanted:
        if path not in known:
            raise LibraryError(
                f"{path} is not in the library.", hint="`carrel library list` tells what is."
            )
    numbers = tuple(known[path] for path in wanted)
    _info(caller, ChangeLibrary(new_request_id(), remove=numbers), arguments)


def _print(info: LibraryInfo, arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json_line(msgspec.to_builtins(info)))
        return
    for source in info.sources:
        there = "" if source.is_there else "  (not there now)"
        failed = f", {source.failed} could not be read" if source.failed else ""
        print(f"{source.path}  {source.documents} documents{failed}{there}")
    for document in info.documents:
        if document.error is not None:
            print(f"carrel: {document.error.one_line()}", file=sys.stderr)
    for remark in info.remark.splitlines():
        print(f"carrel: {remark}", file=sys.stderr)
    if not info.sources:
        print("The library is empty. Add files or folders with `carrel library add PATH`.")


def _search(caller: Caller, arguments: argparse.Namespace) -> int:
    if not arguments.query.strip():
        raise BadRequestError("There is nothing to search for.", hint="Type a few words.")
    request = SearchLibrary(new_request_id(), arguments.query, max(1, arguments.count))
    ended = _ended(caller, request, arguments)
    hits = msgspec.convert(ended.result, LibraryHits).hits
    for hit in hits:
        if arguments.json:
            print(json_line(msgspec.to_builtins(hit)))
        else:
            print(f"{hit.path}, {hit.place}\n    {' '.join(hit.text.split())}\n")
    return 0


def _ask(arguments: argparse.Namespace) -> int:
    with model_caller(arguments) as (caller, spec):
        request = AskLibrary(
            new_request_id(), spec, arguments.question, options={"reader": arguments.reader}
        )
        ended = _ended(caller, request, arguments)
        answered = msgspec.convert(ended.result, LibraryAnswer)
        if arguments.json:
            print(json_line(msgspec.to_builtins(answered)))
            return 0
        documents = []
        for number in answered.documents:  # the places are named from their sections
            read = caller.call(ReadFromLibrary(new_request_id(), number), lambda event: None)
            documents.append(msgspec.convert(read.result, Document))
    result = msgspec.convert(answered.outcome.result, AnswerResult)
    print(Ask().to_markdown(result, tuple(documents)))
    for document in documents if result.found else ():
        print(f"- {document.path}")
    return 0


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))


def _ended(caller: Caller, request: Request, arguments: argparse.Namespace) -> RequestFinished:
    """The end of a request, whose progress is shown until then."""
    line = StatusLine(arguments.quiet)
    try:
        return caller.call(request, line)
    finally:
        line.clear()
