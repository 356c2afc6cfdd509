"""Prompt lookup: an answer that quotes its prompt is drafted by copying from it, and checked.

Where the last tokens stand earlier in the text, what followed there is put into the batch as a
draft; the model reads all of it at once, and what it would have said itself is kept. The answer is
the same, only sooner or later: so drafts are as long as they pay, by the measured time of a batch
and the share of drafts that were kept lately, and stop where they do not.

Method: Saxena, "Prompt Lookup Decoding" (2023); Leviathan et al., "Fast Inference from Transformers
via Speculative Decoding" (2023) for how much a draft of a length is worth.
"""

from __future__ import annotations

from collections.abc import Sequence

LENGTHS = (3, 7, 11, 15)  # drafts are tried in these lengths
KEY = 3  # tokens in a row that must stand earlier
FIRST_SHARE = 0.7  # of draft tokens kept, before anything is known
LEARNING = 0.15
MARGIN = 1.05  # a draft must promise that much more, as estimates are only that
TRY_AGAIN = 48  # tokens without a draft, before one is tried again


class StepTimes:
    """Seconds of a decode by its number of rows, as measured lately. Shared by all requests."""

    def __init__(self) -> None:
        self._seconds: dict[int, float] = {}

    def record(self, rows: int, seconds: float) -> None:
        known = self._seconds.get(rows)
        # A decode is only ever slowed down by others, so that the quick ones tell most.
        weight = 0.3 if known is None or seconds < known else 0.05
        self._seconds[rows] = seconds if known is None else known + weight * (seconds - known)

    def ratio(self, rows: int) -> float:
        """How many times longer than one row it takes; a guess where nothing was measured."""
        one = self._seconds.get(1)
        known = self._seconds.get(rows)
        if one is None or known is None:
            return 1.0 + 0.35 * (rows - 1) ** 0.9
        return max(1.0, known / one)


class PromptLookup:
    """Drafts for one answer. `tokens` (prompt and answer so far) grows by `extend`."""

    def __init__(self, tokens: Sequence[int], times: StepTimes) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}  # where a key's continuation begins
        self._times = times
        self._share = FIRST_SHARE
        self._since_draft = 0
        self.extend(tokens)

    def extend(self, tokens: Sequence[int]) -> None:
        for token in tokens:
            if len(self._tokens) >= KEY:
                self._places[tuple(self._tokens[-KEY:])] = len(self._tokens)
            self._tokens.append(token)

    def draft(self, most: int) -> list[int]:
        """Up to `most` tokens that may come next; none where it would not pay."""
        self._since_draft += 1
        place = self._places.get(tuple(self._tokens[-KEY:]))
        if place is None:
            return []
        length = self._best_length(most)
        if not length and self._since_draft >= TRY_AGAIN:
            length = min(LENGTHS[0], most)
        if length:
            self._since_draft = 0
        return self._tokens[place : place + length]

    def record(self, drafted: int, kept: int) -> None:
        """How many tokens of a draft the model would have said itself, up to the first other one."""
        judged = min(drafted, kept + 1)
        for index in range(judged):
            self._share += LEARNING * ((1.0 if index < kept else 0.0) - self._share)

    def _best_length(self, most: int) -> int:
        best, worth = 0, MARGIN
        for length in LENGTHS:
            if length > most:
                break
            share = min(self._share, 0.98)
            tokens = (1 - share ** (length + 1)) / (1 - share)
            gain = tokens / self._times.ratio(length + 1)
            if gain > worth:
                best, worth = length, gain
        return best
