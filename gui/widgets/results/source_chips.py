"""Links to passages as chips, for a result over one document or over several."""

from __future__ import annotations

from pathlib import PurePath

from engine.types import Document, Passage
from gui.widgets.results.cited_text import Chip
from gui.widgets.results.passage_names import PassageNames

MOST_CHIPS = 3
LONGEST = 24  # characters of a place on a chip; a longer one is in its tip
LONGEST_NAME = 18


class SourceChips:
    """`documents` as the text tool saw them, whose index a passage names."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self.documents = documents
        self._names = [PassageNames(document) for document in documents]

    def chips(
        self, passages: tuple[Passage, ...], within: int | None = None, most: int = MOST_CHIPS
    ) -> tuple[Chip, ...]:
        """At most a few, and no two that read the same. Of the document `within` itself the name is
        left out, as it is of the only one."""
        found: dict[str, Chip] = {}
        for passage in passages:
            if 0 <= passage.document < len(self._names):
                chip = self._chip(passage, passage.document == within)
                found.setdefault(chip.text, chip)
        return tuple(found.values())[:most]

    def place(self, passage: Passage) -> str:
        """In full, with the document's name where there are several."""
        if not 0 <= passage.document < len(self._names):
            return ""
        place = self._names[passage.document].full(passage.start, passage.end)
        if len(self._names) == 1:
            return place
        return f"{_one_line(self.documents[passage.document].name)}: {place}"

    def _chip(self, passage: Passage, is_within: bool) -> Chip:
        names = self._names[passage.document]
        text = names.full(passage.start, passage.end)
        if len(text) > LONGEST:
            text = _cut(names.short(passage.start, passage.end), LONGEST)
        if len(self._names) > 1 and not is_within:
            stem = _one_line(PurePath(self.documents[passage.document].name).stem)
            text = f"{_cut(stem, LONGEST_NAME)} · {text}"
        return Chip(text, self.place(passage), passage.start, passage.end, passage.document)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
