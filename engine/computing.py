"""The one thread of this process that computes with torch.

OpenMP keeps helpers for each thread that ever computed. While there are more of them than processors,
all wait for each other asleep instead of awake, which halves the speed of every model, llama.cpp's
too. So whoever uses torch in a worker holds this thread and computes nowhere else. Knows no model.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
# oneDNN and torch each keep what they made for the last 1,024 shapes of a batch, which comes to a
# gigabyte where every text has a length of its own. Fewer cost no time. Read at the first computation.
_KEPT_SHAPES = {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32", "LRU_CACHE_CAPACITY": "32"}


class ComputingThread:
    """A hold on the thread, which lives until the last one is released.

    `RuntimeError` if there is no memory for a thread.
    """

    _lock = threading.Lock()
    _holds = 0
    _thread: ThreadPoolExecutor | None = None

    def __init__(self) -> None:
        shared = ComputingThread
        with shared._lock:
            if shared._thread is None:
                for name, capacity in _KEPT_SHAPES.items():
                    os.environ.setdefault(name, capacity)
                thread = ThreadPoolExecutor(1, "carrel-torch")
                thread.submit(int).result()  # if it cannot be had, then nothing has begun
                shared._thread = thread
            shared._holds += 1
            self._own: ThreadPoolExecutor | None = shared._thread

    def run(self, deed: Callable[[], T]) -> T:
        """What `deed` returns or raises, without gradients, when all before it are done.

        Never to be called by a deed: it would wait for itself.
        """
        if self._own is None:
            raise RuntimeError("the computing thread has been released")
        return self._own.submit(_without_gradients, deed).result()

    def release(self, wait: bool = True) -> None:
        """Any number of times."""
        shared = ComputingThread
        with shared._lock:
            own, self._own = self._own, None
            if own is None:
                return
            shared._holds -= 1
            if shared._holds:
                return
            shared._thread = None
        own.shutdown(wait=wait)


def _without_gradients(deed: Callable[[], T]) -> T:
    import torch  # here, so that whoever only names this module does not load it

    with torch.inference_mode():
        return deed()


def without_helpers(deed: Callable[[], T]) -> T:
    """Compute `deed` on this thread alone; to be called on the computing thread."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return deed()
    finally:
        torch.set_num_threads(threads)
