"""Which format reads a file, and what a person is told when none can."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine import documents
from engine.contracts import AbortFlag
from engine.documents import document_from_text, read_document, supported_suffixes
from engine.errors import (
    AbortedError,
    DocumentDamagedError,
    DocumentError,
    DocumentFormatError,
    DocumentNoTextError,
    DocumentNotFoundError,
    DocumentPasswordError,
    DocumentTooLargeError,
)
from tests.documents import makers


def _fails(path: Path, kind: type[DocumentError]) -> DocumentError:
    with pytest.raises(kind) as caught:
        read_document(path)
    error = caught.value
    assert path.name in error.message, "the message names the file"
    assert error.hint, "the hint says what to do"
    return error


def test_the_list_of_suffixes_loads_no_parser() -> None:
    code = (
        "import sys; from engine.documents import supported_suffixes as s; s();"
        "bad = {'pypdfium2', 'docx', 'pptx', 'openpyxl', 'lxml', 'trafilatura', 'markdown_it', "
        "'charset_normalizer'};"
        "sys.exit(str(bad & set(sys.modules)) if bad & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_suffixes_are_unique_and_lower_case() -> None:
    suffixes = supported_suffixes()
    assert len(set(suffixes)) == len(suffixes)
    assert {".txt", ".md", ".pdf", ".docx", ".html"} <= set(suffixes)
    assert all(one.startswith(".") and one == one.lower() for one in suffixes)


def test_missing_file(tmp_path: Path) -> None:
    assert "not there" in _fails(tmp_path / "gone.pdf", DocumentNotFoundError).message
    _fails(tmp_path / "no such folder" / "gone.pdf", DocumentNotFoundError)


@pytest.mark.parametrize("name", ["a\0b.txt", "a\ud800b.txt"])
def test_a_name_that_no_file_can_have(name: str) -> None:
    with pytest.raises(DocumentNotFoundError):
        read_document(Path(name))


def test_file_that_disappears_after_it_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("still here")
    choose = documents._choose_format

    def choose_and_remove(path: Path, name: str) -> object:
        chosen = choose(path, name)
        path.unlink()
        return chosen

    monkeypatch.setattr(documents, "_choose_format", choose_and_remove)
    _fails(path, DocumentNotFoundError)


def test_folder(tmp_path: Path) -> None:
    folder = tmp_path / "letters.pdf"
    folder.mkdir()
    assert "folder" in _fails(folder, DocumentError).message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert "not a file" in _fails(pipe, DocumentError).message


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("secret")
    path.chmod(0)
    assert "permission" in _fails(path, DocumentError).message


def test_denied_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("secret")

    def deny(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", deny)
    assert "permission" in _fails(path, DocumentError).hint


def test_a_failing_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "far.txt"
    path.write_text("far")

    def fail(self: Path) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert "Input/output error" in _fails(path, DocumentError).message


@pytest.mark.parametrize("suffix", [".txt", ".md", ".pdf", ".docx", ".html", ".xyz"])
def test_empty_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"empty{suffix}"
    path.touch()
    assert "empty" in _fails(path, DocumentNoTextError).message


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", " \n\t\n"), ("a.md", "\n\n"), ("a.html", "<html><body> <p></p></body></html>")],
)
def test_blank_document(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert "no text" in _fails(path, DocumentNoTextError).message


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.txt"
    path.write_text("x" * 100)
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 99)
    _fails(path, DocumentTooLargeError)


def test_too_many_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long.txt"
    path.write_text("x" * 100)
    monkeypatch.setattr("engine.documents.txt.MAX_CHARACTERS", 99)
    _fails(path, DocumentTooLargeError)
    monkeypatch.setattr("engine.documents.builder.MAX_CHARACTERS", 9)
    path = tmp_path / "long.pdf"
    path.write_bytes(makers.pdf([makers.lines("More than nine characters")]))
    _fails(path, DocumentTooLargeError)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("a.ppt", "PowerPoint"), ("a.xls", "Excel"), ("a.DOC", "Word"), ("a.gguf", "model"),
        ("a.pages", "Pages"), ("a.xlsb", "Excel"), ("a.mobi", "Kindle"),
    ],
)  # fmt: skip
def test_kinds_that_are_not_read(tmp_path: Path, name: str, word: str) -> None:
    path = tmp_path / name
    path.write_text('{"cells": []}')
    assert word in _fails(path, DocumentFormatError).message


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.pptx", "a PowerPoint file"), ("a.xlsx", "an Excel file"), ("a.epub", "an e-book"),
        ("a.odt", "an OpenDocument text"), ("a.docx", "a Word document"), ("A.RTF", "a Rich Text"),
        ("a.ipynb", "damaged"), ("a.eml", "not an e-mail"), ("a.json", "not JSON"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_told_so(
    tmp_path: Path, name: str, what: str
) -> None:
    path = tmp_path / name
    path.write_text("Only a few words, and no more than that.")
    assert what in _fails(path, DocumentDamagedError).message


def test_unknown_binaries(tmp_path: Path) -> None:
    for name, content in (
        ("noise.bin", bytes(range(256)) * 40),
        ("noise.txt", bytes(range(256)) * 40),
        ("program", b"\x7fELF" + b"\0\1\2\3" * 99),
        ("model.md", b"GGUF" + b"\0\3\0\0" * 99),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        _fails(path, DocumentFormatError)


def test_a_picture_needs_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARREL_TESSERACT", "off")
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0\1" * 99)
    assert "Tesseract" in _fails(path, DocumentFormatError).hint


def test_a_zip_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "things.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "a")
    _fails(path, DocumentFormatError)


def test_office_files_in_an_ole_container(tmp_path: Path) -> None:
    path = tmp_path / "locked.docx"
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99)
    _fails(path, DocumentPasswordError)
    path.write_bytes(head)
    _fails(path, DocumentFormatError)


def test_content_is_trusted_above_the_suffix(tmp_path: Path) -> None:
    path = tmp_path / "really a pdf.txt"
    path.write_bytes(makers.pdf([makers.lines("Hello from a PDF.")]))
    assert read_document(path).format == "pdf"
    page = tmp_path / "page"
    page.write_text("<!DOCTYPE html><html><body><p>Hello from a page.</p></body></html>")
    assert read_document(page).format == "html"
    readme = tmp_path / "README"
    readme.write_text("Hello from a text.")
    assert read_document(readme).format == "txt"


def test_a_text_about_pdf_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "about.txt"
    path.write_text("A PDF begins with %PDF-1.4 and ends with %%EOF.")
    assert read_document(path).format == "txt"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_a_text_in_disguise_is_damaged(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("This is only a text with another name.")
    _fails(path, DocumentDamagedError)


def test_a_paste_is_kept_as_it_is() -> None:
    document = document_from_text("  one\r\ntwo\n", "Pasted text")
    assert (document.text, document.format, document.path) == ("  one\ntwo\n", "paste", None)
    with pytest.raises(DocumentNoTextError):
        document_from_text(" \n ", "Pasted text")


def test_a_paste_of_five_megabytes() -> None:
    text = "All work and no play makes Jack a dull boy. 只工作不玩耍。\n" * 90_000
    assert document_from_text(text, "Pasted text").text == text


def test_a_paste_with_what_cannot_be_kept() -> None:
    document = document_from_text("a\0b\ud800c 👩‍👩‍👧 שלום 中文", "paste")
    assert document.text == "a\ufffdb\ufffdc 👩‍👩‍👧 שלום 中文"
    assert "2 unusable characters" in document.remarks[0]


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(makers.pdf([makers.lines("Page")] * 3))
    abort = AbortFlag()
    abort.set()
    with pytest.raises(AbortedError):
        read_document(path, abort)
