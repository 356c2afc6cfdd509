"""The names of a text: which, of what kind, how often; a click goes to the next mention."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QVBoxLayout, QWidget

from engine.text_tools.results import ENTITY_LABELS, EntitiesResult
from engine.types import Document
from gui.item_models.entity_model import EntityModel
from gui.theme import Theme
from gui.widgets.results.base import LegendEntry, Mark, ResultView, is_small
from gui.widgets.results.column import Heading, wrapped_label
from gui.widgets.results.entity_delegate import TOKENS, EntityDelegate

MANY = 12  # names, from where a search box helps


class EntitiesResults(ResultView):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._result: EntitiesResult | None = None
        self._document: Document | None = None
        self._last: tuple[str, int] = ("", -1)  # the name and mention that was shown last
        self._title = Heading(self.tr("Most named"), self)
        self._caution = wrapped_label(
            self.tr("A very small model sorted these; look at doubtful ones in the text."),
            self,
            "hint",
        )
        self._none = wrapped_label(self.tr("No names were found."), self, "mut")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a name"))
        self.search.setAccessibleName(self.tr("Find a name"))
        self.search.setClearButtonEnabled(True)
        self.model = EntityModel(self)
        self.search.textChanged.connect(self.model.search)
        self.view = _NameList(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(EntityDelegate(theme, self.view))
        self.view.pressed_on.connect(self._on_view_pressed)
        theme.changed.connect(self.view.viewport().update)
        top = QVBoxLayout()
        top.setContentsMargins(20, 8, 20, 0)
        top.setSpacing(8)
        for widget in (self._title, self._caution, self.search, self._none):
            top.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)

    def show_result(
        self, result: EntitiesResult, document: Document, model: dict[str, Any] | None
    ) -> None:
        if self._document is not document:
            self._document, self._last = document, ("", -1)
            self.search.clear()
        self._result = result
        self.model.set_entities(result.entities)
        self._title.aside.setText(self.tr("%n in all", "", len(result.spans)))
        self._title.setVisible(bool(result.entities))
        self._none.setVisible(not result.entities)
        self.search.setVisible(len(result.entities) > MANY)
        self._caution.setVisible(bool(result.entities) and is_small(model))

    def marks(self, result: EntitiesResult) -> list[Mark]:
        return [
            Mark(span.start, span.end, TOKENS.get(span.label, "other"), span.label, number)
            for number, span in enumerate(result.spans)
        ]

    def tip(self, number: int) -> str:
        if self._result is None:
            return ""
        span = self._result.spans[number]
        return f"{span.text}\n{self._titles().get(span.label, span.label)}"

    def legend(self, result: EntitiesResult) -> list[LegendEntry]:
        counts = dict.fromkeys(ENTITY_LABELS, 0)
        for entity in result.entities:
            counts[entity.label] = counts.get(entity.label, 0) + 1
        titles = self._titles()
        return [
            LegendEntry(label, TOKENS[label], titles[label], counts[label])
            for label in ENTITY_LABELS
            if counts[label]
        ]

    def hide_labels(self, labels: frozenset[str]) -> None:
        self.model.hide_labels(labels)

    def mark_clicked(self, number: int) -> None:
        row = self.model.row_of_mention(number)
        if row >= 0 and self._result is not None:
            entity = self.model.entity(self.model.index(row))
            assert entity is not None
            self._last = (entity.text, entity.mentions.index(number))
            with QSignalBlocker(self.view):
                self.view.setCurrentIndex(self.model.index(row))

    def _titles(self) -> dict[str, str]:
        return {
            "PER": self.tr("People"),
            "ORG": self.tr("Organizations"),
            "LOC": self.tr("Places"),
            "MISC": self.tr("Other"),
        }

    def _on_view_pressed(self, index: QModelIndex) -> None:
        entity = self.model.entity(index)
        if entity is None:
            return
        name, last = self._last
        after = (last + 1) % len(entity.mentions) if name == entity.text else 0
        self._last = (entity.text, after)
        self.mark_wanted.emit(entity.mentions[after])


class _NameList(QListView):
    """Click or Enter: the next mention."""

    pressed_on = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Names; Enter goes to the next mention"))
        self.setViewportMargins(10, 0, 4, 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.pressed_on.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.currentIndex().isValid():
                self.pressed_on.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
