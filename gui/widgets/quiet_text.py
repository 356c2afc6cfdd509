"""Plain text in the secondary colour, as tall as it is, that can be selected and may still grow."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QTextCursor, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from gui.markdown.view import SilentDocument
from gui.theme import Theme

PIXELS, LINE_HEIGHT = 13, 20


class QuietText(QTextEdit):
    """A thin line stands at its left, so that nobody takes it for the answer."""

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "aside")
        document = SilentDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(theme.font(PIXELS))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        self.setDocument(document)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        for set_policy in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            set_policy(self.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(self.contextMenuPolicy().NoContextMenu)
        self.setAccessibleName(name)
        self.setFixedHeight(1)
        cursor = QTextCursor(document)
        block = cursor.blockFormat()
        block.setLineHeight(LINE_HEIGHT, int(block.LineHeightTypes.FixedHeight.value))
        cursor.setBlockFormat(block)
        document.documentLayout().documentSizeChanged.connect(self._on_size_changed)

    def add_text(self, text: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)

    def show_text(self, text: str) -> None:
        if text != self.toPlainText():
            cursor = QTextCursor(self.document())
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the transcript scrolls

    def _on_size_changed(self) -> None:
        height = max(1, round(self.document().size().height()))
        if height != self.height():
            self.setFixedHeight(height)
