"""What the user said: a bubble at the right, with its versions, Copy and Edit beside it.

A very long text is shown in part, so that a pasted book cannot stop the window.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from engine.storage.records import StoredMessage
from gui.markdown.view import SilentDocument
from gui.theme import ANSWER_LINE_HEIGHT, ANSWER_PIXELS, Theme
from gui.widgets.action_button import ActionButton
from gui.widgets.branch_switcher import BranchSwitcher

WIDEST, BESIDE, SIDE, SHORT, STEP = 560, 120, 16, 2000, 20_000


class UserView(QWidget):
    """Emits `edited` with the new text when an edit is sent."""

    edited = Signal(object, str)  # StoredMessage, text
    version_asked = Signal(int)
    document_asked = Signal(int)  # the id of one that the message came with

    def __init__(self, theme: Theme, message: StoredMessage, width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.message = message
        self._widest = min(WIDEST, width - BESIDE)
        self._shown = SHORT
        self._editor: QWidget | None = None
        self._bubble = QFrame(self)
        self._bubble.setProperty("kind", "bubble")
        self._text = PlainView(theme, self._bubble)
        self._more = QPushButton(self._bubble)
        self._more.setProperty("kind", "small")
        self._more.clicked.connect(self._on_more_clicked)
        inside = QVBoxLayout(self._bubble)
        inside.setContentsMargins(SIDE, 7, SIDE, 12)  # a line's own space is above its letters
        inside.setSpacing(4)
        if message.documents or message.uses_library:
            from gui.widgets.message_documents import MessageDocuments

            self.documents = MessageDocuments(theme, message, self._bubble)
            self.documents.opened.connect(self.document_asked)
            inside.addWidget(self.documents)
        inside.addWidget(self._text)
        inside.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._footer = self._make_footer()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 16)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._footer, 1, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(self._bubble, 0, Qt.AlignmentFlag.AlignRight)
        self._show_text()
        self.set_message(message)

    def set_message(self, message: StoredMessage) -> None:
        """The same message with other siblings."""
        self.message = message
        self._versions.show_versions(message.sibling_ids, message.id)

    def edit(self) -> None:
        """Put an editor in the bubble's place."""
        if self._editor is None:
            self._editor = Editor(self.message.content, self)
            self._editor.done.connect(self._on_editor_done)
            self._layout.insertWidget(0, self._editor)
            self._bubble.hide()
            self._footer.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        widest = min(WIDEST, max(self.width() - BESIDE, BESIDE))
        if widest != self._widest:
            self._widest = widest
            self._show_text()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._reveal(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._reveal(False)

    def _reveal(self, revealed: bool) -> None:
        self._copy.set_revealed(revealed)
        self._edit.set_revealed(revealed)

    def _show_text(self) -> None:
        content = self.message.content
        rest = len(content) - self._shown
        text = content if rest <= 0 else content[: self._shown].rstrip() + " …"
        self._text.show_text(text, self._widest - 2 * SIDE)
        self._more.setVisible(rest > 0)
        label = self.tr("Show more ({count} characters in all)")
        self._more.setText(label.format(count=f"{len(content):,}"))

    def _make_footer(self) -> QWidget:
        footer = QWidget(self)
        self._versions = BranchSwitcher(self._theme, footer)
        self._versions.chosen.connect(self.version_asked)
        self._copy = ActionButton(self._theme, self.tr("Copy"), footer, icon_name="copy")
        self._copy.clicked.connect(lambda: QApplication.clipboard().setText(self.message.content))
        self._edit = ActionButton(self._theme, self.tr("Edit"), footer, icon_name="pencil")
        self._edit.clicked.connect(self.edit)
        row = QHBoxLayout(footer)
        row.setContentsMargins(0, 10, 0, 0)
        row.setSpacing(2)
        row.addStretch(1)
        for widget in (self._versions, self._copy, self._edit):
            row.addWidget(widget)
        self._reveal(False)
        return footer

    def _on_more_clicked(self) -> None:
        self._shown += STEP
        self._show_text()

    def _on_editor_done(self, text: str) -> None:
        assert self._editor is not None
        self._editor.deleteLater()
        self._editor = None
        self._bubble.show()
        self._footer.show()
        if text and text != self.message.content:
            self.edited.emit(self.message, text)


class PlainView(QTextEdit):
    """Selectable plain text, as wide and as tall as it is."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        document = SilentDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(theme.font(ANSWER_PIXELS))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        self.setDocument(document)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAccessibleName(self.tr("Your message"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())  # the column may become narrower than this text is now

    def show_text(self, text: str, widest: int) -> None:
        document = self.document()
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.select(cursor.SelectionType.Document)
        block = cursor.blockFormat()
        fixed = int(block.LineHeightTypes.FixedHeight.value)
        block.setLineHeight(round(ANSWER_PIXELS * ANSWER_LINE_HEIGHT / 100), fixed)
        cursor.setBlockFormat(block)
        document.setTextWidth(widest)
        width = min(widest, int(document.idealWidth()) + 2)
        document.setTextWidth(width)
        self.setFixedSize(width, round(document.size().height()))

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class Editor(QFrame):
    """Emits `done` with the new text, or "" if the edit was given up."""

    done = Signal(str)

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "composer")
        self._edit = QPlainTextEdit(self)
        self._edit.setPlainText(text)
        self._edit.setAccessibleName(self.tr("Edit your message"))
        lines = min(max(text.count("\n") + 1 + len(text) // 70, 2), 10)
        self._edit.setFixedHeight(lines * 22 + 16)
        self._edit.installEventFilter(self)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setProperty("kind", "quiet")
        cancel.clicked.connect(lambda: self.done.emit(""))
        send = QPushButton(self.tr("Send as a new branch"), self)
        send.setProperty("kind", "primary")
        send.clicked.connect(lambda: self.done.emit(self._edit.toPlainText().strip()))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(send)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 10)
        column.addWidget(self._edit)
        column.addLayout(buttons)
        self._edit.moveCursor(self._edit.textCursor().MoveOperation.End)
        self._edit.setFocus()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            self.done.emit("")
            return True
        return False
