"""A chart as a picture of its own: PNG or SVG, with the document's name above it."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView

from gui.theme import Theme

WIDTH, PAD, TITLE = 960, 24, 40
SCALE = 2  # pixels of a PNG for one of the layout


def chart_picture(plot: QGraphicsView, suffix: str, title: str, height: int, theme: Theme) -> bytes:
    """The content of a file: ".svg", or else ".png" of 1920 pixels in width.

    `plot` is a hidden view made for this; it is given its size here, `height` pixels, before it is
    drawn.
    """
    size = QSize(WIDTH - 2 * PAD, height)
    whole = QSize(WIDTH, TITLE + height + PAD + PAD // 2)
    plot.resize(size)
    plot.grab()  # a hidden widget and what is in it are given their sizes when they are pictured
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if suffix == ".svg":
        generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
        generator.setOutputDevice(buffer)
        generator.setSize(whole)
        # Axes are recorded pictures, which are scaled where another resolution plays them.
        generator.setResolution(plot.logicalDpiX())
        generator.setViewBox(QRect(0, 0, whole.width(), whole.height()))
        generator.setTitle(title)
        painter = QPainter(generator)
        _paint(painter, plot, title, whole, theme)
        painter.end()
    else:
        image = QImage(whole * SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SCALE)
        painter = QPainter(image)
        _paint(painter, plot, title, whole, theme)
        painter.end()
        image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _paint(painter: QPainter, plot: QGraphicsView, title: str, whole: QSize, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRect(0, 0, whole.width(), whole.height()), theme.color("card"))
    painter.setPen(theme.color("text"))
    font = theme.font(16, bold=True)
    painter.setFont(font)
    where = QRect(PAD, PAD // 2, WIDTH - 2 * PAD, TITLE)
    shown = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideMiddle, where.width())
    painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown)
    target = QRectF(PAD, PAD // 2 + TITLE, plot.width(), plot.height())
    plot.render(painter, target, plot.rect())
