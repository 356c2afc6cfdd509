"""Reads pictures of text with Tesseract, if the user has it installed: words and where they stand.

Tesseract (Apache-2.0) is a program of its own; nothing of it is shipped. It gets a picture on its
standard input and is ended when it takes too long. Knows neither PDF nor documents.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from engine.documents.ocr_languages import chosen, has_choice

SWITCH = "CARREL_TESSERACT"  # the program's path, or "off"
PAGE_SECONDS = 60.0
_QUESTION_SECONDS = 10.0
_LEAST_VERSION = 4  # its first with neural networks; older ones read far worse
_VERSION = re.compile(r"tesseract v?(\d+)\.(\d+)")
_ROTATE = re.compile(r"^Rotate: (\d+)$", re.MULTILINE)
_SCRIPT = re.compile(r"^Script: (\w+)$", re.MULTILINE)
_ORIENTATION = "osd"  # the data with which it finds out how a page lies, and its script
_LONG_SIDE = 11.5  # inches
_POOR = 60.0  # per cent: the mean confidence below which a page may lie on its side
_UNREADABLE = 40.0  # a line without any word as sure as this is a smudge


class Word(NamedTuple):
    """`line` numbers the lines of a picture; places are pixels from the upper left corner."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float  # 0-100
    line: tuple[int, ...]


class Engine(NamedTuple):
    program: str
    version: str  # "5.3"
    languages: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"Tesseract {self.version}"


class Picture(NamedTuple):
    """Grey pixels, row by row, one byte each; `resolution` in pixels per inch."""

    width: int
    height: int
    pixels: bytes
    resolution: int

    def netpbm(self) -> bytes:
        return b"P5\n%d %d\n255\n" % (self.width, self.height) + self.pixels

    def turned(self, degrees: int) -> Picture:
        """Clockwise, by a multiple of 90."""
        from PIL import Image

        image = Image.frombytes("L", (self.width, self.height), self.pixels)
        turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180}
        image = image.transpose(turns.get(degrees, Image.Transpose.ROTATE_90))
        return Picture(image.width, image.height, image.tobytes(), self.resolution)


class Stop:
    """Ends the programs that run, and those that would be started later. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._is_set = False

    def set(self) -> None:
        with self._lock:
            self._is_set = True
            for process in self._running:
                process.kill()

    @contextlib.contextmanager
    def ends(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        with self._lock:
            self._running.add(process)
            if self._is_set:
                process.kill()
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(process)


def program() -> str | None:
    """Where Tesseract is: on the search path, or where its installers put it."""
    named = os.environ.get(SWITCH)
    if named is not None:
        return named if Path(named).is_file() else None
    return shutil.which("tesseract") or next(map(str, filter(Path.is_file, _usual_places())), None)


def _usual_places() -> Iterator[Path]:
    """A program started from a desktop does not have the search path of a shell."""
    if sys.platform == "win32":
        for variable, folder in (
            ("PROGRAMFILES", "Tesseract-OCR"),
            ("PROGRAMFILES(X86)", "Tesseract-OCR"),
            ("LOCALAPPDATA", "Programs/Tesseract-OCR"),
        ):
            if base := os.environ.get(variable):
                yield Path(base) / folder / "tesseract.exe"
        return
    for folder in ("/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin", "/usr/bin"):
        yield Path(folder) / "tesseract"


def find_engine() -> Engine | None:
    """The Tesseract that is installed, or None if there is none that can be used."""
    path = program()
    return _asked_engine(path) if path else None


@functools.lru_cache(maxsize=4)
def _asked_engine(path: str) -> Engine | None:
    version = _VERSION.search(_answer(path, "--version"))
    if version is None or int(version[1]) < _LEAST_VERSION:
        return None
    listed = _answer(path, "--list-langs").splitlines()[1:]
    languages = tuple(line.strip() for line in listed if re.fullmatch(r"[\w/-]+", line.strip()))
    return Engine(path, f"{version[1]}.{version[2]}", languages)


def how_to_install() -> str:
    """A hint for this system."""
    how = {
        "win32": "winget install UB-Mannheim.TesseractOCR",
        "darwin": "brew install tesseract tesseract-lang",
    }.get(sys.platform, "sudo apt install tesseract-ocr, or your system's package of that name")
    return f"Install Tesseract, which is free ({how}), and open the file again."


def languages_for(engine: Engine, first: Picture, stop: Stop) -> str:
    """The languages to read with, "chi_sim+eng"; the script of the first page decides between them.

    "" if there are none.
    """
    script = ""
    if _ORIENTATION in engine.languages and has_choice(engine.languages):
        found = _SCRIPT.search(_orientation(engine, first, stop))
        script = found[1] if found else ""
    return chosen(engine.languages, script)


def read_words(engine: Engine, picture: Picture, languages: str, stop: Stop) -> list[Word] | None:
    """The words of a picture; None if reading it took too long. A page on its side is turned."""
    words = _words(engine, picture, languages, stop)
    if words is None or _ORIENTATION not in engine.languages or not _is_poor(words):
        return words
    found = _ROTATE.search(_orientation(engine, picture, stop))
    if found is None or found[1] == "0":
        return words
    turned = _words(engine, picture.turned(int(found[1])), languages, stop)
    is_better = turned and (_lies(words) or _sureness(turned) > _sureness(words))
    return turned if is_better else words


def _words(engine: Engine, picture: Picture, languages: str, stop: Stop) -> list[Word] | None:
    table = _run(
        [
            *(engine.program, "stdin", "stdout", "-l", languages, "--psm", "3"),
            *("--dpi", str(_likely_resolution(picture)), "-c", "tessedit_create_tsv=1"),
        ],
        picture.netpbm(),
        PAGE_SECONDS,
        stop,
    )
    if table is None:
        return None
    words: list[Word] = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            left, top, width, height = map(int, cells[6:10])
            place = (left, top, left + width, top + height)
            line = tuple(map(int, cells[1:5]))
            words.append(Word(cells[11].strip(), *place, float(cells[10]), line))
    sure = {word.line for word in words if word.confidence >= _UNREADABLE}
    return [word for word in words if word.line in sure]


def _likely_resolution(picture: Picture) -> int:
    """As if the page were A4: files name all kinds of sizes, and Tesseract tells smudges from letters
    by it. Of its own guesses and the files' words, neither reads as well."""
    return min(max(round(max(picture.width, picture.height) / _LONG_SIDE), 70), 600)


def _is_poor(words: list[Word]) -> bool:
    return not words or _lies(words) or _sureness(words) / len(words) < _POOR


def _lies(words: list[Word]) -> bool:
    """Most words are higher than wide."""
    long = [word for word in words if len(word.text) > 3]
    return sum(word.right - word.left > word.bottom - word.top for word in long) * 2 < len(long)


def _sureness(words: list[Word]) -> float:
    return sum(word.confidence for word in words)


def _orientation(engine: Engine, picture: Picture, stop: Stop) -> str:
    arguments = [engine.program, "stdin", "stdout", "--psm", "0"]
    return _run(arguments, picture.netpbm(), PAGE_SECONDS, stop) or ""


def _answer(path: str, question: str) -> str:
    """Old versions answer on standard error."""
    return _run([path, question], b"", _QUESTION_SECONDS, Stop(), with_errors=True) or ""


def _run(
    arguments: list[str], given: bytes, seconds: float, stop: Stop, *, with_errors: bool = False
) -> str | None:
    """What it says; None if it could not be started, took too long, or was stopped."""
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if with_errors else subprocess.DEVNULL,
            # Several pages are read side by side, each on one thread.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            creationflags=0x08000000 if os.name == "nt" else 0,  # no console window
        )
    except OSError:
        return None
    with process, stop.ends(process):
        try:
            said, _ = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
    return said.decode("utf-8", "replace") if process.returncode == 0 else None
