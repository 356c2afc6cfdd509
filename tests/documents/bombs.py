"""Files made to do harm: each unpacks, nests, repeats or leads astray far beyond its size.

`bombs` gives what makes each, as (suffix, bytes), by name. All are made here, byte by byte.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.documents.makers import pdf_file, zipped
from tests.documents.samples import samples

_LAUGHS = b"<!DOCTYPE a [<!ENTITY b0 'rain'>%s]>" % b"".join(
    b"<!ENTITY b%d '%s'>" % (n, b"&b%d;" % (n - 1) * 10) for n in range(1, 11)
)
_FILE_ENTITY = b"<!DOCTYPE a [<!ENTITY b10 SYSTEM 'file:///etc/passwd'>]>"
_ZEROS = 100 * 1024 * 1024


Maker = Callable[[], tuple[str, bytes]]


def bombs() -> dict[str, Maker]:
    return {
        **{f"entities in {suffix}": _with_entities(suffix, _LAUGHS) for suffix in _MAIN_PARTS},
        **{f"files in {suffix}": _with_entities(suffix, _FILE_ENTITY) for suffix in _MAIN_PARTS},
        "entities in a drawing": lambda: (".svg", _LAUGHS + b"<svg><text>&b10;</text></svg>"),
        "a flat bomb as a document": lambda: (".docx", _flat("word/document.xml")),
        "a flat bomb as a table": lambda: (".xlsx", _flat("xl/workbook.xml")),
        "overlapping members": lambda: (".docx", overlapping("word/document.xml", 400)),
        "a member that says it is small": lambda: (".odt", _lying("content.xml")),
        "PDF: pages in a loop": lambda: (".pdf", _page_loop()),
        "PDF: a page tree of its own parent": lambda: (".pdf", _deep_tree()),
        "PDF: billions of pages": lambda: (".pdf", _many_pages()),
        "PDF: an object stream in itself": lambda: (".pdf", _stream_in_itself()),
        "PDF: a cross-reference in a circle": lambda: (".pdf", _xref_circle()),
        "PDF: packed a thousand times": lambda: (".pdf", _packed_stream(1)),
        "PDF: packed again and again": lambda: (".pdf", _packed_stream(3)),
        "PDF: a form that draws itself": lambda: (".pdf", _form_in_itself()),
        "PDF: an outline in a circle": lambda: (".pdf", _outline_circle()),
        "one line of 60 MB": lambda: (".csv", b'"' + b"a,b;c\t" * 10_000_000),
        "a million empty columns": lambda: (".csv", (b"," * 1_000_000 + b"\n") * 4),
        "an open quote": lambda: (".csv", b"a,b\n" + b'"x\n' * 2_000_000),
        "deep JSON": lambda: (".json", b"[" * 1_000_000),
        "deep closed JSON": lambda: (".json", b'{"a":' * 500_000 + b"1" + b"}" * 500_000),
        "a long number": lambda: (".json", b"[" + b"9" * 5_000_000 + b"]"),
        "a deep notebook": lambda: (".ipynb", b'{"cells":' + b"[" * 500_000),
        "deep HTML": lambda: (".html", b"<html><body>" + b"<div>" * 300_000 + b"rain"),
        "deep tables in HTML": lambda: (".html", b"<html><body>" + b"<table><tr><td>" * 50_000),
        "open marks in HTML": lambda: (".html", b"<html><body>" + b"<a <b <!-- " * 300_000),
        "many attributes in HTML": lambda: (".html", b"<html><body " + _attributes(100_000)),
        "deep RTF": lambda: (".rtf", b"{\\rtf1" + b"{" * 1_000_000),
        "a picture of zeros in RTF": lambda: (".rtf", b"{\\rtf1 rain \\bin999999999 " + b"0" * 99),
        "many fonts in RTF": lambda: (".rtf", b"{\\rtf1" + b"{\\fonttbl{\\f1 a;}}" * 200_000),
        "mail in mail": lambda: (".eml", _mail_in_mail(3_000)),
        "a mail of many parts": lambda: (".eml", _mail_parts(100_000)),
        "a long header": lambda: (".eml", b"Subject: " + b"=?utf-8?q?a?= " * 300_000 + b"\n\nrain"),
        "headers without end": lambda: (".eml", b"A: b\n" * 1_000_000),
        "many marks in Markdown": lambda: (".md", b"*a_" * 1_000_000),
        "brackets in Markdown": lambda: (".md", b"[" * 300_000 + b"](" * 300_000),
        "quotes in Markdown": lambda: (".md", b">" * 300_000),
        "back-ticks in Markdown": lambda: (".md", b"".join(b"`" * n + b"a" for n in range(2_000))),
        "spaces for a regular expression": lambda: (".txt", b"a" + b" " * 5_000_000 + b"b"),
        "hyphens for a regular expression": lambda: (".txt", b"a-" * 2_000_000),
        "times without end": lambda: (".srt", b"1\n00:00:00,000 --> " * 300_000),
        "a picture of a billion pixels": lambda: (".png", _huge_png()),
        "a picture in a circle": lambda: (".tiff", _tiff_circle()),
    }  # fmt: skip


_MAIN_PARTS = {
    ".docx": "word/document.xml",
    ".pptx": "ppt/slides/slide1.xml",
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".odt": "content.xml",
    ".epub": "chapter.xhtml",
}


def _with_entities(suffix: str, doctype: bytes) -> Maker:
    """A sound file of this kind whose main part begins with these entities and uses the last."""

    def make() -> tuple[str, bytes]:
        sound = dict(samples())[suffix]
        with zipfile.ZipFile(io.BytesIO(sound)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        name = next((one for one in parts if one == _MAIN_PARTS[suffix]), "")
        name = name or next(one for one in parts if one.endswith((".xhtml", ".html")))
        old = parts[name].split(b"?>", 1)[-1]
        if old.lstrip().startswith(b"<!DOCTYPE"):
            old = old.split(b">", 1)[1]
        parts[name] = doctype + old.replace(b"rain", b"&b10;").replace(b"Rain", b"&b10;")
        return suffix, zipped(parts)

    return make


def _flat(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        with package.open(name, "w") as part:
            for _ in range(_ZEROS >> 20):
                part.write(bytes(1 << 20))
        for other in ("[Content_Types].xml", "_rels/.rels"):
            package.writestr(other, "<a/>")
    return buffer.getvalue()


def overlapping(name: str, copies: int) -> bytes:
    """One packed member that the directory names many times (D. Fifield, A better zip bomb, 2019)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(15 << 20)
    packed = packer.compress(content) + packer.flush()
    sizes = struct.pack("<LLL", zlib.crc32(content), len(packed), len(content))
    local = struct.pack("<4s5H", b"PK\3\4", 20, 0, 8, 0, 0) + sizes
    out = bytearray(local + struct.pack("<HH", len(name), 0) + name.encode() + packed)
    start = len(out)
    for number in range(copies):
        title = (name if not number else f"{name}.{number}.xml").encode()
        out += struct.pack("<4s6H", b"PK\1\2", 20, 20, 0, 8, 0, 0) + sizes
        out += struct.pack("<5H2L", len(title), 0, 0, 0, 0, 0, 0) + title
    size = len(out) - start
    return bytes(out) + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, copies, copies, size, start, 0)


def _lying(name: str) -> bytes:
    """It unpacks to far more than its directory says."""
    data = zipped({"mimetype": "x", "META-INF/manifest.xml": "<a/>", name: bytes(40 << 20)})
    real = struct.pack("<L", 40 << 20)
    return data.replace(real, struct.pack("<L", 1_000))


def _page_loop() -> bytes:
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 2 0 R 3 0 R]/Count 1000>>",
            b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 1000>>",
        ]
    )


def _deep_tree() -> bytes:
    nodes = [
        b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R %d 0 R]/Count 2000000>>" % (n - 1, n + 1, n + 1)
        for n in range(2, 2_000)
    ]
    return pdf_file(
        [b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Pages/Kids[2 0 R]/Count 9>>"]
    )


def _many_pages() -> bytes:
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 2147483647>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        ]
    )


def _stream_in_itself() -> bytes:
    inner = b"1 0 2 30 3 60 <</Type/Catalog/Pages 2 0 R>>  <</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 5 0 R>>",
            b"<</Type/ObjStm/N 3/First 15/Extends 2 0 R/Length 2 0 R>>stream\n%s\nendstream"
            % inner,
            b"<</Type/ObjStm/N 3/First 15/Extends 2 0 R/Length %d>>stream\n%s\nendstream"
            % (len(inner), inner),
        ]
    )


def _xref_circle() -> bytes:
    body = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\n"
    place = len(body)
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    table += b"trailer\n<</Size 2/Root 1 0 R/Prev %d>>\n"
    return body + table % place + b"startxref\n%d\n%%%%EOF\n" % place


def _packed_stream(times: int) -> bytes:
    data = b"BT /F1 9 Tf (rain) Tj ET\n" + b"q Q\n" * (6 << 20)
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = b"/FlateDecode" * times
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
            b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(data), filters, data),
        ]
    )


def _form_in_itself() -> bytes:
    form = b"/X Do /X Do /Y Do /Y Do"
    resources = b"/Resources<</XObject<</X 5 0 R/Y 4 0 R>>>>"
    objects = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length %d>>stream\n%s\nendstream"
        % (resources, len(form), form)
        for _ in range(2)
    ]
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R%s>>" % resources,
            *objects,
        ]
    )


def _outline_circle() -> bytes:
    entry = b"<</Title(rain)/Parent 4 0 R/Next 6 0 R/First 5 0 R/Dest[3 0 R/Fit]>>"
    return pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
            b"<</Type/Outlines/First 5 0 R/Last 6 0 R>>",
            entry,
            entry.replace(b"6 0 R", b"5 0 R"),
        ]
    )


def _attributes(count: int) -> bytes:
    return b" ".join(b"a%d=1" % number for number in range(count)) + b">rain"


def _mail_in_mail(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * depth + b"Subject: rain\n\nrain"


def _mail_parts(count: int) -> bytes:
    part = b"--b\nContent-Type: text/plain\n\nrain\n"
    return b"Content-Type: multipart/mixed; boundary=b\n\n" + part * count + b"--b--\n"


def _huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        )

    size = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(60_001) * 200, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _tiff_circle() -> bytes:
    """Its second page is its first."""
    entries = [
        (256, 8),
        (257, 8),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 200),
        (277, 1),
        (278, 8),
        (279, 64),
    ]
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHLL", tag, 4, 1, value) for tag, value in entries)
    whole = b"II*\0" + struct.pack("<L", 8) + directory + struct.pack("<L", 8)
    return whole.ljust(200, b"\0") + b"\xff" * 64
