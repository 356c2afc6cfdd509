"""`carrel sentiment`, `entities` and `embed` on tables, and `embed` on documents."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import itertools
import sys
from collections.abc import Callable, Generator, Iterable
from typing import Any

from engine.batch.answers import Answer
from engine.batch.judging import chunks, embedding_parts, judge_texts, judged, judged_by_model
from engine.batch.outputs import form_of
from engine.batch.resuming import Chunk
from engine.batch.running import Meter, Output, lines_of, output_form
from engine.batch.tables import open_table
from engine.call import Job, engine_caller
from engine.command_inputs import documents_in, json_line, named_document
from engine.errors import BadRequestError, EngineError
from engine.protocol import Event, Progress
from engine.server_commands import jobs, model_caller
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.readers import MODEL

Command = Callable[[argparse.Namespace], int]


def or_table(documents: Command) -> Command:
    """The same command on a table if `--column` is given."""

    def command(arguments: argparse.Namespace) -> int:
        if arguments.column is not None:
            return judge_table(arguments)
        for name in ("output", "format", "resume"):
            if getattr(arguments, name):
                raise BadRequestError(
                    f"--{name} is for tables.", hint="Name the column to read with --column."
                )
        return documents(arguments)

    return command


def judge_table(arguments: argparse.Namespace) -> int:
    """Read one column row by row; 1 if a row has an error."""
    if len(arguments.files) > 1:
        raise BadRequestError("Only one table at a time.", hint="Run it once for each of them.")
    kind = output_form(arguments.output, arguments.format)
    table = open_table(arguments.files[0], arguments.column)
    form, output = form_of(kind, table, arguments.command), Output(arguments.output)
    planned = chunks(table.rows(), 1) if _by_model(arguments) else chunks(table.rows())
    with contextlib.closing(output):
        kept = output.start(table, form, planned, arguments.resume)
        if not arguments.quiet:
            for remark in table.source.remarks:
                print(f"carrel: “{table.name}”: {remark}", file=sys.stderr)
        failed, meter = kept.failed, Meter(arguments.quiet, kept.rows, table.total)
        todo = itertools.chain([kept.chunk], planned) if kept.chunk else ()
        try:
            with contextlib.closing(_answered(arguments, todo, meter)) as answered:
                for chunk, answers in answered:
                    lines, bad = lines_of(form, chunk, answers)
                    meter.clear()
                    output.write(lines)
                    meter.step(len(chunk))
                    failed += bad
        except (EngineError, KeyboardInterrupt):
            meter.clear()
            if output.path is not None:
                told = f"Rows in {output.name}: {meter.done:,} of {table.total:,}."
                print(f"carrel: {told} --resume goes on after them.", file=sys.stderr)
            raise
    meter.clear()
    if failed:
        told = "Rows with an error, which their last column tells"
        print(f"carrel: {told}: {failed:,} of {table.total:,}.", file=sys.stderr)
    elif arguments.output and not arguments.quiet:
        print(f"carrel: All rows are in {output.name}: {table.total:,}.", file=sys.stderr)
    return 1 if failed else 0


def _by_model(arguments: argparse.Namespace) -> bool:
    return getattr(arguments, "reader", "") == MODEL or bool(getattr(arguments, "types", ""))


def _answered(
    arguments: argparse.Namespace, todo: Iterable[Chunk], meter: Meter
) -> Generator[tuple[Chunk, list[Answer]], None, None]:
    """Each chunk with its answers. A worker runs as long as there are any."""
    waiting = iter(todo)
    first = next(waiting, None)
    if first is None:
        return

    def on_event(event: Event) -> None:
        if isinstance(event, Progress):
            meter.tell(event.stage)

    task, every = arguments.command, itertools.chain([first], waiting)
    with contextlib.ExitStack() as stack:
        if _by_model(arguments):
            caller, spec = stack.enter_context(model_caller(arguments))
            tool = next(tool for tool in TEXT_TOOLS if tool.tool_id == task)
            options = {
                field.name: getattr(arguments, field.name)
                for field in dataclasses.fields(tool.Options)
            }
            work = (_beside(c, judged_by_model(task, c[0], spec, options)) for c in every)
            width = jobs(arguments, spec)
        else:  # no model has a part in it, and nothing leaves this computer
            caller = stack.enter_context(engine_caller(arguments.backend))
            work, width = (_beside(c, judged(task, c)) for c in every), 1
        for result in caller.run(work, width, on_event):
            if isinstance(result, EngineError):
                raise result
            yield result


def _beside(chunk: Chunk, job: Job[list[Answer]]) -> Job[tuple[Chunk, list[Answer]]]:
    answers = yield from job
    return chunk, answers


def embed_documents(arguments: argparse.Namespace) -> int:
    """One line of JSON per document: the vectors of its parts."""
    with engine_caller(arguments.backend) as caller:
        names, failed = documents_in(arguments.files, caller)
        work = (_embedded(name, arguments.with_text) for name in names)
        for result in caller.run(work, 1, lambda event: None):
            if isinstance(result, EngineError):
                failed += 1
                print(f"carrel: {result.info().one_line()}", file=sys.stderr)
            else:
                print(result, flush=True)
    return 1 if failed else 0


def _embedded(name: str, with_text: bool) -> Job[str]:
    document = yield from named_document(name)
    parts = embedding_parts(document.text)
    found = yield from judge_texts("embed", [document.text[p.start : p.end] for p in parts])
    row: dict[str, Any] = {
        "input": document.path or document.name,
        "text_tool": "embed",
        "parts": [
            {"start": part.start, "end": part.end, "vector": list(one.vector)}
            for part, one in zip(parts, found.texts, strict=True)
        ],
        "model": {"name": found.made_by},
    }
    return json_line(row | ({"source_text": document.text} if with_text else {}))


embed = or_table(embed_documents)
