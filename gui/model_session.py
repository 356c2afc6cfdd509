"""Which chat model the window uses: asks the worker to load it, follows the loading, keeps the news.

It knows no widget. A model that fails to load never replaces the one that worked before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import EngineError, ErrorInfo, SettingsError, WorkerStartError
from engine.protocol import LoadModel, Progress, RequestFinished, WorkerDied, new_request_id
from engine.server_address import ServerAddress, is_address, parse_address
from engine.types import ModelInfo, ModelSpec
from gui.engine_bridge import EngineBridge, EngineReply
from gui.model_conversion import WENT_AWAY, ModelConversion
from gui.settings_store import SettingsStore

RELOAD_PAUSE = 800  # milliseconds: who turns a spin box does not want a load per step
LOOK_PAUSE = 1000  # milliseconds between looks whether nobody is being answered


class ModelSession(QObject):
    """`info` is the last model that loaded; `error` the last failure, until another load is asked for.

    `state` is "starting" (no worker yet), "loading", "ready" or "failed". After a failed `load` the
    state is that of the model chosen before, while `error` still says what went wrong.
    `conversion` tells whether the model could be read faster; its news come by `changed` as well.
    """

    changed = Signal()
    load_failed = Signal(object)  # ErrorInfo

    def __init__(
        self, engine: EngineBridge, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self.info: ModelInfo | None = None
        self.remote_model = ""  # how its server calls it
        self.state = "starting"
        self.stage = ""
        self.progress: float | None = None
        self.error: ErrorInfo | None = None
        self._reply: EngineReply | None = None
        self._asked: ModelSpec | None = None  # what is being loaded, or was loaded last
        self._candidate: str | None = None  # what the user opened, until it has loaded
        self._is_alive = False
        self._pause = QTimer(self, singleShot=True, interval=RELOAD_PAUSE)
        self._pause.timeout.connect(self._on_pause_timeout)
        self._fresh: EngineReply | None = None
        self._fresh_pause = QTimer(self, singleShot=True, interval=LOOK_PAUSE)
        self._fresh_pause.timeout.connect(self._reload_quietly)
        self.conversion = ModelConversion(engine, self)
        self.conversion.changed.connect(self.changed)
        self.conversion.made.connect(self._reload_quietly)
        engine.worker_ready.connect(self._on_engine_worker_ready)
        engine.worker_died.connect(self._on_engine_worker_died)
        settings.changed.connect(self._on_settings_changed)

    def spec(self) -> ModelSpec:
        """What requests ask for: the chosen model as the settings say."""
        return self._settings.current.model_spec()

    @property
    def loading_path(self) -> str | None:
        """The file that is being loaded now; "" is the embedded model, None is no load."""
        if self.state != "loading" or self._asked is None:
            return None
        return self._asked.path or ""

    @property
    def loading_remote_model(self) -> str:
        """The name of a server's model that is being connected to."""
        return self._asked.remote_model if self._asked is not None else ""

    @property
    def address(self) -> ServerAddress | None:
        """Where text is sent now; None while it stays on this computer."""
        path = self.spec().path
        try:
            return parse_address(path) if path and is_address(path) else None
        except EngineError:  # nothing can be sent there
            return None

    def load(self, path: str | None, remote_model: str = "") -> None:
        """Open a file, a folder or a server's model, or for None the embedded one.

        It is chosen once it has loaded.
        """
        self._candidate = path if is_address(path) else str(Path(path).absolute()) if path else ""
        wanted = {"path": self._candidate or None, "remote_model": remote_model}
        self._load(msgspec.structs.replace(self.spec(), **wanted))

    def stop(self) -> None:
        """Leave off loading; the model that was chosen before goes on."""
        if self._reply is not None:
            self._reply.abort()

    def convert(self) -> None:
        """Make the form of this model that `conversion.target` names."""
        self.conversion.start()

    def _load(self, spec: ModelSpec) -> None:
        self._pause.stop()
        self._drop_reply()
        self._asked = spec
        self.error = None
        self._set_state("loading", "", None)
        reply = self._engine.send(LoadModel(new_request_id(), spec), self)
        self._reply = reply
        reply.progress.connect(self._on_reply_progress)
        reply.finished.connect(self._on_reply_finished)
        reply.failed.connect(self._on_reply_failed)

    def _reload_quietly(self) -> None:
        """The same model from a better file, as soon as nobody waits for an answer."""
        if self.state != "ready" or self._fresh is not None:
            return
        if self.conversion.is_answering():
            self._fresh_pause.start()
            return
        asked = self.spec()
        reply = self._fresh = self._engine.send(LoadModel(new_request_id(), asked), self)

        def take(finished: RequestFinished) -> None:
            self._fresh = None
            reply.deleteLater()
            if finished.result is not None and self.state == "ready" and asked == self._asked:
                self._take(msgspec.convert(finished.result, ModelInfo))

        def load_aloud(error: ErrorInfo) -> None:
            self._fresh = None
            reply.deleteLater()
            if self.state == "ready" and error.code not in WENT_AWAY:
                self._load(self.spec())

        reply.finished.connect(take)
        reply.failed.connect(load_aloud)

    def _take(self, info: ModelInfo) -> None:
        self.info = info
        self.remote_model = self._asked.remote_model if self._asked else ""
        self._set_state("ready", "", None)
        self.conversion.show_model(info, self._asked or self.spec())

    def _drop_reply(self) -> None:
        """Forget the load under way: another one is wanted."""
        if self._reply is not None:
            reply, self._reply = self._reply, None
            reply.abort()
            for signal in (reply.progress, reply.finished, reply.failed):
                signal.disconnect()
            reply.finished.connect(reply.deleteLater)
            reply.failed.connect(reply.deleteLater)

    def _set_state(self, state: str, stage: str, progress: float | None) -> None:
        self.state, self.stage, self.progress = state, stage, progress
        if state == "failed" and self.info is None:
            self.conversion.show_model(None, self.spec())
        self.changed.emit()

    def _on_reply_progress(self, progress: Progress) -> None:
        share = progress.done / progress.total if progress.total > 0 else None
        self._set_state("loading", progress.stage, share)

    def _on_reply_finished(self, finished: RequestFinished) -> None:
        self._close_reply()
        if finished.result is None:  # stopped before it was loaded
            self._candidate = None
            if self.info is not None and self._asked != self.spec():
                self._load(self.spec())  # the other one may have taken its place already
            else:
                self.info = None
                self._set_state("failed", "", None)
            return
        chosen, self._candidate = self._candidate, None
        self._take(msgspec.convert(finished.result, ModelInfo))
        if chosen is not None:
            self._choose(chosen)

    def _choose(self, path: str) -> None:
        try:
            remote_model = self._asked.remote_model if self._asked else ""
            self._settings.change(model_path=path, remote_model=remote_model)
            self.changed.emit()  # where text is sent may be another place now
        except SettingsError as error:
            self._tell(error.info())

    def _on_reply_failed(self, error: ErrorInfo) -> None:
        self._close_reply()
        opened, self._candidate = self._candidate, None
        if opened is None or self._asked == self.spec():
            self.info = None
            self.error = error
            self._set_state("failed", "", None)
            self.load_failed.emit(error)
        else:
            # A file that was refused cost nothing; one that failed later took the old one's place.
            # A worker that fell comes back by itself, and loads the chosen model then.
            if self._is_alive:
                self._load(self.spec())
            self._tell(error)

    def _tell(self, error: ErrorInfo) -> None:
        self.error = error
        self.changed.emit()
        self.load_failed.emit(error)

    def _close_reply(self) -> None:
        if self._reply is not None:
            self._reply.deleteLater()
            self._reply = None

    def _on_engine_worker_ready(self, event: Any) -> None:
        self._is_alive = True
        if self._reply is None:
            error = self.error
            self._load(self.spec())
            self.error = error  # why the last worker fell is still worth reading

    def _on_engine_worker_died(self, event: WorkerDied) -> None:
        self._is_alive = False
        if event.will_restart:
            self._set_state("starting", "", None)
            return
        self.info = None
        if self.error is None or self.state != "failed":
            message = self.tr("The engine could not be started.")
            self.error = WorkerStartError(message, detail=event.log_tail).info()
        self._set_state("failed", "", None)

    def _on_settings_changed(self, settings: object) -> None:
        if self._is_alive and self._candidate is None and self.spec() != self._asked:
            self._pause.start()

    def _on_pause_timeout(self) -> None:
        if self._is_alive and self.spec() != self._asked:
            self._load(self.spec())
