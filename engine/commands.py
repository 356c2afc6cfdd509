"""What the command line's commands do. Each takes the parsed arguments and returns an exit status."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.batch_commands import embed, or_table
from engine.call import Job
from engine.chat_given import asked_documents, given_row, told_given
from engine.command_inputs import documents_in, json_line, named_document, standard_input
from engine.documents.encodings import decode
from engine.errors import BadRequestError, EngineError
from engine.library_commands import library
from engine.options import checked
from engine.paths import settings_file
from engine.protocol import (
    Chat,
    ChatResult,
    Conversion,
    ConvertModel,
    Event,
    RunTextTool,
    TextDelta,
    TextToolOutcome,
    new_request_id,
)
from engine.selftest import selftest
from engine.server_address import is_address
from engine.server_commands import jobs, model_caller, server_key
from engine.settings import Settings, load_settings
from engine.status_line import StatusLine
from engine.table_commands import table
from engine.text import clean_text, replaced_remark
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.base import TextTool
from engine.text_tools.row import chat_row, text_tool_row
from engine.types import Message, ModelSpec, OverflowPolicy, Role

# Settings that `carrel chat` takes as options, too.
CHAT_SETTINGS = (
    *("temperature", "top_p", "top_k", "min_p", "max_tokens", "seed"),
    *("logprobs", "overflow"),
)


def chat(arguments: argparse.Namespace) -> int:
    prompt = standard_input()[0] if arguments.prompt == "-" else arguments.prompt
    settings = _chat_settings(arguments)
    system = arguments.system or settings.system_prompt
    messages = [Message(Role.SYSTEM, clean_text(system)[0])] if system else []
    said, replaced = clean_text(prompt)
    messages.append(Message(Role.USER, said))
    if replaced:
        print(f"carrel: {replaced_remark(replaced)}", file=sys.stderr)
    follow = StatusLine(arguments.quiet)

    def on_event(event: Event) -> None:
        if isinstance(event, TextDelta) and not arguments.json:
            follow.clear()
            if not event.reasoning:
                print(event.text, end="", flush=True)
        else:
            follow(event)

    with model_caller(arguments) as (caller, spec):
        request = Chat(
            new_request_id(),
            spec,
            tuple(messages),
            settings.generation_params(),
            overflow=OverflowPolicy(settings.overflow),
            documents=asked_documents(arguments, caller, follow),
            library=arguments.library,
        )
        finished = caller.call(request, on_event)
    follow.clear()
    result = msgspec.convert(finished.result, ChatResult)
    has_texts = bool(request.documents or request.library)
    if arguments.json:
        row = chat_row(prompt, result, finished.usage)
        print(json_line(row | given_row(result) if has_texts else row))
        return 0
    print()
    if has_texts and not arguments.quiet:
        for line in told_given(result):
            print(f"carrel: {line}", file=sys.stderr)
    return 0


def _chat_settings(arguments: argparse.Namespace) -> Settings:
    """The settings as they are kept, with what was said on the command line in their place."""
    given = {
        name: value for name in CHAT_SETTINGS if (value := getattr(arguments, name)) is not None
    }
    for form, file in (("grammar", arguments.grammar), ("json_schema", arguments.json_schema)):
        if file is not None:
            try:
                text = decode(Path(file).read_bytes())[0]
            except OSError as error:
                raise BadRequestError(
                    f"The file {file} cannot be read: {error.strerror}."
                ) from None
            given |= {"answer_form": form, form: text}
    fields = {field.name: field for field in dataclasses.fields(Settings)}
    checks = {name: checked(fields[name], value) for name, value in given.items()}
    return dataclasses.replace(load_settings(settings_file())[0], **checks)


def text_tool(arguments: argparse.Namespace) -> int:
    tool = next(tool for tool in TEXT_TOOLS if tool.tool_id == arguments.command)
    follow = StatusLine(arguments.quiet)
    with model_caller(arguments) as (caller, spec):
        names, failed = documents_in(arguments.files, caller)
        work = (_run_on(spec, tool, name, arguments, len(names) > 1) for name in names)
        for result in caller.run(work, jobs(arguments, spec), follow):
            follow.clear()
            if isinstance(result, EngineError):
                failed += 1
                print(f"carrel: {result.info().one_line()}", file=sys.stderr)
            else:
                print(result, flush=True)
    return 1 if failed else 0


def _run_on(
    spec: ModelSpec, tool: TextTool, name: str, arguments: argparse.Namespace, named: bool
) -> Job[str]:
    """Read a document and run a text tool on it; returns what is to be printed."""
    document = yield from named_document(name)
    options = {
        field.name: getattr(arguments, field.name) for field in dataclasses.fields(tool.Options)
    }
    request = RunTextTool(new_request_id(), spec, tool.tool_id, (document,), options)
    finished = yield request
    outcome = msgspec.convert(finished.result, TextToolOutcome)
    if arguments.json:
        return json_line(text_tool_row(document, outcome, finished.usage, arguments.with_text))
    result = msgspec.convert(outcome.result, tool.Result)
    heading = f"# {document.name}\n\n" if named else ""
    return heading + tool.to_markdown(result, (document,))


def models(arguments: argparse.Namespace) -> int:
    from engine.backends.hf.folder import read_folder
    from engine.backends.llama.gguf import read_header
    from engine.catalog import embedded_chat_model

    settings = load_settings(settings_file())[0]
    chosen = settings.model_path
    paths = [Path(file) for file in arguments.files]
    if not paths:
        here = chosen and not is_address(chosen)
        paths = [embedded_chat_model()] + ([Path(chosen)] if here else [])
    failed = 0
    for path in paths:
        try:
            header = read_folder(path) if path.is_dir() else read_header(path)
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
            "size_bytes": getattr(header, "size_bytes", None) or path.stat().st_size,
            "embedded": not arguments.files and path == paths[0],
            "chosen": str(path) == chosen or (not chosen and not arguments.files),
        }
        mark = "*" if row["chosen"] else " "
        size = header.parameter_count / 1e6
        text = f"{mark} {header.name}  {header.quantization}  {size:,.0f} M parameters  {path}"
        print(json_line(row) if arguments.json else text)
    if is_address(chosen) and not arguments.files:  # nobody is asked: it is only listed
        row = {"path": chosen, "name": settings.remote_model, "embedded": False, "chosen": True}
        text = f"* {settings.remote_model or 'the first model'}  at {chosen}"
        print(json_line(row) if arguments.json else text)
    return 1 if failed else 0


def convert(arguments: argparse.Namespace) -> int:
    follow = StatusLine(arguments.quiet)
    with model_caller(arguments) as (caller, spec):
        finished = caller.call(ConvertModel(new_request_id(), spec), follow)
    follow.clear()
    result = msgspec.convert(finished.result, Conversion)
    if arguments.json:
        print(json_line(msgspec.to_builtins(result)))
        return 0
    print(f"{result.source_quantization} → {result.quantization}, {result.size_bytes:,} bytes")
    before, after = result.source_prompt_speed, result.prompt_speed
    print(f"Prompts: {before:,.0f} → {after:,.0f} tokens/s, {after / before:.2f} times as fast")
    before, after = result.source_perplexity, result.perplexity
    print(f"Perplexity: {before:.2f} → {after:.2f}, {after / before - 1:+.1%}")
    print("It is used from now on." if result.used else "It is not used: it is no better here.")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "chat": chat,
    "convert": convert,
    "library": library,
    "models": models,
    "selftest": selftest,
    "server-key": server_key,
    "table": table,
    **{tool.tool_id: text_tool for tool in TEXT_TOOLS},
    "sentiment": or_table(text_tool),
    "entities": or_table(text_tool),
    "embed": embed,
}
