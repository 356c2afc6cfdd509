"""From tokens to text, one token at a time: never half a character, never a piece of a stop string."""

from __future__ import annotations

import codecs
import ctypes
from collections.abc import Sequence

import llama_cpp

from engine.backends.stop_text import StopText

_PIECE_BYTES = 256


class TokenPieces:
    """The bytes of each token; special tokens have none, but for those in `visible`.

    Any thread may ask: the buffer is each call's own.
    """

    def __init__(
        self, vocab: llama_cpp.llama_vocab_p, visible: frozenset[int] = frozenset()
    ) -> None:
        self._vocab = vocab
        self._visible = visible
        self._usual: dict[int, bytes] = {}

    def text_of(self, token: int) -> str:
        """For showing a single token: marks are seen, half a character is U+FFFD."""
        return self.bytes_of(token, special=True).decode(errors="replace")

    def bytes_of(self, token: int, *, special: bool = False) -> bytes:
        if special:
            return self._look_up(token, special=True)
        known = self._usual.get(token)
        if known is None:
            known = self._usual[token] = self._look_up(token, special=token in self._visible)
        return known

    def _look_up(self, token: int, *, special: bool) -> bytes:
        length = _PIECE_BYTES
        buffer = ctypes.create_string_buffer(length)
        count = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, length, 0, special)
        if count < 0:
            length = -count
            buffer = ctypes.create_string_buffer(length)
            count = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, length, 0, special)
        return buffer.raw[: max(count, 0)]


class Detokenizer:
    """Feed tokens, get text. `finish` gives what is still held; broken bytes become U+FFFD."""

    def __init__(self, pieces: TokenPieces, stops: Sequence[str] = ()) -> None:
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = StopText(stops)

    @property
    def stopped(self) -> bool:
        return self._stop.stopped

    def feed(self, token: int) -> str:
        return self._stop.feed(self._decoder.decode(self._pieces.bytes_of(token)))

    def finish(self) -> str:
        if self.stopped:
            return ""
        return self._stop.feed(self._decoder.decode(b"", final=True)) + self._stop.rest()
