"""The adapters' weights as models of transformers, for the peers, and in full precision for us."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.catalog import adapter_file, embedded_encoder
from engine.contracts import NameSpan
from engine.encoders.adapted import AdaptedEncoder
from engine.encoders.adapter_file import AdapterFacts, read_adapter
from engine.encoders.name_spans import name_spans
from engine.encoders.pieces import Tokenizer
from engine.encoders.windows import windows
from engine.training.start import encoder_parts


def full_precision(task: str) -> tuple[AdaptedEncoder, AdapterFacts, Tokenizer]:
    """The adapter as it was trained: float32, and nothing of the resident encoder's ways."""
    bert, tokenizer = encoder_parts()
    return *read_adapter(adapter_file(task), bert), tokenizer


class Unbatched:
    """Names by float32, one window after the other."""

    def __init__(self) -> None:
        self._model, self._facts, self._tokenizer = full_precision("entities")

    def names(self, text: str, sentences: Sequence[int]) -> list[NameSpan]:
        (words,) = self._tokenizer.words([text])
        shares = np.zeros((len(words.starts), len(self._facts.labels)), dtype=np.float32)
        firsts = np.searchsorted(np.asarray(words.words), np.arange(len(words.starts)))
        for look in windows(words.words):
            begin, end = self._tokenizer.start, self._tokenizer.end
            ids = torch.tensor([[begin, *words.ids[look.start : look.end], end]])
            shapes = torch.tensor([[0, *words.shapes[look.start : look.end], 0]])
            logits = self._model(ids, shapes, torch.ones_like(ids))[0]
            rows = logits[firsts[look.first : look.last] - look.start + 1]
            shares[look.first : look.last] = (rows / self._facts.temperature).softmax(-1).numpy()
        return name_spans(words, shares, sentences=sentences)


def write_classifier(folder: Path) -> Path:
    """The sentiment adapter's layers under transformers' own head for texts, which is untrained:
    speed does not depend on what it says. Without the table of word shapes, that head has no place
    for."""
    from transformers import BertForSequenceClassification

    return _write(folder, "sentiment", BertForSequenceClassification)


def write_tagger(folder: Path) -> Path:
    """The entity adapter's layers and its head, without the table of word shapes."""
    from transformers import BertForTokenClassification

    return _write(folder, "entities", BertForTokenClassification)


def _write(folder: Path, task: str, kind: Any) -> Path:
    from transformers import BertConfig, BertTokenizer

    adapted, facts, _ = full_precision(task)
    config = BertConfig.from_pretrained(embedded_encoder(), local_files_only=True)
    config.id2label = dict(enumerate(facts.labels))
    config.label2id = {label: at for at, label in enumerate(facts.labels)}
    model = kind(config).eval()
    model.bert.load_state_dict(adapted.bert.state_dict(), strict=False)
    if task == "entities":
        model.classifier.load_state_dict(adapted.head.state_dict())
    model.save_pretrained(folder)
    BertTokenizer.from_pretrained(embedded_encoder(), local_files_only=True).save_pretrained(folder)
    return folder


def pipeline_of(task: str, folder: Path) -> Any:
    """`transformers.pipeline` with its defaults."""
    from transformers import pipeline

    return pipeline(task, model=str(folder), device="cpu")


def words_in(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)
