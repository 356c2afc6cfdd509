"""The same jobs without a window: `carrel chat`, one command per text tool, `models`, `selftest`.

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
from engine.commands import COMMANDS
from engine.errors import EngineError
from engine.options import checked
from engine.settings import Settings
from engine.text_tools import TEXT_TOOLS


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
        description="Chat with a model and have documents read, on this computer alone. "
        "Without arguments the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"carrel {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chat = commands.add_parser("chat", help="answer one message")
    chat.add_argument("prompt", help="the message, or - to read it from standard input")
    chat.add_argument("--system", default="", help="instructions sent before the message")
    sampling = {field.name: field for field in dataclasses.fields(Settings)}
    for name in ("temperature", "max_tokens", "seed"):
        _add_option(chat, sampling[name], default=None)
    _add_common(chat)
    for tool in TEXT_TOOLS:
        command = commands.add_parser(
            tool.tool_id, help=tool.description, description=tool.description
        )
        command.add_argument(
            "files", nargs="+", metavar="FILE", help="a document, or - for standard input"
        )
        command.add_argument("--with-text", action="store_true", help="add source_text to --json")
        for field in dataclasses.fields(tool.Options):
            _add_option(command, field, default=field.default)
        _add_common(command)
    models = commands.add_parser("models", help="the models that are at hand")
    models.add_argument("files", nargs="*", metavar="GGUF", help="look into these files instead")
    models.add_argument("--json", action="store_true", help="one JSON object per line")
    commands.add_parser("selftest", help="check that every part works on this computer")
    return parser


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON object per input and line")
    command.add_argument("--model", metavar="GGUF", help="a model file, or `embedded`")
    command.add_argument("--quiet", action="store_true", help="no progress on standard error")
    command.add_argument("--backend", default="llama_cpp", help=argparse.SUPPRESS)


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
    command.add_argument(
        f"--{field.name.replace('_', '-')}",
        type=parse,
        default=default,
        help=" ".join(part for part in (field.metadata["help"], f"(default: {told})") if part),
    )
