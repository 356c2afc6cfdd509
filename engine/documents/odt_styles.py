"""What the styles of an OpenDocument file say: which text is hidden, how lists and headings count.

Method: OASIS OpenDocument 1.3, part 3. It knows no text; the words above and below the pages, which
stand among the styles, are handed out as elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.documents.word_numbering import roman

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_MAX_INHERITANCE = 20
_MAX_LEVELS = 10


class _Level(NamedTuple):
    number_format: str = ""  # "1", "a", "I" …; "" for a bullet or no number
    start: int = 1
    prefix: str = ""
    suffix: str = ""
    shown_levels: int = 1


class OpenDocumentStyles:
    """From the roots of content.xml and styles.xml; the content's own styles win."""

    def __init__(self, *roots: Any) -> None:
        self._styles: dict[str, Any] = {}
        self._lists: dict[str, dict[int, _Level]] = {}
        self._outline: dict[int, _Level] = {}
        self._hidden: dict[str, bool] = {}
        self.page_headers: list[Any] = []
        for root in roots:
            for style in root.iter(STYLE + "style"):
                self._styles.setdefault(style.get(STYLE + "name", ""), style)
            for style in root.iter(TEXT + "list-style"):
                self._lists.setdefault(style.get(STYLE + "name", ""), _levels(style))
            for style in root.iter(TEXT + "outline-style"):
                self._outline = _levels(style)
            for tag in ("header", "header-first", "header-left", "footer", "footer-first"):
                self.page_headers += root.iter(STYLE + tag)

    def is_hidden(self, element: Any) -> bool:
        """By its own mark or by its style."""
        if element.get(TEXT + "display") == "none" or element.get(TEXT + "is-hidden") == "true":
            return True
        name = element.get(TEXT + "style-name", "")
        if name not in self._hidden:
            self._hidden[name] = self._is_hidden_style(element)
        return self._hidden[name]

    def is_title(self, paragraph: Any) -> bool:
        names = [style.get(STYLE + "name") for style in self._chain(paragraph)]
        return "Title" in (paragraph.get(TEXT + "style-name"), *names)

    def list_style(self, element: Any, inherited: str) -> str:
        name = element.get(TEXT + "style-name", "")
        return name if name in self._lists else inherited

    def list_marker(self, style: str, counts: list[int]) -> str:
        """For the innermost of `counts`, of which there is one for each level."""
        return _marker(self._lists.get(style, {}), counts) or "- "

    def start(self, style: str, level: int) -> int:
        return self._lists.get(style, {}).get(level, _Level()).start

    def heading_marker(self, counts: list[int]) -> str:
        """Empty where headings are not numbered."""
        return _marker(self._outline, counts)

    def _is_hidden_style(self, element: Any) -> bool:
        for style in self._chain(element):
            for properties in style.iter(STYLE + "text-properties"):
                if shown := properties.get(TEXT + "display"):
                    return shown == "none"
        return False

    def _chain(self, element: Any) -> Iterator[Any]:
        name = element.get(TEXT + "style-name", "")
        for _ in range(_MAX_INHERITANCE):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = style.get(STYLE + "parent-style-name", "")


def positive(element: Any, attribute: str, default: int = 1, limit: int = 1_000_000) -> int:
    """A number that a file gives, within reason."""
    text = element.get(attribute, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
    return min(max(number, 1), limit)


def _levels(style: Any) -> dict[int, _Level]:
    return {
        positive(one, TEXT + "level", limit=_MAX_LEVELS): _Level(
            one.get(STYLE + "num-format", ""),
            positive(one, TEXT + "start-value"),
            one.get(STYLE + "num-prefix", ""),
            one.get(STYLE + "num-suffix", ""),
            positive(one, TEXT + "display-levels", limit=_MAX_LEVELS),
        )
        for one in style
        if isinstance(one.tag, str) and not one.tag.endswith("-bullet")
    }


def _marker(levels: dict[int, _Level], counts: list[int]) -> str:
    own = levels.get(len(counts), _Level())
    if not own.number_format:
        return ""
    first = max(len(counts) - own.shown_levels, 0)
    numbers = [
        _number(levels.get(at + 1, _Level("1")).number_format or "1", counts[at])
        for at in range(first, len(counts))
    ]
    return f"{own.prefix}{'.'.join(numbers)}{own.suffix}".strip() + " "


def _number(number_format: str, count: int) -> str:
    if number_format in ("i", "I"):
        return roman(count) if number_format == "i" else roman(count).upper()
    if number_format in ("a", "A"):
        letter = chr(ord("a") + (count - 1) % 26)
        return letter if number_format == "a" else letter.upper()
    return str(count)
