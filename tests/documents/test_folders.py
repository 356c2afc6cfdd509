"""Folders and archives: what in them can be read, in which order, and what harm is not done."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from engine.documents import find_documents, folders, read_document
from engine.errors import (
    DocumentDamagedError,
    DocumentNotFoundError,
    DocumentPasswordError,
    DocumentTooLargeError,
)
from tests.documents.makers import lines, pdf


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return path


def names(*paths: Path) -> list[str]:
    return [Path(path).name for path in find_documents(map(str, paths)).paths]


def test_a_folder_is_its_documents_in_the_order_a_person_expects(tmp_path: Path) -> None:
    for name in ("b 10.txt", "b 2.txt", "a/z.md", ".hidden.txt", "~$b.docx", "photo.png", "x.PDF"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"text")
    os.symlink(tmp_path, tmp_path / "a" / "loop")
    assert names(tmp_path) == ["z.md", "b 2.txt", "b 10.txt", "x.PDF"]
    found = find_documents([str(tmp_path), str(tmp_path / "x.PDF"), str(tmp_path / "gone")])
    assert len(found.paths) == 4  # none twice
    assert [refused.error.code for refused in found.refused] == ["DOCUMENT_NOT_FOUND"]
    (tmp_path / "empty").mkdir()
    (refused,) = find_documents([str(tmp_path / "empty")]).refused
    assert "no files that Carrel reads" in refused.error.message


def test_a_file_in_an_archive_is_read_where_it_lies(tmp_path: Path) -> None:
    page = pdf([lines("A page in a box.")])
    box = archive(
        tmp_path / "box.zip",
        sub__2_DOT_txt=b"Two.",
        sub__10_DOT_txt=b"Ten.",
        a_DOT_pdf=page,
        n=b"?",
    )
    found = find_documents([str(box)]).paths
    assert found == tuple(f"{box}/{name}" for name in ("a.pdf", "sub/2.txt", "sub/10.txt"))
    document = read_document(Path(found[0]))
    assert (document.name, document.text, document.path) == ("a.pdf", "A page in a box.", found[0])
    assert names(tmp_path) == ["a.pdf", "2.txt", "10.txt"]  # found in the folder as well
    with pytest.raises(DocumentNotFoundError, match=r"gone\.txt"):
        read_document(box / "gone.txt")


def test_an_office_file_in_an_archive_is_told_by_its_content(tmp_path: Path) -> None:
    inner = archive(tmp_path / "x", content_DOT_xml=b"<office/>").read_bytes()
    box = archive(tmp_path / "box.zip", letter_DOT_odt=inner)
    with pytest.raises(DocumentDamagedError, match=r"letter\.odt"):
        read_document(box / "letter.odt")


@pytest.mark.parametrize(
    "name", ["../up.txt", "/root.txt", "a/../../b.txt", "c:\\x.txt", "\\s.txt"]
)
def test_names_that_lead_out_of_the_archive_are_not_taken(tmp_path: Path, name: str) -> None:
    box = tmp_path / "box.zip"
    with zipfile.ZipFile(box, "w") as package:
        package.writestr(name, b"harm")
        package.writestr("good.txt", b"good")
    assert names(box) == ["good.txt"]


def test_a_bomb_is_not_unpacked_and_a_locked_file_asks_for_its_key(tmp_path: Path) -> None:
    box = archive(tmp_path / "box.zip", big_DOT_txt=b"\0" * 50_000_000, ok_DOT_txt=b"fine")
    with pytest.raises(DocumentTooLargeError, match="unpacks to 47 MB"):
        read_document(box / "big.txt")
    content = bytearray(archive(tmp_path / "key.zip", a_DOT_txt=b"text").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    (tmp_path / "key.zip").write_bytes(content)
    with pytest.raises(DocumentPasswordError, match=r"a\.txt"):
        read_document(tmp_path / "key.zip" / "a.txt")


def test_a_broken_archive_and_one_without_documents_are_said_to_be(tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(archive(tmp_path / "x.zip", a_DOT_txt=b"text" * 99).read_bytes()[:60])
    nothing = archive(tmp_path / "nothing.zip", photo_DOT_png=b"?")
    first, second = find_documents([str(broken), str(nothing)]).refused
    assert "“broken.zip” is damaged" in first.error.message
    assert "no files that Carrel reads" in second.error.message
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", b"text" * 99)
    data = bytearray(out.getvalue())
    data[60] ^= 255  # in the middle of the content
    (tmp_path / "torn.zip").write_bytes(data)
    with pytest.raises(DocumentDamagedError, match=r"a\.txt"):
        read_document(tmp_path / "torn.zip" / "a.txt")


def test_more_files_than_anyone_wants_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "MAX_FILES", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("text")
    with pytest.raises(DocumentTooLargeError, match="more than 3 files"):
        find_documents([str(tmp_path)])
