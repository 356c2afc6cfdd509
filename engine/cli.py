"""The same jobs without a window: `carrel chat`, one command per text tool, `table`, `library`,
`models`, `selftest`, `server-key`.

Results go to standard output, progress and errors to standard error. The text tools' commands and
their options come from the declarations in `TEXT_TOOLS`.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import sys
from collections.abc import Callable
from typing import Any

from engine import __version__
from engine.batch.answers import COLUMNS
from engine.batch.outputs import FORMS
from engine.chat_given import add_options as add_documents
from engine.commands import CHAT_SETTINGS, COMMANDS
from engine.errors import EngineError
from engine.library_commands import add_parser as add_library
from engine.options import checked
from engine.settings import Settings
from engine.table_commands import add_parser as add_table
from engine.text_tools import TEXT_TOOLS

_FILE_HELP = "a document, or - for standard input"
_QUIET_HELP = "no progress on standard error"


def main(arguments: list[str]) -> int:
    """Run one command; 0 if all went well, 1 if something failed, 2 for bad usage, 130 if stopped."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = build_parser().parse_args(arguments)
    try:
        code: int = COMMANDS[options.command](options)
        sys.stdout.flush()
        return code
    except EngineError as error:
        print(f"carrel: {error.info().one_line()}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `| head -1` has read enough
        # Python writes out what is left when it ends: it must not fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("carrel: stopped.", file=sys.stderr)
        return 130


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="carrel",
        description="Chat with a model and have documents read, on this computer or on a server of "
        "your own. "
        "Without arguments the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"carrel {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chat = commands.add_parser("chat", help="answer one message")
    chat.add_argument("prompt", help="the message, or - to read it from standard input")
    chat.add_argument("--system", default="", help="instructions sent before the message")
    sampling = {field.name: field for field in dataclasses.fields(Settings)}
    for name in CHAT_SETTINGS:
        _add_option(chat, sampling[name], default=None)
    add_documents(chat)
    form = chat.add_mutually_exclusive_group()
    form.add_argument("--grammar", metavar="FILE", help="the answer follows this GBNF grammar")
    form.add_argument("--json-schema", metavar="FILE", help="the answer is JSON of this schema")
    _add_common(chat)
    for tool in TEXT_TOOLS:
        command = commands.add_parser(
            tool.tool_id, help=tool.description, description=tool.description
        )
        command.add_argument("files", nargs="+", metavar="FILE", help=_FILE_HELP)
        command.add_argument("--with-text", action="store_true", help="add source_text to --json")
        command.add_argument(
            "--jobs",
            type=_count,
            metavar="N",
            help="files, or rows for the chat model, that are worked on at once "
            "(default: 8 with a server, else 1)",
        )
        for field in dataclasses.fields(tool.Options):
            _add_option(command, field, default=field.default)
        if tool.tool_id in COLUMNS:
            _add_table(command)
        _add_common(command)
    embed = commands.add_parser(
        "embed",
        help="vectors of texts, for search and clustering",
        description="Prints one line of JSON for each document, with a vector for each of its parts "
        "(whole sentences, about 200 words) and where it starts and ends; for a table one vector for "
        "each row. Vectors are of unit length.",
    )
    embed.add_argument("files", nargs="+", metavar="FILE", help=_FILE_HELP)
    embed.add_argument("--with-text", action="store_true", help="add source_text to each line")
    _add_table(embed)
    embed.add_argument("--quiet", action="store_true", help=_QUIET_HELP)
    embed.add_argument("--backend", default="llama_cpp", help=argparse.SUPPRESS)
    add_table(commands)
    add_library(commands)
    models = commands.add_parser("models", help="the models that are at hand")
    models.add_argument("files", nargs="*", metavar="GGUF", help="look into these files instead")
    models.add_argument("--json", action="store_true", help="one JSON object per line")
    convert = commands.add_parser(
        "convert",
        help="write a copy of a model that this processor reads faster",
        description="Writes a copy of the model into the cache if this processor would read that "
        "faster, measures both, and uses the copy from then on if it is as good.",
    )
    _add_common(convert)
    commands.add_parser("selftest", help="check that every part works on this computer")
    key = commands.add_parser(
        "server-key",
        help="keep a server's key in the system's keyring",
        description="Asks for the key, or reads it from standard input, and keeps it in the "
        "system's keyring for this server alone.",
    )
    key.add_argument("address", help="the server's http address")
    key.add_argument("--forget", action="store_true", help="remove the key")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"must lie between 1 and 256, not {text!r}")
    return int(text)


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON object per input and line")
    command.add_argument(
        "--model", help="a model file or folder, the http address of a server, or `embedded`"
    )
    command.add_argument("--remote-model", metavar="NAME", help="which of a server's models")
    command.add_argument("--quiet", action="store_true", help=_QUIET_HELP)
    command.add_argument("--backend", default="llama_cpp", help=argparse.SUPPRESS)


def _add_table(command: argparse.ArgumentParser) -> None:
    table = command.add_argument_group(
        "tables",
        "With --column, FILE is one CSV or JSONL file, and each of its rows is read alone.",
    )
    table.add_argument(
        "--column", metavar="NAME", help="the column, or the key, that has the texts"
    )
    table.add_argument("--output", metavar="FILE", help="a new .csv or .jsonl file for the rows")
    table.add_argument(
        "--format", choices=FORMS, help="what to write (default: by FILE's suffix, else jsonl)"
    )
    table.add_argument(
        "--resume", action="store_true", help="keep the rows that the output has, do the others"
    )


def _add_option(
    command: argparse.ArgumentParser, field: dataclasses.Field[Any], default: Any
) -> None:
    """A flag for a setting or a text tool's option, checked as the window checks it."""
    kind: Callable[[str], Any] = type(field.default)  # str, int or float

    def parse(text: str) -> Any:
        try:
            return checked(field, kind(text))
        except EngineError as error:
            raise argparse.ArgumentTypeError(error.message) from None

    parse.__name__ = type(field.default).__name__
    told = "the settings'" if default is None else "%(default)s"
    choices = [value for value, _ in field.metadata["choices"]]
    command.add_argument(
        f"--{field.name.replace('_', '-')}",
        type=parse,
        default=default,
        metavar="{" + ",".join(choices) + "}" if choices else None,
        help=" ".join(part for part in (field.metadata["help"], f"(default: {told})") if part),
    )
