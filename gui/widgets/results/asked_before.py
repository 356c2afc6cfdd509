"""The questions that were asked before, the newest first; a click shows the answer again."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from engine.storage.records import StoredRun
from gui import icons
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.column import Heading, RowStack

ROW, ICON, PAD, RADIUS, PIXELS = 30, 14, 8, 7, 13


class AskedBefore(QWidget):
    """`chosen` gives the id of a stored run."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._runs: list[StoredRun] = []
        self.heading = Heading(self.tr("Asked before"), self)
        self.rows = RowStack(self._make_row, self, gap=0, lined=False)
        self.rows.more_asked.connect(self._fill)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.rows)

    def show_runs(self, runs: list[StoredRun]) -> None:
        if [run.id for run in runs] != [run.id for run in self._runs]:
            self._runs = runs
            self._fill()
        self.setVisible(bool(runs))

    def _make_row(self, parent: QWidget) -> QuestionRow:
        row = QuestionRow(self._theme, parent)
        row.clicked.connect(lambda: self.chosen.emit(row.run_id))
        return row

    def _fill(self) -> None:
        for row, run in zip(self.rows.resize_to(len(self._runs)), self._runs, strict=False):
            assert isinstance(row, QuestionRow)
            row.show_run(run)


class QuestionRow(QAbstractButton):
    """On one line, cut where there is no room; the tip has it whole."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found = False
        self.run_id = 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_run(self, run: StoredRun) -> None:
        self.run_id, self._found = run.id, bool(run.result.get("found"))
        self.setText(str(run.options.get("question") or run.result.get("question") or ""))
        words = self.tr("Answered") if self._found else self.tr("Not in the text")
        self.setAccessibleName(f"{self.text()} ({words})")
        self.setToolTip(plain_tooltip(f"{self.text()}\n{words}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(
            QPen(self._theme.color("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen
        )
        painter.setBrush(
            self._theme.color("bubble") if self.underMouse() else Qt.BrushStyle.NoBrush
        )
        painter.drawRoundedRect(plate, RADIUS, RADIUS)
        token = "positive" if self._found else "hint"
        mark = icons.pixmap("check" if self._found else "x", self._theme.hex(token), ICON)
        painter.drawPixmap(PAD, (ROW - ICON) // 2, mark)
        font = self._theme.font(PIXELS)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        room = self.rect().adjusted(PAD + ICON + 8, 0, -PAD, 0)
        shown = QFontMetrics(font).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
