"""The names of a text: a chart of the most frequent, a table of all, and the mention that is looked at.
Whatever is chosen in one of them, or in the text, is chosen in all.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from engine.text_tools.results import EntitiesResult, Entity
from engine.types import Document
from gui.item_models.entity_model import EntityModel, Key
from gui.theme import Theme
from gui.widgets.results.base import LegendEntry, Mark, ResultView, is_small
from gui.widgets.results.column import wrapped_label
from gui.widgets.results.entity_table import EntityTable
from gui.widgets.results.mention_card import MentionCard, mention_words
from gui.widgets.results.most_named import MostNamed
from gui.widgets.results.name_types import (
    LESS_SURE,
    in_order,
    tokens_of,
    type_title,
    types_title,
)

MANY = 12  # names, from where a field to find them helps


class EntitiesResults(ResultView):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._result: EntitiesResult | None = None
        self._document: Document | None = None
        self._last: tuple[Key, int] = (("", ""), -1)  # the name and mention that was shown last
        self._tokens = tokens_of(())
        self._none = wrapped_label(self.tr("No names were found."), self, "mut")
        self._caution = wrapped_label(
            self.tr("A very small model sorted these; look at doubtful ones in the text."),
            self,
            "hint",
        )
        self.most = MostNamed(theme, self.token_of, self)
        self.chart = self.most.chart
        self.chart.chosen.connect(lambda entity: self._step(entity, 1))
        self.chart.picture_asked.connect(self._on_chart_picture_asked)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a name"))
        self.search.setAccessibleName(self.tr("Find a name"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search_text_changed)
        self.model = EntityModel(type_title, self)
        self.table = EntityTable(theme, self.model, self.token_of, self)
        self.table.arrived.connect(lambda entity: self._go(entity, 0))
        self.table.pressed_again.connect(lambda entity: self._step(entity, 1))
        self.card = MentionCard(theme, self)
        self.card.step_asked.connect(self._on_card_step_asked)
        self.card.hide()
        self._lay_out()

    def show_result(
        self, result: EntitiesResult, document: Document, model: dict[str, Any] | None
    ) -> None:
        is_other = self._document is not document
        self._result, self._tokens = result, tokens_of(span.label for span in result.spans)
        if is_other:
            self._document, self._last = document, (("", ""), -1)
            self.table.forget()
            self.card.hide()
            self.search.clear()
        self.model.set_entities(result.entities, result.spans)
        has_names = bool(result.entities)
        self._none.setVisible(not has_names)
        self._caution.setVisible(has_names and is_small(model))
        self.table.setVisible(has_names)
        self.search.setVisible(len(result.entities) > MANY)
        self.table.show_sure(any(span.score is not None for span in result.spans))
        if is_other:
            self.table.scrollToTop()
        self._show_rows()
        self._show_card()

    def marks(self, result: EntitiesResult) -> list[Mark]:
        tokens = tokens_of(span.label for span in result.spans)
        return [
            Mark(
                span.start,
                span.end,
                tokens[span.label],
                span.label,
                number,
                span.score is not None and span.score < LESS_SURE,
            )
            for number, span in enumerate(result.spans)
        ]

    def tip(self, number: int) -> str:
        if self._result is None:
            return ""
        span = self._result.spans[number]
        return f"{' '.join(span.text.split())}\n{mention_words(span)}"

    def legend(self, result: EntitiesResult) -> list[LegendEntry]:
        counts: dict[str, int] = {}
        for entity in result.entities:
            counts[entity.label] = counts.get(entity.label, 0) + 1
        tokens = tokens_of(span.label for span in result.spans)
        return [
            LegendEntry(label, tokens[label], types_title(label), counts[label])
            for label in in_order(span.label for span in result.spans)
            if counts.get(label)
        ]

    def hide_labels(self, labels: frozenset[str]) -> None:
        self.model.hide_labels(labels)
        self._show_rows()

    def mark_clicked(self, number: int) -> None:
        row = self.model.row_of_mention(number)
        if row >= 0:
            entity = self.model.rows()[row].entity
            self._choose(entity, entity.mentions.index(number))

    def token_of(self, label: str) -> str:
        return self._tokens.get(label, "other")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_rows()

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(20, 4, 20, 0)
        top.setSpacing(6)
        for widget in (self._none, self._caution, self.most, self.search):
            top.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(4)
        layout.addLayout(top)
        middle = QVBoxLayout()
        middle.setContentsMargins(10, 0, 10, 0)
        middle.addWidget(self.table)
        layout.addLayout(middle, 1)
        below = QVBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self.card)
        layout.addLayout(below)
        layout.addStretch(0)

    def _show_rows(self) -> None:
        self.most.show_rows(self.model.rows(), self.height())

    def _choose(self, entity: Entity, mention: int) -> None:
        """Show it as chosen everywhere in this view."""
        key = (entity.text, entity.label)
        self._last = (key, mention)
        self.table.show_name(self.model.row_of(key))
        self.chart.show_name(entity)
        self._show_card()

    def _go(self, entity: Entity, mention: int) -> None:
        self._choose(entity, mention)
        self.mark_wanted.emit(entity.mentions[mention])

    def _step(self, entity: Entity, step: int) -> None:
        """To the next or previous mention, round the end."""
        key, last = self._last
        is_same = key == (entity.text, entity.label)
        self._go(entity, (last + step) % len(entity.mentions) if is_same else 0)

    def _chosen(self) -> Entity | None:
        """The name that was chosen, as the result of now has it."""
        entities = self._result.entities if self._result is not None else ()
        key = self._last[0]
        return next((e for e in entities if (e.text, e.label) == key), None)

    def _show_card(self) -> None:
        entity, (_, mention) = self._chosen(), self._last
        if entity is None or self._result is None:
            self.card.hide()
            return
        mention = min(mention, len(entity.mentions) - 1)
        span = self._result.spans[entity.mentions[mention]]
        self.card.show_mention(entity, span, mention)

    def _on_card_step_asked(self, step: int) -> None:
        if (entity := self._chosen()) is not None:
            self._step(entity, step)

    def _on_chart_picture_asked(self, suffix: str) -> None:
        title = self._document.name if self._document is not None else ""
        self.picture_wanted.emit(self.chart.picture(suffix, title), suffix)

    def _on_search_text_changed(self, text: str) -> None:
        self.model.search(text)
        self._show_rows()
