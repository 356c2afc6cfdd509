"""OCR without an engine, with one that misbehaves, and which languages it is asked for."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from engine.contracts import AbortFlag
from engine.documents import find_documents, ocr, ocr_pages, read_document
from engine.documents.apart.readers import DocumentReaders, ReadError
from engine.documents.ocr_languages import chosen, has_choice, user_language
from engine.documents.ocr_pages import page_list
from engine.errors import AbortedError, DocumentFormatError, DocumentNoTextError
from engine.protocol import ReadDocument, new_request_id
from tests.documents.makers import lines, pdf
from tests.documents.scans import LEFT, joined, mixed, saved, scanned

needs_scripts = pytest.mark.skipif(os.name == "nt", reason="the programs here are shell scripts")


# Where there is none


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.SWITCH, "off")


def test_without_an_engine_a_scan_says_how_to_get_one(without: None, tmp_path: Path) -> None:
    path = saved(tmp_path / "scan.pdf", scanned(pdf([lines(LEFT)])))
    with pytest.raises(DocumentNoTextError, match=r"scan\.pdf.*is a scan") as caught:
        read_document(path)
    assert "OCR" in caught.value.hint
    assert "Install Tesseract" in caught.value.hint


def test_without_an_engine_the_other_pages_are_read(without: None, tmp_path: Path) -> None:
    document = read_document(mixed(tmp_path))
    assert document.text == joined(LEFT)
    assert document.remarks[0].startswith("Page 2: pictures without a text layer, not read.")


@pytest.mark.worker
def test_without_an_engine_a_picture_is_refused(without: None, tmp_path: Path) -> None:
    path = saved(tmp_path / "page.png", scanned(pdf([lines(LEFT)])))
    with pytest.raises(DocumentFormatError, match=r"page\.png.*only by OCR") as caught:
        read_document(path)
    assert "Tesseract" in caught.value.hint
    readers = DocumentReaders()
    try:
        with pytest.raises(ReadError, match="only by OCR"):
            readers.ask(ReadDocument(new_request_id(), str(path)), AbortFlag())
    finally:
        readers.close()


@pytest.mark.parametrize(
    ("system", "words"),
    [("linux", "apt install"), ("darwin", "brew install"), ("win32", "winget install")],
)
def test_the_hint_is_that_of_the_system(
    system: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert words in ocr.how_to_install()


def test_pictures_in_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "letter.txt").write_text("It rains.")
    assert find_documents([str(tmp_path)]).paths == (str(tmp_path / "letter.txt"),)
    named = str(tmp_path / "holiday.jpg")
    assert find_documents([named]).paths == (named,)


# Programs that misbehave


def program(folder: Path, lines_of_shell: str) -> str:
    path = folder / "tesseract"
    path.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo tesseract 5.9.1; exit; fi\n'
        'if [ "$1" = --list-langs ]; then echo "List:"; echo eng; exit; fi\n' + lines_of_shell
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@needs_scripts
@pytest.mark.parametrize(
    "deed",
    ["exit 3", "exec cat >/dev/null", "kill -9 $$", "cat >/dev/null; echo nonsense"],
)
def test_a_program_that_fails_is_an_error_about_the_scan(
    deed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ocr.SWITCH, program(tmp_path, deed))
    path = saved(tmp_path / "scan.pdf", scanned(pdf([lines(LEFT)])))
    with pytest.raises(DocumentNoTextError, match=r"scan\.pdf") as caught:
        read_document(path)
    assert caught.value.hint


@needs_scripts
def test_a_page_that_takes_too_long_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ocr.SWITCH, program(tmp_path, "exec sleep 60"))
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 0.3)
    document = read_document(mixed(tmp_path))
    assert document.remarks == ("Page 2: not read, since OCR would have taken too long.",)


@needs_scripts
def test_a_stop_ends_the_program_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.SWITCH, program(tmp_path, "exec sleep 60"))
    path = saved(tmp_path / "scan.pdf", scanned(pdf([lines(LEFT)])))
    abort = AbortFlag()
    threading.Timer(0.5, abort.set).start()
    began = time.monotonic()
    with pytest.raises(AbortedError):
        read_document(path, abort)
    assert time.monotonic() - began < 5
    assert not psutil.Process().children(recursive=True)


@needs_scripts
@pytest.mark.worker
def test_a_stop_of_the_reader_ends_the_program_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ocr.SWITCH, program(tmp_path, "exec sleep 61.5"))
    path = saved(tmp_path / "scan.pdf", scanned(pdf([lines(LEFT)])))
    abort, readers = AbortFlag(), DocumentReaders()

    def stop_when_it_runs() -> None:
        deadline = time.monotonic() + 20
        while not sleepers() and time.monotonic() < deadline:
            time.sleep(0.05)
        seen.extend(sleepers())
        abort.set()

    seen: list[psutil.Process] = []
    stopper = threading.Thread(target=stop_when_it_runs)
    stopper.start()
    try:
        with pytest.raises(AbortedError):
            readers.ask(ReadDocument(new_request_id(), str(path)), abort)
    finally:
        stopper.join()
        readers.close()
    assert seen
    deadline = time.monotonic() + 5
    while sleepers():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def sleepers() -> list[psutil.Process]:
    found = psutil.process_iter(["cmdline", "status"])
    return [
        one
        for one in found
        if one.info["cmdline"] == ["sleep", "61.5"] and one.info["status"] != psutil.STATUS_ZOMBIE
    ]


@needs_scripts
def test_an_old_version_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tesseract"
    path.write_text("#!/bin/sh\necho tesseract 3.04.01 >&2\n")
    path.chmod(0o700)
    monkeypatch.setenv(ocr.SWITCH, str(path))
    assert ocr.find_engine() is None


# Languages and words


@pytest.mark.parametrize(
    ("installed", "script", "language", "expected"),
    [
        (("eng", "osd"), "", "deu", "eng"),
        (("deu", "eng", "fra"), "", "deu", "deu+eng"),
        (("chi_sim", "eng", "osd"), "Han", "eng", "chi_sim+eng"),
        (("chi_sim", "chi_tra", "eng"), "Han", "chi_tra", "chi_tra+chi_sim+eng"),
        (("chi_sim", "eng", "osd"), "Latin", "chi_sim", "eng"),
        (("chi_sim", "eng"), "", "chi_sim", "chi_sim+eng"),
        (("deu", "eng", "rus", "ukr"), "Cyrillic", "deu", "rus+ukr+deu"),
        (("fra", "osd"), "Latin", "eng", "fra"),
        (("osd", "equ"), "Latin", "eng", ""),
    ],
)
def test_languages_are_chosen(
    installed: tuple[str, ...], script: str, language: str, expected: str
) -> None:
    assert chosen(installed, script, language) == expected


def test_the_script_is_asked_for_only_where_it_matters() -> None:
    assert not has_choice(("eng", "osd"))
    assert not has_choice(("deu", "eng", "osd"))
    assert has_choice(("chi_sim", "eng", "osd"))


@pytest.mark.parametrize(
    ("name", "language"),
    [("de_AT.UTF-8", "deu"), ("zh_CN.UTF-8", "chi_sim"), ("zh_TW", "chi_tra"), ("tlh", "")],
)
def test_the_users_language(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", name)
    assert user_language() == language


def test_lists_of_pages() -> None:
    assert page_list([3]) == "Page 3"
    assert page_list([2, 1, 3, 7]) == "Pages 1–3, 7"
    assert page_list(range(1, 60, 2)).endswith("19, …")


def test_a_poster_is_rendered_smaller() -> None:
    assert ocr_pages.fitting_resolution(595, 842) == ocr_pages.RESOLUTION
    assert ocr_pages.fitting_resolution(6_000, 9_000) < 200
    assert ocr_pages.fitting_resolution(0, 0) == ocr_pages.RESOLUTION
