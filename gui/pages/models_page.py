"""The models page: what answers now, on which device and why; another file; what is inside."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from engine.types import ModelInfo
from gui.services import Page, Services
from gui.widgets.page_column import PageColumn

TEMPLATE_HEIGHT = 200


class ModelsPage(Page):
    page_id = "models"
    icon_name = "box"

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._model = services.model
        self.column = PageColumn(self.tr("Models"), self)
        self._add_state()
        self._add_buttons()
        self._facts = QWidget(self)
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 12, 0, 12)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.column.add_card(self.tr("The model that answers"), self._facts)
        self._add_inside()
        self._model.changed.connect(self._on_model_changed)
        self._on_model_changed()

    @staticmethod
    def page_title() -> str:
        return QCoreApplication.translate("ModelsPage", "Models")

    def focus_first(self) -> None:
        self.open_button.setFocus()

    def accept_files(self, paths: list[Path]) -> bool:
        models = [path for path in paths if path.suffix.lower() == ".gguf"]
        if models:
            self._model.load(str(models[0]))
        return bool(models)

    def _add_state(self) -> None:
        self.state = self.column.text("", self, kind="mut")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.column.add(self.state)
        self.column.add(self.bar)

    def _add_buttons(self) -> None:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 4, 0, 0)
        self.open_button = QPushButton(self.tr("Open a GGUF…"), row)
        self.open_button.setProperty("kind", "primary")
        self.open_button.clicked.connect(self._on_open_button_clicked)
        self.embedded_button = QPushButton(self.tr("Use the embedded model"), row)
        self.embedded_button.clicked.connect(lambda: self._model.load(None))
        line.addWidget(self.open_button)
        line.addWidget(self.embedded_button)
        line.addStretch(1)
        self.column.add(row)

    def _add_inside(self) -> None:
        inside = QWidget(self)
        self.template_button = QPushButton(self.tr("Show"), inside)
        self.metadata_button = QPushButton(self.tr("Show"), inside)
        rows: list[QWidget] = []
        for button, about in (
            (
                self.template_button,
                self.tr("Chat template: how a conversation is written down for this model"),
            ),
            (self.metadata_button, self.tr("Metadata: what the file says of itself")),
        ):
            button.setProperty("kind", "link")
            button.setCheckable(True)
            text = QPlainTextEdit(inside)
            text.setReadOnly(True)
            text.setTabChangesFocus(True)
            text.setFont(self.services.theme.code_font())
            text.setFixedHeight(TEMPLATE_HEIGHT)
            text.setProperty("kind", "field")
            text.setAccessibleName(about)
            button.setAccessibleName(f"{button.text()}: {about}")
            text.hide()
            button.toggled.connect(text.setVisible)
            line = QWidget(inside)
            both = QHBoxLayout(line)
            both.setContentsMargins(0, 0, 0, 0)
            both.addWidget(self.column.text(about, line), 1)
            both.addWidget(button)
            rows += [line, text]
        self.template, self.metadata = rows[1], rows[3]
        self.column.fill(inside, rows)
        self.column.add_card(self.tr("Inside the file"), inside)

    def _on_model_changed(self) -> None:
        model = self._model
        self.bar.setVisible(model.state == "loading")
        self.bar.setRange(0, 0 if model.progress is None else 1000)
        self.bar.setValue(round(1000 * (model.progress or 0.0)))
        self.state.setText(self._state_text())
        self.state.setVisible(bool(self.state.text()))
        if model.info is not None:
            self._show_facts(model.info)
            self.embedded_button.setEnabled(not model.info.embedded or model.state != "ready")
            self.template.setPlainText(model.info.chat_template)  # type: ignore[attr-defined]
            lines = (f"{key} = {value}" for key, value in sorted(model.info.metadata.items()))
            self.metadata.setPlainText("\n".join(lines))  # type: ignore[attr-defined]

    def _state_text(self) -> str:
        model = self._model
        if model.state == "starting":
            return self.tr("The engine is starting…")
        if model.state == "loading":
            name = Path(model.loading_path or "").name or self.tr("the embedded model")
            return self.tr("Loading {name}…").format(name=name)
        if model.error is not None:
            return model.error.one_line()
        if model.info is not None and model.info.is_small():
            return self.tr(
                "This model is small: it answers at once, on any computer, and it is often wrong. "
                "A model of 4 to 8 billion parameters writes far better; any GGUF file will do."
            )
        return ""

    def _show_facts(self, info: ModelInfo) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        device = info.device
        where = f"{device.label()}, {device.name}" if device.name else device.label()
        facts = (
            (self.tr("Name"), info.name),
            (self.tr("Runs on"), where),
            (self.tr("Why"), device.reason),
            (self.tr("Quantization"), info.quantization),
            (self.tr("Parameters"), f"{info.parameter_count / 1e6:,.0f} M"),
            (
                self.tr("Context"),
                self.tr("{now:,} of {most:,} tokens").format(now=info.n_ctx, most=info.n_ctx_train),
            ),
            (self.tr("Architecture"), info.architecture),
            (self.tr("Size"), f"{info.size_bytes / 1e6:,.0f} MB"),
            (self.tr("File"), info.path),
            ("SHA-256", info.sha256),
            (self.tr("Engine"), info.engine_version),
        )
        for row, (name, value) in enumerate(facts):
            title = QLabel(name, self._facts)
            title.setProperty("kind", "mut")
            self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._value(value), row, 1)
        copy = QPushButton(self.tr("Copy SHA-256"), self._facts)
        copy.setProperty("kind", "quiet")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(info.sha256))
        self._grid.addWidget(copy, len(facts), 1, Qt.AlignmentFlag.AlignLeft)

    def _value(self, text: str) -> QWidget:
        """A text that can be copied; what has no place to break, such as a path, is scrolled."""
        if len(text) < 60 or " " in text:
            return self.column.text(text, self._facts, selectable=True)
        line = QLineEdit(text, self._facts)
        line.setProperty("kind", "value")
        line.setReadOnly(True)
        line.setCursorPosition(0)
        return line

    def _on_open_button_clicked(self) -> None:
        chosen = self.services.settings.current.model_path
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Open a model"),
            str(Path(chosen).parent) if chosen else "",
            self.tr("Models (*.gguf)"),
        )
        if path:
            self._model.load(path)
