"""Tables with a row for every file, as plain values: what was asked, and what was found so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.errors import StorageError
from engine.storage import values
from engine.storage.database import Database
from engine.storage.files import days_ago, now
from engine.storage.records import FileTableEntry, StoredFileTable

_NEXT_ACTIVITY = "(SELECT coalesce(max(activity), 0) + 1 FROM file_tables)"


class FileTables:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, spec: dict[str, Any], paths: Iterable[str]) -> int:
        """A new table of these files; its id."""
        with self._database.transaction():
            cursor = self._database.write(
                "INSERT INTO file_tables (name, spec, created_at, activity) "
                f"VALUES (?, ?, ?, {_NEXT_ACTIVITY})",
                *(values.text(name), values.to_json(spec), now()),
            )
            table_id = cursor.lastrowid or 0
            for position, path in enumerate(dict.fromkeys(paths)):
                self._database.write(
                    "INSERT INTO file_table_rows (table_id, position, path) VALUES (?, ?, ?)",
                    *(table_id, position, values.text(path)),
                )
        return table_id

    def tables(self) -> list[FileTableEntry]:
        """The last made or changed first."""
        rows = self._database.rows(
            "SELECT id, name, created_at, "
            "(SELECT count(*) FROM file_table_rows WHERE table_id = file_tables.id) "
            "FROM file_tables WHERE deleted_at IS NULL ORDER BY activity DESC"
        )
        return [FileTableEntry(*row) for row in rows]

    def table(self, table_id: int) -> StoredFileTable:
        """Also finds a removed one."""
        found = self._database.row("SELECT name, spec FROM file_tables WHERE id = ?", table_id)
        if found is None:
            raise _missing()
        rows = self._database.rows(
            "SELECT path, row FROM file_table_rows WHERE table_id = ? ORDER BY position", table_id
        )
        plain = {path: values.from_json(row) for path, row in rows}
        return StoredFileTable(table_id, found[0], values.from_json(found[1]) or {}, plain)

    def save_row(self, table_id: int, path: str, row: dict[str, Any]) -> None:
        self._database.write(
            "UPDATE file_table_rows SET row = ? WHERE table_id = ? AND path = ?",
            *(values.to_json(row), table_id, values.text(path)),
        )

    def change_spec(self, table_id: int, spec: dict[str, Any]) -> None:
        """Other columns; what was found stays."""
        self._change(table_id, "spec", values.to_json(spec))

    def rename(self, table_id: int, name: str) -> None:
        self._change(table_id, "name", values.text(name))

    def remove(self, table_id: int) -> None:
        """Hide it, until `restore`."""
        self._change(table_id, "deleted_at", now())

    def restore(self, table_id: int) -> None:
        self._change(table_id, "deleted_at", None)

    def purge_removed(self, older_than_days: float = 30) -> None:
        """Remove for good what was removed that long ago."""
        self._database.write(
            "DELETE FROM file_tables WHERE deleted_at < ?", days_ago(older_than_days)
        )

    def _change(self, table_id: int, column: str, value: str | None) -> None:
        cursor = self._database.write(
            f"UPDATE file_tables SET {column} = ?, activity = {_NEXT_ACTIVITY} WHERE id = ?",
            *(value, table_id),
        )
        if not cursor.rowcount:
            raise _missing()


def _missing() -> StorageError:
    return StorageError("This table is no longer there.", hint="It may have been deleted.")
