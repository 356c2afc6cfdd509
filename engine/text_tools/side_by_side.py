"""Several generations at once, for models that write them in one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from engine.contracts import AbortFlag

T = TypeVar("T")


def side_by_side(
    work: Iterable[Callable[[], T]], width: int, abort: AbortFlag
) -> Iterator[tuple[int, T]]:
    """What each of `work` returns, with its number, as they end; `width` of them run at once.

    The first error is raised when those under way have ended. Whoever gives up the iterator waits for
    them, too: set `abort` first.
    """
    waiting = enumerate(work)
    with ThreadPoolExecutor(width, "side-by-side") as threads:
        open_ones: dict[Future[T], int] = {}
        while True:
            while len(open_ones) < width and not abort.is_set():
                number, one = next(waiting, (-1, None))
                if one is None:
                    break
                open_ones[threads.submit(one)] = number
            if not open_ones:
                abort.raise_if_set()
                return
            done, _ = wait(open_ones, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda f: open_ones[f]):
                yield open_ones.pop(future), future.result()
