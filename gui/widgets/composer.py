"""Where a message is written. Enter sends, Shift+Enter breaks the line, Up recalls, Esc stops.

A very large paste is kept beside the text, not in it, so that the window stays quick; it is sent
along, attached, or read as a document. Documents that go with the message stand in a tray above it.
Nothing is cleared here before the page says that it is stored.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.text import clean_text
from gui import icons
from gui.theme import ANSWER_PIXELS, Theme
from gui.widgets.paste_chip import PasteChip

if TYPE_CHECKING:
    from gui.widgets.document_tray import DocumentTray

MOST_LINES, LARGE_PASTE, LONG_LINE = 8, 100_000, 20_000
BUTTON = 34


class Composer(QFrame):
    """`text()` is all that will be sent, a large paste included."""

    send_asked = Signal(str)
    stop_asked = Signal()
    recall_asked = Signal()
    document_offered = Signal(str)  # a large paste that is to be read as a document
    characters_replaced = Signal(int)  # so many of a paste could not be kept
    attach_asked = Signal()
    files_pasted = Signal(object)  # list[Path]
    paste_attached = Signal(str)  # a large paste that is to be a document of the message

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._busy = False
        self._usage = self._waiting = ""
        self.setProperty("kind", "composer")
        self.edit = ComposerEdit(theme, self)
        self.edit.submitted.connect(self._on_edit_submitted)
        self.edit.recall_asked.connect(self.recall_asked)
        self.edit.stop_asked.connect(self.stop_asked)
        self.edit.focused.connect(self._on_edit_focused)
        self.edit.textChanged.connect(self._update_button)
        self.edit.large_paste.connect(self._on_edit_large_paste)
        self.edit.characters_replaced.connect(self.characters_replaced)
        self.paste = PasteChip(theme, self)
        self.paste.removed.connect(self._update_button)
        self.paste.document_asked.connect(lambda: self.document_offered.emit(self.paste.text()))
        self.paste.attach_asked.connect(lambda: self.paste_attached.emit(self.paste.text()))
        self.edit.files_pasted.connect(self.files_pasted)
        self._tray: DocumentTray | None = None
        self.attach = QToolButton(self)
        self.attach.setIconSize(QSize(18, 18))
        self.attach.setAccessibleName(self.tr("Attach documents"))
        self.attach.setToolTip(self.tr("Attach documents  (Ctrl+O)"))
        self.attach.clicked.connect(self.attach_asked)
        self.library = QPushButton(" " + self.tr("Library"), self)  # some air after the icon
        self.library.setProperty("kind", "toggle")
        self.library.setCheckable(True)
        self.library.setCursor(Qt.CursorShape.PointingHandCursor)
        self._note = QLabel(self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setProperty("kind", "hint")
        self._button = QToolButton(self)
        self._button.setProperty("kind", "send")
        self._button.setFixedSize(BUTTON, BUTTON)
        self._button.setIconSize(QSize(18, 18))
        self._button.clicked.connect(self._on_button_clicked)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self.attach, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.library, 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 10, 10)
        column.setSpacing(6)
        column.addWidget(self.paste)
        column.setAlignment(self.paste, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.edit)
        column.addLayout(foot)
        self._update_button()
        theme.changed.connect(self._update_button)
        self.library.toggled.connect(self._update_button)

    @property
    def tray(self) -> DocumentTray:
        """Built with the first document."""
        if self._tray is None:
            from gui.widgets.document_tray import DocumentTray

            self._tray = DocumentTray(self._theme, self)
            self._column.insertWidget(0, self._tray)
        return self._tray

    def has_tray(self) -> bool:
        return self._tray is not None

    def text(self) -> str:
        typed = self.edit.toPlainText()
        if not self.paste.text():
            return typed
        return f"{typed}\n\n{self.paste.text()}" if typed.strip() else self.paste.text()

    def set_text(self, text: str) -> None:
        """Put `text` there, as a paste beside it if it is very large."""
        self.paste.clear()
        if is_large(text):
            self.edit.clear()
            self.paste.hold(text)
        else:
            self.edit.setPlainText(text)
            self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self._update_button()

    def clear(self) -> None:
        self.edit.clear()
        self.paste.clear()
        self._update_button()

    def take_away(self, sent: str) -> None:
        """`sent` is safe; what was typed since stays."""
        if self.text() == sent:
            self.clear()
        elif self.edit.toPlainText().startswith(sent):
            self.set_text(self.edit.toPlainText()[len(sent) :].lstrip())

    def set_busy(self, busy: bool) -> None:
        """While an answer is written the button stops it; typing goes on."""
        self._busy = busy
        self._update_button()

    def set_note(self, text: str) -> None:
        """A quiet line beside the button: how full the context is."""
        self._usage = text
        self._note.setText(self._waiting or text)

    def set_waiting(self, text: str) -> None:
        """What the message waits for, in the note's place; "" if for nothing."""
        self._waiting = text
        self._note.setText(text or self._usage)

    def show_attached(self, attached: bool) -> None:
        """Whether documents go along: what is to be typed says so."""
        self.edit.setPlaceholderText(
            self.tr("Ask about the documents…") if attached else self.edit.invitation
        )

    def _update_button(self) -> None:
        self.attach.setIcon(icons.icon("paperclip", self._theme.hex("mut"), 18))
        shade = "accent" if self.library.isChecked() else "mut"
        shade = shade if self.library.isEnabled() else "hint"
        self.library.setIcon(icons.icon("library-big", self._theme.hex(shade), 14))
        name = self.tr("Stop") if self._busy else self.tr("Send")
        enabled = self._busy or bool(self.paste.text()) or not self.edit.document().isEmpty()
        self._button.setEnabled(enabled)
        self._button.setAccessibleName(name)
        self._button.setToolTip(f"{name}  ({'Esc' if self._busy else 'Enter'})")
        token = "on_accent" if enabled else "hint"
        icon_name = "stop" if self._busy else "arrow-up"
        self._button.setIcon(icons.icon(icon_name, self._theme.hex(token), 18))

    def _on_button_clicked(self) -> None:
        if self._busy:
            self.stop_asked.emit()
        else:
            self._on_edit_submitted()
        self.edit.setFocus()

    def _on_edit_submitted(self) -> None:
        text = self.text()
        if text.strip() and not self._busy:
            self.send_asked.emit(text)

    def _on_edit_large_paste(self, text: str) -> None:
        self.paste.hold(text)
        self._update_button()

    def _on_edit_focused(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)


class ComposerEdit(QPlainTextEdit):
    """Grows with its lines up to a limit."""

    submitted = Signal()
    recall_asked = Signal()
    stop_asked = Signal()
    focused = Signal(bool)
    large_paste = Signal(str)
    characters_replaced = Signal(int)
    files_pasted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._composing = False
        self.setProperty("kind", "bare")
        self.setFont(theme.font(ANSWER_PIXELS))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.invitation = self.tr("Ask, or drop a document anywhere…")
        self.setPlaceholderText(self.invitation)
        self.setAccessibleName(self.tr("Message"))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            # Enter while an input method composes picks a candidate: it never sends.
            if not self._composing:
                self.submitted.emit()
            return
        if key == Qt.Key.Key_Up and plain and self.document().isEmpty():
            self.recall_asked.emit()
            return
        if key == Qt.Key.Key_Escape:
            self.stop_asked.emit()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False
        self.focused.emit(False)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files that are dropped are the window's to take; pasted ones come in all the same."""
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasUrls() and (files := _files(source)):
            self.files_pasted.emit(files)
            return
        text, replaced = clean_text(source.text())
        if replaced:
            self.characters_replaced.emit(replaced)
        if is_large(text):
            self.large_paste.emit(text)
        else:
            self.textCursor().insertText(text)
            self.ensureCursorVisible()

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        # A plain text document's height is counted in lines.
        lines = max(1, round(self.document().size().height()))
        height = min(lines, MOST_LINES) * self.fontMetrics().lineSpacing() + 6
        self.setFixedHeight(height)
        always, never = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(always if lines > MOST_LINES else never)


def _files(source: QMimeData) -> list[Path]:
    """Those of the clipboard, if all that is on it are files of this computer."""
    paths = [Path(url.toLocalFile()) for url in source.urls()]
    return paths if all(path.name and path.exists() for path in paths) else []


def is_large(text: str) -> bool:
    """Too much for a text box to stay quick: very long, or a very long line."""
    if len(text) <= LONG_LINE:
        return False
    return len(text) > LARGE_PASTE or max(map(len, text.split("\n"))) > LONG_LINE
