"""A card to use a model on a server: address, key, what the server answers, and which model of it.

The key is passed on when Connect is pressed and is never shown again. What a server may be told is
asked by `ServerDialog`, and remembered by `ServerSession`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.protocol import ServerLook
from engine.server_address import ServerAddress
from gui import icons
from gui.dialogs.server_dialog import ServerDialog
from gui.model_session import ModelSession
from gui.server_session import ServerSession
from gui.theme import Theme
from gui.widgets.results.column import plain_label, wrapped_label

ICON, BETWEEN, MOST_VISIBLE = 16, 8, 12


class ModelServer(QWidget):
    """`use_asked` with a server's address and a model's name; `leave_asked` to go back."""

    use_asked = Signal(str, str)
    leave_asked = Signal()

    def __init__(
        self, theme: Theme, servers: ServerSession, model: ModelSession, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme, self._servers, self._model = theme, servers, model
        self._offered: tuple[str, ...] = ()
        about = self.tr(
            "A model that runs elsewhere: vLLM, SGLang, llama.cpp's server, Ollama, LM Studio. What"
            " you write and the documents you have read are sent to it while it is in use."
        )
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("http://192.168.1.20:8000/v1")
        self.address.setAccessibleName(self.tr("Address"))
        self.key = QLineEdit(self)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setAccessibleName(self.tr("Key"))
        self.connect_button = QPushButton(self)
        self.leave = QPushButton(self.tr("Disconnect"), self)
        self.leave.setProperty("kind", "small")
        self.leave.setToolTip(self.tr("Go back to the embedded model; nothing is sent any more"))
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(self.tr("Model"))
        self.choice.setMaxVisibleItems(MOST_VISIBLE)
        self.choice.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.use = QPushButton(self.tr("Use this model"), self)
        self.use.setProperty("kind", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(12)
        column.addWidget(wrapped_label(about, self, "mut"))
        column.addLayout(self._fields())
        column.addWidget(self._status_line())
        for field in (self.address, self.key):
            field.textChanged.connect(lambda _: self._show())
            field.returnPressed.connect(self._on_connect_clicked)
        self.connect_button.clicked.connect(self._on_connect_clicked)
        self.leave.clicked.connect(self.leave_asked)
        self.choice.currentIndexChanged.connect(lambda _: self._show())
        self.use.clicked.connect(self._on_use_clicked)
        self.forget.clicked.connect(self._on_forget_clicked)
        servers.changed.connect(self._on_servers_changed)
        model.changed.connect(self._show)
        theme.changed.connect(self._show)
        if model.address is not None:
            self.address.setText(model.address.base)
        self._show()

    def status_text(self) -> str:
        """What is said of the server now: in one line, with what to do."""
        labels = [label for label in (self.status, self.hint) if label.isVisibleTo(self)]
        return " ".join(label.text() for label in labels)

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(BETWEEN)
        grid.setColumnStretch(1, 1)
        self._model_label = plain_label(self.tr("Model"), self, "mut")
        rows: tuple[tuple[QLabel, QWidget, QPushButton | None], ...] = (
            (plain_label(self.tr("Address"), self, "mut"), self.address, None),
            (plain_label(self.tr("Key"), self, "mut"), self.key, self.connect_button),
            (self._model_label, self.choice, self.use),
        )
        for number, (label, field, button) in enumerate(rows):
            label.setBuddy(field)
            grid.addWidget(label, number, 0)
            grid.addWidget(field, number, 1, 1, 1 if button else 2)
            if button is not None:
                grid.addWidget(button, number, 2)
        return grid

    def _status_line(self) -> QWidget:
        self._line = QWidget(self)
        self._mark = QLabel(self._line)
        self.status = wrapped_label("", self._line)
        self.hint = wrapped_label("", self._line, "caption")
        for label in (self.status, self.hint):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.forget = QPushButton(self.tr("Forget the key"), self._line)
        self.forget.setProperty("kind", "small")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.status)
        words.addWidget(self.hint)
        row = QHBoxLayout(self._line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignTop)
        return self._line

    # What is shown

    def _show(self) -> None:
        servers, look = self._servers, self._servers.look
        testing = self.address.text().strip() == self._address_in_use() and not self.key.text()
        self.connect_button.setText(
            self.tr("Stop")
            if servers.is_looking
            else self.tr("Test")
            if testing
            else self.tr("Connect")
        )
        self.connect_button.setEnabled(bool(self.address.text().strip()))
        self.leave.setVisible(self._model.address is not None)
        has_key = bool(servers.kept_where) or (look is not None and look.has_key)
        self.key.setPlaceholderText(
            self.tr("Kept, and not shown") if has_key else self.tr("Only if the server wants one")
        )
        self.forget.setVisible(has_key and not servers.is_looking)
        for widget in (self._model_label, self.choice, self.use):
            widget.setVisible(bool(self._offered))
        self.use.setEnabled(bool(self._offered) and not self._is_used(self.choice.currentText()))
        self._show_status()

    def _show_status(self) -> None:
        servers, look, error = self._servers, self._servers.look, self._servers.error
        if servers.is_looking:
            mark, status, hint = ("server", "mut"), self.tr("Asking the server…"), ""
        elif error is not None:
            mark, status, hint = ("circle-alert", "seal"), error.message, error.hint
        elif look is not None:
            mark, status, hint = ("check", "positive"), self._answer(look), self._where_key_is()
        elif self._model.address is not None:
            name = self._model.spec().remote_model
            in_use = self.tr("{model} is in use.").format(model=name or self.tr("Its first model"))
            mark, status, hint = ("server", "warning"), in_use, ""
        else:
            mark, status, hint = ("", ""), "", ""
        self._line.setVisible(bool(status))
        if status:
            self._mark.setPixmap(icons.pixmap(mark[0], self._theme.hex(mark[1]), ICON))
            self.status.setText(status)
            self.hint.setText(hint)
            self.hint.setVisible(bool(hint))

    def _answer(self, look: ServerLook) -> str:
        count = self.tr("%n model(s)", "", len(look.models))
        facts = [count, look.version] if look.version else [count]
        return self.tr("The server answers, in {time} ms: {facts}").format(
            time=max(1, round(1000 * look.seconds)), facts=" · ".join(facts)
        )

    def _where_key_is(self) -> str:
        return {
            "keyring": self.tr("Its key is in the system's keyring."),
            "session": self.tr(
                "This computer has no keyring: the key is kept in memory until Carrel is closed."
            ),
        }.get(self._servers.kept_where, "")

    def _address_in_use(self) -> str:
        return self._model.address.base if self._model.address else ""

    def _is_used(self, name: str) -> bool:
        look = self._servers.look
        in_use = self._model.spec().remote_model
        return look is not None and look.address == self._address_in_use() and name == in_use

    # What is asked for

    def _on_connect_clicked(self) -> None:
        if self._servers.is_looking:
            self._servers.stop()
            return
        if not self.address.text().strip():
            return
        address = self._servers.address(self.address.text())
        if address is None or not self._may_ask(address):
            return
        key = self.key.text()
        self.key.clear()
        self.address.setText(address.base)
        self._servers.look_at(address, key)

    def _may_ask(self, address: ServerAddress) -> bool:
        """The user agrees once for each server, before anything is sent to it."""
        if self._servers.is_agreed(address):
            return True
        dialog = ServerDialog(address, self)
        accepted = dialog.exec() == ServerDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            self._servers.agree(address)
        return accepted

    def _on_servers_changed(self) -> None:
        look, error = self._servers.look, self._servers.error
        offered = look.models if look is not None else ()
        if offered != self._offered:
            self._offered = offered
            self.choice.clear()
            self.choice.addItems(list(offered))
            in_use = self._model.spec().remote_model
            if in_use in offered:
                self.choice.setCurrentText(in_use)
        if error is not None and error.code == "SERVER_KEY":
            self.key.setFocus()
        self._show()
        if look is not None and len(offered) == 1 and not self._servers.is_looking:
            self._use_the_only_one(look)

    def _use_the_only_one(self, look: ServerLook) -> None:
        if not self._is_used(look.models[0]) and self._model.loading_path is None:
            self.use_asked.emit(look.address, look.models[0])

    def _on_use_clicked(self) -> None:
        if self._servers.look is not None:
            self.use_asked.emit(self._servers.look.address, self.choice.currentText())

    def _on_forget_clicked(self) -> None:
        address = self._servers.address(self.address.text())
        if address is not None:
            self._servers.forget(address)
