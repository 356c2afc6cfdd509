"""Reads documents. This package knows files and their formats; it knows no model and no storage.

To add a format: write one file here with a `DocumentFormat` (import its parser inside `read`, so
that the window can ask for the list of suffixes cheaply), and add one line to `DOCUMENT_FORMATS`.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from engine.contracts import AbortFlag
from engine.documents.base import MAX_FILE_BYTES, DocumentFormat
from engine.documents.csv_text import CsvFormat
from engine.documents.docx import WordFormat
from engine.documents.epub import EpubFormat
from engine.documents.folders import ArchiveMember, archive_of, find
from engine.documents.html import HtmlFormat
from engine.documents.json_text import JsonFormat
from engine.documents.mail import MailFormat
from engine.documents.markdown import MarkdownFormat
from engine.documents.notebook import NotebookFormat
from engine.documents.odt import OpenDocumentFormat
from engine.documents.pdf import PdfFormat
from engine.documents.picture import PictureFormat
from engine.documents.pptx import PowerPointFormat
from engine.documents.rtf import RichTextFormat
from engine.documents.sniff import file_kind
from engine.documents.subtitles import SubtitleFormat
from engine.documents.txt import TextFormat, plain_document
from engine.documents.xlsx import ExcelFormat
from engine.errors import (
    DocumentError,
    DocumentFormatError,
    DocumentNoTextError,
    DocumentNotFoundError,
    DocumentPasswordError,
    DocumentTooLargeError,
)
from engine.protocol import FoundDocuments
from engine.text import clean_text
from engine.types import Document

DOCUMENT_FORMATS: tuple[DocumentFormat, ...] = (
    TextFormat(),
    MarkdownFormat(),
    PdfFormat(),
    WordFormat(),
    RichTextFormat(),
    OpenDocumentFormat(),
    PowerPointFormat(),
    ExcelFormat(),
    EpubFormat(),
    HtmlFormat(),
    MailFormat(),
    CsvFormat(),
    JsonFormat(),
    NotebookFormat(),
    SubtitleFormat(),
)
# What a file holds decides for these; a text may have any suffix.
_BY_CONTENT = frozenset({"pdf", "docx", "pptx", "xlsx", "odt", "epub", "rtf"})

_AS_PDF = "Save it as PDF or .docx in the program that made it, and open that."
# Kinds that people try; some are text inside, but not a text that anyone would want read as it is.
_UNREAD_SUFFIXES = {
    ".ppt": ("an old PowerPoint file", "Save it as .pptx or PDF and open that."),
    ".xls": ("an old Excel file", "Save it as .xlsx or CSV and open that."),
    ".doc": ("an old Word file", _AS_PDF),
    ".xlsb": ("a binary Excel file", "Save it as .xlsx or CSV and open that."),
    ".pages": ("a Pages document", "Export it as PDF or Word and open that."),
    ".numbers": ("a Numbers file", "Export it as Excel or CSV and open that."),
    ".key": ("a Keynote presentation", "Export it as PDF or PowerPoint and open that."),
    ".mobi": ("a Kindle e-book", "Convert it to .epub and open that."),
    ".azw3": ("a Kindle e-book", "Convert it to .epub and open that."),
    ".gguf": ("a model, not a document", "Open it on the Models page."),
}


def supported_suffixes() -> tuple[str, ...]:
    """All suffixes, with their dot, in menu order."""
    return tuple(suffix for kind in DOCUMENT_FORMATS for suffix in kind.suffixes)


def read_document(path: Path, abort: AbortFlag | None = None) -> Document:
    """Read a file whole. Raises a `DocumentError` that names the file and says what to do."""
    path = Path(path)
    name = clean_text(path.name or str(path))[0]
    try:
        if (inside := archive_of(path)) is not None:
            path = ArchiveMember.of(*inside)
        _check_file(path, name)
        return _choose_format(path, name).read(path, abort or AbortFlag())
    except FileNotFoundError as error:
        raise DocumentNotFoundError(f"“{name}” is not there.") from error
    except PermissionError as error:
        raise DocumentError(
            f"You have no permission to read “{name}”.",
            hint="Give yourself permission to read it, or copy it to your own folder.",
        ) from error
    except OSError as error:
        raise DocumentError(
            f"“{name}” could not be read: {error.strerror or error}.",
            hint="Check the disk or the network drive, or copy the file to this computer.",
        ) from error
    except MemoryError as error:
        raise DocumentTooLargeError(f"There is not enough memory to read “{name}”.") from error


def find_documents(paths: Iterable[str], abort: AbortFlag | None = None) -> FoundDocuments:
    """The files that can be read in these files, folders and archives, by their suffixes."""
    return find(paths, frozenset(supported_suffixes()), abort or AbortFlag())


def document_from_text(text: str, name: str) -> Document:
    """A paste or standard input as a document."""
    return plain_document(text, clean_text(name)[0], "paste")


def _check_file(path: Path, name: str) -> None:
    try:
        status = path.stat()
    except ValueError as error:  # NUL or a lone surrogate in the name
        raise FileNotFoundError(name) from error
    if stat.S_ISDIR(status.st_mode):
        raise DocumentError(f"“{name}” is a folder.", hint="Open the files inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(f"“{name}” is not a file.", hint="Choose an ordinary file.")
    if status.st_size == 0:
        raise DocumentNoTextError(
            f"“{name}” is empty (0 bytes).", hint="Open another file, or paste the text."
        )
    if status.st_size > MAX_FILE_BYTES:
        size, limit = status.st_size >> 20, MAX_FILE_BYTES >> 20
        raise DocumentTooLargeError(f"“{name}” is {size} MB; the limit is {limit} MB.")


def _choose_format(path: Path, name: str) -> DocumentFormat:
    """What the file holds is trusted above its suffix; the suffix decides between kinds of text."""
    kind = file_kind(path)
    suffix = path.suffix.lower()
    by_suffix = {suffix: one for one in DOCUMENT_FORMATS for suffix in one.suffixes}.get(suffix)
    by_id = {one.format_id: one for one in DOCUMENT_FORMATS}
    if kind in _BY_CONTENT:
        return by_id[kind]
    if kind == "ole-encrypted":
        raise DocumentPasswordError(f"“{name}” is protected with a password.")
    if suffix in _UNREAD_SUFFIXES:
        what, hint = _UNREAD_SUFFIXES[suffix]
        raise DocumentFormatError(f"“{name}” is {what}, which Carrel does not read.", hint=hint)
    if kind == "ole":
        raise DocumentFormatError(
            f"“{name}” is an old Office file, which Carrel does not read.", hint=_AS_PDF
        )
    if by_suffix and by_suffix.format_id in _BY_CONTENT:
        return by_suffix  # it is not what its name says: the format's own error is the clearest
    if kind == "image":
        return PictureFormat()
    if kind == "zip":
        raise DocumentFormatError(
            f"“{name}” is an archive of files.",
            hint="Drop it on the window to open what is in it, or unpack it.",
        )
    if kind == "binary":
        raise DocumentFormatError(f"“{name}” is not a text document that Carrel knows.")
    if by_suffix:
        return by_suffix
    return by_id["html" if kind == "html" else "txt"]
