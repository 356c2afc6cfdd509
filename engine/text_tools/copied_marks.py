"""Marks of a prompt's fences (`fence`) in what a model wrote: small models copy them.

"The document bdkm says" becomes "The document says". Only what the fences themselves brought into the
prompt is taken out: where a text or a question has such words of its own, they stay.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Iterator, Sequence

import msgspec

from engine.contracts import GenerationEnd, TextPiece
from engine.types import Message

_MARKS = re.compile(r"^<document ([b-w]{4,64})(?: \"[^\"\n]*\")?>$", re.MULTILINE)
_ANY_MARK = re.compile(r"[<‹]\s*/?\s*doc(?:ument)?\b", re.IGNORECASE)
_COPIED = re.compile(r"<\s*/?\s*doc(?:ument)?\b[^>\n]{0,120}(?:>[^\S\n]*\n?|$)", re.IGNORECASE)
_MAY_GO_ON = re.compile(
    r"<\s*/?\s*(?:[a-z]{0,8}|doc(?:ument)?\b[^>\n]{0,120})$|\b[b-w]{1,64}$", re.I
)


class CopiedMarks:
    """Those that an answer to `prompt` may hold."""

    def __init__(self, prompt: Sequence[Message]) -> None:
        shown = "\n".join(message.content for message in prompt)
        found = collections.Counter(_MARKS.findall(shown))
        # A beginning and an end each: a key that stands anywhere else belongs to a text, too.
        keys = [key for key, count in found.items() if shown.count(key) == 2 * count]
        self._keys = re.compile(rf"(?<!\w)(?:{'|'.join(keys)})(?!\w)[^\S\n]?") if keys else None
        only_fences = len(_ANY_MARK.findall(shown)) == 2 * sum(found.values())
        self._marks = _COPIED if found and only_fences else None

    def taken_out(self, written: str) -> str:
        if self._marks is not None:
            written = self._marks.sub("", written)
        return self._keys.sub("", written) if self._keys is not None else written

    def before_first(self, written: str) -> str:
        """Up to the first mark, where a small model goes on with a copy of its prompt. Marks at the very
        beginning do not count."""
        if self._marks is None:
            return self.taken_out(written)
        pieces = (piece.strip() for piece in self._marks.split(written))
        return self.taken_out(next((piece for piece in pieces if piece), ""))

    def stream(
        self, pieces: Iterator[TextPiece | GenerationEnd]
    ) -> Iterator[TextPiece | GenerationEnd]:
        """The pieces of an answer as they come, a little later where a mark may be beginning."""
        held = ""
        tokens = 0
        for piece in pieces:
            if isinstance(piece, GenerationEnd):
                if held:
                    yield TextPiece(self.taken_out(held), tokens)
                yield piece
            elif piece.reasoning or (self._keys is None and self._marks is None):
                yield piece
            else:
                held, tokens = held + piece.text, piece.tokens
                going = _MAY_GO_ON.search(held)
                cut = going.start() if going else len(held)
                yield msgspec.structs.replace(piece, text=self.taken_out(held[:cut]))
                held = held[cut:]
