"""What a model might have written in a token's place: each alternative with a bar and a percentage."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.types import TokenChoice, TokenScore
from gui.theme import Theme

ROW, PIXELS, WORD, NUMBER, BAR = 26, 13, 150, 64, 6


class TokenChoices(QWidget):
    """Room for `most` rows, so that nothing moves while one goes through the tokens."""

    def __init__(self, theme: Theme, most: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._most = most
        self._score = TokenScore("", 0.0)
        self._rows: list[TokenChoice] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(320, ROW * self._most)

    def show_score(self, score: TokenScore) -> None:
        """The chosen one is always among the rows, the likeliest come first."""
        rows = {choice.text: choice for choice in score.alternatives}
        rows[score.text] = TokenChoice(score.text, score.logprob)
        self._score = score
        self._rows = sorted(rows.values(), key=lambda choice: -choice.logprob)[: self._most]
        if rows[score.text] not in self._rows:
            self._rows[-1] = rows[score.text]
        self.setAccessibleName(self.spoken())
        self.update()

    def rows(self) -> list[tuple[str, str]]:
        """Word and percentage, as they are seen."""
        return [(visible(row.text), percentage(row.logprob)) for row in self._rows]

    def spoken(self) -> str:
        """For screen readers: the chosen one first."""
        chosen = f"{visible(self._score.text)} {percentage(self._score.logprob)}"
        others = [f"{w} {p}" for w, p in self.rows() if w != visible(self._score.text)]
        return "; ".join([chosen, *others])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        for number, choice in enumerate(self._rows):
            is_chosen = choice.text == self._score.text
            font = self._theme.font(PIXELS, bold=is_chosen)
            painter.setFont(font)
            top = ROW * number
            word = QFontMetrics(font).elidedText(
                visible(choice.text), Qt.TextElideMode.ElideRight, WORD - 12
            )
            painter.setPen(self._theme.color("text" if is_chosen else "mut"))
            painter.drawText(QRectF(0, top, WORD, ROW), middle, word)
            percent = percentage(choice.logprob)
            edge = self.width() - NUMBER
            painter.drawText(QRectF(edge, top, NUMBER, ROW), middle | right, percent)
            painter.setPen(Qt.PenStyle.NoPen)
            room = QRectF(WORD, top + (ROW - BAR) / 2, max(0, edge - WORD), BAR)
            painter.setBrush(self._theme.color("line"))
            painter.drawRoundedRect(room, BAR / 2, BAR / 2)
            room.setWidth(max(BAR, room.width() * min(1.0, math.exp(choice.logprob))))
            painter.setBrush(self._theme.color("accent" if is_chosen else "hint"))
            painter.drawRoundedRect(room, BAR / 2, BAR / 2)


def percentage(logprob: float) -> str:
    """`62 %`, `3.1 %`, `< 0.1 %`."""
    percent = 100 * math.exp(min(0.0, logprob))
    if percent < 0.1:
        return "< 0.1 %"
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"


def visible(text: str) -> str:
    """A token's text so that its spaces and line ends are seen."""
    shown = text.replace("\n", "↵").replace("\t", "⇥").replace("\r", "␍")
    body = shown.strip(" ")
    if not body:
        return "␣" * len(shown) or "∅"
    before = len(shown) - len(shown.lstrip(" "))
    after = len(shown) - len(shown.rstrip(" "))
    return "␣" * before + body + "␣" * after
