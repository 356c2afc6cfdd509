"""The database as the window holds it: opened on the storage thread, after the first paint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.storage.conversations import Conversations
    from engine.storage.database import Database
    from engine.storage.desk import Desk
    from engine.storage.file_tables import FileTables


class StorageSession:
    """Use only on the storage thread. `open` is called once, before anything else is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database: Database | None = None
        self.conversations: Conversations
        self.desk: Desk
        self.file_tables: FileTables
        self.purged: tuple[int, ...] = ()  # conversations that `open` removed for good

    def open(self) -> list[str]:
        """Open or create the database; return what the user should be told. `StorageError`s rise."""
        # sqlite-utils is imported here, on the storage thread, so that the window need not wait.
        from engine.storage.conversations import Conversations
        from engine.storage.database import Database
        from engine.storage.desk import Desk
        from engine.storage.file_tables import FileTables

        self._database = Database.open(self.path)
        self.conversations = Conversations(self._database)
        self.desk = Desk(self._database)
        self.file_tables = FileTables(self._database)
        interrupted = self.conversations.mark_interrupted()
        self.purged = self.conversations.purge_deleted()
        self.desk.purge_removed()
        self.file_tables.purge_removed()
        remarks = list(self._database.remarks)
        if interrupted:
            noun = "answer was" if interrupted == 1 else "answers were"
            remarks.append(f"{interrupted} {noun} cut off when Carrel last ended; it was kept.")
        return remarks

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
