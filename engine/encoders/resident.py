"""The one resident encoder, all-MiniLM-L6-v2, with its adapters: vectors, sentiment and names.

Vectors are the mean of the last layer's, scaled to unit length: model and pooling of Reimers and
Gurevych 2019 (Sentence-BERT), as sentence-transformers/all-MiniLM-L6-v2 was trained. English first; of
other languages it knows little more than shared words.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from engine.catalog import ENCODER_SHA256, adapter_file, embedded_encoder
from engine.contracts import AbortFlag
from engine.encoders.adapted import AdaptedEncoder
from engine.encoders.adapter_file import AdapterFacts, read_adapter
from engine.encoders.batches import by_length, mask_of, padded
from engine.encoders.name_spans import NameSpan, name_spans
from engine.encoders.pieces import Tokenizer, Words
from engine.encoders.windows import windows
from engine.errors import EncoderError
from engine.hashing import file_sha256

MAX_PIECES = 254  # what the model was trained on, beside a mark at either end; the rest is cut


class ResidentEncoder:
    """Any thread may ask. Raises `EncoderError` if a file is damaged."""

    def __init__(self) -> None:
        # These two modules alone: `import transformers` by name would load far more.
        from transformers.models.bert.modeling_bert import BertModel
        from transformers.models.bert.tokenization_bert import BertTokenizer

        folder = embedded_encoder()
        try:
            weights = folder / "model.safetensors"
            if file_sha256(weights, AbortFlag(), lambda done, total: None) != ENCODER_SHA256:
                # Weights that lack a layer would load, with random numbers in its place.
                raise ValueError(f"{weights.name} is not the file that Carrel was made with")
            tokenizer = BertTokenizer.from_pretrained(folder, local_files_only=True)
            self._bert: Any = BertModel.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, add_pooling_layer=False
            ).eval()
        except Exception as error:  # a damaged file shows itself in many ways
            raise EncoderError(
                "The embedded sentence encoder cannot be read.", detail=repr(error)
            ) from error
        self.tokenizer = Tokenizer(tokenizer.backend_tokenizer)
        self._device = _device()
        self._bert.to(self._device)
        self._adapters: dict[str, tuple[AdaptedEncoder, AdapterFacts]] = {}
        self._lock = threading.Lock()

    def encode(self, sentences: Sequence[str], abort: AbortFlag) -> np.ndarray:
        """Unit vectors, float32 of shape (len(sentences), 384), in the order given."""
        vectors = np.zeros((len(sentences), self._bert.config.hidden_size), dtype=np.float32)
        rows = self._marked(self.tokenizer.words(sentences), lambda one: one.ids)
        for batch in by_length([len(row) for row in rows]):
            abort.raise_if_set()
            vectors[batch] = self._vectors([rows[at] for at in batch])
        return vectors

    @torch.inference_mode()
    def _vectors(self, rows: Sequence[Sequence[int]]) -> np.ndarray:
        mask = mask_of(rows).to(self._device)
        states = self._bert(padded(rows).to(self._device), attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        means = (states * weights).sum(dim=1) / weights.sum(dim=1)
        pooled: np.ndarray = torch.nn.functional.normalize(means, dim=1).float().cpu().numpy()
        return pooled

    def sentiment(self, texts: Sequence[str], abort: AbortFlag) -> np.ndarray:
        """Shares of negative, neutral and positive: float32 of shape (len(texts), 3)."""
        return self.probabilities("sentiment", texts, abort)

    def names(self, text: str, abort: AbortFlag) -> list[NameSpan]:
        """The names in a text of any length, in order."""
        (words,) = self.tokenizer.words([text])
        return name_spans(words, self.word_probabilities("entities", words, abort))

    def probabilities(self, task: str, texts: Sequence[str], abort: AbortFlag) -> np.ndarray:
        """Of each label of a whole text: float32 of shape (len(texts), labels), calibrated."""
        model, facts = self._adapter(task)
        found = np.zeros((len(texts), len(facts.labels)), dtype=np.float32)
        words = self.tokenizer.words(texts)
        ids = self._marked(words, lambda one: one.ids)
        shapes = self._marked(words, lambda one: one.shapes, mark=0)
        for batch in by_length([len(row) for row in ids]):
            abort.raise_if_set()
            logits = self._logits(model, [ids[at] for at in batch], [shapes[at] for at in batch])
            found[batch] = _softmax(logits[:, : len(facts.labels)] / facts.temperature)
        return found

    def word_probabilities(self, task: str, words: Words, abort: AbortFlag) -> np.ndarray:
        """Of each label of each word of a text of any length: float32 of shape (words, labels)."""
        model, facts = self._adapter(task)
        found = np.zeros((len(words.starts), len(facts.labels)), dtype=np.float32)
        looks = list(windows(words.words))
        begin, end = self.tokenizer.start, self.tokenizer.end
        ids = [[begin, *words.ids[look.start : look.end], end] for look in looks]
        shapes = [[0, *words.shapes[look.start : look.end], 0] for look in looks]
        firsts = np.searchsorted(np.asarray(words.words), np.arange(len(words.starts)))
        for batch in by_length([len(row) for row in ids]):
            abort.raise_if_set()
            logits = self._logits(model, [ids[at] for at in batch], [shapes[at] for at in batch])
            for row, at in enumerate(batch):
                look = looks[at]
                places = firsts[look.first : look.last] - look.start + 1
                found[look.first : look.last] = _softmax(logits[row, places] / facts.temperature)
        return found

    @torch.inference_mode()
    def _logits(
        self, model: AdaptedEncoder, ids: Sequence[Sequence[int]], shapes: Sequence[Sequence[int]]
    ) -> np.ndarray:
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
        with self._lock:
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


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
