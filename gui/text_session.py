"""Text tools on the desk's documents, without widgets: run, follow, stop, keep, show again.

One run at a time per text tool and document, or documents that are read together. What was found is
kept, however a run ends.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import ErrorInfo
from engine.protocol import (
    Partial,
    Progress,
    RequestFinished,
    RunTextTool,
    TextToolOutcome,
    new_request_id,
)
from engine.storage.records import StoredDocument, StoredRun
from engine.text_tools import TEXT_TOOLS
from engine.types import FinishReason, Usage
from gui.engine_bridge import EngineReply
from gui.services import Services
from gui.text_run import (
    RunState,
    Subject,
    all_options,
    goes_on_from,
    made_by,
    reads_more,
    state_from,
    text_tool,
    typed_result,
)

PARTIAL_PAUSE = 250  # milliseconds between two partial results that are shown
FIRST_TOOL = TEXT_TOOLS[0].tool_id  # what a document that was dropped starts with
Key = tuple[Subject, str]
Documents = StoredDocument | tuple[StoredDocument, ...]


@dataclasses.dataclass
class _Run:
    """A request under way, or about to be sent. `latest` is the newest partial result, not yet
    converted."""

    documents: tuple[StoredDocument, ...]
    previous: RunState
    started: float
    timer: QTimer
    reply: EngineReply | None = None
    latest: dict[str, Any] | None = None
    kept: dict[str, Any] | None = None


class TextSession(QObject):
    """`changed` says of which documents (`Subject`) and text tool (id) something is new."""

    changed = Signal(object, str)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._states: dict[Key, RunState] = {}
        self._runs: dict[Key, _Run] = {}
        self._stored: dict[Key, list[StoredRun]] = {}

    def state(self, of: int | Subject, tool_id: str) -> RunState:
        """Of one document by its id, or of several."""
        return self._states.get((_subject(of), tool_id)) or RunState()

    def runs(self, of: int | Subject, tool_id: str) -> list[StoredRun]:
        """All that are stored, the newest first, as far as they have been read."""
        return self._stored.get((_subject(of), tool_id), [])

    def progress(self, document_id: int) -> tuple[bool, float | None, bool]:
        """Of a document: whether something runs, how far it is, whether something is there."""
        states = [(key, state) for (key, _), state in self._states.items() if document_id in key]
        running = next((state for _, state in states if state.is_running), None)
        has_result = any(state.result is not None for key, state in states if len(key) == 1)
        return running is not None, running.share if running else None, has_result

    def read_runs(self, of: int | Subject) -> None:
        """Ask storage for the latest run of each text tool."""
        for tool in TEXT_TOOLS:
            self._read_run((_subject(of), tool.tool_id))

    def read_all_runs(self, of: int | Subject, tool_id: str) -> None:
        """Ask storage for the earlier runs of a text tool too."""
        key = (_subject(of), tool_id)
        if key in self._stored:
            return
        self._stored[key] = []
        (first, *further), storage = key[0], self._services.storage

        def done(runs: list[StoredRun]) -> None:
            known = {run.id for run in self._stored[key]}
            self._stored[key] += [run for run in runs if run.id not in known]
            self.changed.emit(*key)

        self._services.background.run(
            self, lambda: storage.desk.runs(first, tool_id, tuple(further))
        ).then(done, lambda error: None)

    def show_run(self, of: int | Subject, tool_id: str, run_id: int) -> None:
        """An earlier run takes the place of what is shown, unless one is under way."""
        key = (_subject(of), tool_id)
        run = next((run for run in self.runs(*key) if run.id == run_id), None)
        if run is not None and key not in self._runs:
            self._states[key] = state_from(run)
            self.changed.emit(*key)

    def _read_run(self, key: Key) -> None:
        if key not in self._states:
            self._states[key] = RunState()
            self._services.background.run(self, lambda: self._latest(key)).then(
                lambda run: self._on_run_read(key, run), lambda error: None
            )

    def _latest(self, key: Key) -> StoredRun | None:
        """Called on the storage thread."""
        (first, *further), tool_id = key
        return self._services.storage.desk.latest_run(first, tool_id, tuple(further))

    def begin(self, document: StoredDocument) -> None:
        """A document was put on the desk: start the first text tool, unless it was done before, with
        the options that were chosen for an older text of the same file."""
        key, storage = ((document.id,), FIRST_TOOL), self._services.storage

        def find() -> tuple[StoredRun | None, StoredRun | None]:
            older = storage.desk.latest_run_of_file(document.id, FIRST_TOOL)
            return self._latest(key), older

        def decide(found: tuple[StoredRun | None, StoredRun | None]) -> None:
            run, older = found
            if run is None:
                options = all_options(FIRST_TOOL, older.options) if older else {}
                self.run(document, FIRST_TOOL, options)

        if key not in self._runs:
            self._services.background.run(self, find).then(
                decide, lambda error: self.run(document, FIRST_TOOL, {})
            )

    def run(self, of: Documents, tool_id: str, options: dict[str, Any]) -> None:
        """Start, unless it runs already. What an earlier run read need not be read again."""
        documents = (of,) if isinstance(of, StoredDocument) else of
        key: Key = (tuple(document.id for document in documents), tool_id)
        if key in self._runs:
            return
        timer = QTimer(self, singleShot=True, interval=PARTIAL_PAUSE)
        timer.timeout.connect(lambda: self._on_timer_timeout(key))
        run = _Run(documents, self.state(*key), time.monotonic(), timer)
        self._runs[key] = run
        self._states[key] = RunState(options=options, is_known=True, is_running=True)
        self.changed.emit(*key)
        first, storage = key[0][0], self._services.storage

        def find() -> dict[str, Any] | None:
            is_one = len(documents) == 1
            found = storage.desk.latest_run_of_file(first, tool_id) if is_one else self._latest(key)
            return goes_on_from(found, first, tool_id, options)

        self._services.background.run(self, find).then(
            lambda earlier: self._send(key, run, earlier), lambda error: self._send(key, run, None)
        )

    def _send(self, key: Key, run: _Run, earlier: dict[str, Any] | None) -> None:
        if self._runs.get(key) is not run:  # it was stopped before it began
            return
        request = RunTextTool(
            new_request_id(),
            self._services.model.spec(),
            key[1],
            tuple(document.document for document in run.documents),
            self._states[key].options,
            earlier,
        )
        reply = run.reply = self._services.engine.send(request, self)
        reply.progress.connect(lambda progress: self._on_reply_progress(key, progress))
        reply.partial.connect(lambda partial: self._on_reply_partial(key, partial))
        reply.finished.connect(lambda event: self._on_reply_finished(key, event))
        reply.failed.connect(lambda error: self._on_reply_failed(key, error))

    def stop(self, of: int | Subject, tool_id: str) -> None:
        """Ask for the end; what was found so far is kept."""
        key = (_subject(of), tool_id)
        run = self._runs.get(key)
        if run is not None and run.reply is not None:
            run.reply.abort()
        elif run is not None:
            self._give_back(key, self._end(key).previous, None)

    def stop_all(self, document_id: int) -> None:
        """Whatever reads this document."""
        for key in [key for key in self._runs if document_id in key[0]]:
            self.stop(*key)

    def _on_run_read(self, key: Key, run: StoredRun | None) -> None:
        if key not in self._runs and not self._states[key].is_known:
            self._states[key] = state_from(run)
            self.changed.emit(*key)

    def _on_reply_progress(self, key: Key, progress: Progress) -> None:
        state = self._states[key]
        state.stage = progress.stage
        state.share = progress.done / progress.total if progress.total > 0 else None
        self.changed.emit(*key)

    def _on_reply_partial(self, key: Key, partial: Partial) -> None:
        run = self._runs[key]
        run.latest = partial.result
        if not run.timer.isActive():
            run.timer.start()

    def _on_timer_timeout(self, key: Key) -> None:
        run = self._runs.get(key)
        if run is None or run.latest is None:
            return
        started = time.monotonic()
        self._states[key].result = typed_result(key[1], run.latest)
        run.kept, run.latest = run.latest, None
        self.changed.emit(*key)
        # A long result takes long to show: leave the window most of its time.
        run.timer.setInterval(max(PARTIAL_PAUSE, round(15_000 * (time.monotonic() - started))))

    def _on_reply_finished(self, key: Key, event: RequestFinished) -> None:
        run = self._end(key)
        if event.result is None:  # stopped before anything was found
            self._give_back(key, run.previous, None)
            return
        outcome = msgspec.convert(event.result, TextToolOutcome)
        if event.finish_reason is FinishReason.ABORT and reads_more(run.previous, outcome.result):
            self._give_back(key, run.previous, None)
        else:
            self._keep(key, outcome, event.usage)

    def _on_reply_failed(self, key: Key, error: ErrorInfo) -> None:
        run = self._end(key)
        found = run.latest or run.kept
        if found is None or reads_more(run.previous, found):
            self._give_back(key, run.previous, error)
            return
        self._states[key].error = error
        info = self._services.model.info
        model = msgspec.to_builtins(info) if info is not None else {}
        model = {k: v for k, v in model.items() if k not in ("chat_template", "metadata")}
        seconds = time.monotonic() - run.started
        self._keep(key, TextToolOutcome(key[1], found, model or None, seconds), Usage())

    def _give_back(self, key: Key, previous: RunState, error: ErrorInfo | None) -> None:
        """What was there before is still the best there is."""
        self._states[key] = dataclasses.replace(previous, is_known=True, error=error)
        self.changed.emit(*key)

    def _end(self, key: Key) -> _Run:
        run = self._runs.pop(key)
        run.timer.stop()
        run.timer.deleteLater()
        if run.reply is not None:
            run.reply.deleteLater()
        return run

    def _keep(self, key: Key, outcome: TextToolOutcome, usage: Usage) -> None:
        state = self._states[key]
        state.is_running, state.outcome, state.usage = False, outcome, usage
        state.result = typed_result(key[1], outcome.result)
        self.changed.emit(*key)
        (first, *further), tool_id, storage = key[0], key[1], self._services.storage
        options, maker = state.options, made_by(outcome, usage)

        def kept(run: StoredRun) -> None:
            state.run_id = run.id
            if key in self._stored:
                self._stored[key].insert(0, run)
            self.changed.emit(*key)

        self._services.background.run(
            self,
            lambda: storage.desk.save_run(
                first, tool_id, options, outcome.result, maker, outcome.seconds, tuple(further)
            ),
        ).then(kept, self._services.notifications.show_error)


def _subject(of: int | Subject) -> Subject:
    return (of,) if isinstance(of, int) else of


__all__ = ["FIRST_TOOL", "RunState", "TextSession", "text_tool"]
