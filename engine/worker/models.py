"""Which model is loaded: at most one, and the sentence encoder beside it. Model lane only."""

from __future__ import annotations

from collections.abc import Callable

from engine.backends import Backend
from engine.contracts import AbortFlag, LanguageModel, SentenceEncoder
from engine.types import ModelSpec

Report = Callable[[str, float, float], None]


class ModelHolder:
    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._spec: ModelSpec | None = None
        self._model: LanguageModel | None = None
        self._encoder: SentenceEncoder | None = None

    def language_model(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> LanguageModel:
        """The model of `spec`, loaded if it is not the one that is loaded already."""
        if self._model is None or self._spec != spec:
            self.backend.check(spec)  # a bad file must not cost the good model that is loaded
            self.unload()
            self._model = self.backend.load(spec, abort, report)
            self._spec = spec
        return self._model

    def sentence_encoder(self) -> SentenceEncoder:
        if self._encoder is None:
            self._encoder = self.backend.load_encoder()
        return self._encoder

    def unload(self) -> None:
        if self._model is not None:
            self._model.close()
            self._model = self._spec = None
