"""Reads Rich Text from its tokens: what is shown and what is not, in which charset, as what.

Method: the specification's own (1.9.1, "Conventions of an RTF reader"): formatting belongs to groups;
a destination that is not known and marked `\\*` is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.documents.rtf_flow import Flow
from engine.documents.rtf_tokens import CHARACTERS, TEXT, Token, charset_code_page, code_page


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNSEEN = _words(
    "colortbl filetbl listtable listoverridetable revtbl rsidtbl generator info pict objdata sp "
    "fldinst nonshppict shprslt xe tc tcn rxe txe private template bkmkstart bkmkend atrfstart "
    "atrfend nonesttables pn pntxta pntxtb datafield falt panose objclass objname themedata "
    "colorschememapping latentstyles datastore xmlnstbl wgrffmtfilter ftnsep ftnsepc ftncn aftnsep "
    "aftnsepc aftncn background atnid atntime atnref atndate atnicn atnparent"
)
# Marked as what a reader may skip that does not know it, and known here.
_KNOWN = _words(
    "shpinst shptxt dptxbxtext do annotation atnauthor footnote ud listtext pntext fldrslt mmath "
    "moMath moMathPara shpgrp"
)
_PROPERTIES = _words(
    "v deleted uc f af dbch hich loch rtlch ltrch s outlinelevel ilvl intbl listtext pntext fonttbl "
    "stylesheet atnauthor deff ansicpg mac pc pca"
)
_FLOWS = {
    "footnote": "note",
    "annotation": "comment",
    "shptxt": "box",
    "dptxbxtext": "box",
    **dict.fromkeys(
        _words("header headerl headerr headerf footer footerl footerr footerf"), "page"
    ),
}
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


class _Group:
    """What holds inside a pair of braces, and is copied into those within."""

    def __init__(self, flow: Flow) -> None:
        self.destination = "text"  # see `_control` and `_property` for the others
        self.flow = flow
        self.hidden = self.deleted = self.in_table = self.names_font = False
        self.skip = 1  # characters after `\u` for readers that do not know it
        self.font = -1
        self.style = self.depth = self.outline = 0  # `outline`: a heading's level, 0 for none

    def copy(self) -> _Group:
        copied = _Group.__new__(_Group)
        copied.__dict__.update(self.__dict__)
        return copied


class RichTextReader:
    """Feed it all tokens, then take `body` and what stands beside it."""

    def __init__(self) -> None:
        self.body = Flow("body")
        self.notes: list[tuple[str, Flow]] = []  # "foot" or "end", in order
        self._counts = {"foot": 0, "end": 0}
        self.comments: list[tuple[str, Flow]] = []  # the author and what was said
        self.page_lines: dict[str, None] = {}
        self.hid_something = False
        self.characters = 0
        self._group = _Group(self.body)
        self._groups: list[_Group] = []
        self._code_page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._default_font = -1
        self._headings: dict[int, int] = {}
        self._bytes = bytearray()
        self._name: list[str] = []  # of a style or an author, while it is read
        self._author = ""
        self._to_skip = 0
        self._is_starred = False
        self._words: dict[str, Callable[[int | None], None]] = {
            "par": lambda number: self._end_paragraph(),
            "sect": lambda number: self._end_paragraph(),
            "cell": lambda number: self._group.flow.end_cell(),
            "row": lambda number: self._group.flow.end_row(),
            "u": self._unicode,
            "pard": lambda number: self._set(in_table=False, style=0, depth=0, outline=0),
            "plain": self._plain,
            "fcharset": self._charset,
            "cpg": lambda number: self._font_code_page(code_page("cpg", number)),
            "ftnalt": self._endnote,
        }

    def read(self, token: Token) -> None:
        word, number, data = token
        if word == TEXT or word == "'":
            self._is_starred = False
            if self._to_skip:
                skipped = min(self._to_skip, len(data))
                self._to_skip -= skipped
                data = data[skipped:]
            self._bytes += data
            return
        if self._bytes:
            self._flush()
        if word == "{":
            self._to_skip = 0
            self._groups.append(self._group)
            self._group = self._group.copy()
        elif word == "}":
            self._to_skip = 0
            self._close()
        elif self._to_skip and word in CHARACTERS:
            self._to_skip -= 1
        elif word == "*":
            self._is_starred = True
        else:
            self._control(word, number)

    def end(self) -> None:
        """Also of a file that is cut short."""
        self._flush()
        while self._groups:
            self._close()
        self.body.end()

    def _control(self, word: str, number: int | None) -> None:
        group, starred = self._group, self._is_starred
        self._is_starred = False
        if group.destination == "unseen":
            return
        if word == "upr":  # the same words twice: for old readers, and in Unicode behind `\\ud`
            group.destination = "unless-unicode"
        elif word == "ud" and group.destination == "unless-unicode":
            group.destination = "text"
        elif word in _UNSEEN or (starred and word not in _KNOWN):
            group.destination = "unseen"
        elif word in _FLOWS:
            self._begin_flow(word)
        elif word in CHARACTERS:
            self._put(CHARACTERS[word])
        elif word in self._words:
            self._words[word](number)
        elif word in _PROPERTIES:
            self._property(word, number)

    def _property(self, word: str, number: int | None) -> None:
        group, is_on = self._group, number != 0
        if word == "v":
            group.hidden = is_on
        elif word == "deleted":
            group.deleted = is_on
        elif word == "uc":
            group.skip = min(max(number or 0, 0), 100)
        elif word == "f" or (word == "af" and group.names_font):
            group.font = number or 0
        elif word in ("dbch", "hich", "loch", "rtlch", "ltrch"):
            group.names_font = word in ("dbch", "hich", "loch")
        elif word == "s":
            group.style = number or 0
        elif word == "outlinelevel":
            group.outline = number + 1 if number is not None and 0 <= number < 9 else 0
        elif word == "ilvl":
            group.depth = min(max(number or 0, 0), 8)
        elif word == "intbl":
            group.in_table = is_on
        elif word in ("listtext", "pntext"):
            group.destination = "marker"
        elif word in ("fonttbl", "stylesheet", "atnauthor"):
            group.destination = {"fonttbl": "fonts", "stylesheet": "styles"}.get(word, "author")
            self._name.clear()
        elif word == "deff":
            self._default_font = number or 0
        elif word in ("ansicpg", "mac", "pc", "pca"):
            self._code_page = code_page(word, number) or self._code_page

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            setattr(self._group, name, value)

    def _plain(self, number: int | None) -> None:
        self._set(hidden=False, deleted=False, font=self._default_font)

    def _charset(self, number: int | None) -> None:
        self._font_code_page(charset_code_page(number or 0))

    def _font_code_page(self, name: str) -> None:
        if self._group.destination == "fonts" and name:
            self._fonts[self._group.font] = name

    def _endnote(self, number: int | None) -> None:
        if self._group.flow.kind == "note":
            self._group.flow.kind = "endnote"

    def _unicode(self, number: int | None) -> None:
        code = (number or 0) % 0x10000 if (number or 0) < 0x10000 else number or 0
        self._put(chr(code) if 0 < code < 0x110000 else "\ufffd")
        self._to_skip = self._group.skip

    def _begin_flow(self, word: str) -> None:
        self._set(destination="text", flow=Flow(_FLOWS[word]), in_table=False)

    def _flush(self) -> None:
        if self._bytes:
            group = self._group
            if group.destination != "unseen":
                name = self._fonts.get(group.font, self._code_page)
                self._put(self._bytes.decode(name, "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        group = self._group
        if group.destination in ("styles", "author"):
            self._name.append(text)
        elif group.destination in ("text", "marker"):
            if group.hidden or group.deleted:
                self.hid_something |= group.hidden and bool(text.strip())
            else:
                self.characters += len(text)
                group.flow.put(text, group.destination == "marker")

    def _end_paragraph(self) -> None:
        group = self._group
        if group.destination == "text" and not group.deleted:
            heading = group.outline or self._headings.get(group.style, 0)
            group.flow.end_paragraph(min(heading, 6), group.depth, group.in_table)

    def _close(self) -> None:
        group = self._group
        if not self._groups:
            return
        self._group = self._groups.pop()
        if group.destination == "styles" and self._name:
            self._name_style(group)
        elif group.destination == "author" and self._group.destination != "author":
            self._author = " ".join("".join(self._name).split())
        if group.flow is not self._group.flow:
            self._end_flow(group.flow)

    def _name_style(self, group: _Group) -> None:
        name = "".join(self._name).strip(" ;")
        self._name.clear()
        match = _HEADING.fullmatch(name)
        level = int(match[1]) if match else 1 if name.lower() == "title" else group.outline
        if level:
            self._headings[group.style] = level

    def _end_flow(self, flow: Flow) -> None:
        parent = self._group.flow
        if self._group.hidden or self._group.deleted:
            return
        if flow.kind in ("note", "endnote"):
            kind = "end" if flow.kind == "endnote" else "foot"
            self.notes.append((kind, flow))
            self._counts[kind] += 1
            parent.put(f"[{note_label(kind, self._counts[kind])}]")
        elif flow.kind == "comment":
            self.comments.append((self._author, flow))
            self._author = ""
        elif flow.kind == "page":
            self.page_lines[flow.line()] = None
        else:
            flow.end()
            parent.boxes += flow.blocks


def note_label(kind: str, number: int) -> str:
    from engine.documents.word_numbering import roman

    return str(number) if kind == "foot" else roman(number)
