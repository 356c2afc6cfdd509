"""The one resident encoder, all-MiniLM-L6-v2, with its adapters: vectors, sentiment and names.

Vectors are the mean of the last layer's, scaled to unit length: model and pooling of Reimers and
Gurevych 2019 (Sentence-BERT), as sentence-transformers/all-MiniLM-L6-v2 was trained. English first; of
other languages it knows little more than shared words.
"""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import tokenizers
import torch

from engine.catalog import ENCODER_SHA256, adapter_file, embedded_encoder
from engine.computing import ComputingThread, without_helpers
from engine.contracts import AbortFlag, NameSpan
from engine.encoders.adapted import AdaptedEncoder
from engine.encoders.adapter_file import AdapterFacts, read_adapter
from engine.encoders.batches import by_length, mask_of, padded
from engine.encoders.bert import Bert, read_bert
from engine.encoders.name_spans import name_spans, with_signs
from engine.encoders.pieces import Tokenizer, Words
from engine.encoders.windows import windows
from engine.errors import EncoderError
from engine.hashing import file_sha256

MAX_PIECES = 254  # what the model was trained on, beside a mark at either end; the rest is cut
LITTLE_PIECES = 64  # a question's worth
T = TypeVar("T")


class ResidentEncoder:
    """Any thread may ask; one computes for all. Raises `EncoderError` if a file is damaged."""

    name = "Carrel reader (all-MiniLM-L6-v2)"

    def __init__(self) -> None:
        self._device, self._dtype = _place()
        self._adapters: dict[str, tuple[AdaptedEncoder, AdapterFacts]] = {}
        self._abort = AbortFlag()  # of whoever is being computed for
        self._thread = ComputingThread()
        # Whoever drops the last reference may be that very thread: it does not wait for itself.
        weakref.finalize(self, self._thread.release, wait=False)
        try:
            self._bert, self.tokenizer = self._thread.run(self._load)
        except Exception as error:  # a damaged file shows itself in many ways
            self._thread.release()
            raise EncoderError(
                "The embedded sentence encoder cannot be read.", detail=repr(error)
            ) from error

    def _load(self) -> tuple[Bert, Tokenizer]:
        folder = embedded_encoder()
        weights = folder / "model.safetensors"
        if file_sha256(weights, AbortFlag(), lambda done, total: None) != ENCODER_SHA256:
            raise ValueError(f"{weights.name} is not the file that Carrel was made with")
        tokenizer = Tokenizer(tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")))
        bert = read_bert(folder)
        this = weakref.proxy(self)
        bert.watch = lambda: this._abort.raise_if_set()
        bert.compute_in(self._dtype)
        return bert.to(self._device), tokenizer

    def _compute(self, deed: Callable[[], T], abort: AbortFlag) -> T:
        def watched() -> T:
            abort.raise_if_set()
            self._abort = abort
            return deed()

        return self._thread.run(watched)

    def encode(self, sentences: Sequence[str], abort: AbortFlag) -> np.ndarray:
        """Unit vectors, float32 of shape (len(sentences), 384), in the order given."""
        vectors = np.zeros((len(sentences), self._bert.config.hidden_size), dtype=np.float32)
        rows = self._marked(self.tokenizer.words(sentences), lambda one: one.ids)
        for batch in by_length([len(row) for row in rows]):
            read = [rows[at] for at in batch]
            vectors[batch] = self._compute(lambda: self._vectors(read), abort)  # noqa: B023
        return vectors

    def _vectors(self, rows: Sequence[Sequence[int]]) -> np.ndarray:
        # Helpers would be waited for longer than they work, much longer beside other programs.
        if sum(map(len, rows)) <= LITTLE_PIECES:
            return without_helpers(lambda: self._pooled(rows))
        return self._pooled(rows)

    def _pooled(self, rows: Sequence[Sequence[int]]) -> np.ndarray:
        mask = mask_of(rows).to(self._device)
        words = self._bert.embeddings.word_embeddings(padded(rows).to(self._device))
        states = self._bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        means = (states * weights).sum(dim=1) / weights.sum(dim=1)
        pooled: np.ndarray = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
        return pooled

    def sentiment(self, texts: Sequence[str], abort: AbortFlag) -> np.ndarray:
        """Shares of negative, neutral and positive: float32 of shape (len(texts), 3)."""
        return self.probabilities("sentiment", texts, abort)

    def names(self, text: str, abort: AbortFlag, sentences: Sequence[int] = ()) -> list[NameSpan]:
        """The names in a text of any length, in order; none goes on where one of `sentences` begins."""
        return with_signs(text, self.marked_names([text], abort, [sentences])[0])

    def names_of_each(self, texts: Sequence[str], abort: AbortFlag) -> list[list[NameSpan]]:
        """Of many short texts, read together."""
        found = self.marked_names(texts, abort, [()] * len(texts))
        return [with_signs(text, names) for text, names in zip(texts, found, strict=True)]

    def marked_names(
        self, texts: Sequence[str], abort: AbortFlag, sentences: Sequence[Sequence[int]]
    ) -> list[list[NameSpan]]:
        """As `names`, but as the corpora mark them: the sign of "@somebody" is a name of its own."""
        words = self.tokenizer.words(texts)
        facts = self._compute(lambda: self._adapter("entities"), abort)[1]
        return [
            name_spans(one, shares, facts.slope, facts.offset, begins)
            for one, shares, begins in zip(
                *(words, self.word_probabilities("entities", words, abort), sentences), strict=True
            )
        ]

    def probabilities(self, task: str, texts: Sequence[str], abort: AbortFlag) -> np.ndarray:
        """Of each label of a whole text: float32 of shape (len(texts), labels), calibrated."""
        facts = self._compute(lambda: self._adapter(task), abort)[1]
        found = np.zeros((len(texts), len(facts.labels)), dtype=np.float32)
        words = self.tokenizer.words(texts)
        ids = self._marked(words, lambda one: one.ids)
        shapes = self._marked(words, lambda one: one.shapes, mark=0)
        for batch in by_length([len(row) for row in ids]):
            read = [ids[at] for at in batch], [shapes[at] for at in batch]
            logits = self._compute(lambda: self._logits(task, *read), abort)  # noqa: B023
            found[batch] = _softmax(logits[:, : len(facts.labels)] / facts.temperature)
        return found

    def word_probabilities(
        self, task: str, texts: Sequence[Words], abort: AbortFlag
    ) -> list[np.ndarray]:
        """Of each label of each word of texts of any length: float32 of shape (words, labels) each."""
        facts = self._compute(lambda: self._adapter(task), abort)[1]
        found = [np.zeros((len(one.starts), len(facts.labels)), dtype=np.float32) for one in texts]
        firsts = [np.searchsorted(one.words, np.arange(len(one.starts))) for one in texts]
        looks = [(number, look) for number, one in enumerate(texts) for look in windows(one.words)]
        begin, end = self.tokenizer.start, self.tokenizer.end
        ids = [[begin, *texts[at].ids[look.start : look.end], end] for at, look in looks]
        shapes = [[0, *texts[at].shapes[look.start : look.end], 0] for at, look in looks]
        for batch in by_length([len(row) for row in ids]):
            read = [ids[number] for number in batch], [shapes[number] for number in batch]
            logits = self._compute(lambda: self._logits(task, *read), abort)  # noqa: B023
            for row, number in enumerate(batch):
                at, look = looks[number]
                places = firsts[at][look.first : look.last] - look.start + 1
                shares = _softmax(logits[row, places] / facts.temperature)
                found[at][look.first : look.last] = shares
        return found

    def _logits(
        self, task: str, ids: Sequence[Sequence[int]], shapes: Sequence[Sequence[int]]
    ) -> np.ndarray:
        model, _ = self._adapter(task)
        mask = mask_of(ids).to(self._device)
        logits = model(padded(ids).to(self._device), padded(shapes).to(self._device), mask)
        found: np.ndarray = logits.float().cpu().numpy()
        return found

    def _marked(
        self, words: Sequence[Words], part: Any, mark: int | None = None
    ) -> list[list[int]]:
        begin, end = (self.tokenizer.start, self.tokenizer.end) if mark is None else (mark, mark)
        return [[begin, *part(one)[:MAX_PIECES], end] for one in words]

    def _adapter(self, task: str) -> tuple[AdaptedEncoder, AdapterFacts]:
        if task not in self._adapters:
            # The word vectors, half of all weights, are the encoder's own in every adapter.
            shared = self._bert.embeddings.word_embeddings
            bert = copy.deepcopy(self._bert, {id(shared): shared})
            model, facts = read_adapter(adapter_file(task), bert)
            self._adapters[task] = model.to(self._device), facts
        return self._adapters[task]


def _softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: np.ndarray = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _place() -> tuple[str, torch.dtype]:
    """Half precision where the processor has instructions for it: three times as fast on AVX-512."""
    if torch.cuda.is_available():
        return "cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if torch.backends.mps.is_available():
        return "mps", torch.float32
    # Without them it is several times slower.
    tests = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    has_bf16 = any(getattr(torch.cpu, name, bool)() for name in tests)
    return "cpu", torch.bfloat16 if has_bf16 else torch.float32
