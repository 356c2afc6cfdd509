"""Whose turn it is: one at a time, in order, urgent ones first, and nobody waits for ever."""

from __future__ import annotations

import threading
import time

import pytest

from engine.backends.hf.turns import Turns
from engine.contracts import AbortFlag
from engine.errors import AbortedError


class Crowd:
    """Threads that wait for a turn, and the order in which they got it."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.order: list[str] = []
        self._threads: list[threading.Thread] = []

    def add(self, name: str, *, urgent: bool = False) -> None:
        """Come in, and return when it stands in the line."""
        waiting = len(self.turns._waiting)
        thread = threading.Thread(target=self._work, args=(name, urgent))
        self._threads.append(thread)
        thread.start()
        end = time.monotonic() + 5
        while len(self.turns._waiting) == waiting:
            assert time.monotonic() < end
            time.sleep(0.001)

    def _work(self, name: str, urgent: bool) -> None:
        with self.turns.turn(AbortFlag(), urgent=urgent):
            self.order.append(name)

    def finish(self) -> list[str]:
        for thread in self._threads:
            thread.join(5)
        return self.order


def test_turns_go_in_order_and_urgent_ones_first() -> None:
    crowd = Crowd()
    with crowd.turns.turn(AbortFlag()):
        for name in ("a", "b"):
            crowd.add(name)
        crowd.add("waited for", urgent=True)
        crowd.add("c")
    assert crowd.finish() == ["waited for", "a", "b", "c"]


def test_every_fourth_turn_goes_to_the_background() -> None:
    crowd = Crowd()
    with crowd.turns.turn(AbortFlag()):
        for number in range(5):
            crowd.add(f"urgent {number}", urgent=True)
        crowd.add("background")
    assert crowd.finish().index("background") == 3


def test_who_comes_back_stands_behind_those_who_waited() -> None:
    turns, order = Turns(), []
    ready = threading.Barrier(3)

    def work(name: str) -> None:
        ready.wait(5)
        for _ in range(20):
            with turns.turn(AbortFlag()):
                order.append(name)
                time.sleep(0.002)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    middle = order[3:-3]
    assert all(set(middle[at : at + 3]) == set("abc") for at in range(0, len(middle) - 3, 3))


def test_whoever_is_told_to_stop_leaves_the_line() -> None:
    turns, abort = Turns(), AbortFlag()
    with turns.turn(AbortFlag()):
        timer = threading.Timer(0.02, abort.set)
        timer.start()
        with pytest.raises(AbortedError), turns.turn(abort):
            raise AssertionError("it was not its turn")
        timer.join()
    with turns.turn(AbortFlag()):
        pass


def test_a_fault_in_a_turn_does_not_keep_it() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn(AbortFlag()):
        raise ZeroDivisionError
    with turns.turn(AbortFlag()):
        pass
