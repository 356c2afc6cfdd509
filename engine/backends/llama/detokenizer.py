"""From tokens to text, one token at a time: never half a character, never a piece of a stop string."""

from __future__ import annotations

import codecs
import ctypes
from collections.abc import Sequence

import llama_cpp

_PIECE_BYTES = 256


class TokenPieces:
    """The bytes of each token; special tokens have none."""

    def __init__(self, vocab: llama_cpp.llama_vocab_p) -> None:
        self._vocab = vocab
        self._buffer = ctypes.create_string_buffer(_PIECE_BYTES)

    def bytes_of(self, token: int, *, special: bool = False) -> bytes:
        buffer, length = self._buffer, _PIECE_BYTES
        count = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, length, 0, special)
        if count < 0:
            length = -count
            buffer = ctypes.create_string_buffer(length)
            count = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, length, 0, special)
        return buffer.raw[: max(count, 0)]


class StopText:
    """Holds back text that may become a stop string; `stopped` once one was met."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._longest = max(map(len, self._stops), default=0)
        self._held = ""
        self.stopped = False

    def feed(self, text: str) -> str:
        """What may be shown now."""
        if not self._stops:
            return text
        self._held += text
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            shown, self._held, self.stopped = self._held[: min(found)], "", True
            return shown
        keep = self._could_begin()
        shown, self._held = self._held[: len(self._held) - keep], self._held[-keep:] if keep else ""
        return shown

    def rest(self) -> str:
        held, self._held = self._held, ""
        return held

    def _could_begin(self) -> int:
        """Length of the longest end of the held text with which a stop string begins."""
        for length in range(min(self._longest - 1, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stops):
                return length
        return 0


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
