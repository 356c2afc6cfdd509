"""Text tools on the desk's documents, without widgets: run, follow, stop, keep, show again.

One run at a time per document and text tool. What was found is kept, however a run ends.
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
    made_by,
    reads_more,
    state_from,
    text_tool,
    typed_result,
)

PARTIAL_PAUSE = 250  # milliseconds between two partial results that are shown
FIRST_TOOL = TEXT_TOOLS[0].tool_id  # what a document that was dropped starts with
Key = tuple[int, str]


@dataclasses.dataclass
class _Run:
    """A request under way. `latest` is the newest partial result, not yet converted."""

    reply: EngineReply
    started: float
    timer: QTimer
    previous: RunState
    latest: dict[str, Any] | None = None
    kept: dict[str, Any] | None = None


class TextSession(QObject):
    """`changed` says of which document (id) and text tool (id) something is new."""

    changed = Signal(int, str)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._states: dict[Key, RunState] = {}
        self._runs: dict[Key, _Run] = {}

    def state(self, document_id: int, tool_id: str) -> RunState:
        return self._states.get((document_id, tool_id)) or RunState()

    def progress(self, document_id: int) -> tuple[bool, float | None, bool]:
        """Of a document: whether something runs, how far it is, whether something is there."""
        states = [state for (key, _), state in self._states.items() if key == document_id]
        running = next((state for state in states if state.is_running), None)
        has_result = any(state.result is not None for state in states)
        return running is not None, running.share if running else None, has_result

    def read_runs(self, document_id: int) -> None:
        """Ask storage for the latest run of each text tool."""
        for tool in TEXT_TOOLS:
            self._read_run((document_id, tool.tool_id))

    def _read_run(self, key: Key) -> None:
        if key not in self._states:
            self._states[key] = RunState()
            storage = self._services.storage
            self._services.background.run(self, lambda: storage.desk.latest_run(*key)).then(
                lambda run: self._on_run_read(key, run), lambda error: None
            )

    def begin(self, document: StoredDocument) -> None:
        """A document was put on the desk: start the first text tool, unless it was done before."""
        key = (document.id, FIRST_TOOL)
        storage = self._services.storage

        def decide(run: StoredRun | None) -> None:
            if run is None:
                self.run(document, FIRST_TOOL, {})

        if key not in self._runs:
            self._services.background.run(self, lambda: storage.desk.latest_run(*key)).then(
                decide, lambda error: self.run(document, FIRST_TOOL, {})
            )

    def run(self, document: StoredDocument, tool_id: str, options: dict[str, Any]) -> None:
        """Start, unless it runs already."""
        key = (document.id, tool_id)
        if key in self._runs:
            return
        request = RunTextTool(
            new_request_id(),
            self._services.model.spec(),
            tool_id,
            (document.document,),
            options,
        )
        previous = self.state(*key)
        self._states[key] = RunState(options=options, is_known=True, is_running=True)
        reply = self._services.engine.send(request, self)
        timer = QTimer(reply, singleShot=True, interval=PARTIAL_PAUSE)
        timer.timeout.connect(lambda: self._on_timer_timeout(key))
        self._runs[key] = _Run(reply, time.monotonic(), timer, previous)
        reply.progress.connect(lambda progress: self._on_reply_progress(key, progress))
        reply.partial.connect(lambda partial: self._on_reply_partial(key, partial))
        reply.finished.connect(lambda event: self._on_reply_finished(key, event))
        reply.failed.connect(lambda error: self._on_reply_failed(key, error))
        self.changed.emit(*key)

    def stop(self, document_id: int, tool_id: str) -> None:
        """Ask for the end; what was found so far is kept."""
        if run := self._runs.get((document_id, tool_id)):
            run.reply.abort()

    def stop_all(self, document_id: int) -> None:
        for key in [key for key in self._runs if key[0] == document_id]:
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
        run.reply.deleteLater()
        return run

    def _keep(self, key: Key, outcome: TextToolOutcome, usage: Usage) -> None:
        state = self._states[key]
        state.is_running, state.outcome, state.usage = False, outcome, usage
        state.result = typed_result(key[1], outcome.result)
        self.changed.emit(*key)
        storage = self._services.storage
        options, maker = state.options, made_by(outcome, usage)
        self._services.background.run(
            self,
            lambda: storage.desk.save_run(*key, options, outcome.result, maker, outcome.seconds),
        ).then(None, self._services.notifications.show_error)


__all__ = ["FIRST_TOOL", "RunState", "TextSession", "text_tool"]
