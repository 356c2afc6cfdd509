"""A form of the loaded model that this processor reads faster: offered, made, measured, taken.

The worker makes it (`ConvertModel`) and takes it at the next load, so that all there is to do here
is to ask once at a good moment. The embedded model is converted without a word; for any other one a
person is asked first. It knows no widget.
"""

from __future__ import annotations

import logging

import msgspec
from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from engine.errors import ErrorInfo
from engine.paths import config_folder
from engine.protocol import (
    Chat,
    Conversion,
    ConvertModel,
    Progress,
    RequestFinished,
    RunTextTool,
    new_request_id,
)
from engine.types import ModelInfo, ModelSpec
from gui.engine_bridge import EngineBridge, EngineReply

QUIET_SECONDS = 8  # nobody may have been answered for so long
KEY = "converted_models"  # the files that were tried, or offered, once
WENT_AWAY = ("WORKER_DIED", "WORKER_START")

log = logging.getLogger(__name__)


class ModelConversion(QObject):
    """`state` is "" (nothing to gain), "offered", "running", "done" or "failed", of the model shown.

    `target` is the quantization that would be read faster; `stage` and `progress` (None: unknown)
    are those of a conversion under way; `result` comes with "done", `error` with "failed".
    """

    changed = Signal()
    offered = Signal(object)  # ModelInfo; once for each model file, never for the embedded one
    finished = Signal(object)  # Conversion that a person asked for
    failed = Signal(object)  # ErrorInfo of one that a person asked for
    made = Signal()  # the next load takes another file than this one

    def __init__(self, engine: EngineBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self.state = ""
        self.stage = ""
        self.progress: float | None = None
        self.target = ""
        self.result: Conversion | None = None
        self.error: ErrorInfo | None = None
        self._info: ModelInfo | None = None
        self._spec = ModelSpec()
        self._reply: EngineReply | None = None
        self._store = QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_SECONDS * 1000)
        self._quiet.timeout.connect(self._on_quiet_timeout)

    def show_model(self, info: ModelInfo | None, spec: ModelSpec) -> None:
        """The model that answers now, None while there is none."""
        is_other = info is None or self._info is None or spec.path != self._spec.path
        self._info, self._spec = info, spec
        self.target = info.conversion if info is not None else ""
        self._quiet.stop()
        if self.state == "running":
            return
        if is_other:
            self.result = self.error = None
        if info is None or not info.conversion:
            self._set_state("done" if self.result is not None else "")
        elif info.embedded:
            self._set_state("")
            if not self._is_known(info):
                self._quiet.start()
        else:
            self._set_state("failed" if self.error is not None else "offered")
            if not self._is_known(info):
                self._remember(info)
                self.offered.emit(info)

    def start(self) -> None:
        """Convert the model now; a person asked for it, or nobody is being answered."""
        if self._info is None or not self.target or self.state == "running":
            return
        self._quiet.stop()
        self.result = self.error = None
        self._set_state("running")
        info, spec = self._info, self._spec
        reply = self._engine.send(ConvertModel(new_request_id(), spec), self)
        self._reply = reply
        reply.progress.connect(self._on_reply_progress)
        reply.finished.connect(lambda event: self._on_reply_finished(info, spec, event))
        reply.failed.connect(lambda error: self._on_reply_failed(info, error))

    def stop(self) -> None:
        """Leave off; what was written so far is thrown away by the worker."""
        if self._reply is not None:
            self._reply.abort()

    def is_answering(self) -> bool:
        """Does anybody wait for the model just now?"""
        waiting = self._engine.open_replies()
        return any(isinstance(reply.request, (Chat, RunTextTool)) for reply in waiting)

    def _set_state(self, state: str) -> None:
        before, self.state = self.state, state
        self.stage, self.progress = "", None
        if state != before:
            self.changed.emit()

    def _on_quiet_timeout(self) -> None:
        if self.is_answering():
            self._quiet.start()
        else:
            self.start()

    def _on_reply_progress(self, progress: Progress) -> None:
        self.stage = progress.stage
        self.progress = progress.done / progress.total if progress.total > 0 else None
        self.changed.emit()

    def _on_reply_finished(self, info: ModelInfo, spec: ModelSpec, event: RequestFinished) -> None:
        self._close_reply()
        if event.result is None:  # stopped
            self.show_model(self._info, self._spec)
            return
        self._remember(info)
        if self._info is None or self._spec.path != spec.path:
            self.show_model(self._info, self._spec)  # another one was opened meanwhile
            return
        self.result = msgspec.convert(event.result, Conversion)
        self._set_state("done")
        if not info.embedded:
            self.finished.emit(self.result)
        if self.result.used:
            self.made.emit()

    def _on_reply_failed(self, info: ModelInfo, error: ErrorInfo) -> None:
        self._close_reply()
        log.warning("%s was not converted: %s", info.name, error.one_line())
        if error.code not in WENT_AWAY:
            self._remember(info)
        if info.embedded:
            self._set_state("")
            return
        self.error = error
        self._set_state("failed")
        self.failed.emit(error)

    def _close_reply(self) -> None:
        self._set_state("")
        if self._reply is not None:
            self._reply.deleteLater()
            self._reply = None

    # What has been tried or offered is not begun again at each start

    def _tried(self) -> list[str]:
        kept = self._store.value(KEY)
        # QSettings gives back a list of one as a plain text.
        kept = [kept] if isinstance(kept, str) else kept or []
        return [name for name in kept if isinstance(name, str)]

    def _is_known(self, info: ModelInfo) -> bool:
        return _name(info) in self._tried()

    def _remember(self, info: ModelInfo) -> None:
        if not self._is_known(info):
            self._store.setValue(KEY, [*self._tried(), _name(info)][-64:])


def _name(info: ModelInfo) -> str:
    """Another engine may do better, so it counts."""
    return f"{info.sha256[:16]}-{info.conversion}-{info.engine_version}"
