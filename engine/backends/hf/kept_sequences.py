"""The last few conversations with what the model remembers of them, so that they are not read again.

Not thread-safe: who holds the turn may ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.backends.hf.kv_cache import KvCache

MOST = 8
FORK_SHARE = 0.5  # a sequence of which less would be left is copied and stays as it is
FORK_TOKENS = 64


class Kept:
    """`tokens` are what `cache` remembers, in order."""

    def __init__(self, tokens: list[int], cache: KvCache, conversation: str) -> None:
        self.tokens, self.cache, self.conversation = tokens, cache, conversation


class KeptSequences:
    """`room` is how many tokens may be kept in all while nobody uses them."""

    def __init__(self, new_cache: Callable[[], KvCache], room: int) -> None:
        self._new_cache, self._room = new_cache, room
        self._kept: list[Kept] = []  # the one used last stands last

    def take(self, prompt: Sequence[int], conversation: str) -> Kept:
        """The sequence that remembers most of `prompt`, cut to what they share. One's own until
        `give_back`. At least the last token of the prompt is left to be read."""
        best, shared = None, 0
        for kept in self._kept:
            common = min(_common(kept.tokens, prompt), len(prompt) - 1)
            if not kept.cache.can_cut and common < len(kept.tokens):
                continue
            if common > shared or (common == shared and kept.conversation == conversation):
                best, shared = kept, common
        if best is None or shared == 0:
            return Kept([], self._new_cache(), conversation)
        rest = len(best.tokens) - shared
        if rest > FORK_TOKENS and shared < FORK_SHARE * len(best.tokens):
            return Kept(list(prompt[:shared]), best.cache.copy(shared), conversation)
        self._kept.remove(best)
        if rest:
            best.cache.cut(shared)
        return Kept(list(prompt[:shared]), best.cache, conversation)

    def give_back(self, kept: Kept) -> None:
        self._kept.append(kept)
        while len(self._kept) > MOST or sum(len(k.tokens) for k in self._kept) > self._room:
            del self._kept[0]

    def forget(self, conversations: Sequence[str] | None) -> None:
        """Of these conversations, or of all."""
        self._kept = [
            kept
            for kept in self._kept
            if conversations is not None and kept.conversation not in conversations
        ]


def _common(a: Sequence[int], b: Sequence[int]) -> int:
    for index, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return index
    return min(len(a), len(b))
