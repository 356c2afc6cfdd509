"""Cuts Rich Text into groups, control words and bytes, and knows its charsets and characters.

Source: Rich Text Format Specification 1.9.1 (Microsoft, 2008). It knows no paragraphs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

TEXT = "text"  # in place of a control word; other such tokens are "{", "}", "'" and "*"
# A control word, its number and what it brings: (word, number or None, bytes).
Token = tuple[str, int | None, bytes]

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)",
    re.DOTALL,
)
_SYMBOLS = {b"\n": "par", b"\r": "par", b"~": "~", b"_": "_", b"*": "*", b"\t": "tab"}
_LINE_ENDS = b"\r\n\0"

CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "softline": "\n",
    "page": "\n",
    "column": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "~": "\xa0",
    "_": "-",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "nestcell": " ",
}
_CHARSETS = {
    77: "mac_roman",
    78: "cp932",
    79: "big5",
    80: "cp949",
    81: "mac_arabic",
    85: "mac_greek",
    86: "mac_turkish",
    88: "mac_latin2",
    89: "mac_cyrillic",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
}
_NAMED = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


def tokens(data: bytes) -> Iterator[Token]:
    """In order; `\\bin` data is skipped, for it may hold braces."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        word, number, code, symbol, brace, text = match.groups()
        if text is not None:
            if text := text.translate(None, _LINE_ENDS):
                yield TEXT, None, text
        elif word is not None:
            value = int(number) if number is not None else None
            if word == b"bin":
                place += min(max(value or 0, 0), len(data))
            else:
                yield word.decode("ascii"), value, b""
        elif brace is not None:
            yield brace.decode("ascii"), None, b""
        elif code is not None:
            yield "'", None, bytes((int(code, 16),))
        elif symbol in _SYMBOLS:
            yield _SYMBOLS[symbol], None, b""
        elif symbol in b"\\{}":
            yield TEXT, None, symbol


def code_page(word: str, number: int | None) -> str:
    """Python's name of what `\\ansicpg1251`, `\\cpg1251` or `\\mac` mean; "" for none that it knows."""
    if word in _NAMED:
        return _NAMED[word]
    for name in (
        f"cp{number}",
        {936: "gbk", 65001: "utf-8", 10000: "mac_roman"}.get(number or 0, ""),
    ):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return ""


def charset_code_page(charset: int) -> str:
    """Of a font's `\\fcharset`; "" where the document's own is meant."""
    return _CHARSETS.get(charset, "")
