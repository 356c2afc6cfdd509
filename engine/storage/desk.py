"""The documents on the desk, and what the text tools found in them.

A document is kept with its text, so that results and their offsets stay right when the file
changes or disappears. Knows nothing of formats or text tools: results are plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from engine.errors import StorageError
from engine.storage import values
from engine.storage.database import Database
from engine.storage.files import days_ago, now
from engine.storage.migrations import COLUMNS
from engine.storage.records import DocumentEntry, StoredDocument, StoredRun
from engine.types import Document, Section

_NEXT_ACTIVITY = "(SELECT coalesce(max(activity), 0) + 1 FROM documents)"
_RUNS = f"SELECT {COLUMNS['tool_runs']} FROM tool_runs"


class Desk:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add_document(self, document: Document) -> StoredDocument:
        """Put it on top. The same text from the same path is there once, even after a removal."""
        return self._keep(document, f"deleted_at = NULL, activity = {_NEXT_ACTIVITY}", None)

    def keep_document(self, document: Document) -> StoredDocument:
        """Keep it for a conversation, as a removed one; what is on the desk stays there."""
        time = now()
        return self._keep(
            document, f"deleted_at = CASE WHEN deleted_at IS NULL THEN NULL ELSE '{time}' END", time
        )

    def _keep(
        self, document: Document, known_change: str, deleted_at: str | None
    ) -> StoredDocument:
        import hashlib  # OpenSSL, 3.4 MB: only once a document is there

        text = values.text(document.text)
        path = None if document.path is None else values.text(document.path)
        digest = hashlib.sha256(text.encode()).hexdigest()
        columns = {
            "name": values.text(document.name),
            "format": document.format,
            "page_count": document.page_count,
            "added_at": now(),
            "remarks": values.to_json(document.remarks),
            "sections": values.to_json(document.sections),
        }
        with self._database.transaction():
            known = self._database.row(
                "SELECT id FROM documents WHERE text_sha256 = ? AND path IS ?", digest, path
            )
            if known:
                # A newer reader may have found more structure in the same text.
                self._database.write(
                    f"UPDATE documents SET {', '.join(f'{name} = ?' for name in columns)}, "
                    f"{known_change} WHERE id = ?",
                    *columns.values(),
                    known[0],
                )
                return self.document(known[0])
            columns |= {
                "path": path,
                "text": text,
                "text_sha256": digest,
                "characters": len(text),
                "deleted_at": deleted_at,
            }
            cursor = self._database.write(
                f"INSERT INTO documents ({', '.join(columns)}, activity) "
                f"VALUES ({', '.join('?' * len(columns))}, {_NEXT_ACTIVITY})",
                *columns.values(),
            )
            return self.document(cursor.lastrowid or 0)

    def documents(self) -> list[DocumentEntry]:
        """The last added first."""
        rows = self._database.rows(
            "SELECT id, name, format, path, page_count, characters, added_at FROM documents "
            "WHERE deleted_at IS NULL ORDER BY activity DESC"
        )
        return [DocumentEntry(*row) for row in rows]

    def document(self, document_id: int) -> StoredDocument:
        """Also finds a removed one."""
        row = self._database.row(
            f"SELECT {COLUMNS['documents']} FROM documents WHERE id = ?", document_id
        )
        if row is None:
            raise _missing()
        _, name, text, format_id, path, sections, page_count, remarks, added_at, *_ = row
        document = Document(
            name=name,
            text=text,
            format=format_id,
            path=path,
            sections=_converted(sections, tuple[Section, ...]),
            page_count=page_count,
            remarks=_converted(remarks, tuple[str, ...]),
        )
        return StoredDocument(document_id, document, added_at)

    def remove_document(self, document_id: int) -> None:
        """Hide it and its results, until `restore_document`."""
        self._set_deleted(document_id, now())

    def restore_document(self, document_id: int) -> None:
        self._set_deleted(document_id, None)

    def purge_removed(self, older_than_days: float = 30) -> int:
        """Remove for good, results included, what was removed that long ago; return how many.

        What a message of a conversation came with stays as long as that.
        """
        return self._database.write(
            "DELETE FROM documents WHERE deleted_at <= ? "
            "AND id NOT IN (SELECT document_id FROM attachments)",
            days_ago(older_than_days),
        ).rowcount

    def save_run(
        self,
        document_id: int,
        text_tool: str,
        options: Mapping[str, Any] | msgspec.Struct,
        result: Mapping[str, Any] | msgspec.Struct,
        model: Mapping[str, Any] | msgspec.Struct | None,
        seconds: float,
        further: tuple[int, ...] = (),
    ) -> StoredRun:
        """Keep a result, of `further` documents too. Earlier ones stay."""
        with self._database.transaction():
            if not self._database.row("SELECT 1 FROM documents WHERE id = ?", document_id):
                raise _missing()
            cursor = self._database.write(
                "INSERT INTO tool_runs (document_id, text_tool, options, result, model, seconds, "
                "created_at, further) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(document_id, text_tool, values.to_json(options), values.to_json(result)),
                *(values.optional_json(model), float(seconds), now()),
                values.optional_json(further or None),
            )
        (row,) = self._database.rows(f"{_RUNS} WHERE id = ?", cursor.lastrowid)
        return _run(row)

    def latest_run(
        self, document_id: int, text_tool: str, further: tuple[int, ...] = ()
    ) -> StoredRun | None:
        """The newest over exactly these documents."""
        return next(iter(self.runs(document_id, text_tool, further, limit=1)), None)

    def runs(
        self,
        document_id: int,
        text_tool: str,
        further: tuple[int, ...] = (),
        limit: int = 100,
    ) -> list[StoredRun]:
        """Those over exactly these documents, the newest first."""
        rows = self._database.rows(
            f"{_RUNS} WHERE document_id = ? AND text_tool = ? AND further IS ? "
            "ORDER BY id DESC LIMIT ?",
            *(document_id, text_tool, values.optional_json(further or None), limit),
        )
        return [_run(row) for row in rows]

    def latest_run_of_file(self, document_id: int, text_tool: str) -> StoredRun | None:
        """The newest over this document or over another text of the same file, removed or not."""
        row = self._database.row(
            f"{_RUNS} WHERE text_tool = ? AND further IS NULL AND document_id IN (SELECT id FROM "
            "documents WHERE id = ? OR path = (SELECT path FROM documents WHERE id = ?)) "
            "ORDER BY id DESC LIMIT 1",
            *(text_tool, document_id, document_id),
        )
        return None if row is None else _run(row)

    def _set_deleted(self, document_id: int, time: str | None) -> None:
        cursor = self._database.write(
            "UPDATE documents SET deleted_at = ? WHERE id = ?", time, document_id
        )
        if not cursor.rowcount:
            raise _missing()


def _missing() -> StorageError:
    return StorageError("This document is no longer there.", hint="Open its file again.")


def _converted(stored: str, kind: Any) -> Any:
    """A tuple of `kind`; empty if the column was damaged, since the text matters more."""
    try:
        return msgspec.convert(values.from_json(stored), kind)
    except msgspec.ValidationError:
        return ()


def _run(row: tuple[Any, ...]) -> StoredRun:
    run_id, document_id, text_tool, options, result, model, seconds, created_at, further = row
    return StoredRun(
        id=run_id,
        document_id=document_id,
        text_tool=text_tool,
        options=values.dict_or_none(options) or {},
        result=values.dict_or_none(result) or {},
        model=values.dict_or_none(model),
        seconds=seconds,
        created_at=created_at,
        further=tuple(values.from_json(further) or ()),
    )
