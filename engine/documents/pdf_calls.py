"""Asks PDFium for the characters of a page, many at a time and with few conversions.

A page has thousands of words, and the usual bindings build objects for every answer. These calls
write into arrays. What a font looks like is asked once per text object.
"""

from __future__ import annotations

import ctypes
import functools
import re
from array import array
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

_BOLD_FONT = re.compile(r"bold|black|heavy|demi|cmbx|-bd\b|\bbd\b", re.IGNORECASE)
_FIXED_FONT = re.compile(r"courier|mono|consol|typewriter|cmtt|menlo", re.IGNORECASE)
_FORCE_BOLD, _FIXED_PITCH = 1 << 18, 1  # flags of font descriptors (PDF 32000-1, table 123)
_USUAL_SIZE = 10.0


class Style(NamedTuple):
    """`size` in points as seen on the page; `angle` 0-3 times 90 degrees counter-clockwise, or -1."""

    size: float
    angle: int
    is_bold: bool
    is_fixed: bool  # all its characters are equally wide


class TextPage:
    """A page's characters by their number. Lives no longer than pypdfium2's text page."""

    def __init__(self, textpage: Any) -> None:
        self._calls = _calls()
        self._textpage = textpage  # keeps it open
        self._page = ctypes.cast(textpage.raw, ctypes.c_void_p).value
        self.count = max(self._calls.count(self._page), 0)
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._matrix = array("f", bytes(24))

    def text(self, limit: int) -> str:
        """One character for each of PDFium's, up to `limit`; it may give surrogates in halves."""
        count = min(self.count, limit)
        buffer = array("H", bytes(2 * count + 2))
        written = self._calls.text(self._page, 0, count, buffer.buffer_info()[0])
        text = buffer.tobytes()[: 2 * count].decode("utf-16-le", "surrogatepass")
        if written == count + 1 and len(text) == count:
            return text
        codes = [self._calls.code(self._page, index) for index in range(count)]
        return "".join([chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes])

    def boxes(self, indexes: Sequence[int]) -> list[float]:
        """Left, top, right, bottom of each character in turn, as high as its font."""
        numbers = array("f", bytes(16 * len(indexes)))
        page, box, address = self._page, self._calls.box, numbers.buffer_info()[0]
        for index in indexes:
            box(page, index, address)
            address += 16
        return numbers.tolist()

    def origins(self, indexes: Sequence[int]) -> list[float]:
        """x, y where each character stands on its baseline, in turn."""
        numbers = array("d", bytes(16 * len(indexes)))
        page, origin, address = self._page, self._calls.origin, numbers.buffer_info()[0]
        for index in indexes:
            origin(page, index, address, address + 8)
            address += 16
        return numbers.tolist()

    def styles(self, indexes: Sequence[int]) -> list[Style]:
        """The style of each of these characters; those of one text object share it."""
        known: dict[int | None, Style] = {}
        page, text_object = self._page, self._calls.text_object
        styles: list[Style] = []
        for index in indexes:
            found = text_object(page, index)
            if found is None or (style := known.get(found)) is None:
                style = known[found] = self._asked_style(index, found)
            styles.append(style)
        return styles

    def _asked_style(self, index: int, text_object: int | None) -> Style:
        calls, page, matrix = self._calls, self._page, self._matrix
        calls.matrix(page, index, matrix.buffer_info()[0])
        a, b, c, d, _, _ = matrix
        scale = abs(d) if not c else (c * c + d * d) ** 0.5
        size = calls.size(page, index) * (scale or 1.0)
        font = calls.font(text_object) if text_object else None
        face = self._fonts.get(font) if font else None
        if face is None:
            face = self._face(index)
            if font:
                self._fonts[font] = face
        angle = 0 if not b and a > 0 else _quarter_turns(a, b)
        return Style(size if 0.5 < size < 500 else _USUAL_SIZE, angle, *face)

    def _face(self, index: int) -> tuple[bool, bool]:
        """Whether the character's font is bold, and whether it is of fixed pitch."""
        buffer = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        length = self._calls.font_info(
            self._page, index, ctypes.addressof(buffer), 128, ctypes.addressof(flags)
        )
        name = buffer.value.decode("utf-8", "replace") if 0 < length <= 128 else ""
        return (
            bool(_BOLD_FONT.search(name)) or bool(flags.value & _FORCE_BOLD),
            bool(_FIXED_FONT.search(name)) or bool(flags.value & _FIXED_PITCH),
        )


def _quarter_turns(a: float, b: float) -> int:
    if abs(b) < 0.05 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) < 0.05 * abs(b):
        return 1 if b > 0 else 3
    return 0 if not a and not b else -1


class _Calls(NamedTuple):
    """PDFium's functions, with addresses where the bindings take typed pointers."""

    count: Callable[..., int]
    text: Callable[..., int]
    code: Callable[..., int]
    box: Callable[..., int]
    origin: Callable[..., int]
    matrix: Callable[..., int]
    size: Callable[..., float]
    text_object: Callable[..., int | None]
    font: Callable[..., int | None]
    font_info: Callable[..., int]


@functools.cache
def _calls() -> _Calls:
    import pypdfium2.raw as pdfium

    number, place = ctypes.c_int, ctypes.c_void_p

    def call(name: str, result: Any, *arguments: Any) -> Any:
        address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
        assert address is not None
        return ctypes.PYFUNCTYPE(result, *arguments)(address)

    return _Calls(
        count=call("FPDFText_CountChars", number, place),
        text=call("FPDFText_GetText", number, place, number, number, place),
        code=call("FPDFText_GetUnicode", ctypes.c_uint, place, number),
        box=call("FPDFText_GetLooseCharBox", number, place, number, place),
        origin=call("FPDFText_GetCharOrigin", number, place, number, place, place),
        matrix=call("FPDFText_GetMatrix", number, place, number, place),
        size=call("FPDFText_GetFontSize", ctypes.c_double, place, number),
        text_object=call("FPDFText_GetTextObject", place, place, number),
        font=call("FPDFTextObj_GetFont", place, place),
        font_info=call(
            "FPDFText_GetFontInfo", ctypes.c_ulong, place, number, place, ctypes.c_ulong, place
        ),
    )
