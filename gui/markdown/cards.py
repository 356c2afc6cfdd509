"""Paints what stands behind the text: code cards, quote bars and rules. Only what is visible."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock, QTextBlockFormat, QTextDocument

from gui.markdown.formats import (
    CARD_HEADER,
    CARD_PAD,
    CARD_SIDE,
    CLOSES,
    CODE_KIND,
    CODE_LINE,
    INDENT,
    KIND,
    LANGUAGE,
    OPENS,
    QUOTE,
    QUOTE_INDENT,
    RULE_KIND,
)
from gui.theme import Theme

RADIUS, BAR = 11, 3


class CardPainter:
    """Paints into the viewport of a view whose text starts at (0, 0)."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        self._document = document
        self._theme = theme

    def paint(self, painter: QPainter, clip: QRectF, width: float) -> None:
        layout = self._document.documentLayout()
        at = layout.hitTest(QPointF(1, clip.top()), Qt.HitTestAccuracy.FuzzyHit)
        block = self._document.findBlock(max(at, 0))
        if block.previous().isValid():
            block = block.previous()  # its card may reach into the clip with its lower edge
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card: _Card | None = None
        while block.isValid():
            rect = layout.blockBoundingRect(block)
            if rect.top() > clip.bottom() + CARD_HEADER + 2 * CARD_PAD:
                break
            made = block.blockFormat()
            if made.property(QUOTE):
                self._bars(painter, rect.top(), block)
            kind = made.property(KIND)
            if kind == CODE_KIND:
                card = _Card(rect, block, made) if card is None or made.property(OPENS) else card
                card.add(rect.top() + block.layout().lineCount() * CODE_LINE, made)
                following = block.next()
                goes_on = (
                    following.isValid()
                    and following.blockFormat().property(KIND) == CODE_KIND
                    and not following.blockFormat().property(OPENS)
                )
                if not goes_on or rect.bottom() > clip.bottom() + 2 * RADIUS:
                    self._card(painter, card, width)
                    card = None
            elif kind == RULE_KIND:
                painter.setPen(QPen(self._theme.color("line"), 1))
                left = made.leftMargin() + made.indent() * INDENT
                y = round(rect.top()) + 0.5
                painter.drawLine(QPointF(left, y), QPointF(width, y))
            block = block.next()

    def _card(self, painter: QPainter, card: _Card, width: float) -> None:
        rect = QRectF(card.left, card.top, width - card.left, card.bottom - card.top)
        rect = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("code"))
        if not card.opens:
            rect.setTop(rect.top() - 2 * RADIUS)  # its upper edge is above the clip
        if not card.closes:
            rect.setBottom(rect.bottom() + 2 * RADIUS)
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if card.opens:
            line = rect.top() + CARD_HEADER
            painter.drawLine(QPointF(rect.left(), line), QPointF(rect.right(), line))
            painter.setPen(self._theme.color("mut"))
            painter.setFont(self._theme.font(12))
            room = QRectF(rect.left() + CARD_SIDE, rect.top(), rect.width() / 2, CARD_HEADER)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, card.language)

    def _bars(self, painter: QPainter, top: float, block: QTextBlock) -> None:
        """From this block's upper edge to the next one's, if that is quoted as deeply."""
        made, after = block.blockFormat(), block.next()
        below = int(after.blockFormat().property(QUOTE) or 0) if after.isValid() else 0
        end = top + block.layout().lineCount() * made.lineHeight()
        joined = self._document.documentLayout().blockBoundingRect(after).top() if below else end
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        for level in range(int(made.property(QUOTE))):
            bottom = joined if level < below else end
            overlap = 2 * BAR if level < below else 0  # one bar, however many paragraphs
            bar = QRectF(level * QUOTE_INDENT, top + 3, BAR, bottom - top + overlap)
            painter.drawRoundedRect(bar, BAR / 2, BAR / 2)


class _Card:
    """The visible part of one code block."""

    def __init__(self, rect: QRectF, block: QTextBlock, made: QTextBlockFormat) -> None:
        self.opens = bool(made.property(OPENS))
        self.closes = False
        self.language = str(made.property(LANGUAGE) or "")
        self.left = made.leftMargin() - CARD_SIDE + made.indent() * INDENT
        self.top = rect.top() - (CARD_HEADER + CARD_PAD if self.opens else 0)
        self.bottom = rect.bottom()

    def add(self, bottom: float, made: QTextBlockFormat) -> None:
        self.bottom = bottom
        if made.property(CLOSES):
            self.closes = True
            self.bottom += CARD_PAD
