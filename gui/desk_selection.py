"""The documents of the desk that were chosen together, with their texts. Knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.storage.records import StoredDocument
from gui.services import Services


class DeskSelection(QObject):
    """`documents` are at least two, in the order in which they were put on the desk, or none."""

    changed = Signal()

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._wanted: tuple[int, ...] = ()
        self.documents: tuple[StoredDocument, ...] = ()

    def choose(self, ids: list[int]) -> None:
        """`changed` follows when their texts are there; fewer than two are no selection."""
        wanted = tuple(sorted(ids)) if len(ids) > 1 else ()
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if not wanted:
            self._take(())
            return
        known = {stored.id: stored for stored in self.documents}
        storage = self._services.storage

        def read() -> tuple[StoredDocument, ...]:
            return tuple(known.get(id_) or storage.desk.document(id_) for id_ in wanted)

        def done(documents: tuple[StoredDocument, ...]) -> None:
            if self._wanted == wanted:
                self._take(documents)

        self._services.background.run(self, read).then(
            done, self._services.notifications.show_error
        )

    def _take(self, documents: tuple[StoredDocument, ...]) -> None:
        if documents or self.documents:
            self.documents = documents
            self.changed.emit()
