"""Shows Markdown that may still be growing, as tall as its text, in one document.

Text is taken in slices, so that neither a delta nor a whole book stops the event loop for long.
Nothing is ever loaded: no image, no style, no address; links are only told.
"""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QSizePolicy, QTextBrowser, QWidget

from gui.markdown.cards import CardPainter
from gui.markdown.formats import CARD_HEADER, CARD_PAD, INDENT, Formats
from gui.markdown.stream import MarkdownStream
from gui.markdown.writer import Writer
from gui.theme import ANSWER_PIXELS, Theme

TICK = 30  # milliseconds between updates while deltas come
BUDGET = 0.005  # seconds of work in one turn of the event loop
SLICE = 800  # characters read at once
SCHEMES = ("http", "https", "mailto")


class SilentDocument(QTextDocument):
    """A text document that never opens anything by itself, not even a `file:` address."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return None


class MarkdownView(QTextBrowser):
    """`add_text` while an answer streams, `finish` at its end, `show_text` for one that is there."""

    link_clicked = Signal(str)
    caught_up = Signal()  # everything that was added is shown

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._source: list[str] = []
        self._waiting = ""
        self._finished = False
        self._expected_width = 0
        self._last_cost = 0.0  # seconds
        self._buttons: list[QPushButton] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setOpenLinks(False)
        self.setAccessibleName(self.tr("Answer"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.setFixedHeight(1)
        self._start_document()
        theme.changed.connect(self._on_theme_changed)

    def markdown(self) -> str:
        """The Markdown itself."""
        if len(self._source) > 1:
            self._source = ["".join(self._source)]
        return self._source[0] if self._source else ""

    def expect_width(self, width: int) -> None:
        """Lay the text out for the width it will have, before Qt gets round to it."""
        self._expected_width = width
        self.document().setTextWidth(width)

    def add_text(self, text: str) -> None:
        self._source.append(text)
        self._waiting += text
        if not self._timer.isActive():
            # What is slow to show (a huge table) is shown less often.
            self._timer.start(max(TICK, round(3000 * self._last_cost)))

    def finish(self) -> None:
        """No more comes; what was held back as unfinished is shown now."""
        self._finished = True
        self.work()

    def show_text(self, text: str) -> None:
        """A whole text. The first part is there at once, a long rest in further turns."""
        self._source, self._waiting, self._finished = [text], text, True
        self.work()

    def replace(self, text: str) -> None:
        """The final text of an answer that was streamed; nothing is done if it is the same."""
        if text != self.markdown():
            self._start_document()
            self.show_text(text)
        else:
            self.finish()

    def is_busy(self) -> bool:
        return bool(self._waiting) or self._timer.isActive()

    def work(self) -> None:
        """Show what is waiting, for at most one turn's budget."""
        self._timer.stop()
        started = time.perf_counter()
        while True:
            piece, self._waiting = _slice(self._waiting)
            last = self._finished and not self._waiting
            self._writer.show(*self._stream.feed(piece, final=last))
            if last or not self._waiting or time.perf_counter() - started > BUDGET:
                break
        self._place_buttons(len(self._buttons))
        self._last_cost = time.perf_counter() - started
        if self._waiting:
            self._timer.start(0)
        elif self._finished and self._stream.references and not self._second_reading:
            # A link was defined after its use: read once more, knowing all of them.
            self._start_document(self._stream.references)
            self._waiting = self.markdown()
            self._timer.start(0)
        else:
            self._hold_height = False
            self._on_document_size_changed()
            self.caught_up.emit()

    def _start_document(self, references: dict[str, Any] | None = None) -> None:
        document = SilentDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setIndentWidth(INDENT)
        document.setDefaultFont(self._theme.font(ANSWER_PIXELS))
        frame = document.rootFrame().frameFormat()
        frame.setBottomMargin(CARD_PAD + 2)  # a card at the end needs its lower edge
        document.rootFrame().setFrameFormat(frame)
        old = self.document()
        self._writer = Writer(document, Formats(self._theme))
        self._stream = MarkdownStream(references)
        self._second_reading = references is not None
        self._cards = CardPainter(document, self._theme)
        self._hold_height = self.height() > 1
        if self._expected_width:
            document.setTextWidth(self._expected_width)
        self.setDocument(document)
        document.documentLayout().documentSizeChanged.connect(self._on_document_size_changed)
        if isinstance(old, SilentDocument):
            old.deleteLater()
        for button in self._buttons:
            button.deleteLater()
        self._buttons = []

    def _place_buttons(self, first: int) -> None:
        """A Copy button on each code card from `first` on; those before have not moved."""
        starts = self._writer.code_starts
        while len(self._buttons) > len(starts):
            self._buttons.pop().deleteLater()
        first = min(first, max(len(starts) - 1, 0))
        layout = self.document().documentLayout()
        for number in range(first, len(starts)):
            if number == len(self._buttons):
                self._buttons.append(self._button(number))
            block = self.document().findBlock(starts[number])
            top = layout.blockBoundingRect(block).top() - CARD_HEADER - CARD_PAD
            button = self._buttons[number]
            size = button.sizeHint()
            button.setGeometry(
                self.viewport().width() - size.width() - 8,
                round(top) + (CARD_HEADER - size.height()) // 2 + 1,
                size.width(),
                size.height(),
            )
            button.show()

    def _button(self, number: int) -> QPushButton:
        button = QPushButton(self.tr("Copy"), self.viewport())
        button.setProperty("kind", "small")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleName(self.tr("Copy this code"))
        button.clicked.connect(lambda: self._on_copy_clicked(number))
        return button

    def code(self, number: int) -> str:
        """The text of a code block, counted from 0."""
        from gui.markdown.formats import CODE_KIND, KIND, OPENS

        block = self.document().findBlock(self._writer.code_starts[number])
        lines = [block.text()]
        block = block.next()
        while block.isValid():
            made = block.blockFormat()
            if made.property(KIND) != CODE_KIND or made.property(OPENS):
                break
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    # Qt's own calls

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return None

    def createMimeDataFromSelection(self) -> QMimeData:
        """Plain text: colours of this theme have no place elsewhere."""
        data = QMimeData()
        text = self.textCursor().selection().toPlainText()
        data.setText(text.replace("\u2028", "\n").replace("\xa0", " ").strip("\n"))
        return data

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self._cards.paint(painter, QRectF(event.rect()), self.viewport().width())
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._expected_width = event.size().width()
            self._place_buttons(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the transcript scrolls

    def _on_timer_timeout(self) -> None:
        self.work()

    def _on_document_size_changed(self) -> None:
        height = max(1, round(self.document().size().height()))
        if not self._hold_height and height != self.height():
            self.setFixedHeight(height)

    def _on_copy_clicked(self, number: int) -> None:
        QApplication.clipboard().setText(self.code(number))

    def _on_anchor_clicked(self, url: QUrl) -> None:
        if url.scheme() in SCHEMES:
            self.link_clicked.emit(url.toString())

    def _on_theme_changed(self) -> None:
        """Draw everything again in the new colours; the height stays as it is meanwhile."""
        if text := self.markdown():
            self._start_document()
            self._waiting = text
            self._timer.start(0)


def _slice(text: str) -> tuple[str, str]:
    """The next stretch to read and the rest, cut at a line end if there is one near."""
    if len(text) <= SLICE:
        return text, ""
    at = text.find("\n", SLICE) + 1
    if not 0 < at <= 2 * SLICE:
        at = SLICE
    return text[:at], text[at:]
