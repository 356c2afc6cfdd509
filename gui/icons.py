"""Icons: Lucide's line drawings (ISC licence), tinted to a theme colour at the size they are shown."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from engine.paths import RESOURCES


def icon(name: str, color: str, size: int = 20) -> QIcon:
    """The icon of `resources/icons/<name>.svg` drawn in `color` ("#RRGGBB")."""
    return QIcon(pixmap(name, color, size))


def pixmap(name: str, color: str, size: int = 20) -> QPixmap:
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    return _drawn(name, color, size, ratio)


@lru_cache(maxsize=256)
def _drawn(name: str, color: str, size: int, ratio: float) -> QPixmap:
    svg = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    # 1.6 px at 20 px is this app's line; Lucide draws 2 on a grid of 24.
    svg = svg.replace("currentColor", color).replace('stroke-width="2"', 'stroke-width="1.9"')
    drawn = QPixmap(QSize(size, size) * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn
