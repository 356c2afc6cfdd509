"""Notebooks, subtitles, JSON, tables and e-mails, byte by byte."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from engine.documents import read_document
from engine.errors import DocumentDamagedError
from engine.retrieval.naming import name_passage
from engine.types import Document


def read(folder: Path, name: str, data: bytes | str) -> Document:
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return read_document(folder / name)


def notebook(*cells: dict[str, Any]) -> str:
    return json.dumps({"cells": cells, "nbformat": 4, "metadata": {}})


def test_a_notebook_has_its_text_its_code_and_what_the_code_said(tmp_path: Path) -> None:
    cells = notebook(
        {"cell_type": "markdown", "source": ["# Trial\n", "We count.\n", "## Result"]},
        {
            "cell_type": "code",
            "source": "print(6 * 7)",
            "outputs": [
                {"output_type": "stream", "text": ["\x1b[31m42\x1b[0m\n"]},
                {"data": {"image/png": "AAAA", "text/plain": "<Figure>"}},
                {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []},
            ],
        },
        {"cell_type": "code", "source": 7, "outputs": "none"},
    )
    document = read(tmp_path, "a.ipynb", cells)
    assert document.text == "Trial\n\nWe count.\n\nResult\n\nprint(6 * 7)\n\n42\n\nValueError: no"
    assert [(s.label, s.level) for s in document.sections] == [("Trial", 1), ("Result", 2)]
    assert document.remarks == ("1 picture left out.",)


SRT = """1
00:00:01,000 --> 00:00:02,000
<i>It rains</i>

2
00:00:02,100 --> 00:00:04,000
in Lisbon &amp; here.

3
00:01:30,000 --> 00:01:31,000
BEN: Goodbye.
"""
VTT = """WEBVTT

NOTE nobody says this

first
00:01.000 --> 00:02.000 align:start
<v Anna>It rains</v>

00:02.100 --> 00:03.000
<c.yellow>in Lisbon.</c>
"""


def test_subtitles_become_sentences_under_their_time(tmp_path: Path) -> None:
    document = read(tmp_path, "a.srt", SRT)
    assert document.text == "0:00:01\n\nIt rains in Lisbon & here.\n\n0:01:30\n\nBEN: Goodbye."
    place = document.text.index("Goodbye")
    assert name_passage(document, place, place + 7) == "0:01:30"
    spoken = read(tmp_path, "a.vtt", VTT).text
    assert spoken == "0:00:01\n\nAnna: It rains in Lisbon."
    assert read(tmp_path, "no.srt", "Only words.").text == "Only words."


def test_json_is_keys_and_values_and_long_texts_are_paragraphs(tmp_path: Path) -> None:
    long = "It was raining in Lisbon. " * 8
    value = {"name": "x", "n": 12345678901234567890123, "list": [1.50, {"a": None}], "text": long}
    source = json.dumps(value).replace("1.5", "1.50")
    document = read(tmp_path, "a.json", source)
    assert document.text == (
        "name: x\nn: 12345678901234567890123\nlist:\n  - 1.50\n  -\n    a: null\ntext:\n\n"
        + long.strip()
    )
    for bad in ("{", "[" * 100_000, '{"a": 1'):
        with pytest.raises(DocumentDamagedError, match="not JSON"):
            read(tmp_path, "bad.json", bad)


def test_each_line_of_json_lines_is_a_record(tmp_path: Path) -> None:
    lines = '{"title": "One", "t": "Good."}\n{"t": "Bad."}\n\n{torn\n'
    document = read(tmp_path, "a.jsonl", lines)
    assert document.text == "One\n\ntitle: One\nt: Good.\n\nLine 2\n\nt: Bad."
    assert document.remarks == ("Lines that are no JSON were left out: 4.",)
    assert read(tmp_path, "b.json", lines).text == document.text


def test_a_table_is_rows_whatever_stands_between_its_cells(tmp_path: Path) -> None:
    rows = 'name,said\nAnna,"It rains,\nagain"\nBen,no\n'
    expected = "name | said\nAnna | It rains, again\nBen | no"
    assert read(tmp_path, "a.csv", rows).text == expected
    assert read(tmp_path, "b.csv", rows.replace("rains,", "rains").replace(",", ";")).text == (
        expected.replace("rains,", "rains")
    )
    assert read(tmp_path, "a.tsv", "a\tb\nc\td\n").text == "a | b\nc | d"
    assert read(tmp_path, "words.csv", "Only words\nand words\n").text == "Only words\nand words\n"
    broken = 'a,b\n"c,d\ne,f\n'
    assert read(tmp_path, "broken.csv", broken).text == broken
    japanese = "名前,住所\n佐藤太郎,東京\n三木英子,大阪\n".encode("cp932")
    assert read(tmp_path, "j.csv", japanese).text.startswith("名前 | 住所\n佐藤太郎 | 東京")


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    return message


def test_a_mail_is_its_headers_its_text_and_the_names_of_what_is_attached(tmp_path: Path) -> None:
    inner = mail(From="b@y.org", Subject="Asked")
    inner.set_content("Is it raining?")
    outer = mail(From="Anna <a@x.org>", To="b@y.org", Subject="Grüße aus Köln")
    outer.set_content("It rains.\n\n> Is it raining?\n")
    outer.add_alternative("<p>It <b>rains</b>.</p>", subtype="html")
    outer.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="r.pdf")
    outer.add_attachment(inner)
    document = read(tmp_path, "a.eml", bytes(outer))
    assert document.text == (
        "Grüße aus Köln\n\nFrom: Anna <a@x.org>\nTo: b@y.org\n\nIt rains.\n\n> Is it raining?\n\n"
        "Asked\n\nFrom: b@y.org\n\nIs it raining?"
    )
    assert document.remarks == ("Attached and not read: r.pdf.",)


def test_a_mail_in_html_only_and_one_with_a_broken_encoding(tmp_path: Path) -> None:
    page = mail(Subject="News")
    page.set_content("<html><body><p>One</p><p>Two</p></body></html>", subtype="html")
    assert read(tmp_path, "a.eml", bytes(page)).text == "News\n\nOne\n\nTwo"
    broken = (
        b"Subject: =?x-none?q?a=?=\nContent-Type: text/plain; charset=nonsense\n\nGr\xfc\xdfe\n"
    )
    assert "Grüße" in read(tmp_path, "b.eml", broken).text
