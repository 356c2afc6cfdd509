"""Answers are shown as their Markdown means, whatever the model wrote, and however it arrived."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.markdown.stream import MarkdownStream
from gui.markdown.units import BOLD, CodeUnit, TableUnit, TextUnit
from gui.markdown.view import MarkdownView
from gui.theme import Theme

SAMPLE = """# Heading

A *word* and a **strong** one, `code`, ~~gone~~ and [a link](https://example.com/a?b=1).

- one
- two
  - nested
    1. deep
- three

> quoted
> > twice

```python
def f(x):
    return "text", x + 1  # note
```

| a | b |
|:--|--:|
| 1 | **2** |

---

مرحبا بالعالم

书斋在你的电脑上
运行。
"""

HOSTILE = {
    "html": "<b>bold</b> <script>alert(1)</script> <img src='file:///etc/passwd'> &lt;i&gt;",
    "html block": "<div onclick='x'>\n\ninside\n\n</div>",
    "images": "![alt](file:///etc/passwd) ![](http://127.0.0.1:9/x.png) ![t](data:text/html,x)",
    "links": "[a](javascript:alert(1)) [b](file:///etc/passwd) [c](vbscript:x) [d](data:x)",
    "quotes": ">" * 3000 + " deep",
    "lists": "\n".join("  " * i + "- item" for i in range(300)),
    "emphasis": "*a **b " * 5000,
    "brackets": "[" * 20_000,
    "backticks": "a" + "`" * 9_999 + "b",
    "table": "|a" * 200 + "|\n" + "|-" * 200 + "|\n" + "|x" * 200 + "|",
    "one word": "x" * 100_000,
    "one line": "word " * 20_000,
    "open fence": "```" + "python\n" + "print(1)\n" * 3000,
    "fence names": "```<b>\"';rm -rf /\nx\n```",
    "controls": "a\x0bb\x0cc\x1b[31m \u202e reversed \u2028 line \ufffc \ufffd",
    "emoji": "👩‍👩‍👧‍👦 🇨🇳 e\u0301 \U0001f600" * 50,
    "numbers": "99999999999. item\n\n000000001. item",
    "references": "[a][b]\n\n[b]: file:///etc/passwd",
}


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme("light")
    made.apply(qapp)
    return made


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def view(theme: Theme, holder: QWidget) -> MarkdownView:
    holder.resize(704, 600)
    made = MarkdownView(theme, holder)
    made.resize(704, 10)
    made.expect_width(704)
    holder.show()
    return made


def shown(view: MarkdownView, qtbot: QtBot, text: str) -> str:
    view.show_text(text)
    qtbot.waitUntil(lambda: not view.is_busy(), timeout=20_000)
    return view.toPlainText().strip("\n")


def units_in_pieces(text: str, sizes: list[int]) -> list[object]:
    stream, units, at = MarkdownStream(), [], 0
    for size in sizes:
        settled, _ = stream.feed(text[at : at + size])
        units += settled
        at += size
    settled, _ = stream.feed(text[at:], final=True)
    return [*units, *settled]


def test_every_kind_of_block_is_there(view: MarkdownView, qtbot: QtBot) -> None:
    text = shown(view, qtbot, SAMPLE)
    for words in ("Heading", "A word and a strong one, code, gone", "quoted", "مرحبا بالعالم"):
        assert words in text
    assert "书斋在你的电脑上运行。" in text  # no space where a Chinese line was wrapped
    assert "**" not in text
    assert "```" not in text


def test_however_it_arrives_the_units_are_the_same() -> None:
    whole = units_in_pieces(SAMPLE, [])
    for size in (1, 2, 3, 7, 50):
        assert units_in_pieces(SAMPLE, [size] * (len(SAMPLE) // size)) == whole
    chance = random.Random(1)
    for _ in range(20):
        sizes = [chance.randint(1, 40) for _ in range(40)]
        assert units_in_pieces(SAMPLE, sizes) == whole


def test_streamed_and_whole_look_the_same(theme: Theme, view: MarkdownView, qtbot: QtBot) -> None:
    for at in range(0, len(SAMPLE), 3):
        view.add_text(SAMPLE[at : at + 3])
        view.work()
    view.finish()
    streamed = view.grab().toImage()
    other = MarkdownView(theme, view.parentWidget())
    other.resize(704, 10)
    other.expect_width(704)
    other.show()
    shown(other, qtbot, SAMPLE)
    assert other.height() == view.height()
    assert differing_pixels(streamed, other.grab().toImage()) == 0


@pytest.mark.parametrize("text", ["```python\nx = 1\n```\n\nDone.", "> quote\n\nend", "- a\n\nb"])
def test_what_an_answer_begins_with_leaves_nothing_behind(
    theme: Theme, view: MarkdownView, qtbot: QtBot, text: str
) -> None:
    for letter in text:
        view.add_text(letter)
        view.work()
    view.finish()
    other = MarkdownView(theme, view.parentWidget())
    other.resize(704, 10)
    other.expect_width(704)
    other.show()
    shown(other, qtbot, text)
    assert other.height() == view.height()
    assert differing_pixels(view.grab().toImage(), other.grab().toImage()) == 0
    assert len(view.findChildren(QPushButton)) == len(other.findChildren(QPushButton))


def test_code_is_coloured_and_can_be_copied(view: MarkdownView, qtbot: QtBot) -> None:
    shown(view, qtbot, SAMPLE)
    button = next(b for b in view.findChildren(QPushButton) if b.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    code = 'def f(x):\n    return "text", x + 1  # note'
    assert QApplication.clipboard().text() == code
    tokens = {
        r.token for u in units_in_pieces(SAMPLE, []) if isinstance(u, CodeUnit) for r in u.runs
    }
    assert {"people", "positive", "organizations", "mut"} <= tokens


def test_selection_goes_across_the_whole_answer(view: MarkdownView, qtbot: QtBot) -> None:
    shown(view, qtbot, SAMPLE)
    view.selectAll()
    view.copy()
    copied = QApplication.clipboard().text()
    assert copied.startswith("Heading")
    assert "return" in copied
    assert copied.endswith("运行。")


def test_a_selection_stays_while_more_arrives(view: MarkdownView, qtbot: QtBot) -> None:
    view.add_text("The first paragraph.\n\nThe second")
    view.work()
    cursor = view.textCursor()
    cursor.setPosition(1)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    for word in ("one", " goes", " on\n\n- and", "\n- on\n\n", "```\ncode\n"):
        view.add_text(word)
        view.work()
    assert view.textCursor().selectedText() == "The first paragraph."


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_a_model_writes_breaks_or_loads(
    view: MarkdownView, qtbot: QtBot, name: str
) -> None:
    text = shown(view, qtbot, HOSTILE[name])
    assert view.markdown() == HOSTILE[name]
    assert text
    schemes = {QUrl(link).scheme() for link in links_of(view)}
    assert schemes <= {"http", "https", "mailto"}
    assert not any(image_formats(view))


def test_html_is_shown_as_it_was_written(view: MarkdownView, qtbot: QtBot) -> None:
    text = shown(view, qtbot, HOSTILE["html"])
    assert "<b>bold</b> <script>alert(1)</script> <img src='file:///etc/passwd'>" in text


def test_an_image_is_its_description_and_address(view: MarkdownView, qtbot: QtBot) -> None:
    text = shown(view, qtbot, "![A cat](https://example.com/cat.png)")
    assert text == "A cat (https://example.com/cat.png)"


def test_only_web_and_mail_links_are_told(view: MarkdownView, qtbot: QtBot) -> None:
    told: list[str] = []
    view.link_clicked.connect(told.append)
    for address in ("https://example.com", "mailto:a@b.c", "file:///etc/passwd", "javascript:x"):
        view.anchorClicked.emit(QUrl(address))
    assert told == ["https://example.com", "mailto:a@b.c"]


def test_a_link_defined_after_its_use_works(view: MarkdownView, qtbot: QtBot) -> None:
    shown(view, qtbot, "See [the page][p].\n\n" + "Text.\n\n" * 20 + "[p]: https://example.com/p")
    assert links_of(view) == {"https://example.com/p"}


def test_right_to_left_paragraphs_start_at_the_right(view: MarkdownView, qtbot: QtBot) -> None:
    shown(view, qtbot, "مرحبا بالعالم\n\nHello")
    block, directions = view.document().begin().next(), []
    while block.isValid():
        directions.append(block.textDirection())
        block = block.next()
    assert directions == [Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight]


def test_a_long_list_keeps_counting() -> None:
    text = "".join(f"{n}. item {n} with some words to make it long enough\n" for n in range(1, 80))
    units = units_in_pieces(text, [25] * (len(text) // 25))
    assert [u.marker for u in units if isinstance(u, TextUnit)] == [str(n) for n in range(1, 80)]


def test_unfinished_marks_are_shown_as_they_will_be() -> None:
    _, open_units = MarkdownStream().feed("This is **very impor")
    assert isinstance(open_units[0], TextUnit)
    assert open_units[0].runs[-1].text == "very impor"
    assert open_units[0].runs[-1].style == BOLD


def test_a_table_has_its_cells_and_sides() -> None:
    table = next(u for u in units_in_pieces(SAMPLE, []) if isinstance(u, TableUnit))
    assert [[r[0].text for r in row] for row in table.rows] == [["a", "b"], ["1", "2"]]
    assert table.aligns == ("left", "right")


def test_a_change_of_theme_recolours_without_moving(
    theme: Theme, view: MarkdownView, qtbot: QtBot
) -> None:
    shown(view, qtbot, SAMPLE)
    height, text = view.height(), view.toPlainText()
    light = view.grab().toImage()
    theme.set_choice("dark")
    qtbot.waitUntil(lambda: not view.is_busy())
    assert (view.height(), view.toPlainText()) == (height, text)
    assert differing_pixels(light, view.grab().toImage()) > 0


def links_of(view: MarkdownView) -> set[str]:
    return {
        f.toCharFormat().anchorHref()
        for f in view.document().allFormats()
        if f.isCharFormat() and f.toCharFormat().anchorHref()
    }


def image_formats(view: MarkdownView) -> list[bool]:
    return [f.isImageFormat() for f in view.document().allFormats()]


def differing_pixels(one: QImage, other: QImage) -> int:
    assert one.size() == other.size()
    return sum(
        one.pixel(x, y) != other.pixel(x, y)
        for y in range(0, one.height(), 2)
        for x in range(0, one.width(), 2)
    )
