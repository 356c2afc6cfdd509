"""Two threads that fight for one core are ten times slower than one: then one must go on alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from engine.backends.llama.threads import (
    LEAST,
    MOST_RETRY_TOKENS,
    RETRY_TOKENS,
    WINDOW,
    ThreadGovernor,
)

FAST, COLLAPSED, ALONE = 0.008, 0.200, 0.014  # seconds a token


def run(governor: ThreadGovernor, tokens: int, seconds: Callable[[int], float]) -> Iterator[int]:
    for _ in range(tokens):
        yield governor.record(seconds(governor.current))


def quiet(threads: int) -> float:
    return FAST if threads > 1 else ALONE


def busy(threads: int) -> float:
    return COLLAPSED if threads > 1 else ALONE


def test_on_a_quiet_machine_all_threads_stay() -> None:
    assert set(run(ThreadGovernor(2), 1000, quiet)) == {2}


def test_one_slow_token_is_no_reason() -> None:
    governor = ThreadGovernor(2)
    assert set(run(governor, 60, quiet)) == {2}
    governor.record(1.0)
    assert set(run(governor, 60, quiet)) == {2}


def test_when_tokens_slow_down_one_thread_goes_on_and_later_all_come_back() -> None:
    governor = ThreadGovernor(4)
    list(run(governor, 5 * WINDOW, quiet))
    counts = list(run(governor, 2 * WINDOW, busy))
    assert counts[-1] == 1
    counts = list(run(governor, RETRY_TOKENS + WINDOW, quiet))
    assert counts[-1] == 4
    assert set(run(governor, 500, quiet)) == {4}


def test_while_it_stays_busy_retries_become_rarer_and_end_early() -> None:
    governor = ThreadGovernor(2)
    list(run(governor, 5 * WINDOW, quiet))
    list(run(governor, 2 * WINDOW, busy))
    counts = list(run(governor, 10 * MOST_RETRY_TOKENS, busy))
    assert 0 < counts.count(2) <= 15 * LEAST


def test_a_text_that_grows_slowly_slower_keeps_its_threads() -> None:
    governor, grown = ThreadGovernor(2), itertools.count()

    def growing(threads: int) -> float:
        return (FAST if threads > 1 else ALONE) * (1 + next(grown) / 400)

    assert set(run(governor, 2000, growing)) == {2}


def test_a_longer_text_costs_one_trial_and_no_more() -> None:
    governor = ThreadGovernor(2)
    list(run(governor, 5 * WINDOW, quiet))
    counts = list(run(governor, 1000, lambda threads: 3 * quiet(threads)))
    assert counts.count(1) <= WINDOW


def test_a_short_burst_of_another_program_is_soon_forgotten() -> None:
    governor = ThreadGovernor(2)
    list(run(governor, 5 * WINDOW, quiet))
    list(run(governor, WINDOW, busy))
    counts = list(run(governor, 200, quiet))
    assert counts.count(1) <= RETRY_TOKENS + WINDOW


def test_a_single_thread_has_nothing_to_choose() -> None:
    assert set(run(ThreadGovernor(1), 100, busy)) == {1}


def test_who_begins_with_one_thread_tries_all_of_them_when_things_have_settled() -> None:
    counts = list(run(ThreadGovernor(2, begin=1), RETRY_TOKENS + WINDOW, quiet))
    assert set(counts[: RETRY_TOKENS - 1]) == {1}
    assert counts[-1] == 2
    counts = list(run(ThreadGovernor(2, begin=1), 3 * RETRY_TOKENS, busy))
    assert counts.count(2) <= 3 * LEAST
