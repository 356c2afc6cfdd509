"""E-mails (.eml): who wrote to whom, when and about what, and the text; attachments are named.

Method: RFC 5322 and MIME by Python's `email` package. Of a text in two forms the plain one is read,
unless it is empty. Forwarded messages are read in their place.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.encodings import decode
from engine.documents.html_blocks import read_blocks
from engine.errors import DocumentDamagedError
from engine.types import Document

_SHOWN = ("From", "To", "Cc", "Date")
_MAX_DEPTH = 10
_MAX_PARTS = 5_000
_MAX_HEADERS_BYTES = 500_000
_MAX_HEADER = 50_000  # characters: thousands of recipients
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb"boundary\s{0,9}=\s{0,9}\"?([^\";\s]{1,200})", re.IGNORECASE)


class MailFormat(DocumentFormat):
    format_id = "eml"
    title = "E-mail"
    suffixes = (".eml",)

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        message = _parsed(path.read_bytes(), builder.name)
        if not message.keys():
            raise DocumentDamagedError(f"“{builder.name}” is not an e-mail: it has no headers.")
        _Reader(builder, abort).read(message, 0)
        return builder.build()


def _parsed(data: bytes, name: str) -> EmailMessage:
    """The message, if it is not one that takes the parser hours: it reads headers letter by letter."""
    end = _BLANK_LINE.search(data)
    if (end.start() if end else len(data)) > _MAX_HEADERS_BYTES:
        raise _overgrown(name, "its headers are too long")
    for boundary in {one[1] for one in _BOUNDARY.finditer(data)}:
        if data.count(b"\n--" + boundary) > _MAX_PARTS:
            raise _overgrown(name, f"it has more than {_MAX_PARTS:,} parts")
    try:
        # This policy leaves headers as they are.
        for part in email.message_from_bytes(data, policy=email.policy.compat32).walk():
            if any(len(str(value)) > _MAX_HEADER for _, value in part.raw_items()):
                raise _overgrown(name, "one of its headers is too long")
        message = email.message_from_bytes(data, policy=email.policy.default)
    except RecursionError as error:
        raise _overgrown(name, "its parts are nested too deeply") from error
    assert isinstance(message, EmailMessage)
    return message


def _overgrown(name: str, why: str) -> DocumentDamagedError:
    return DocumentDamagedError(f"“{name}” is not an e-mail that can be read: {why}.")


class _Reader:
    def __init__(self, builder: DocumentBuilder, abort: AbortFlag) -> None:
        self._builder, self._abort = builder, abort

    def read(self, message: EmailMessage, depth: int) -> None:
        self._abort.raise_if_set()
        self._builder.add_heading(_header(message, "Subject") or "(no subject)", depth + 1)
        shown = ((name, _header(message, name)) for name in _SHOWN)
        self._builder.add("\n".join(f"{name}: {value}" for name, value in shown if value))
        body = _body(message)
        if body is not None:
            self._add_text(body)
        attached = []
        for part in _own_parts(message):
            if part.get_content_type() == "message/rfc822":
                inner = part.get_payload(0) if part.is_multipart() else None
                if isinstance(inner, EmailMessage) and depth < _MAX_DEPTH:
                    self.read(inner, depth + 1)
            elif part is not body and (name := _file_name(part)):
                attached.append(name)
        if attached:
            names = ", ".join(dict.fromkeys(attached))
            self._builder.remarks.append(f"Attached and not read: {names}.")

    def _add_text(self, body: EmailMessage) -> None:
        data = body.get_payload(decode=True)
        text = _decoded(data if isinstance(data, bytes) else b"", body.get_content_charset())
        if body.get_content_type() != "text/html":
            self._builder.add(text)
            return
        from lxml import etree, html

        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True)
        try:
            tree = html.document_fromstring(text.encode(errors="replace"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, AssertionError, ValueError):
            return
        for block in read_blocks(tree):
            self._builder.add(block.text)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:  # the package gives up on some broken headers in many ways
        raw = dict(message.raw_items()).get(name, "")
        return " ".join(str(raw).split())


def _body(message: EmailMessage) -> EmailMessage | None:
    """The part to read: the plain text, or the HTML where that says nothing."""
    found: dict[str, EmailMessage] = {}
    for part in _own_parts(message):
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            found.setdefault(kind, part)
    plain, page = found.get("text/plain"), found.get("text/html")
    data = plain.get_payload(decode=True) if plain is not None else b""
    return plain if isinstance(data, bytes) and data.strip() else page


def _own_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """All parts that are not made of parts, in order; a forwarded message is one."""
    pending: list[EmailMessage] = [message]
    while pending:
        part = pending.pop(0)
        if part.is_multipart() and (part is message or part.get_content_type() != "message/rfc822"):
            pending[:0] = [one for one in part.iter_parts() if isinstance(one, EmailMessage)]
        else:
            yield part


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data)[0]


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # as for headers
        return "a file whose name cannot be read"
