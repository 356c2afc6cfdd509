"""Files of office programs and e-books, written by real libraries or part by part."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pptx
import pytest
from pptx.util import Inches

from engine.documents import read_document
from engine.errors import DocumentDamagedError, DocumentPasswordError
from engine.retrieval.naming import name_passage
from engine.types import Document


def read(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return read_document(folder / name)


def zipped(**parts: str) -> bytes:
    """A package; "/" is written "__" and "." as "_DOT_" in the names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/").replace("_DOT_", "."), text)
    return out.getvalue()


def slides() -> bytes:
    show = pptx.Presentation()
    for title, left, right in (("Plans", "First", "Second"), ("Costs", "Third", "Fourth")):
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = title
        for text, x in ((right, 5), (left, 1)):  # drawn in the wrong order
            slide.shapes.add_textbox(Inches(x), Inches(2), Inches(3), Inches(1)).text = text
        slide.notes_slide.notes_text_frame.text = f"Say it slowly: {title}."
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(5), Inches(1)).table
    for place, text in enumerate(("Item", "Price", "Roof", "900")):
        table.cell(place // 2, place % 2).text = text
    slide._element.set("show", "0")
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def test_slides_are_read_in_reading_order_with_tables_and_notes(tmp_path: Path) -> None:
    document = read(tmp_path, "a.pptx", slides())
    assert document.text == (
        "Plans\n\nFirst\n\nSecond\n\nNotes: Say it slowly: Plans.\n\n"
        "Costs\n\nThird\n\nFourth\n\nItem | Price\nRoof | 900\n\nNotes: Say it slowly: Costs."
    )
    assert document.page_count == 2
    place = document.text.index("Roof")
    assert name_passage(document, place, place + 4) == "slide 2, Costs"
    assert name_passage(document, 0, len(document.text)) == "slides 1–2, Plans"
    assert document.remarks == ("1 slide is hidden and was read all the same.",)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Prices"
    rows = [
        [None, "Item", "Price", "Since"],
        [],
        [None, "Roof", 900.1, datetime.datetime(2024, 5, 4)],
        [None, "Wall\nblue", 3, datetime.datetime(2024, 5, 4, 12, 30)],
        [None, "Sold", True, "=1+1"],
    ]
    for row in rows:
        sheet.append(row)
    book.create_sheet("Old").append(["x"])
    book["Old"].sheet_state = "hidden"
    book.create_sheet("Empty")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_sheets_are_rows_of_what_excel_shows(tmp_path: Path) -> None:
    document = read(tmp_path, "a.xlsx", workbook())
    assert document.text == (
        "Item | Price | Since\nRoof | 900.1 | 2024-05-04\nWall blue | 3 | 2024-05-04 12:30:00\n"
        "Sold | TRUE\n\nx"
    )
    place = document.text.index("Roof")
    assert name_passage(document, place, place + 4) == "sheet Prices"
    assert document.remarks == ("The sheet “Old” is hidden and was read all the same.",)


CONTAINER = (
    '<container xmlns="c"><rootfiles><rootfile full-path="o/b.opf"/></rootfiles></container>'
)
OPF = """<package xmlns="http://www.idpf.org/2007/opf"><metadata><dc:title
 xmlns:dc="http://purl.org/dc/elements/1.1/">A Book</dc:title></metadata><manifest>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="two" href="two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/>
</manifest><spine><itemref idref="n"/><itemref idref="one"/><itemref idref="two"/>
<itemref idref="gone"/></spine></package>"""


def book(**more: str) -> bytes:
    page = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="x"><body>{}</body></html>'
    return zipped(
        META_INF__container_DOT_xml=CONTAINER,
        o__b_DOT_opf=OPF,
        o__nav_DOT_xhtml=page.format("<p>Contents</p>"),
        o__one_DOT_xhtml=page.format("<h1>A Book</h1><h1>One</h1><p>It rains.</p>"),
        **{"o__two b_DOT_xhtml": page.format("<h2>Two</h2><ul><li>a</li><li>b</li></ul>")},
        **more,
    ).replace(b"META_INF", b"META-INF")


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    document = read(tmp_path, "a.epub", book())
    assert document.text == "A Book\n\nOne\n\nIt rains.\n\nTwo\n\n- a\n- b"
    place = document.text.index("rains")
    assert name_passage(document, place, place + 5) == "One"
    assert document.remarks == ("1 chapter is missing in the file.",)


def test_a_book_with_copy_protection_is_said_to_have_it(tmp_path: Path) -> None:
    method = '<e><EncryptionMethod Algorithm="{}"/></e>'
    locked = book(META_INF__encryption_DOT_xml=method.format("http://www.w3.org/aes128-cbc"))
    with pytest.raises(DocumentPasswordError, match="DRM"):
        read(tmp_path, "a.epub", locked)
    fonts = book(META_INF__encryption_DOT_xml=method.format("http://www.idpf.org/2008/embedding"))
    assert "It rains." in read(tmp_path, "b.epub", fonts).text


def test_entities_in_a_book_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><html><p>&c;</p></html>'
    with pytest.raises(DocumentDamagedError, match="entities"):
        read(tmp_path, "a.epub", book(o__three_DOT_xhtml=bomb))


ODF = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dc="d"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body>{}</office:body>
</office:document-content>"""
LETTER = """<office:text>
<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
<text:h text:outline-level="1">Report</text:h>
<text:p>One<text:s/>two<text:tab/>three<text:note><text:note-body><text:p>See below.</text:p>
</text:note-body></text:note>.<office:annotation><dc:creator>Anna</dc:creator><text:p>Sure?</text:p>
</office:annotation></text:p>
<text:list><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p>
</text:list-item></text:list></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"><text:p>y</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="9999"/></table:table-row></table:table>
</office:text>"""


def test_an_open_document_has_lists_tables_notes_and_comments(tmp_path: Path) -> None:
    data = zipped(content_DOT_xml=ODF.format(LETTER))
    document = read(tmp_path, "a.odt", data)
    assert document.text == (
        "Report\n\nOne two three[1].\n\n- a\n  - b\n\nx | y | y\n\n"
        "Notes\n\n[1] See below.\n\nComment by Anna: Sure?"
    )
    assert [section.label for section in document.sections] == ["Report", "Notes"]
    flat = read(tmp_path, "b.fodt", b'<?xml version="1.0"?>' + ODF.format(LETTER).encode())
    assert flat.text == document.text


def test_an_encrypted_open_document_asks_for_a_copy_without_password(tmp_path: Path) -> None:
    data = zipped(content_DOT_xml="secret", META_INF__manifest_DOT_xml="<m><encryption-data/></m>")
    with pytest.raises(DocumentPasswordError, match=r"a\.odt"):
        read(tmp_path, "a.odt", data.replace(b"META_INF", b"META-INF"))


RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\*\generator Somebody;}"
    rb"\pard Gr\'fc\'dfe from {\b Lisbon} for \u8364?5.\par{\v hidden}\par "
    rb"\u20320?\u22909?\par\trowd\cell a\cell b\cell\row{\pict 00ff}}"
)


def test_rich_text_without_its_fonts_and_hidden_words(tmp_path: Path) -> None:
    document = read(tmp_path, "a.rtf", RTF)
    assert document.text.startswith("Grüße from Lisbon for €5.\n")
    assert "你好" in document.text
    assert "a | b" in document.text
    for left_out in ("Times", "Somebody", "hidden", "00ff"):
        assert left_out not in document.text
    assert read(tmp_path, "letter.doc", RTF).format == "rtf"
    assert read(tmp_path, "cut.rtf", RTF[:90]).remarks == (
        "The file is cut short: what was there has been read.",
    )
