"""Scans and pictures, read by the Tesseract that is installed; skipped where there is none."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from engine.contracts import AbortFlag
from engine.documents import read_document
from engine.documents.apart.readers import DocumentReaders
from engine.errors import DocumentDamagedError, DocumentNoTextError, DocumentTooLargeError
from engine.protocol import ReadDocument, new_request_id
from tests.documents.makers import lines, pdf
from tests.documents.scans import (
    LANGUAGES,
    LEFT,
    RIGHT,
    joined,
    mixed,
    needs_chinese,
    needs_tesseract,
    saved,
    scanned,
)  # fmt: skip

FILES = Path(__file__).parent.parent / "files"


@needs_tesseract
def test_a_scan_is_read_by_ocr_and_says_so(tmp_path: Path) -> None:
    pages = scanned(pdf([lines(LEFT, size=12, leading=15), lines(RIGHT, size=12, leading=15)]))
    document = read_document(saved(tmp_path / "scan.pdf", pages))
    assert document.text == f"{joined(LEFT)}\n\n{joined(RIGHT)}"
    assert [one.label for one in document.sections] == ["p. 1", "p. 2"]
    (remark,) = document.remarks
    assert remark.startswith("Pages 1–2: read by OCR (Tesseract ")
    assert remark.endswith("); words may be wrong.")


@needs_tesseract
def test_only_pages_without_text_are_read_by_ocr(tmp_path: Path) -> None:
    document = read_document(mixed(tmp_path))
    assert document.text == f"{joined(LEFT)}\n\n{joined(RIGHT)}"
    assert [one[:25] for one in document.remarks] == ["Page 2: read by OCR (Tess"]


@needs_tesseract
@pytest.mark.parametrize("turn", [0.7, -0.7])
def test_columns_and_tables_of_a_scan_that_lies_askew(turn: float, tmp_path: Path) -> None:
    rows = [("Parts", "2,100"), ("Labour", "300"), ("Paint", "225"), ("Tax", "278")]
    table = [*lines("\n".join(a for a, _ in rows), y=520, size=11, leading=16)]
    table += lines("\n".join(b for _, b in rows), x=250, y=520, size=11, leading=16)
    runs = [*lines(LEFT, x=60, size=11, leading=14), *lines(RIGHT, x=320, size=11, leading=14)]
    document = read_document(saved(tmp_path / "askew.pdf", scanned(pdf([runs + table]), turn)))
    assert joined(LEFT) in document.text
    assert joined(RIGHT) in document.text
    for left, right in rows:
        assert f"{left} | {right}" in document.text


@needs_tesseract
@pytest.mark.skipif(
    "osd" not in LANGUAGES,
    reason="Tesseract's data of orientation is not installed",
)
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_is_turned(turn: int, tmp_path: Path) -> None:
    text = f"{LEFT}\n{RIGHT}\n" * 3
    pages = scanned(pdf([lines(text, size=12, leading=15)]), turn)
    document = read_document(saved(tmp_path / "side.png", pages))
    assert document.text.count("spoke at length about the bridge") == 3


@needs_tesseract
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp"])
def test_pictures_are_documents(suffix: str, tmp_path: Path) -> None:
    pages = scanned(pdf([lines(LEFT, size=12, leading=15)]))
    document = read_document(saved(tmp_path / f"page{suffix}", pages))
    assert document.text == joined(LEFT)
    assert document.format == "picture"
    assert "read by OCR" in document.remarks[0]


@needs_tesseract
def test_a_tiff_of_two_pages_and_a_transparent_screenshot(tmp_path: Path) -> None:
    pages = scanned(pdf([lines(LEFT, size=12, leading=15), lines(RIGHT, size=12, leading=15)]))
    document = read_document(saved(tmp_path / "fax.tif", pages))
    assert document.text == f"{joined(LEFT)}\n\n{joined(RIGHT)}"
    assert document.page_count == 2
    screen = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    font = ImageFont.load_default(28)
    ImageDraw.Draw(screen).text((40, 60), "It rains in Lisbon today.", "black", font)
    screen.save(tmp_path / "screen.png")
    assert read_document(tmp_path / "screen.png").text == "It rains in Lisbon today."


@needs_chinese
def test_chinese_is_found_by_its_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    pages = scanned((FILES / "chinese.pdf").read_bytes())
    document = read_document(saved(tmp_path / "zh.pdf", pages))
    assert "人工智能已经成为当今科技领域最热门的话题之一。" in document.text


@needs_tesseract
def test_a_picture_without_words_says_so(tmp_path: Path) -> None:
    Image.new("RGB", (600, 400), "steelblue").save(tmp_path / "sky.png")
    with pytest.raises(DocumentNoTextError, match=r"sky\.png.*found no text") as caught:
        read_document(tmp_path / "sky.png")
    assert caught.value.hint


@needs_tesseract
@pytest.mark.worker
def test_the_reader_with_its_limits_may_read_pictures(tmp_path: Path) -> None:
    path = saved(tmp_path / "page.png", scanned(pdf([lines(LEFT, size=12, leading=15)])))
    readers = DocumentReaders()
    try:
        read = readers.ask(ReadDocument(new_request_id(), str(path)), AbortFlag())
    finally:
        readers.close()
    assert isinstance(read, dict)
    assert read["text"] == joined(LEFT)


# Pictures that are none


@needs_tesseract
def test_damaged_and_oversized_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    Image.new("L", (300, 300), 255).save(buffer, "PNG")
    (tmp_path / "cut.png").write_bytes(buffer.getvalue()[:60])
    with pytest.raises(DocumentDamagedError, match=r"cut\.png"):
        read_document(tmp_path / "cut.png")
    (tmp_path / "none.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0\1" * 99)
    with pytest.raises(DocumentDamagedError, match=r"none\.png"):
        read_document(tmp_path / "none.png")
    monkeypatch.setattr("engine.documents.picture._MOST_PIXELS", 10_000)
    (tmp_path / "large.png").write_bytes(buffer.getvalue())
    with pytest.raises(DocumentTooLargeError, match=r"large\.png"):
        read_document(tmp_path / "large.png")
