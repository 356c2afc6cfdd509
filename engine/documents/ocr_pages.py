"""Reads the pages of one document by OCR, some side by side, within a time for all of them.

The pictures are made one by one on the calling thread, for PDFium allows no other; each is read by a
process of its own. Knows pages by their numbers only.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

from engine.contracts import AbortFlag
from engine.documents.ocr import Engine, Picture, Stop, languages_for, read_words
from engine.documents.ocr_lines import lines_of
from engine.documents.pdf_lines import Line
from engine.errors import DocumentNoTextError

WIDTH = max(1, min(4, os.cpu_count() or 1))
MAX_SECONDS = 240.0  # less than a document may take in all
MAX_PIXELS = 20_000_000
RESOLUTION = 300  # pixels per inch; what Tesseract's makers advise
_LOOK_SECONDS = 0.1


class Outcome(NamedTuple):
    """Lines by page; `left_out` are pages that took too long or for which no time was left."""

    lines: dict[int, list[Line]]
    left_out: list[int]


def read_pages(
    engine: Engine,
    name: str,
    pages: Iterable[int],
    picture_of: Callable[[int], Picture | None],
    abort: AbortFlag,
) -> Outcome:
    """Pages whose picture is None are left out. `DocumentNoTextError` if no language is installed."""
    outcome = Outcome({}, [])
    ends = time.monotonic() + MAX_SECONDS
    languages = ""
    stop = Stop()
    waiting: dict[Future[list[Line] | None], int] = {}
    with ThreadPoolExecutor(WIDTH, "carrel-ocr") as pool:
        try:
            for page in pages:
                picture = picture_of(page) if time.monotonic() < ends else None
                if picture is None:
                    outcome.left_out.append(page)
                    continue
                if not languages:
                    languages = _waited(pool.submit(languages_for, engine, picture, stop), abort)
                    if not languages:
                        raise _no_language(engine, name)
                waiting[pool.submit(_lines, engine, picture, languages, stop)] = page
                while len(waiting) >= WIDTH:
                    _collect(waiting, outcome, abort)
            while waiting:
                _collect(waiting, outcome, abort)
        finally:
            stop.set()
    outcome.left_out.sort()
    return outcome


def fitting_resolution(width: float, height: float) -> int:
    """Pixels per inch for a page of so many points, so that a poster takes no more than its share."""
    area = max(width * height, 1) / 72**2
    return max(1, min(RESOLUTION, int((MAX_PIXELS / area) ** 0.5)))


def page_list(numbers: Iterable[int]) -> str:
    """ "Page 3" or "Pages 1–3, 7"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    is_one = len(runs) == 1 and runs[0][0] == runs[0][1]
    return f"Page{'' if is_one else 's'} {', '.join(shown[:10])}{', …' * (len(shown) > 10)}"


def remark(engine: Engine, numbers: Iterable[int]) -> str:
    return f"{page_list(numbers)}: read by OCR ({engine.name}); words may be wrong."


def _lines(engine: Engine, picture: Picture, languages: str, stop: Stop) -> list[Line] | None:
    words = read_words(engine, picture, languages, stop)
    return None if words is None else lines_of(words, picture.resolution)


def _collect(
    waiting: dict[Future[list[Line] | None], int], outcome: Outcome, abort: AbortFlag
) -> None:
    """Take what is done, after a moment at most."""
    abort.raise_if_set()
    for future in wait(waiting, _LOOK_SECONDS, FIRST_COMPLETED).done:
        page = waiting.pop(future)
        lines = future.result()
        if lines is None:
            outcome.left_out.append(page)
        else:
            outcome.lines[page] = lines


def _waited(future: Future[str], abort: AbortFlag) -> str:
    while not wait([future], _LOOK_SECONDS).done:
        abort.raise_if_set()
    return future.result()


def _no_language(engine: Engine, name: str) -> DocumentNoTextError:
    return DocumentNoTextError(
        f"“{name}” is a scan, and {engine.name} has no language to read it in.",
        hint="Install the data of a language for Tesseract, English at least (“eng”).",
    )
