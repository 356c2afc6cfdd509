"""How a passage is called: by page, by heading, or by paragraph."""

from __future__ import annotations

from engine.retrieval.naming import name_passage
from engine.types import Document, Section

_TEXT = "Title\n\nFirst paragraph.\n\nMethods\n\nSecond paragraph.\n\n\nThird paragraph."


def named(document: Document, words: str) -> str:
    start = document.text.index(words)
    return name_passage(document, start, start + len(words))


def test_by_paragraph() -> None:
    document = Document("a.txt", f"\n\n{_TEXT}")
    assert named(document, "Title") == "¶ 1"
    assert named(document, "First") == "¶ 2"
    assert named(document, "Third") == "¶ 5"


def test_by_heading() -> None:
    sections = (
        Section(0, len(_TEXT), "Title"),
        Section(_TEXT.index("Methods"), len(_TEXT), "Methods", level=2),
    )
    document = Document("a.md", _TEXT, sections=sections)
    assert named(document, "First") == "Title"
    assert named(document, "Third") == "Methods"


def test_by_page_and_heading() -> None:
    middle = _TEXT.index("Second")
    sections = (
        Section(0, middle, "p. 11", kind="page"),
        Section(_TEXT.index("Methods"), len(_TEXT), "Methods"),
        Section(middle, len(_TEXT), "p. 12", kind="page"),
    )
    document = Document("a.pdf", _TEXT, sections=sections)
    assert named(document, "Title") == "p. 11"
    assert named(document, "Third") == "p. 12, Methods"
    assert named(document, "Methods\n\nSecond") == "pp. 11–12, Methods"


def test_long_headings_are_shortened() -> None:
    document = Document("a.md", _TEXT, sections=(Section(0, len(_TEXT), "word " * 40),))
    assert len(named(document, "First")) == 60
    assert named(document, "First").endswith("…")
