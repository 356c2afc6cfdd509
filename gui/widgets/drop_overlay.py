"""A veil over the whole window while files are dragged over it, that says what a drop will do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import icons
from gui.theme import Theme

INSET, RADIUS, ICON = 16, 16, 32


class DropOverlay(QWidget):
    """Lets every mouse and drag event through; the window decides what happens."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = parent
        self._fields: list[tuple[str, str]] = []  # an icon and words, the upper first
        self._pointed = 0
        self._promise = self.tr("It stays on this computer.")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def announce(self, icon_name: str, text: str, below: tuple[str, str] | None = None) -> None:
        """Cover the parent and say `text`; `below`, an icon and words, is what its lower part does."""
        self._fields = [(icon_name, text), *([below] if below else [])]
        self._pointed = 0
        self.setAccessibleName(text)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def point_to(self, point: QPoint) -> None:
        """The mouse is here: the field below it is the one that a drop is for."""
        pointed = next((at for at, rect in enumerate(self._rects()) if rect.contains(point)), 0)
        if pointed != self._pointed:
            self._pointed = pointed
            self.setAccessibleName(self.text())
            self.update()

    def is_below(self) -> bool:
        """Whether the mouse points to the lower of two fields."""
        return self.isVisible() and self._pointed == 1

    def text(self) -> str:
        return self._fields[self._pointed][1] if self._fields else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = self._theme.color("bg")
        veil.setAlphaF(0.94)
        painter.fillRect(self.rect(), veil)
        for at, (field, rect) in enumerate(zip(self._fields, self._rects(), strict=True)):
            self._paint_field(painter, rect, *field, is_pointed=at == self._pointed)

    def _rects(self) -> list[QRect]:
        room = self.rect().adjusted(INSET, INSET, -INSET, -INSET)
        if len(self._fields) < 2:
            return [room]
        upper, lower = QRect(room), QRect(room)
        upper.setBottom(room.top() + (room.height() - INSET) // 2)
        lower.setTop(upper.bottom() + INSET)
        return [upper, lower]

    def _paint_field(
        self, painter: QPainter, rect: QRect, icon_name: str, text: str, *, is_pointed: bool
    ) -> None:
        accent = self._theme.color("accent" if is_pointed else "focus")
        painter.setPen(QPen(accent, 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(self._theme.color("accent_soft" if is_pointed else "bg"))
        painter.drawRoundedRect(QRectF(rect), RADIUS, RADIUS)
        middle = rect.center()
        mark = icons.pixmap(icon_name, self._theme.hex("accent" if is_pointed else "mut"), ICON)
        painter.drawPixmap(middle.x() - ICON // 2, middle.y() - ICON - 8, mark)
        painter.setPen(self._theme.color("text" if is_pointed else "mut"))
        painter.setFont(self._theme.font(16, bold=True))
        where = QRect(
            rect.left() + 24, middle.y() + 8, rect.width() - 48, rect.bottom() - middle.y()
        )
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        used = painter.drawText(where, flags | Qt.TextFlag.TextWordWrap, text)
        painter.setPen(self._theme.color("mut"))
        painter.setFont(self._theme.font(13))
        painter.drawText(where.adjusted(0, used.height() + 8, 0, 0), flags, self._promise)
