"""Subtitles (.srt, .vtt): what is said, joined to paragraphs, with the times as headings.

Method: WebVTT (W3C) and SubRip, which differ in the decimal mark only, as far as text is concerned.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import NamedTuple

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.encodings import decode
from engine.documents.txt import plain_document
from engine.text import clean_text
from engine.types import Document

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}[^\n]*$", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")
_TAG = re.compile(r"</?[^<>]{1,200}>|\{\\[^{}]{1,100}\}")
_SECTION = 60.0  # seconds of each
_PAUSE = 3.0  # seconds of silence that begin a paragraph


class SubtitleFormat(DocumentFormat):
    format_id = "srt"
    title = "Subtitles"
    suffixes = (".srt", ".vtt")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        text, guess = decode(path.read_bytes())
        cues = _cues(clean_text(text)[0])
        if not cues:  # it is only called so
            return plain_document(text, clean_text(path.name)[0], "txt", path=path, remark=guess)
        builder = DocumentBuilder(path, self.format_id)
        if guess:
            builder.remarks.append(guess)
        spoken: list[str] = []
        heading = last = -_SECTION
        for cue in cues:
            abort.raise_if_set()
            is_section = cue.start - heading >= _SECTION or cue.start < heading
            if spoken and (is_section or cue.start - last >= _PAUSE or ": " in cue.text[:60]):
                builder.add(" ".join(spoken))
                spoken = []
            if is_section:
                heading = cue.start
                builder.add_heading(_shown(cue.start), 1)
            if not (spoken and spoken[-1] == cue.text):  # captions that roll say a line twice
                spoken.append(cue.text)
            last = cue.end
        builder.add(" ".join(spoken))
        return builder.build()


class _Cue(NamedTuple):
    start: float
    end: float
    text: str


def _cues(text: str) -> list[_Cue]:
    marks = list(_TIMES.finditer(text))
    cues = []
    for place, mark in enumerate(marks):
        stop = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        said = _said(text[mark.end() : stop], place + 1 < len(marks))
        if said:
            cues.append(_Cue(_seconds(mark, 1), _seconds(mark, 5), said))
    return cues


def _said(block: str, is_followed: bool) -> str:
    """The lines up to the blank one; behind it stand the next cue's number or name, and notes."""
    lines = []
    for line in block.strip("\n").split("\n"):
        if not line.strip():
            break
        lines.append(line)
    else:
        if is_followed and len(lines) > 1 and lines[-1].strip().isdigit():
            lines.pop()  # a blank line is missing
    spoken = _TAG.sub("", _VOICE.sub(r"\1: ", " ".join(lines)))
    return " ".join(html.unescape(spoken).split())


def _seconds(mark: re.Match[str], first: int) -> float:
    hours, minutes, seconds, part = mark.group(first, first + 1, first + 2, first + 3)
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{part}")


def _shown(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
