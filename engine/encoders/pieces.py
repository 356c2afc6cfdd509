"""Text as the encoder reads it: numbered pieces of words, and where each word stands in the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from engine.encoders.word_shapes import shapes_of


class Words(msgspec.Struct, frozen=True):
    """A text in words: `starts` and `ends` are characters of the text, `ids` the vocabulary's.

    `words` tells the word of each piece, `shapes` how it is written (see `word_shapes`).
    """

    starts: list[int]
    ends: list[int]
    ids: list[int]
    words: list[int]
    shapes: list[int]


class Tokenizer:
    """`backend` is the `tokenizers.Tokenizer` of a BERT vocabulary."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._backend.no_truncation()
        self._backend.no_padding()
        self.start, self.end = backend.token_to_id("[CLS]"), backend.token_to_id("[SEP]")
        self.mask = backend.token_to_id("[MASK]")

    def words(self, texts: Sequence[str]) -> list[Words]:
        found = self._backend.encode_batch(list(texts), add_special_tokens=False)
        return [self._words(text, one) for text, one in zip(texts, found, strict=True)]

    def _words(self, text: str, encoding: Any) -> Words:
        starts: list[int] = []
        ends: list[int] = []
        words: list[int] = []
        last = -1
        for (start, end), word in zip(encoding.offsets, encoding.word_ids, strict=True):
            if word != last:
                starts.append(start)
                ends.append(end)
                last = word
            ends[-1] = max(ends[-1], end)
            words.append(len(starts) - 1)
        written = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        glued = [bool(at) and start == ends[at - 1] for at, start in enumerate(starts)]
        return Words(starts, ends, list(encoding.ids), words, shapes_of(written, glued, words))
