"""PDF: reading order, paragraphs, hyphens, headings, pages - and every way to be unreadable."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.documents import read_document
from engine.errors import (
    DocumentDamagedError,
    DocumentError,
    DocumentNoTextError,
    DocumentPasswordError,
)
from engine.types import Document
from tests.documents.makers import Run, lines, pdf

FILES = Path(__file__).parent.parent / "files"

_LEFT = """The committee met on a cold Monday
in March and spoke at length about the
bridge, which had been closed since the
flood. Nobody wanted to say how much
the repair would cost in the end."""
_RIGHT = """A second meeting was then called for
April, when the engineers would bring
their drawings and a first estimate of
the costs. Until then the ferry would
have to carry everyone across."""


def read(tmp_path: Path, content: bytes, name: str = "a.pdf") -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    return read_document(path)


def assert_read_or_told(tmp_path: Path, content: bytes) -> None:
    """Whatever a broken file is, it is read or refused with an error that helps."""
    try:
        read(tmp_path, content)
    except DocumentError as error:
        info = error.info()
    else:
        return
    assert "a.pdf" in info.message
    assert info.hint


def joined(text: str) -> str:
    return " ".join(text.split())


def test_lines_become_paragraphs(tmp_path: Path) -> None:
    document = read(tmp_path, pdf([lines(f"{_LEFT}\n\n{_RIGHT}")]))
    assert document.text == f"{joined(_LEFT)}\n\n{joined(_RIGHT)}"
    assert document.page_count == 1
    assert [one.label for one in document.sections] == ["p. 1"]
    assert (document.format, document.name) == ("pdf", "a.pdf")


def test_an_indent_begins_a_paragraph(tmp_path: Path) -> None:
    left, right = lines(_LEFT), lines(_RIGHT, y=720 - 5 * 12)
    right[0] = right[0]._replace(x=90)
    document = read(tmp_path, pdf([left + right]))
    assert document.text == f"{joined(_LEFT)}\n\n{joined(_RIGHT)}"


@pytest.mark.parametrize("order", ["columns", "rows", "backwards"])
def test_two_columns(tmp_path: Path, order: str) -> None:
    left, right = lines(_LEFT), lines(_RIGHT, x=320)
    title = [Run(200, 750, "A title across both columns", 18)]
    runs = {
        "columns": title + left + right,
        "rows": title + [run for pair in zip(left, right, strict=True) for run in pair],
        "backwards": (title + left + right)[::-1],
    }[order]
    document = read(tmp_path, pdf([runs]))
    assert document.text.split("\n\n") == [
        "A title across both columns", joined(_LEFT), joined(_RIGHT),
    ]  # fmt: skip


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    rows = [("Parts", "2,100"), ("Body labour", "300"), ("Paint", "225"), ("Sales tax", "278")]
    runs = [Run(72, 700 - 14 * n, left) for n, (left, _) in enumerate(rows)]
    runs += [Run(250, 700 - 14 * n, right) for n, (_, right) in enumerate(rows)]
    document = read(tmp_path, pdf([runs]))
    assert document.text == "\n".join(" | ".join(row) for row in rows)


def test_a_missing_cell_keeps_its_column(tmp_path: Path) -> None:
    rows = [
        ("Code", "Place", "Found", "State"), ("8847", "A-12", "", "good"), ("", "B-07", "23", ""),
        ("9201", "", "778", "good"), ("4563", "D-22", "156", "bad"),
    ]  # fmt: skip
    runs = [
        Run(72 + 90 * column, 700 - 14 * number, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]
    document = read(tmp_path, pdf([runs]))
    assert document.text.split("\n") == [
        "Code | Place | Found | State", "8847 | A-12 |  | good", " | B-07 | 23",
        "9201 |  | 778 | good", "4563 | D-22 | 156 | bad",
    ]  # fmt: skip


def test_hyphens_at_line_ends(tmp_path: Path) -> None:
    text = """The transla-
tion of a well-known and also long-
lived text is a transforma-
tion. It was long ago that it lived, and a transformation too.
The Franco-
Prussian war. One- or two-
sided tests."""
    document = read(tmp_path, pdf([lines(text)]))
    for word in ("translation", "long-lived", "transformation.", "Franco-Prussian", "One- or"):
        assert word in document.text


def test_headings_become_sections(tmp_path: Path) -> None:
    runs = [
        Run(72, 740, "The Report", 20), *lines(_LEFT, y=700),
        Run(72, 600, "Methods", 10, "F2"), *lines(_RIGHT, y=580),
    ]  # fmt: skip
    document = read(tmp_path, pdf([runs]))
    headings = [one for one in document.sections if one.kind == "heading"]
    assert [(one.label, one.level) for one in headings] == [("The Report", 1), ("Methods", 2)]
    for one in headings:
        assert document.text[one.start :].startswith(one.label)


def test_the_outline_says_what_the_headings_are(tmp_path: Path) -> None:
    pages = [
        [Run(72, 740, "A Banner", 20), Run(72, 700, "1 The Bridge"), *lines(_LEFT, y=680)],
        [Run(72, 740, "2 The Ferry"), *lines(_RIGHT, y=720)],
    ]
    document = read(tmp_path, pdf(pages, outline=[("The Bridge", 0), ("The Ferry", 1)]))
    labels = [one.label for one in document.sections if one.kind == "heading"]
    assert labels == ["1 The Bridge", "2 The Ferry"], "and not the banner, large as it is"
    document = read(tmp_path, pdf(pages, outline=[("scan0001", 0), ("scan0002", 1)]))
    labels = [one.label for one in document.sections if one.kind == "heading"]
    assert labels == ["A Banner"], "an outline of page names is none"


def test_pages_have_exact_sections_and_a_paragraph_may_cross_them(tmp_path: Path) -> None:
    first = "The first page ends in the middle\nof a sentence and it goes on with"
    second = "more words on the second page.\n\nThen it ends."
    document = read(tmp_path, pdf([lines(first), [], lines(second)]))
    assert document.page_count == 3
    one, three = document.sections
    assert (one.label, three.label) == ("p. 1", "p. 3")
    assert document.text[three.start :].startswith("more words")
    assert "goes on with more words" in document.text
    assert one.end == three.start
    assert three.end == len(document.text)
    assert any("Page 2" in remark for remark in document.remarks)


def test_running_heads_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    bodies = [_LEFT, _RIGHT, "A note.\nA short one.", "Body.", _LEFT.upper()]
    pages = [
        [Run(72, 770, "Annual report"), *lines(body), Run(300, 40, f"Page {number} of 5")]
        for number, body in enumerate(bodies, start=1)
    ]
    document = read(tmp_path, pdf(pages))
    assert document.text.count("Annual report") == 1, "the first one is a letterhead"
    assert "of 5" not in document.text
    assert len(document.text) > sum(map(len, bodies))
    assert any("Annual report" in remark for remark in document.remarks)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_rotated_pages(tmp_path: Path, rotate: int) -> None:
    document = read(tmp_path, pdf([lines(_LEFT)], rotate=rotate))
    assert document.text == joined(_LEFT)


def test_chinese_letters_instead_of_radicals() -> None:
    document = read_document(FILES / "chinese.pdf")
    first, second, third = document.text.split("\n\n")
    assert first == "第一章 大型语言模型"
    assert second.startswith(
        "人工智能已经成为当今科技领域最热门的话题之一。从自动驾驶汽车到智能家居，"
    )
    assert "\n" not in second
    assert " " not in second
    assert third.endswith("仍是一个难题。")


def test_arabic_is_in_reading_order() -> None:
    document = read_document(FILES / "arabic.pdf")
    assert document.text.split("\n\n") == [
        "مقدمة قصيرة",
        "هذه وثيقة قصيرة كتبت للاختبار. تحتوي على جملتين أو ثلاث جمل باللغة العربية حتى نعرف ترتيب "
        "القراءة. وصل أحمد إلى القاهرة في عام 2020 مع صديقه.",
        "هل هذا صحيح؟ نعم هذا صحيح.",
    ]


def test_password(tmp_path: Path) -> None:
    with pytest.raises(DocumentPasswordError, match=r"a\.pdf.*password") as caught:
        read(tmp_path, pdf([lines("secret")], password="s3cret"))
    assert "without a password" in caught.value.hint


def test_blank_pages_are_no_scan(tmp_path: Path) -> None:
    with pytest.raises(DocumentNoTextError, match=r"a\.pdf.*blank") as caught:
        read(tmp_path, pdf([[], []]))
    assert caught.value.hint
    document = read(tmp_path, pdf([lines(_LEFT), []]))
    assert document.remarks == ("Page 2: blank.",)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"\xff\0garbage" * 200, b"%PDF-1.4\n%%EOF"]
)
def test_corrupt(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DocumentDamagedError, match=r"a\.pdf.*damaged") as caught:
        read(tmp_path, content)
    assert caught.value.hint


@pytest.mark.timeout(60)
def test_truncated_and_scrambled_files_never_hang(tmp_path: Path) -> None:
    whole = pdf([lines(_LEFT), lines(_RIGHT)])
    source = random.Random(7)
    broken = [whole[: len(whole) * share // 20] for share in range(1, 20)]
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(source.randint(1, 60)):
            damaged[source.randrange(9, len(damaged))] = source.randrange(256)
        broken.append(bytes(damaged))
    for content in broken:
        assert_read_or_told(tmp_path, content)


def test_page_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.documents.pdf.MAX_PAGES", 2)
    document = read(tmp_path, pdf([lines(f"This is page {word}.") for word in ("A", "B", "C")]))
    assert document.text == "This is page A.\n\nThis is page B."
    assert document.remarks == ("Only the first 2 of 3 pages were read.",)


def test_a_page_with_too_much_text_is_cut_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.documents.pdf.MAX_PAGE_CHARACTERS", 20)
    document = read(tmp_path, pdf([lines(_LEFT)]))
    assert any("Page 1 holds too much text" in remark for remark in document.remarks)
