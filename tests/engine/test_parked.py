"""What left the context waits in memory: the best of it comes back, and never more than its share."""

from __future__ import annotations

from array import array

from engine.backends.llama.parked import NAMELESS, Parked
from engine.backends.llama.slots import State


def state(tokens: range, conversation: str = "", *, dirty: bool = False) -> State:
    return State(array("i", tokens), bytes(100), conversation, dirty)


def best(parked: Parked, tokens: range, *, whole: bool = False) -> tuple[State | None, int]:
    return parked.best(array("i", tokens), len(tokens), None, whole=whole)


def test_the_state_with_most_of_a_prompt_comes_back() -> None:
    parked = Parked(lambda _: None)
    short, long = state(range(50), "a"), state(range(80), "b")
    parked.put(short)
    parked.put(long)
    assert best(parked, range(200)) == (long, 80)
    parked.take(long)
    assert best(parked, range(200)) == (short, 50)
    assert best(parked, range(10, 200)) == (None, 0)


def test_a_model_that_cannot_forget_takes_only_whole_states() -> None:
    parked = Parked(lambda _: None)
    parked.put(state(range(80), "a"))
    assert best(parked, range(60), whole=True) == (None, 0)
    assert best(parked, range(90), whole=True)[1] == 80


def test_a_conversation_has_one_state_the_newer_or_the_longer() -> None:
    parked = Parked(lambda _: None)
    parked.put(state(range(80), "a"))
    parked.put(state(range(50), "a"))  # a copy of its beginning, with nothing new
    assert [len(tokens) for tokens in parked.token_lists()] == [80]
    parked.put(state(range(60), "a", dirty=True))
    assert [len(tokens) for tokens in parked.token_lists()] == [60]


def test_what_has_no_name_is_kept_only_for_a_while() -> None:
    kept: list[State] = []
    parked = Parked(kept.append)
    parked.put(state(range(30), "talk", dirty=True))
    for number in range(3 * NAMELESS):
        parked.put(state(range(number, number + 30)))
    assert len(parked.token_lists()) == NAMELESS + 1
    assert best(parked, range(30))[0] is not None
    assert not kept


def test_over_its_limit_the_oldest_goes_to_disk_if_it_is_not_there_yet() -> None:
    kept: list[State] = []
    parked = Parked(kept.append, limit=250)
    for name in "abcd":
        parked.put(state(range(30), name, dirty=name == "a"))
    assert [state.conversation for state in kept] == ["a"]
    assert len(parked.token_lists()) == 2


def test_what_is_forgotten_is_gone() -> None:
    parked = Parked(lambda _: None)
    parked.put(state(range(30), "a"))
    parked.put(state(range(30), "b"))
    parked.forget(["a"])
    assert len(parked.token_lists()) == 1
    parked.forget(None)
    assert parked.token_lists() == []
