"""Web pages: the article, its headings, lists and tables; odd, broken and hostile pages."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from engine.documents import html, read_document
from engine.types import Document

_SENTENCE = (
    "The bridge over the river was closed on Monday after the flood damaged two of its piers. "
)
_PAGE = f"""<!DOCTYPE html><html><head><title>The bridge is closed - The Daily News</title>
<script>var hidden = "no";</script><style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>The bridge is closed</h1>
<p>{_SENTENCE * 4}</p>
<h2>What happens&nbsp;next</h2>
<p>{_SENTENCE * 3} 中文 🙂 שלום</p>
<ul><li>Ferries run every hour.</li><li>Cars take the long way.</li></ul>
<table><tr><th>Day</th><th>Ferries</th></tr><tr><td>Monday</td><td>24</td></tr></table>
<p>{_SENTENCE * 3}</p>
</article><footer>Copyright 2024 <a href="/imprint">Imprint</a></footer></body></html>"""


def read(tmp_path: Path, page: str | bytes, name: str = "a.html") -> Document:
    path = tmp_path / name
    path.write_bytes(page.encode() if isinstance(page, str) else page)
    return read_document(path)


def test_the_article_without_the_menus(tmp_path: Path) -> None:
    document = read(tmp_path, _PAGE)
    blocks = document.text.split("\n\n")
    assert blocks[0] == "The bridge is closed"
    assert blocks[1] == (_SENTENCE * 4).strip()
    assert blocks[2].split() == ["What", "happens", "next"]
    assert "中文 🙂 שלום" in blocks[3]
    assert blocks[4] == "- Ferries run every hour.\n- Cars take the long way."
    assert blocks[5] == "Day | Ferries\nMonday | 24"
    for left_out in ("Sport", "Imprint", "hidden", "color"):
        assert left_out not in document.text
    assert [(one.level, one.kind) for one in document.sections] == [(1, "heading"), (2, "heading")]
    for section in document.sections:
        assert document.text[section.start :].startswith(section.label)
    assert any("menus" in remark for remark in document.remarks)


def test_without_an_article_all_text_is_read(tmp_path: Path) -> None:
    page = "<title>Short</title><div>One<br>two</div><p>three <b>bold</b></p><pre>a\n  b</pre>"
    assert read(tmp_path, page).text == "Short\n\nOne\ntwo\n\nthree bold\n\na\n  b"


def test_nested_and_numbered_lists(tmp_path: Path) -> None:
    page = "<ol><li>one<ul><li>a</li><li>b</li></ul></li><li>two</li></ol>"
    assert read(tmp_path, page).text == "1. one\n  - a\n  - b\n2. two"


def test_a_layout_table_is_no_table(tmp_path: Path) -> None:
    page = f"<table><tr><td><h2>Head</h2><p>{_SENTENCE}</p></td><td><p>Side.</p></td></tr></table>"
    assert read(tmp_path, page).text == f"Head\n\n{_SENTENCE.strip()}\n\nSide."


def test_a_large_page_is_read_without_looking_for_the_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "_MAX_ARTICLE_CHARACTERS", 10)
    document = read(tmp_path, _PAGE)
    assert "Sport" in document.text
    assert any("very large" in remark for remark in document.remarks)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"), ("<meta charset=shift_jis>", "shift_jis"),
        ('<?xml version="1.0" encoding="utf-8"?><meta charset="no-such">', "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "latin-1"),
        ("", "utf-16"),
    ],
)  # fmt: skip
def test_encodings(tmp_path: Path, head: str, encoding: str) -> None:
    text = {"shift_jis": "これは日本語", "latin-1": "Größe café"}.get(encoding, "简体中文的句子")
    document = read(tmp_path, f"{head}<p>{text}</p>".encode(encoding))
    assert document.text == text


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a document may not open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    page = (
        '<!DOCTYPE html SYSTEM "http://example.org/x.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        '<html><head><base href="http://example.org/"><link rel=stylesheet href="x.css"></head>'
        f'<body><img src="http://example.org/y.png"><p>{_SENTENCE * 5} &e;</p></body></html>'
    )
    text = read(tmp_path, page).text
    assert _SENTENCE.strip() in text
    assert "root:" not in text


@pytest.mark.parametrize(
    "page", ["<p>cut <b>short", "plain words only", "<p>a\0b</p>", "<p>&#xD800;&#0; x</p>"]
)
def test_broken_pages_are_read(tmp_path: Path, page: str) -> None:
    read(tmp_path, page).text.encode("utf-8")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "font"])
def test_deep_nesting_loses_no_text_and_no_time(tmp_path: Path, tag: str) -> None:
    page = f"<p>before</p>{f'<{tag}>' * 20_000}in<b>side</b> &amp; out<p>after"
    document = read(tmp_path, page)
    assert document.text == "before\n\ninside & out\n\nafter"
    assert "nested too deeply" in document.remarks[0]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "page",
    ["<" * 300_000, "<p>x" * 100_000, "<!--" * 100_000 + "x", "<meta " * 100_000, "&" * 300_000],
)
def test_hostile_pages_are_read_in_time(tmp_path: Path, page: str) -> None:
    assert read(tmp_path, f"<p>seen</p>{page}").text.startswith("seen")
