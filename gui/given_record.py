"""What an answer was given of documents, as it is kept in its `made_by`: where each text stands, not the
text itself. Knows no widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from engine.protocol import ChatResult, CheckedQuote
from engine.storage.records import DocumentEntry, StoredMessage


class GivenPlace(msgspec.Struct, frozen=True):
    """A text that was given: of the stored `document` (its id), or of the library's file at `path`."""

    name: str
    place: str
    start: int
    end: int
    whole: bool = False
    document: int | None = None
    path: str | None = None


class GivenRecord(msgspec.Struct, frozen=True):
    """`attached` documents of so many `characters` could be given, and with `library` also that.

    `quotes` are the answer's; their `given` are indexes into `texts`.
    """

    texts: tuple[GivenPlace, ...] = ()
    quotes: tuple[CheckedQuote, ...] = ()
    attached: int = 0
    characters: int = 0
    library: bool = False

    def share(self) -> float:
        """How much of the attached documents was given, from 0 to 1."""
        places: dict[int, list[tuple[int, int]]] = {}
        for text in self.texts:
            if text.document is not None:
                places.setdefault(text.document, []).append((text.start, text.end))
        given = 0
        for of_one in places.values():
            reached = 0
            for start, end in sorted(of_one):
                given += max(0, end - max(start, reached))
                reached = max(reached, end)
        return min(1.0, given / self.characters) if self.characters else 0.0

    def all_whole(self) -> bool:
        """Every attached document was given from its beginning to its end."""
        return self.attached > 0 and all(text.whole for text in self.texts) and bool(self.texts)


def record_of(
    result: ChatResult, documents: Sequence[DocumentEntry], library: bool
) -> GivenRecord | None:
    """None for an answer without documents and library."""
    if not (documents or library):
        return None
    texts = []
    for text in result.given:
        passage = text.passage
        is_attached = 0 <= passage.document < len(documents)
        texts.append(
            GivenPlace(
                *(text.name, text.place, passage.start, passage.end, text.whole),
                documents[passage.document].id if is_attached else None,
                text.path,
            )
        )
    characters = sum(document.characters for document in documents)
    return GivenRecord(tuple(texts), result.quotes, len(documents), characters, library)


def kept_record(made_by: dict[str, Any] | None) -> GivenRecord | None:
    """As it was kept; None if there is none, or another version's."""
    kept = (made_by or {}).get("given")
    if kept is None:
        return None
    try:
        return msgspec.convert(kept, GivenRecord)
    except msgspec.ValidationError:
        return None


def branch_documents(branch: Sequence[StoredMessage]) -> tuple[DocumentEntry, ...]:
    """All that the messages of a branch came with, each once, the first first."""
    found = {entry.id: entry for message in branch for entry in message.documents}
    return tuple(found.values())


def uses_library(branch: Sequence[StoredMessage]) -> bool:
    """Whether the last message of the user's was to be answered from the library, too."""
    return next((m.uses_library for m in reversed(branch) if m.role.value == "user"), False)
