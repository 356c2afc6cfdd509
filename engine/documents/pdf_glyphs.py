"""From what a PDF's fonts call their glyphs to the letters that a reader sees.

Fonts name ligatures, Arabic shapes and Chinese radicals where letters are meant; searching, and
every model, needs the letters.
"""

from __future__ import annotations

import re
import unicodedata

# Ligatures and Arabic shapes, Kangxi radicals, compatibility ideographs: all have a plain form.
_SHAPES = re.compile("[\ufb00-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\u2f00-\u2fdf\uf900-\ufaff]")
# Unicode gives no compatibility form for these; from its EquivalentUnifiedIdeograph.txt.
_RADICALS = str.maketrans(
    "⺁⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "厂母民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


def readable(text: str) -> str:
    """Join surrogate pairs and put plain letters for shapes and radicals."""
    if text.isascii():
        return text
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _SHAPES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text.translate(_RADICALS)


def is_right_to_left(text: str) -> bool:
    """More Hebrew and Arabic letters than others."""
    letters = [character for character in text if character.isalpha()]
    turned = sum(1 for one in letters if "\u0590" <= one <= "\u08ff" or "\ufb1d" <= one <= "\ufefc")
    return turned * 2 > len(letters)


def in_reading_order(text: str, width: float, size: float) -> str:
    """Undo a reversal: text given for one glyph (ActualText) is in reading order, yet PDFium
    turns it like the glyphs of a line. `width` and `size` are points."""
    one_glyph = len(text) > 3 and width < size
    return text[::-1] if one_glyph and is_right_to_left(text) else text
