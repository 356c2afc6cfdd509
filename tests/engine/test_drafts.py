"""Drafts from the prompt: what was said before comes again, as long as that pays."""

from __future__ import annotations

from engine.backends.llama.drafts import LENGTHS, PromptLookup, StepTimes

TEXT = list(range(100, 160))


def times(per_row: float) -> StepTimes:
    """One row takes a second, each further one so much more."""
    measured = StepTimes()
    for rows in range(1, 20):
        measured.record(rows, 1.0 + per_row * (rows - 1))
    return measured


def test_what_followed_the_last_tokens_before_is_drafted() -> None:
    lookup = PromptLookup([*TEXT, 1, 2], times(0.1))
    lookup.extend(TEXT[10:13])
    draft = lookup.draft(15)
    assert draft
    assert draft == TEXT[13 : 13 + len(draft)]


def test_nothing_is_drafted_where_nothing_is_repeated() -> None:
    assert PromptLookup(TEXT, times(0.1)).draft(15) == []
    assert PromptLookup([], times(0.1)).draft(15) == []


def test_the_latest_place_counts() -> None:
    lookup = PromptLookup([1, 2, 3, 50, 51, 52, 1, 2, 3, 60, 61, 62, 1, 2, 3], times(0.01))
    assert lookup.draft(3) == [60, 61, 62]


def test_cheap_rows_make_long_drafts_and_dear_ones_none() -> None:
    for per_row, least, most in ((0.02, LENGTHS[1], LENGTHS[-1]), (1.0, 0, 0)):
        lookup = PromptLookup([*TEXT, 1, 2, *TEXT[10:13]], times(per_row))
        assert least <= len(lookup.draft(15)) <= most


def test_drafts_that_are_never_kept_stop_and_are_tried_again_later() -> None:
    lookup = PromptLookup([*TEXT, 1, 2, *TEXT[10:13]], times(0.3))
    drafted = 0
    for _ in range(200):
        if draft := lookup.draft(15):
            drafted += 1
            lookup.record(len(draft), 0)
    assert drafted < 12
    assert any(lookup.draft(15) for _ in range(60))


def test_a_draft_is_never_longer_than_there_is_room() -> None:
    lookup = PromptLookup([*TEXT, 1, 2, *TEXT[10:13]], times(0.01))
    for most in range(12):
        assert len(lookup.draft(most)) <= most
