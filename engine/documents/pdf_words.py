"""From a PDF page to fragments: stretches of words on one baseline, with their place on the page.

Speaks to PDFium's text API only; what the places mean (columns, paragraphs) is decided elsewhere.
PDFium is not thread-safe: one thread at a time. Coordinates are points, y grows upwards, and the
page is turned so that most of its text reads from left to right.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from typing import Any, NamedTuple

from engine.documents.pdf_glyphs import in_reading_order, readable

MAX_PAGE_CHARACTERS = 200_000
HYPHENS = "-\u2010\xad"
_NEWLINES = frozenset((0x0A, 0x0B, 0x0C, 0x0D, 0x2028, 0x2029))
_SPACES = frozenset((0x09, 0x20, 0xA0, 0x2000, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000))
_DROPPED = frozenset((0x7F, 0x200B, 0xFEFF, 0xFFFE))
_HYPHEN_MARKS = frozenset((0x02, 0xFFFE))  # what PDFium puts for a hyphen at the end of a line
_BOLD_FONT = re.compile(r"bold|black|heavy|demi|cmbx|-bd\b|\bbd\b", re.IGNORECASE)
_JOIN_GAP = 0.8  # of the font size: wider gaps may be the space between two columns


class Fragment(NamedTuple):
    """Words on one baseline. `size` is the font size in points as seen on the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool


class _Word(NamedTuple):
    text: str
    left: float
    right: float
    bottom: float
    top: float
    x: float
    y: float
    size: float
    angle: int
    first_index: int
    starts_line: bool


def page_fragments(textpage: Any) -> tuple[list[Fragment], int]:
    """The fragments of a page in the file's own order, and how many characters were read."""
    import pypdfium2.raw as pdfium

    count = max(pdfium.FPDFText_CountChars(textpage.raw), 0)
    words = _words(pdfium, textpage.raw, min(count, MAX_PAGE_CHARACTERS))
    if not words:
        return [], count
    angles: Counter[int] = Counter()
    for word in words:
        angles[word.angle] += len(word.text)
    main_angle = angles.most_common(1)[0][0]
    upright = [_turned(word, main_angle) for word in words if word.angle == main_angle]
    return _joined(pdfium, textpage.raw, upright), count


def _words(pdfium: Any, page: Any, count: int) -> list[_Word]:
    reader = _WordReader(pdfium, page)
    get_unicode = pdfium.FPDFText_GetUnicode
    words: list[_Word] = []
    characters: list[str] = []
    first = 0
    starts_line = True
    for index in range(count + 1):
        code = get_unicode(page, index) if index < count else 0x0A
        if code in _NEWLINES or code in _SPACES:
            if characters:
                words.append(reader.word(characters, first, index - 1, starts_line))
                characters = []
                starts_line = False
            starts_line = starts_line or code in _NEWLINES
        elif code in _HYPHEN_MARKS and characters:  # it stands for "-" and the end of the line
            words.append(reader.word([*characters, "-"], first, index - 1, starts_line))
            characters = []
            starts_line = True
        elif code >= 0x20 and code not in _DROPPED:
            if not characters:
                first = index
            characters.append(chr(code))
    return words


class _WordReader:
    """Asks PDFium for places; keeps the buffers that the answers come in."""

    def __init__(self, pdfium: Any, page: Any) -> None:
        self._pdfium = pdfium
        self._page = page
        self._rect = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def word(self, characters: list[str], first: int, last: int, starts_line: bool) -> _Word:
        left, bottom, right, top = self._box(first)
        if last > first:
            end = self._box(last)
            left, bottom = min(left, end[0]), min(bottom, end[1])
            right, top = max(right, end[2]), max(top, end[3])
        matrix = self._matrix
        self._pdfium.FPDFText_GetMatrix(self._page, first, matrix)
        self._pdfium.FPDFText_GetCharOrigin(self._page, first, self._x, self._y)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        size = self._pdfium.FPDFText_GetFontSize(self._page, first) * (scale or 1.0)
        text = in_reading_order(readable("".join(characters)), right - left, size)
        return _Word(
            text, left, right, bottom, top, self._x.value, self._y.value,
            size if 0.5 < size < 500 else 10.0, _quarter_turns(matrix), first, starts_line,
        )  # fmt: skip

    def _box(self, index: int) -> tuple[float, float, float, float]:
        rect = self._rect
        self._pdfium.FPDFText_GetLooseCharBox(self._page, index, rect)
        return rect.left, rect.bottom, rect.right, rect.top


def _quarter_turns(matrix: Any) -> int:
    """0-3 times 90 degrees counter-clockwise; -1 for text at any other angle."""
    a, b = matrix.a, matrix.b
    if abs(b) < 0.05 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) < 0.05 * abs(b):
        return 1 if b > 0 else 3
    return 0 if not a and not b else -1


def _turned(word: _Word, turns: int) -> _Word:
    if turns not in (1, 2, 3):
        return word
    corners = ((word.left, word.bottom), (word.right, word.top), (word.x, word.y))
    (x1, y1), (x2, y2), (x, y) = (_rotated(*corner, turns) for corner in corners)
    return word._replace(
        left=min(x1, x2), right=max(x1, x2), bottom=min(y1, y2), top=max(y1, y2), x=x, y=y
    )


def _rotated(x: float, y: float, turns: int) -> tuple[float, float]:
    """Turn clockwise, against the text's own turns."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns]


def _joined(pdfium: Any, page: Any, words: list[_Word]) -> list[Fragment]:
    runs: list[list[_Word]] = []
    for word in words:
        if runs and _continues(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [
        Fragment(
            text=" ".join(word.text for word in run),
            left=min(word.left for word in run),
            right=max(word.right for word in run),
            baseline=run[0].y,
            size=max(run, key=lambda word: len(word.text)).size,
            is_bold=_is_bold(pdfium, page, run[0]) and _is_bold(pdfium, page, run[-1]),
        )
        for run in runs
    ]


def _continues(before: _Word, word: _Word) -> bool:
    if word.starts_line:
        return False
    size = max(before.size, word.size)
    gap = max(word.left - before.right, before.left - word.right)
    return abs(word.y - before.y) < 0.3 * size and -0.6 * size < gap < _JOIN_GAP * size


def _is_bold(pdfium: Any, page: Any, word: _Word) -> bool:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(page, word.first_index, buffer, 128, flags)
    name = buffer.value.decode("utf-8", "replace") if 0 < length <= 128 else ""
    return bool(_BOLD_FONT.search(name)) or bool(flags.value & (1 << 18))
