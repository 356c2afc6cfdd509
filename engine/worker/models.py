"""Which model is loaded: at most one, with everybody who uses it; beside it the text encoder, the
library, and the processes that read documents."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from engine.backends import Backend
from engine.contracts import AbortFlag, LanguageModel, TextEncoder
from engine.documents.apart.readers import DocumentReaders
from engine.paths import library_file
from engine.types import ModelSpec

if TYPE_CHECKING:
    from engine.library.library import Library

Report = Callable[[str, float, float], None]
LOOK_SECONDS = 0.02  # who waits looks that often whether to stop


class ModelHolder:
    """Thread-safe. A model is never taken away from under somebody who uses it."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._changed = threading.Condition()
        self._spec: ModelSpec | None = None
        self._model: LanguageModel | None = None
        self._users = 0
        self._busy = False  # loading or unloading
        self._stale = False  # to be loaded anew when it is wanted next
        self._encoder: TextEncoder | None = None
        self._encoder_lock = threading.Lock()
        self.document_readers = DocumentReaders()
        self._library: Library | None = None

    @contextmanager
    def using(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> Iterator[LanguageModel]:
        """The model of `spec`, loaded if it is not the one that is loaded already.

        Another model waits until nobody uses this one.
        """
        model = self._take(spec, abort, report)
        try:
            yield model
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    @contextmanager
    def lending(
        self, spec: ModelSpec, abort: AbortFlag, report: Report
    ) -> Iterator[Callable[[], LanguageModel]]:
        """What loads the model of `spec` when it is called, for as long as the block lasts."""
        with ExitStack() as stack:
            yield lambda: stack.enter_context(self.using(spec, abort, report))

    @property
    def loaded(self) -> LanguageModel | None:
        return self._model

    def text_encoder(self) -> TextEncoder:
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = self.backend.load_encoder()
            return self._encoder

    @property
    def in_use(self) -> bool:
        """Whether somebody works with the model or waits for it."""
        return self._users > 0

    @property
    def library(self) -> Library:
        with self._encoder_lock:
            if self._library is None:
                from engine.library.library import Library  # NumPy: only once it is wanted

                self._library = Library(library_file)
            return self._library

    def close(self) -> None:
        """Free the model and end everything beside it."""
        self.unload()
        with self._encoder_lock:
            if self._library is not None:
                self._library.close()

    def unload(self, abort: AbortFlag | None = None) -> None:
        """Free the model as soon as nobody uses it."""
        with self._changed:
            self._wait(lambda: not self._busy and not self._users, abort)
            self._free()

    def renew(self, spec: ModelSpec) -> None:
        """Have this model, if it is loaded, loaded anew when it is wanted and nobody uses it."""
        with self._changed:
            self._stale = self._spec is not None and self._spec.path == spec.path

    def _take(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> LanguageModel:
        with self._changed:
            if self._spec != spec and self._users:
                report("waiting", 0, 0)
            self._wait(lambda: self._is_there(spec) or not (self._busy or self._users), abort)
            if not self._is_there(spec):
                self._busy = True
            self._users += 1
            if self._model is not None and not self._busy:
                return self._model
        try:
            return self._load(spec, abort, report)
        except BaseException:
            with self._changed:
                self._users -= 1
            raise
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _load(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> LanguageModel:
        self.backend.check(spec)  # a bad file must not cost the good model that is loaded
        self._free()
        model = self._model = self.backend.load(spec, abort, report)
        self._spec = spec
        return model

    def _is_there(self, spec: ModelSpec) -> bool:
        is_loaded = not self._busy and self._model is not None and self._spec == spec
        return is_loaded and not (self._stale and not self._users)

    def _wait(self, condition: Callable[[], bool], abort: AbortFlag | None) -> None:
        while not condition():
            if abort is not None:
                abort.raise_if_set()
            self._changed.wait(LOOK_SECONDS)

    def _free(self) -> None:
        self._stale = False
        if self._model is not None:
            model, self._model, self._spec = self._model, None, None
            model.close()
