"""What the command line's commands do. Each takes the parsed arguments and returns an exit status."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from engine.call import Caller, engine_caller
from engine.documents.encodings import decode
from engine.documents.txt import plain_document
from engine.errors import EngineError
from engine.paths import settings_file
from engine.protocol import (
    Chat,
    ChatResult,
    Event,
    Progress,
    ReadDocument,
    RequestFinished,
    RunTextTool,
    TextDelta,
    TextToolOutcome,
    new_request_id,
)
from engine.selftest import selftest
from engine.settings import load_settings
from engine.text import clean_text, replaced_remark
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.base import TextTool
from engine.text_tools.row import chat_row, text_tool_row
from engine.types import Document, Message, ModelSpec, Role


def chat(arguments: argparse.Namespace) -> int:
    prompt = _standard_input()[0] if arguments.prompt == "-" else arguments.prompt
    settings, _ = load_settings(settings_file())
    given = {
        name: value
        for name in ("temperature", "max_tokens", "seed")
        if (value := getattr(arguments, name)) is not None
    }
    params = msgspec.structs.replace(settings.generation_params(), **given)
    system = arguments.system or settings.system_prompt
    messages = [Message(Role.SYSTEM, clean_text(system)[0])] if system else []
    said, replaced = clean_text(prompt)
    messages.append(Message(Role.USER, said))
    if replaced:
        print(f"carrel: {replaced_remark(replaced)}", file=sys.stderr)
    follow = _Follower(arguments.quiet)

    def on_event(event: Event) -> None:
        if isinstance(event, TextDelta) and not arguments.json:
            follow.clear()
            print(event.text, end="", flush=True)
        else:
            follow(event)

    with engine_caller(arguments.backend) as caller:
        request = Chat(new_request_id(), _model_spec(arguments), tuple(messages), params)
        finished = caller.call(request, on_event)
    follow.clear()
    result = msgspec.convert(finished.result, ChatResult)
    print(_line(chat_row(prompt, result, finished.usage)) if arguments.json else "")
    return 0


def text_tool(arguments: argparse.Namespace) -> int:
    tool = next(tool for tool in TEXT_TOOLS if tool.tool_id == arguments.command)
    failed = 0
    with engine_caller(arguments.backend) as caller:
        for name in arguments.files:
            try:
                _run_on(caller, tool, name, arguments)
            except EngineError as error:
                failed += 1
                print(f"carrel: {error.info().one_line()}", file=sys.stderr)
    return 1 if failed else 0


def _run_on(caller: Caller, tool: TextTool, name: str, arguments: argparse.Namespace) -> None:
    follow = _Follower(arguments.quiet)
    document = _document(caller, name, follow)
    options = {
        field.name: getattr(arguments, field.name) for field in dataclasses.fields(tool.Options)
    }
    request = RunTextTool(
        new_request_id(), _model_spec(arguments), tool.tool_id, (document,), options
    )
    finished: RequestFinished = caller.call(request, follow)
    follow.clear()
    outcome = msgspec.convert(finished.result, TextToolOutcome)
    if arguments.json:
        print(_line(text_tool_row(document, outcome, finished.usage, arguments.with_text)))
    else:
        result = msgspec.convert(outcome.result, tool.Result)
        if len(arguments.files) > 1:
            print(f"# {document.name}\n")
        print(tool.to_markdown(result, (document,)))
    sys.stdout.flush()


def _document(caller: Caller, name: str, follow: Callable[[Event], None]) -> Document:
    if name == "-":
        text, remark = _standard_input()
        return plain_document(text, "standard input", "paste", remark=remark)
    # The worker's folder is its own: it gets the whole path, the user reads the one they typed.
    request = ReadDocument(new_request_id(), str(Path(name).expanduser().absolute()))
    return msgspec.convert(caller.call(request, follow).result, Document)


def _standard_input() -> tuple[str, str]:
    """All of it, in whatever encoding it is, with a remark if that was guessed."""
    return decode(sys.stdin.buffer.read())


def models(arguments: argparse.Namespace) -> int:
    from engine.backends.llama.gguf import read_header
    from engine.catalog import embedded_chat_model

    chosen = load_settings(settings_file())[0].model_path
    paths = [Path(file) for file in arguments.files]
    if not paths:
        paths = [embedded_chat_model()] + ([Path(chosen)] if chosen else [])
    failed = 0
    for path in paths:
        try:
            header = read_header(path)
        except EngineError as error:
            failed += 1
            print(f"carrel: {error.info().one_line()}", file=sys.stderr)
            continue
        row = {
            "path": str(path),
            "name": header.name,
            "architecture": header.architecture,
            "quantization": header.quantization,
            "parameters": header.parameter_count,
            "size_bytes": path.stat().st_size,
            "embedded": not arguments.files and path == paths[0],
            "chosen": str(path) == chosen or (not chosen and not arguments.files),
        }
        mark = "*" if row["chosen"] else " "
        size = header.parameter_count / 1e6
        text = f"{mark} {header.name}  {header.quantization}  {size:,.0f} M parameters  {path}"
        print(_line(row) if arguments.json else text)
    return 1 if failed else 0


def _model_spec(arguments: argparse.Namespace) -> ModelSpec:
    spec = load_settings(settings_file())[0].model_spec()
    if arguments.model is None:
        return spec
    path = None if arguments.model == "embedded" else str(Path(arguments.model).absolute())
    return msgspec.structs.replace(spec, path=path)


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


class _Follower:
    """Progress on one line of standard error, if a person is looking."""

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._width = 0

    def __call__(self, event: Event) -> None:
        if self._shown and isinstance(event, Progress):
            share = f" {event.done / event.total:.0%}" if event.total else ""
            text = f"{event.stage}{share}"
            print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)

    def clear(self) -> None:
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "chat": chat,
    "models": models,
    "selftest": selftest,
    **{tool.tool_id: text_tool for tool in TEXT_TOOLS},
}
