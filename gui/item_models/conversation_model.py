"""The conversations as rows: pinned, today, yesterday and so on, with a heading above each group."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from engine.storage.records import Conversation

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
HEADING_ROLE = Qt.ItemDataRole.UserRole + 1
TIME_ROLE = HEADING_ROLE + 1
ID_ROLE = TIME_ROLE + 1


class ConversationModel(QAbstractListModel):
    """Headings are rows that cannot be chosen. `rename_asked` comes from editing a row."""

    rename_asked = Signal(int, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Conversation | str] = []

    def set_conversations(self, conversations: list[Conversation], today: date) -> None:
        """`conversations` as storage lists them: the pinned first, then the latest first."""
        rows: list[Conversation | str] = []
        for conversation in conversations:
            heading = self._group(conversation, today)
            if heading not in rows:
                rows.append(heading)
            rows.append(conversation)
        if rows != self._rows or today != getattr(self, "_today", None):
            self.beginResetModel()
            self._rows, self._today = rows, today
            self.endResetModel()

    def conversation(self, index: Index) -> Conversation | None:
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Conversation) else None

    def index_of(self, conversation_id: int | None) -> QModelIndex:
        for number, row in enumerate(self._rows):
            if isinstance(row, Conversation) and row.id == conversation_id:
                return self.index(number)
        return QModelIndex()

    def conversations(self) -> list[Conversation]:
        return [row for row in self._rows if isinstance(row, Conversation)]

    def headings(self) -> list[str]:
        return [row for row in self._rows if isinstance(row, str)]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if isinstance(row, str):
            if role == Qt.ItemDataRole.DisplayRole:
                return row
            return True if role == HEADING_ROLE else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.title or self.tr("New chat")
        if role == TIME_ROLE:
            return self._time(row)
        if role == ID_ROLE:
            return row.id
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        conversation, title = self.conversation(index), str(value).strip()
        if conversation is None or not title or title == conversation.title:
            return False
        self.rename_asked.emit(conversation.id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.conversation(index) is None:
            return Qt.ItemFlag.NoItemFlags
        enabled, selectable = Qt.ItemFlag.ItemIsEnabled, Qt.ItemFlag.ItemIsSelectable
        return enabled | selectable | Qt.ItemFlag.ItemIsEditable

    def _group(self, conversation: Conversation, today: date) -> str:
        if conversation.pinned:
            return self.tr("Pinned")
        age = (today - local_time(conversation.updated_at).date()).days
        if age <= 0:
            return self.tr("Today")
        if age == 1:
            return self.tr("Yesterday")
        return self.tr("Last week") if age <= 7 else self.tr("Older")

    def _time(self, conversation: Conversation) -> str:
        """The time of today's, the day of what is older; nothing where the heading says it."""
        moment, locale = local_time(conversation.updated_at), QLocale()
        when = QDateTime(moment.year, moment.month, moment.day, moment.hour, moment.minute, 0)
        age = self._today - moment.date()
        if age <= timedelta(0):
            return locale.toString(when.time(), "HH:mm")
        if age <= timedelta(1):
            return "" if not conversation.pinned else self.tr("Yesterday")
        if age <= timedelta(7):
            return locale.dayName(when.date().dayOfWeek(), QLocale.FormatType.ShortFormat)
        if moment.year == self._today.year:
            return locale.toString(when.date(), "d MMM")
        return locale.toString(when.date(), "MMM yyyy")


def local_time(moment: str) -> datetime:
    """A stored time in this computer's zone; the epoch if it cannot be read."""
    try:
        return datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return datetime.fromtimestamp(0).astimezone()
