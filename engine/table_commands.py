"""`carrel table`: many files, one row each, written to a file that a spreadsheet opens."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from engine.call import Caller
from engine.command_inputs import documents_in
from engine.errors import BadRequestError, EngineError
from engine.file_tables.columns import checked_spec, kind_of, title_of
from engine.file_tables.exports import (
    TABLE_EXPORTS,
    TableExport,
    export_for,
    write_table,
)
from engine.file_tables.journal import Journal, journal_path
from engine.file_tables.rows import find_row, still_true
from engine.file_tables.table import Column, FileRow, FileTable, TableSpec
from engine.protocol import Event
from engine.server_address import is_address
from engine.server_commands import REMOTE_JOBS, model_caller
from engine.status_line import StatusLine
from engine.types import ModelSpec

JOBS = 3  # files at once: more gain nothing on a processor
_ASKED = "asked"  # where the columns are collected in the order in which they were named


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    table = commands.add_parser(
        "table",
        help="one row for each of many files: summary, sentiment, names, your questions",
        description="Reads every file by itself and writes a table with a row for each. What is done "
        "is kept beside the output: the same command goes on after a stop or a crash, and reads only "
        "what is new, changed or asked anew.",
    )
    table.add_argument("files", nargs="+", metavar="FILE", help="files, folders or zip archives")
    for name, help_text in (
        ("summary", "a column with a sentence about each file"),
        ("sentiment", "a column with the sentiment of each file"),
        ("entities", "a column with the names in each file"),
    ):
        table.add_argument(
            f"--{name}", dest=_ASKED, action="append_const", const=Column(name), help=help_text
        )
    table.add_argument(
        "--ask",
        dest=_ASKED,
        action="append",
        type=lambda text: Column("question", text),
        metavar="QUESTION",
        help="a column with the answer to a question; may be given several times",
    )
    table.add_argument(
        "--reader",
        choices=("automatic", "quotes"),
        default="automatic",
        help="quotes: key sentences and quotes only, without a chat model (default: %(default)s)",
    )
    table.add_argument("--output", metavar="FILE", help="a .csv, .jsonl, .md or .xlsx file")
    table.add_argument(
        "--format",
        choices=[export.export_id for export in TABLE_EXPORTS],
        help="what to write (default: by FILE's suffix, else markdown)",
    )
    table.add_argument("--retry-failed", action="store_true", help="try again what failed before")
    table.add_argument(
        "--jobs",
        type=_count,
        metavar="N",
        help=f"files that are worked on at once (default: {REMOTE_JOBS} with a server, else {JOBS})",
    )
    table.add_argument("--model", help="a model file or folder, a server's address, or `embedded`")
    table.add_argument("--remote-model", metavar="NAME", help="which of a server's models")
    table.add_argument("--quiet", action="store_true", help="no progress on standard error")
    table.add_argument("--backend", default="llama_cpp", help=argparse.SUPPRESS)


def table(arguments: argparse.Namespace) -> int:
    """0 if every cell was found, 1 if something failed, which the table tells, too."""
    output = Path(os.path.expanduser(arguments.output)) if arguments.output else None
    export = _export(arguments.format, output)
    checked_spec(
        getattr(arguments, _ASKED) or (), arguments.reader, ""
    )  # before anything is loaded
    journal = _journal(output)
    try:
        with model_caller(arguments) as (caller, spec):
            names, refused = documents_in(arguments.files, caller)
            asked = checked_spec(
                getattr(arguments, _ASKED), arguments.reader, spec.path or "embedded"
            )
            run = _Run(asked, spec, journal, names, arguments)
            try:
                run.work(caller)
            finally:
                _write(run.table(), output, export)
    finally:
        if journal is not None:
            journal.close()
    return run.tell(refused, output)


def _export(name: str | None, output: Path | None) -> TableExport:
    if name is None and output is not None:
        return export_for(output)
    return next(one for one in TABLE_EXPORTS if one.export_id == (name or "markdown"))


def _journal(output: Path | None) -> Journal | None:
    """What an earlier run with this output has found; a file that is no output of ours stays."""
    if output is None:
        return None
    if output.is_dir():
        raise BadRequestError(f"“{output.name}” is a folder.", hint="Name a file.")
    path = journal_path(output)
    if output.exists() and not path.exists():
        raise BadRequestError(
            f"“{output.name}” is there already, and was not made by this command.",
            hint="Name another output file, or move it away.",
        )
    return Journal(path)


class _Run:
    """One run over the files. Rows are kept in the journal as they grow."""

    def __init__(
        self,
        spec: TableSpec,
        model: ModelSpec,
        journal: Journal | None,
        names: list[str],
        arguments: argparse.Namespace,
    ) -> None:
        self._spec, self._model, self._journal = spec, model, journal
        self._line = StatusLine(arguments.quiet)
        at_once = REMOTE_JOBS if is_address(model.path) else JOBS
        self._width: int = arguments.jobs or at_once
        known = journal.rows if journal else {}
        self._rows: dict[str, FileRow] = {}
        for name in names:
            path = str(Path(os.path.expanduser(name)).absolute())
            row = still_true(known.get(path) or FileRow(path, Path(path).name))
            self._rows[path] = row.without_failures() if arguments.retry_failed else row

    def work(self, caller: Caller) -> None:
        todo = [row for row in self._rows.values() if not row.is_done(self._spec)]
        jobs = (find_row(row, self._spec, self._model, self._keep, self._started) for row in todo)
        for result in caller.run(jobs, self._width, _no_event):
            if isinstance(
                result, EngineError
            ):  # the journal cannot be written, or the engine ended
                raise result
        self._line.clear()

    def table(self) -> FileTable:
        return FileTable(self._spec, tuple(self._rows.values()))

    def tell(self, refused: int, output: Path | None) -> int:
        """What failed, and the exit status."""
        self._line.clear()
        failed = 0
        for row in self._rows.values():
            for column, error in row.errors(self._spec):
                failed += 1
                where = f"{row.name}, {title_of(column)}" if column else row.name
                print(f"carrel: {where}: {error.one_line()}", file=sys.stderr)
        if failed and output is not None:
            told = f"carrel: {failed:,} failed. --retry-failed tries them again."
            print(told, file=sys.stderr)
        return 1 if failed or refused else 0

    def _keep(self, row: FileRow) -> None:
        self._rows[row.path] = row
        if self._journal is not None:
            self._journal.write(row)

    def _started(self, path: str, column: Column | None) -> None:
        done = sum(row.is_done(self._spec) for row in self._rows.values())
        what = kind_of(column).title.lower() if column else "reading"
        told = f"{done:,} of {len(self._rows):,} files; {Path(path).name[:40]}: {what}"
        self._line.tell(told)


def _write(table: FileTable, output: Path | None, export: TableExport) -> None:
    """Also what is there when a run was stopped."""
    if output is not None:
        write_table(table, output, export)
    else:
        sys.stdout.buffer.write(export.render(table))
        sys.stdout.buffer.flush()


def _no_event(event: Event) -> None:
    pass


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"must lie between 1 and 256, not {text!r}")
    return int(text)
