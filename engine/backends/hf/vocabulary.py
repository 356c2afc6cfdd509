"""A model's words: from text to tokens, where typed marks stay text, and from tokens to text.

A prompt is tokenized whole, as it was when the model was trained. Only if a mark of the template
(`<|im_end|>` and the like) would come out of what a user wrote, which is checked by its place, is it
put together from its parts, with those marks taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from engine.backends.reasoning import MARK_WORDS
from engine.backends.stop_text import StopText

# Ends of a turn that configurations forget to name; as llama.cpp finds them (llama-vocab.cpp).
END_WORDS = frozenset(
    (
        *("<|eot_id|>", "<|im_end|>", "<|end|>", "<|end_of_turn|>", "<end_of_turn>", "<turn|>"),
        *("<|endoftext|>", "<|eom_id|>", "<EOT>", "_<EOT>", "<|end_of_text|>", "<|return|>"),
        *("<|call|>", "<|calls|>", "<|flush|>", "<end_of_utterance>"),
    )
)
_HARMONY = "<|return|>"  # where this ends an answer, <|end|> only ends thoughts
_MARK_CHARACTERS = frozenset("<>[]|")
_BROKEN = "\ufffd"
_LONGEST_CHARACTER = 8  # tokens: no character takes more bytes, so it is a broken one


class Vocabulary:
    """Of a `tokenizers.Tokenizer`, which any thread may use. `ends` are the tokens of the configs."""

    def __init__(self, tokenizer: Any, ends: Sequence[int], bos: int | None) -> None:
        self._tokenizer = tokenizer
        added = tokenizer.get_added_tokens_decoder()
        self._special = {token: word.content for token, word in added.items() if word.special}
        self._marks = {
            token: word.content
            for token, word in added.items()
            if word.special or _looks_like_a_mark(word.content)
        }
        names = {word: token for token, word in self._marks.items()}
        known = {names[word] for word in END_WORDS if word in names}
        if _HARMONY in names and "<|end|>" in names:
            known -= {names["<|end|>"]}
        self.ends = frozenset(ends) | known
        self._shown = frozenset(names[word] for word in MARK_WORDS if word in names) - self.ends
        self._bos = bos
        words = [word for word in self._marks.values() if len(word) > 1]
        self._any_mark = re.compile("|".join(map(re.escape, words))) if words else None

    def text_tokens(self, text: str) -> list[int]:
        """Of text in which nothing is a mark."""
        tokens: list[int] = []
        for part in self._apart(text):
            found = self._encode(part).ids
            if not self._marks.keys().isdisjoint(found):
                # The tokenizer changes text before it looks for marks (full-width forms, say).
                found = [token for char in part for token in self._encode(char).ids]
            tokens += found
        return tokens

    def marked_tokens(self, text: str) -> list[int]:
        """Of text in which marks are marks."""
        return list(self._encode(text).ids)

    def prompt_tokens(self, pieces: Sequence[tuple[str, bool]]) -> list[int]:
        """Of a prompt in pieces; the flag says whether a piece is the template's own text."""
        tokens = self._whole(pieces)
        if tokens is None:
            tokens = [token for piece in pieces for token in self._piece(*piece)]
        if self._bos is not None and tokens[:1] != [self._bos]:
            tokens.insert(0, self._bos)
        return tokens

    def word(self, token: int, before: int | None) -> str:
        """A single token as it reads after another: marks are seen, half a character is U+FFFD."""
        if token in self._special:
            return self._special[token]
        if before is None or before in self._special:
            return self.decode((token,))
        return self.decode((before, token))[len(self.decode((before,))) :]

    def visible(self, token: int) -> str | None:
        """What is read of a special token: nothing, or the mark itself. None: it is not special."""
        if token in self._special:
            return self._special[token] if token in self._shown else ""
        return None

    def decode(self, tokens: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(list(tokens), skip_special_tokens=False)
        return text

    def _encode(self, text: str) -> Any:
        # Lone surrogates, which no tokenizer takes, become question marks.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        return self._tokenizer.encode(clean, add_special_tokens=False)

    def _whole(self, pieces: Sequence[tuple[str, bool]]) -> list[int] | None:
        """The tokens of all pieces together, or None if a mark would lie in what is not markup."""
        encoding = self._encode("".join(text for text, _ in pieces))
        ends = list(accumulate(len(text) for text, _ in pieces))
        tokens: list[int] = encoding.ids
        piece = 0
        for token, (start, end) in zip(tokens, encoding.offsets, strict=True):
            if token not in self._marks:
                continue
            while piece < len(ends) - 1 and start >= ends[piece]:
                piece += 1
            if not pieces[piece][1] or end > ends[piece]:
                return None
        return list(tokens)

    def _piece(self, text: str, is_markup: bool) -> list[int]:
        return self.marked_tokens(text) if is_markup else self.text_tokens(text)

    def _apart(self, text: str) -> Iterator[str]:
        """The text, cut in the middle of each mark in it, so that it cannot become a token."""
        done = 0
        pattern = self._any_mark
        while pattern is not None and (found := pattern.search(text, done)):
            yield text[done : found.start() + 1]
            done = found.start() + 1
        yield text[done:]


class TokenText:
    """Feed tokens, get text: no half characters, no piece of a stop string."""

    def __init__(self, vocabulary: Vocabulary, stops: Sequence[str] = ()) -> None:
        self._vocabulary = vocabulary
        self._stop = StopText(stops)
        # Some tokenizers write a token differently at the beginning, so the ones before the new
        # ones are decoded, too: `_tokens` up to `_told` have been shown.
        self._tokens: list[int] = []
        self._told = 0

    @property
    def stopped(self) -> bool:
        return self._stop.stopped

    def feed(self, token: int) -> str:
        mark = self._vocabulary.visible(token)
        if mark is not None:
            text = self._rest() + mark
            self._tokens, self._told = [], 0
            return self._stop.feed(text)
        self._tokens.append(token)
        text = self._new_text()
        if text.endswith(_BROKEN) and len(self._tokens) - self._told < _LONGEST_CHARACTER:
            return ""
        return self._stop.feed(self._tell(text))

    def finish(self) -> str:
        """What is still held; broken bytes become U+FFFD."""
        if self.stopped:
            return ""
        return self._stop.feed(self._rest()) + self._stop.rest()

    def _new_text(self) -> str:
        told = self._vocabulary.decode(self._tokens[: self._told])
        return self._vocabulary.decode(self._tokens)[len(told) :]

    def _tell(self, text: str) -> str:
        del self._tokens[: self._told]
        self._told = len(self._tokens)
        return text

    def _rest(self) -> str:
        return self._tell(self._new_text()) if self._told < len(self._tokens) else ""


def _looks_like_a_mark(word: str) -> bool:
    """Of added tokens that are not called special: `<start_of_turn>`, but not a run of spaces."""
    return len(word.strip()) > 2 and not _MARK_CHARACTERS.isdisjoint(word)
