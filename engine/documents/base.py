"""What a document format is: one file with a `DocumentFormat`, and one line in `DOCUMENT_FORMATS`.

Formats import their parser inside `read`: the window only needs the list of suffixes.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from engine.contracts import AbortFlag
from engine.errors import DocumentNoTextError, DocumentTooLargeError
from engine.types import Document

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_CHARACTERS = 20_000_000


class DocumentFormat:
    """Reads one kind of file. `read` raises a `DocumentError` that names the file and the reason.

    `OSError`s may pass: `read_document` turns them into errors for people. Long reads look at
    `abort` between pages or blocks.
    """

    format_id: ClassVar[str]
    title: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]

    def read(self, path: Path, abort: AbortFlag) -> Document:
        raise NotImplementedError


def too_many_characters(name: str) -> DocumentTooLargeError:
    return DocumentTooLargeError(f"“{name}” holds more than {MAX_CHARACTERS:,} characters of text.")


def nothing_inside(name: str) -> DocumentNoTextError:
    """For a sound file whose text is empty or blank."""
    return DocumentNoTextError(
        f"“{name}” holds no text.", hint="Open another file, or paste the text."
    )
