"""Computing on a thread that ends.

OpenMP keeps helpers for each thread that ever computed. While there are more of them than
processors, all wait for each other asleep instead of awake, which halves the speed of writing: so
whoever only loads, measures or tries something out must not stay.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from engine.errors import ModelLoadError

T = TypeVar("T")


def in_a_passing_thread(deed: Callable[[], T]) -> T:
    """What `deed` returns or raises; `ModelLoadError` if there is no memory for a thread."""
    with ThreadPoolExecutor(1, "carrel-passing") as thread:
        try:
            begun = thread.submit(deed)
        except RuntimeError as error:
            raise ModelLoadError(
                "There is not enough memory to load a model.",
                hint="Close other programs, or choose a smaller model.",
                detail=repr(error),
            ) from error
        return begun.result()
