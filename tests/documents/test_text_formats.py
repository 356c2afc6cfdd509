"""Plain text in many encodings, and Markdown with its headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents import markdown, read_document
from engine.documents.markdown import markdown_sections

_CHINESE = "这是一个简体中文的句子，用来测试编码检测。今天天气很好，我们去公园散步。"
_TRADITIONAL = "這是一個繁體中文的句子，用來測試編碼偵測。今天天氣很好，我們去公園散步。"
_JAPANESE = "これは日本語の文章です。文字コードの判定をテストします。"
_KOREAN = "이것은 한국어 문장입니다. 인코딩 감지를 시험합니다."
_GERMAN = "Größe und Maß – “quotes” café naïve, schöne Grüße aus München"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (_CHINESE, "utf-8"), (_CHINESE, "utf-8-sig"), (_CHINESE, "utf-16"), (_CHINESE, "utf-32"),
        (_CHINESE, "gb18030"), ("中文", "gb18030"), ("这是一份报告。", "gb18030"),
        (_TRADITIONAL, "big5"), (_JAPANESE, "shift_jis"), (_JAPANESE, "euc_jp"),
        (_KOREAN, "euc_kr"), (_GERMAN, "cp1252"), ("Привет, как дела? Это текст.", "cp1251"),
        ("Hello, plain world", "utf-16-le"), ("Hello, plain world", "utf-16-be"),
        ("Le café est très bon à Noël, où l’été dure peu.", "cp1252"),
    ],
)  # fmt: skip
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode(encoding))
    document = read_document(path)
    assert document.text == text
    certain = encoding.startswith("utf-8") or encoding in ("utf-16", "utf-32")
    assert bool(document.remarks) != certain, "a guess is said to be one"


def test_utf8_with_a_few_broken_bytes_stays_utf8(tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    path.write_bytes((_CHINESE * 3).encode()[:-1])
    assert read_document(path).text == (_CHINESE * 3)[:-1] + "\ufffd"


def test_a_nul_in_a_text_is_replaced_and_said(tmp_path: Path) -> None:
    path = tmp_path / "nul.txt"
    path.write_bytes(b"before\0after, and enough text to be a text")
    document = read_document(path)
    assert document.text.startswith("before\ufffdafter")
    assert "1 unusable character " in document.remarks[0]


def test_lone_surrogates_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "surrogate.txt"
    path.write_bytes("grün ".encode() * 9 + b"\xed\xa0\x80 end")
    text = read_document(path).text
    assert text.startswith("grün")
    assert text.endswith("\ufffd end")
    text.encode("utf-8")


@pytest.mark.parametrize(
    "text", ["emoji 👍🏽 👩‍👩‍👧", "שלום עולם", "هل هذا صحيح؟", "e\u0301 ẛ̣ 𝔘𝔫𝔦"]
)
def test_other_scripts_are_not_touched(tmp_path: Path, text: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    assert read_document(path).text == text


def test_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes(b"a,b\r\nc,d\re,f\n")
    assert read_document(path).text == "a,b\nc,d\ne,f\n"


_MARKDOWN = """---
title: Front matter
---

# The *first* [heading](https://example.org)

Text under it.

```
# not a heading
```

Second `level`
--------------

More text.

### Third

# Last #
end"""


def test_markdown_is_kept_and_its_headings_are_found(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_bytes(_MARKDOWN.replace("\n", "\r\n").encode())
    document = read_document(path)
    assert document.text == _MARKDOWN
    found = [(section.label, section.level) for section in document.sections]
    assert found == [("The first heading", 1), ("Second level", 2), ("Third", 3), ("Last", 1)]
    first, second, third, last = document.sections
    assert document.text[first.start :].startswith("# The *first*")
    assert document.text[second.start :].startswith("Second `level`")
    assert first.end == second.end == third.end == last.start
    assert last.end == len(document.text)


def test_large_markdown_is_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_MAX_PARSED_CHARACTERS", 10)
    labels = [section.label for section in markdown_sections(_MARKDOWN)]
    assert labels == ["The *first* [heading](https://example.org)", "Third", "Last"]


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece",
    [">" * 60_000 + "a", "- " * 60_000, "[" * 90_000, "a\n" * 90_000, "*a " * 60_000 + "\n--"],
)
def test_hostile_markdown_is_read_in_time(piece: str) -> None:
    markdown_sections(piece)
