"""Word: order, headings, lists, tables, notes, tracked changes - and hostile packages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from engine.documents import packages, read_document
from engine.errors import (
    DocumentDamagedError,
    DocumentError,
    DocumentPasswordError,
    DocumentTooLargeError,
)
from engine.types import Document
from tests.documents.makers import repacked


def package() -> bytes:
    word = docx.Document()
    word.add_heading("The Report", 0)
    word.add_paragraph("It begins here.")
    word.add_heading("Methods", 1)
    word.add_paragraph("Measure", style="List Number")
    word.add_paragraph("Cut", style="List Number")
    word.add_heading("Details", 2)
    word.add_paragraph("wood", style="List Bullet")
    word.add_paragraph("nails", style="List Bullet")
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Name", "Price", "Saw", "9 €"), strict=True):
        cell.text = text
    word.add_paragraph("It ends here.\tTab\nbreak. 中文 🙂 עברית")
    return saved(word)


def saved(word: Any) -> bytes:
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def read(tmp_path: Path, content: bytes) -> Document:
    path = tmp_path / "a.docx"
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
    assert "a.docx" in info.message
    assert info.hint


def with_body(xml: str) -> bytes:
    """A document whose body holds only the given WordprocessingML."""
    word = docx.Document()
    body = word.element.body
    for child in list(body):
        body.remove(child)
    for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
        body.append(element)
    return saved(word)


def test_everything_in_document_order(tmp_path: Path) -> None:
    document = read(tmp_path, package())
    assert document.text == (
        "The Report\n\nIt begins here.\n\nMethods\n\n1. Measure\n2. Cut\n\nDetails\n\n"
        "- wood\n- nails\n\nName | Price\nSaw | 9 €\n\n"
        "It ends here.\tTab\nbreak. 中文 🙂 עברית"
    )
    found = [(section.label, section.level) for section in document.sections]
    assert found == [("The Report", 1), ("Methods", 1), ("Details", 2)]
    for section in document.sections:
        assert document.text[section.start :].startswith(section.label)
    methods, details = document.sections[1:]
    assert methods.end == details.end == len(document.text)
    assert document.format == "docx"


def test_what_a_reader_sees_of_tracked_changes(tmp_path: Path) -> None:
    content = with_body(
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>"
        "<w:r><w:t xml:space='preserve'>kept </w:t></w:r>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>added</w:t></w:r></w:ins>"
        "<w:hyperlink><w:r><w:t xml:space='preserve'> link</w:t></w:r></w:hyperlink>"
        "<w:r><w:noBreakHyphen/><w:t>ed</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert read(tmp_path, content).text == "kept added link-ed\n\nin a control"


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    content = with_body(
        f"<w:p><w:r><w:t>around</w:t></w:r><w:r><mc:AlternateContent {mc}><mc:Choice>{box}"
        f"</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read(tmp_path, content).text == "around\n\nboxed"


def test_a_one_column_table_is_a_frame_and_nested_tables_are_flat(tmp_path: Path) -> None:
    def cell(content: str) -> str:
        return f"<w:tc>{content}</w:tc>"

    def paragraph(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    inner = f"<w:tbl><w:tr>{cell(paragraph('x'))}{cell(paragraph('y'))}</w:tr></w:tbl>"
    content = with_body(
        f"<w:tbl><w:tr>{cell(paragraph('One.') + paragraph('Two.'))}</w:tr></w:tbl>"
        f"<w:tbl><w:tr>{cell(inner + paragraph('a'))}{cell(paragraph('b'))}</w:tr></w:tbl>"
    )
    assert read(tmp_path, content).text == "One.\n\nTwo.\n\nx y a | b"


@pytest.mark.parametrize("content", [b"PK\x03\x04 but no more of a zip", b"not a zip at all"])
def test_not_a_zip(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DocumentDamagedError, match=r"a\.docx.*zip") as caught:
        read(tmp_path, content)
    assert caught.value.hint


def test_a_zip_without_a_document(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as empty:
        empty.writestr("hello.txt", "hello")
    with pytest.raises(DocumentDamagedError, match=r"a\.docx"):
        read(tmp_path, buffer.getvalue())


@pytest.mark.timeout(60)
def test_cut_short_and_scrambled(tmp_path: Path) -> None:
    whole = package()
    for share in range(1, 20):
        with pytest.raises(DocumentDamagedError, match=r"a\.docx"):
            read(tmp_path, whole[: len(whole) * share // 20])
    for start in range(0, len(whole), len(whole) // 40):
        assert_read_or_told(tmp_path, whole[:start] + b"\x55" * 40 + whole[start + 40 :])


@pytest.mark.parametrize(
    "xml", [b"", b"<nothing/>", b"<w:document", b"\xff\xfe\0\0", b"<a>" * 100_000]
)
def test_broken_xml(tmp_path: Path, xml: bytes) -> None:
    with pytest.raises(DocumentError, match=r"a\.docx"):
        read(tmp_path, repacked(package(), {"word/document.xml": xml}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/media/a.png"])
def test_xml_entities_are_refused(tmp_path: Path, encoding: str, part: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'.encode(encoding)
    with pytest.raises(DocumentDamagedError, match="DOCTYPE"):
        read(tmp_path, repacked(package(), {part: bomb}))


@pytest.mark.timeout(20)
def test_zip_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = repacked(package(), {"word/media/a.bin": b"\0" * 30_000_000})
    with pytest.raises(DocumentTooLargeError, match="unpacks to"):
        read(tmp_path, bomb)
    monkeypatch.setattr(packages, "MAX_XML_BYTES", 1000)
    with pytest.raises(DocumentTooLargeError, match="unpacks to"):
        read(tmp_path, package())
    monkeypatch.undo()
    monkeypatch.setattr(packages, "MAX_PARTS", 3)
    with pytest.raises(DocumentTooLargeError, match="unpacks to"):
        read(tmp_path, package())


def test_an_encrypted_zip(tmp_path: Path) -> None:
    content = bytearray(package())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    with pytest.raises(DocumentPasswordError, match=r"a\.docx"):
        read(tmp_path, bytes(content))
