"""A small sound file of every format, for whoever wants to damage one."""

from __future__ import annotations

import io
import json
import zipfile
from email.message import EmailMessage

from tests.documents.makers import lines, pdf

_PAGE = "<!DOCTYPE html><html><body><h1>Rain</h1><p>It rains in Lisbon.</p></body></html>"
_RTF = (
    rb"{\rtf1\ansi{\fonttbl{\f0 A;}}\pard Gr\'fc\'dfe from rainy {\b Lisbon} \u8364?5.\par No.\par}"
)
_SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\nIt rains\n\n2\n00:01:30,000 --> 00:01:31,000\nin Lisbon.\n"
)


def samples() -> list[tuple[str, bytes]]:
    """(suffix, bytes), one for each format."""
    cells = [
        {"cell_type": "markdown", "source": ["# Rain\n", "It rains."]},
        {"cell_type": "code", "source": "1", "outputs": [{"text": "1"}]},
    ]
    value = {"title": "Rain", "list": [1, {"a": None}], "text": "It rains in Lisbon. " * 9}
    return [
        (".txt", "It rains in Lisbon. Größe 你好\n".encode()),
        (".md", b"---\ntitle: x\n---\n# Rain\n\nIt *rains*.\n\n- a\n- b\n"),
        (".pdf", pdf([lines("It rains in Lisbon.\nAnd here.\n\nNot there."), lines("Page two.")])),
        (".docx", _docx()),
        (".rtf", _RTF),
        (".odt", _odt()),
        (".pptx", _pptx()),
        (".xlsx", _xlsx()),
        (".epub", _epub()),
        (".html", _PAGE.encode()),
        (".eml", _mail()),
        (".csv", b'name,said\nAnna,"It rains,\nagain"\nBen,no\n'),
        (".json", json.dumps(value).encode()),
        (".ipynb", json.dumps({"cells": cells, "nbformat": 4}).encode()),
        (".srt", _SRT.encode()),
    ]


def _docx() -> bytes:
    import docx

    word = docx.Document()
    word.add_heading("Rain", 1)
    word.add_paragraph("It rains in Lisbon.")
    table = word.add_table(2, 2)
    table.cell(0, 0).text = "a"
    return _saved(word)


def _pptx() -> bytes:
    import pptx

    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Rain"
    slide.placeholders[1].text = "It rains in Lisbon."
    slide.notes_slide.notes_text_frame.text = "Slowly."
    return _saved(show)


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Town", "Rain"], ["Lisbon", 12.5], ["Porto", True]):
        book.active.append(row)
    return _saved(book)


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


def _odt() -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    body = (
        '<text:h text:outline-level="1">Rain</text:h><text:p>It rains<text:s/>in Lisbon.</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    content = (
        f'<office:document-content xmlns:office="{names}office:1.0" xmlns:text="{names}text:1.0" '
        f'xmlns:table="{names}table:1.0"><office:body><office:text>{body}</office:text>'
        "</office:body></office:document-content>"
    )
    return _zip({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _epub() -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="one"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    parts = {"META-INF/container.xml": container, "b.opf": package, "one.xhtml": _PAGE}
    return _zip({"mimetype": "application/epub+zip", **parts})


def _mail() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Anna <a@x.org>", "Größe"
    message.set_content("It rains.\n")
    message.add_alternative("<p>It <b>rains</b>.</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="r.pdf")
    return bytes(message)
