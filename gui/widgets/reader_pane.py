"""The middle of the text page: the legend, the document, or an invitation to bring one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.types import Document
from gui import icons
from gui.document_facts import document_facts
from gui.document_kinds import kinds_in_words
from gui.theme import Theme
from gui.widgets.document.document_view import DocumentView
from gui.widgets.invitation import Invitation
from gui.widgets.legend_bar import LegendBar
from gui.widgets.results.column import wrapped_label


class ReaderPane(QWidget):
    list_toggle_asked = Signal()
    results_toggle_asked = Signal()
    open_asked = Signal()
    paste_asked = Signal()
    again_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.legend = LegendBar(theme, self)
        self.view = DocumentView(theme, self)
        self._remarks = wrapped_label("", self, "caption")
        self._remarks.setContentsMargins(44, 0, 44, 6)
        self.changed = ChangedNote(self)
        self.changed.again_asked.connect(self.again_asked)
        self.invitation = DropInvitation(theme, self)
        self.invitation.open_asked.connect(self.open_asked)
        self.invitation.paste_asked.connect(self.paste_asked)
        self._list_toggle = self._tool(self.tr("Show or hide the documents"), "Ctrl+B")
        self._list_toggle.clicked.connect(self.list_toggle_asked)
        self._results_toggle = self._tool(self.tr("Show or hide the results"), "Ctrl+Shift+B")
        self._results_toggle.clicked.connect(self.results_toggle_asked)
        self.legend.hidden_changed.connect(self.view.hide_labels)
        head = QHBoxLayout()
        head.setContentsMargins(10, 8, 10, 0)
        head.setSpacing(8)
        head.addWidget(self._list_toggle)
        head.addWidget(self.legend, 1)
        head.addWidget(self._results_toggle)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.invitation)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.changed)
        layout.addWidget(self._remarks)
        layout.addWidget(self._stack, 1)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.show_document(None)

    def show_document(self, document: Document | None) -> None:
        self.view.set_document(document)
        self.legend.show_entries([])
        self.legend.show_about(document_facts(document) if document else "")
        self.changed.hide()
        self._remarks.setText("\n".join(document.remarks) if document else "")
        self._remarks.setVisible(bool(document and document.remarks))
        self._results_toggle.setVisible(document is not None)
        self._stack.setCurrentWidget(self.view if document else self.invitation)

    def show_changed(self, is_changed: bool) -> None:
        """Whether the file was changed since it was read."""
        self.changed.setVisible(is_changed)

    def _tool(self, name: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(18, 18))
        button.setAccessibleName(name)
        button.setToolTip(f"{name}  ({keys})")
        return button

    def _on_theme_changed(self) -> None:
        color = self._theme.hex("mut")
        self._list_toggle.setIcon(icons.icon("panel-left", color, 18))
        self._results_toggle.setIcon(icons.icon("panel-right", color, 18))


class ChangedNote(QWidget):
    """Above a text whose file is newer, quietly."""

    again_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        words = QLabel(self.tr("The file has changed on disk"), self)
        words.setProperty("kind", "caption")
        self.again = QPushButton(self.tr("Read again"), self)
        self.again.setProperty("kind", "textlink")
        self.again.setCursor(Qt.CursorShape.PointingHandCursor)
        self.again.clicked.connect(self.again_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(44, 0, 44, 6)
        row.setSpacing(4)
        row.addWidget(words)
        row.addWidget(self.again)
        row.addStretch(1)
        self.hide()


class DropInvitation(Invitation):
    """An empty desk says what to do next."""

    open_asked = Signal()
    paste_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        title = QCoreApplication.translate("DropInvitation", "Drop a document here")
        text = QCoreApplication.translate(
            "DropInvitation",
            "{kinds}. Everything is read whole, on this computer, and summarized at once; questions,"
            " moods and names are a click away.",
        ).format(kinds=kinds_in_words())
        buttons = (
            QCoreApplication.translate("DropInvitation", "Open a document…"),
            QCoreApplication.translate("DropInvitation", "Paste text"),
        )
        super().__init__(theme, "file-text", title, text, buttons, parent)
        self.open_button, self.paste_button = self.buttons
        self.open_button.clicked.connect(self.open_asked)
        self.paste_button.clicked.connect(self.paste_asked)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("focus"), 1.2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(24, 8, -24, -24), 16, 16)
