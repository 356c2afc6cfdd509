"""A form made from a dataclass of options: one row per field, with what the field says of itself.

Used by the settings page and for the options of text tools. Labels and help are translated in the
context "options". The widgets cannot hold what a field forbids; a text that its check refuses is
not told, and a remark below it says why.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.errors import BadRequestError
from engine.options import CHANGED, checked
from engine.setting_texts import UnreadableTextError
from gui.widgets.switch import Switch

Field = dataclasses.Field[Any]
FIELD_WIDTH, WIDEST, NUMBER_WIDTH, FIELD_HEIGHT, TEXT_HEIGHT = 220, 300, 132, 34, 88
TYPING_PAUSE = 600  # milliseconds
WIDEST_LINE = 16_777_215  # Qt's own "as wide as there is room"
MOST = 2**31 - 1


def translated(text: str) -> str:
    return QCoreApplication.translate("options", text) if text else ""


class Form(QWidget):
    """`changed(name, value)` for each change a person makes; `set_values` is silent.

    In a `stacked` one, for narrow places, what needs much room stands below its words.
    """

    changed = Signal(str, object)

    def __init__(
        self,
        fields: Sequence[Field],
        values: Mapping[str, Any],
        parent: QWidget,
        *,
        stacked: bool = False,
    ) -> None:
        super().__init__(parent)
        self._stacked = stacked
        self._fields = {field.name: field for field in fields}
        self._editors: dict[str, QWidget] = {}
        self._rows: dict[str, QWidget] = {}
        self._remarks: dict[str, QLabel] = {}
        self._known: dict[str, Any] = {}  # what was set or told last
        self._is_setting = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for number, field in enumerate(fields):
            column.addWidget(self._row(field, is_first=not number))
        self.set_values(values)
        self._show_rows()

    def values(self) -> dict[str, Any]:
        return {name: _read(editor) for name, editor in self._editors.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        self._is_setting = True
        try:
            for name, editor in self._editors.items():
                # An old value leaves what is being typed, or was refused, where it is.
                if name not in values or (
                    name in self._known and values[name] == self._known[name]
                ):
                    continue
                self._known[name] = values[name]
                if _read(editor) != values[name]:
                    _write(editor, values[name])
                self._say(name, "")
        finally:
            self._is_setting = False
        self._show_rows()

    def remark(self, name: str) -> str:
        """Why what stands in a field cannot be used; "" if it can."""
        return self._remarks[name].text() if name in self._remarks else ""

    def editor(self, name: str) -> QWidget:
        return self._editors[name]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scrolling a page must not turn the numbers it passes over."""
        is_wheel = event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget)
        if is_wheel and not watched.hasFocus():  # type: ignore[attr-defined]
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _row(self, field: Field, is_first: bool) -> QWidget:
        row = self._rows[field.name] = QWidget(self)
        editor = self._make_editor(field, row)
        editor.setAccessibleName(translated(field.metadata["label"]))
        editor.setAccessibleDescription(translated(field.metadata["help"]))
        self._editors[field.name] = editor
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(_label(translated(field.metadata["label"]), "", row))
        if field.metadata["help"]:
            words.addWidget(_label(translated(field.metadata["help"]), "hint", row))
        whole = QVBoxLayout(row)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if not is_first:
            whole.addWidget(hairline(row))
        is_wide = isinstance(editor, QLineEdit) or (
            isinstance(editor, QComboBox) and editor.sizeHint().width() > FIELD_WIDTH
        )
        if is_wide and self._stacked:
            editor.setMinimumWidth(0)
            editor.setMaximumWidth(WIDEST_LINE)
        if field.metadata["multiline"] or (is_wide and self._stacked):
            block = QVBoxLayout()
            block.setContentsMargins(0, 12, 0, 16)
            block.setSpacing(8)
            block.addLayout(words)
            block.addWidget(editor)
            if field.metadata["check"] is not None:
                remark = self._remarks[field.name] = _label("", "warning", row)
                remark.hide()
                block.addWidget(remark)
            whole.addLayout(block)
            return row
        line = QHBoxLayout()
        line.setContentsMargins(0, 12, 0, 12)
        line.setSpacing(16)
        line.addLayout(words, 1)
        line.addWidget(editor, 0, Qt.AlignmentFlag.AlignVCenter)
        whole.addLayout(line)
        return row

    def _make_editor(self, field: Field, parent: QWidget) -> QWidget:
        meta, default = field.metadata, field.default
        if meta["choices"]:
            choice = QComboBox(parent)
            for value, label in meta["choices"]:
                choice.addItem(translated(label), value)
            choice.currentIndexChanged.connect(lambda _: self._tell(field.name))
            choice.installEventFilter(self)
            width = min(max(FIELD_WIDTH, choice.sizeHint().width()), WIDEST)
            choice.setFixedSize(width, FIELD_HEIGHT)
            return choice
        if isinstance(default, bool):
            box = Switch(parent)
            box.toggled.connect(lambda _: self._tell(field.name))
            return box
        if isinstance(default, (int, float)):
            return self._make_number(field, parent)
        if meta["multiline"]:
            text = QPlainTextEdit(parent)
            text.setProperty("kind", "field")
            text.setTabChangesFocus(True)
            text.setFixedHeight(TEXT_HEIGHT)
            if meta["code"]:
                text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
            pause = QTimer(text, singleShot=True, interval=TYPING_PAUSE)
            pause.timeout.connect(lambda: self._tell(field.name))
            text.textChanged.connect(lambda: None if self._is_setting else pause.start())
            return text
        line = QLineEdit(parent)
        line.setFixedWidth(FIELD_WIDTH)
        line.editingFinished.connect(lambda: self._tell(field.name))
        return line

    def _make_number(self, field: Field, parent: QWidget) -> QWidget:
        meta = field.metadata
        number: QSpinBox | QDoubleSpinBox
        if isinstance(field.default, float):
            number = QDoubleSpinBox(parent)
            number.setDecimals(2)
            number.setRange(meta["minimum"] or 0.0, meta["maximum"] or 1e9)
            number.setSingleStep(meta["step"] or 0.1)
        else:
            number = QSpinBox(parent)
            number.setRange(int(meta["minimum"] or 0), int(min(meta["maximum"] or MOST, MOST)))
            number.setSingleStep(int(meta["step"] or 1))
        if meta["special"]:
            number.setSpecialValueText(translated(meta["special"]))
        number.setKeyboardTracking(False)
        number.lineEdit().setTextMargins(8, 0, 8, 0)  # which the style sheet does not reach
        number.setFixedSize(NUMBER_WIDTH, FIELD_HEIGHT)
        number.installEventFilter(self)
        number.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        number.valueChanged.connect(lambda _: self._tell(field.name))
        return number

    def _tell(self, name: str) -> None:
        if self._is_setting:
            return
        value = _read(self._editors[name])
        try:
            checked(self._fields[name], value)
        except BadRequestError as error:
            words = error.message
            if isinstance(error, UnreadableTextError):
                words = translated(error.template).format(**error.values)
            self._say(name, f"{words} " + self.tr("What was there before stays in use."))
            return
        self._known[name] = value
        self._say(name, "")
        self._show_rows()
        self.changed.emit(name, value)

    def _say(self, name: str, remark: str) -> None:
        if name in self._remarks:
            self._remarks[name].setText(remark)
            self._remarks[name].setVisible(bool(remark))

    def _show_rows(self) -> None:
        """Rows that matter only with another field's value come and go with it."""
        for name, field in self._fields.items():
            if (condition := field.metadata["shown_when"]) is not None:
                other, wanted = condition
                value = _read(self._editors[other])
                is_met = (
                    value != self._fields[other].default if wanted is CHANGED else value == wanted
                )
                self._rows[name].setVisible(is_met)


def _read(editor: QWidget) -> Any:
    match editor:
        case QComboBox():
            return editor.currentData()
        case QCheckBox():
            return editor.isChecked()
        case QDoubleSpinBox():
            return round(editor.value(), 4)
        case QSpinBox():
            return editor.value()
        case QPlainTextEdit():
            return editor.toPlainText()
        case QLineEdit():
            return editor.text()
    raise TypeError(f"no form has a {type(editor).__name__}")


def _write(editor: QWidget, value: Any) -> None:
    match editor:
        case QComboBox():
            editor.setCurrentIndex(max(0, editor.findData(value)))
        case QCheckBox():
            editor.setChecked(value)
        case QSpinBox() | QDoubleSpinBox():
            editor.setValue(value)
        case QPlainTextEdit():
            editor.setPlainText(value)
        case QLineEdit():
            editor.setText(value)


def _label(text: str, kind: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("kind", kind)
    return label


def hairline(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFixedHeight(1)
    line.setProperty("kind", "hairline")
    return line
