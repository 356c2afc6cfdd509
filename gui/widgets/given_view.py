"""Under an answer: which quotes were found word for word, and a fold with what the model was given."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.protocol import CheckedQuote
from gui import icons
from gui.given_record import GivenRecord
from gui.theme import Theme
from gui.widgets.given_card import GivenCard
from gui.widgets.plain import plain_tooltip

MOST_QUOTES = 6
SHOWN_QUOTE, ICON = 420, 14  # pixels


class GivenView(QWidget):
    """`texts_wanted` when the fold is opened first; `show_texts` answers it."""

    texts_wanted = Signal()
    place_wanted = Signal(int, int, int)  # index of the text, start and end in its document

    def __init__(self, theme: Theme, record: GivenRecord, answer: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self.record = theme, record
        self._cards: list[GivenCard] = []
        self._is_asked = False
        self.quotes = [
            QuoteLine(theme, one, answer[one.start : one.end], record, self)
            for one in _different(record.quotes, answer)[:MOST_QUOTES]
        ]
        self.button = QPushButton(self._title(), self)
        self.button.setProperty("kind", "aside")
        self.button.setCheckable(True)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.toggled.connect(self._on_button_toggled)
        self.button.setVisible(bool(record.texts))
        self._nothing = QLabel(self._title(), self)
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("kind", "warning")
        self._nothing.setVisible(not record.texts)
        self._inside = QWidget(self)
        self._inside.hide()
        self._body = QVBoxLayout(self._inside)
        self._body.setContentsMargins(0, 2, 0, 6)
        self._body.setSpacing(6)
        line = QHBoxLayout()
        line.addWidget(self.button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 6)
        column.setSpacing(3)
        for quote in self.quotes:
            quote.place_wanted.connect(self.place_wanted)
            column.addWidget(quote)
        column.addLayout(line)
        column.addWidget(self._nothing)
        column.addWidget(self._inside)
        self._recolor()
        theme.changed.connect(self._recolor)

    def cards(self) -> list[GivenCard]:
        return list(self._cards)

    def is_open(self) -> bool:
        return self.button.isChecked()

    def title(self) -> str:
        return self._title()

    def show_texts(self, texts: tuple[str, ...]) -> None:
        """In the order of the record's; a text that is gone is ""."""
        for number, place in enumerate(self.record.texts[len(self._cards) :], len(self._cards)):
            text = texts[number] if number < len(texts) else ""
            card = GivenCard(self._theme, place, text, self._inside)
            card.chosen.connect(
                lambda at=number, to=place: self.place_wanted.emit(at, to.start, to.end)
            )
            self._cards.append(card)
            self._body.addWidget(card)

    def _title(self) -> str:
        record = self.record
        if not record.texts:
            if record.attached and record.characters:
                return self.tr("The model was given nothing of the documents: there was no room.")
            return self.tr("The model was given nothing: no passage was found.")
        attached = [text for text in record.texts if text.document is not None]
        parts = []
        if record.attached and record.all_whole():
            parts.append(self.tr("%n whole document(s)", "", len(attached)))
        elif attached:
            count = self.tr("%n passage(s)", "", len(attached))
            percent = QLocale().toString(
                100 * record.share(), "f", 0 if record.share() > 0.1 else 1
            )
            words = self.tr("{passages}, {percent} % of the documents")
            parts.append(words.format(passages=count, percent=percent))
        if found := len(record.texts) - len(attached):
            parts.append(self.tr("%n passage(s) of the library", "", found))
        return self.tr("What the model was given: {texts}").format(texts=" · ".join(parts))

    def _on_button_toggled(self, is_open: bool) -> None:
        if is_open and not self._is_asked:
            self._is_asked = True
            self.texts_wanted.emit()
        self._inside.setVisible(is_open)
        self._recolor()

    def _recolor(self) -> None:
        name = "chevron-down" if self.is_open() else "chevron-right"
        self.button.setIcon(icons.icon(name, self._theme.hex("hint"), 14))


class QuoteLine(QWidget):
    """A quote of the answer: found, and where, or not."""

    place_wanted = Signal(int, int, int)

    def __init__(
        self, theme: Theme, quote: CheckedQuote, words: str, record: GivenRecord, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme, self._quote = theme, quote
        self.is_found = 0 <= quote.given < len(record.texts) and quote.passage is not None
        words = " ".join(words.split())
        self._mark = QLabel(self)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("kind", "caption")
        cut = QFontMetrics(theme.font(12)).elidedText(
            f"“{words}”", Qt.TextElideMode.ElideRight, SHOWN_QUOTE
        )
        self._words.setText(cut)
        self._words.setMinimumWidth(1)
        self._words.setToolTip(plain_tooltip(words))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._mark)
        row.addWidget(self._words)
        if self.is_found:
            source = record.texts[quote.given]
            where = source.name if source.whole or not source.place else source.place
            self.place = QPushButton(self.tr("found in {place}").format(place=where), self)
            self.place.setProperty("kind", "source")
            self.place.setCursor(Qt.CursorShape.PointingHandCursor)
            self.place.setToolTip(plain_tooltip(f"{source.name} {source.place}".strip()))
            self.place.setAccessibleName(
                self.tr("“{quote}” stands word for word in {place}").format(
                    quote=words, place=where
                )
            )
            self.place.clicked.connect(self._on_place_clicked)
            row.addWidget(self.place)
        else:
            doubt = QLabel(self.tr("not found in what it was given"), self)
            doubt.setProperty("kind", "warning")
            doubt.setAccessibleName(
                self.tr("“{quote}” was not found in what the model was given").format(quote=words)
            )
            row.addWidget(doubt)
        row.addStretch(1)
        self._recolor()
        theme.changed.connect(self._recolor)

    def _on_place_clicked(self) -> None:
        if (passage := self._quote.passage) is not None:
            self.place_wanted.emit(self._quote.given, passage.start, passage.end)

    def _recolor(self) -> None:
        name, token = ("circle-check", "positive") if self.is_found else ("circle-alert", "warning")
        self._mark.setPixmap(icons.pixmap(name, self._theme.hex(token), ICON))


def _different(quotes: tuple[CheckedQuote, ...], answer: str) -> list[CheckedQuote]:
    """Each wording once, those that were not found first: they are what a reader must know."""
    found: dict[str, CheckedQuote] = {}
    for quote in quotes:
        words = " ".join(answer[quote.start : quote.end].casefold().split()).rstrip(".,;:!?")
        found.setdefault(words, quote)
    return sorted(found.values(), key=lambda quote: quote.given >= 0)
