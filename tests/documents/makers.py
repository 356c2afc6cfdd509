"""Makes small real files for the tests of this folder: PDFs byte by byte, packages, XML parts.

`arabic.pdf` and `chinese.pdf` in tests/files were printed by Qt's QPdfWriter, since they need
embedded fonts.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_COURIER = b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>"
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


class Run(NamedTuple):
    """A piece of text at a place, in points from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 10
    font: str = "F1"  # F1 regular, F2 bold, F3 of fixed pitch


def lines(
    text: str, x: float = 72, y: float = 720, size: float = 10, leading: float = 12
) -> list[Run]:
    """One run per line of `text`, from `y` downwards; empty lines only take space."""
    return [
        Run(x, y - index * leading, line, size)
        for index, line in enumerate(text.split("\n"))
        if line
    ]


def pdf(
    pages: Sequence[Sequence[Run]],
    *,
    password: str = "",
    rotate: int = 0,
    outline: Sequence[tuple[str, int]] = (),
) -> bytes:
    """A PDF of A4-like pages with the given runs, in the given order; bookmarks lead to pages."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>"
        % (b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(len(pages))), len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
    ]
    for number, runs in enumerate(pages):
        content = b"\n".join(_shown(run) for run in runs)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Rotate %d/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 %s>>>>>>"
            % (rotate, 6 + 2 * number, _COURIER)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    if outline:
        first = len(objects) + 2
        objects[0] = b"<</Type/Catalog/Pages 2 0 R/Outlines %d 0 R>>" % (first - 1)
        last = first + len(outline) - 1
        objects.append(b"<</Type/Outlines/First %d 0 R/Last %d 0 R>>" % (first, last))
        for number, (title, page) in enumerate(outline, start=first):
            following = b"/Next %d 0 R" % (number + 1) if number < last else b""
            objects.append(
                b"<</Title(%s)/Parent %d 0 R%s/Dest[%d 0 R/Fit]>>"
                % (title.encode("cp1252"), first - 1, following, 5 + 2 * page)
            )
    return pdf_file(objects, password)


def _shown(run: Run) -> bytes:
    text = run.text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(")
    text = text.replace(b")", rb"\)")
    place = f"BT /{run.font} {run.size} Tf {run.x} {run.y} Td (".encode()
    return place + text + b") Tj ET"


def pdf_file(objects: list[bytes], password: str = "") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalog."""
    identity = b"0123456789abcdef"
    extra = b"/ID[<%s><%s>]" % (identity.hex().encode(), identity.hex().encode())
    if password:
        objects = [*objects, _encryption(password.encode(), identity)]
        extra += b"/Encrypt %d 0 R" % len(objects)
    out = bytearray(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, extra)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _encryption(password: bytes, identity: bytes) -> bytes:
    """The dictionary of the standard security handler, revision 2 (PDF 32000-1, 7.6.3)."""
    padded = (password + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + (0xFFFFFFFC).to_bytes(4, "little") + identity).digest()[:5]
    user = _rc4(key, _PADDING)
    return b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (
        owner.hex().encode(),
        user.hex().encode(),
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def repacked(package: bytes, replace: dict[str, bytes]) -> bytes:
    """A zip with some of its parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = {name: old.read(name) for name in old.namelist()} | replace
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()
