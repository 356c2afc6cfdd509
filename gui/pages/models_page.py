"""The models page: what answers now, on which device and why; another model; what is in the file.

It only joins its parts; loading is `ModelSession`'s.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from engine.server_address import is_address
from gui.recent_models import RecentModels, entry_of, parts_of
from gui.services import Page, Services
from gui.widgets.model_details import ModelDetails
from gui.widgets.model_list import ModelList
from gui.widgets.model_progress import ModelProgress
from gui.widgets.model_server import ModelServer
from gui.widgets.model_summary import ModelSummary
from gui.widgets.page_column import PageColumn
from gui.widgets.trouble_card import TroubleCard


class ModelsPage(Page):
    page_id = "models"

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._model = services.model
        self._recent = RecentModels(self)
        column = PageColumn(QCoreApplication.translate("Pages", "Models"), self)
        self.folder_button = QPushButton(self.tr("Open a folder…"), self)
        self.folder_button.setToolTip(self.tr("A model of safetensors, with its config.json"))
        self.folder_button.clicked.connect(self._on_folder_button_clicked)
        self.open_button = QPushButton(self.tr("Open a file…"), self)
        self.open_button.setProperty("kind", "primary")
        self.open_button.setToolTip(self.tr("A GGUF model; you can also drop it on the window"))
        self.open_button.clicked.connect(self._on_open_button_clicked)
        column.add_action(self.folder_button)
        column.add_action(self.open_button)
        self.trouble = TroubleCard(services.theme, self)
        self.trouble.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.progress = ModelProgress(self)
        self.progress.stop_asked.connect(self._model.stop)
        self.summary = ModelSummary(services.theme, self)
        self.none = column.text(self.tr("No model is loaded. Choose one:"), self, kind="mut")
        for widget in (self.trouble, self.progress, self.summary, self.none):
            column.add(widget)
        self.list = ModelList(services.theme, self)
        self.list.use_asked.connect(self._on_list_use_asked)
        self.list.forget_asked.connect(self._recent.forget)
        column.add_card(self.tr("Ready to use"), self.list)
        self.server = ModelServer(services.theme, services.servers, self._model, self)
        self.server.use_asked.connect(self._model.load)
        self.server.leave_asked.connect(self._on_server_leave_asked)
        column.add_card(self.tr("Use a server"), self.server)
        self.details = ModelDetails(services.theme, self)
        self._file = column.add_card(self.tr("The file"), self.details)
        self._model.changed.connect(self._on_model_changed)
        self._recent.changed.connect(self._on_model_changed)
        self._on_model_changed()

    def focus_first(self) -> None:
        self.open_button.setFocus()

    def accept_files(self, paths: list[Path]) -> bool:
        models = [path for path in paths if path.suffix.lower() == ".gguf"]
        if models:
            self._model.load(str(models[0]))
        return bool(models)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops the loading."""
        if event.key() == Qt.Key.Key_Escape:
            self._model.stop()
        else:
            super().keyPressEvent(event)

    def _on_model_changed(self) -> None:
        model = self._model
        info = model.info
        if info is not None and not info.embedded and model.state == "ready":
            self._recent.add(entry_of(info.path, model.remote_model))
        self.trouble.show_error(model.error)
        self.progress.show_state(model)
        self.summary.show_model(info)
        self.none.setVisible(info is None and model.state == "failed")
        self._file.setVisible(info is not None and not info.remote)
        in_use = loading = None
        if info is not None:
            self.details.show_model(info)
            in_use = "" if info.embedded else entry_of(info.path, model.remote_model)
        if model.loading_path is not None:
            loading = entry_of(model.loading_path, model.loading_remote_model)
        self.list.show_models(self._recent.paths(), in_use, loading)

    def _on_list_use_asked(self, entry: str) -> None:
        path, remote_model = parts_of(entry)
        self._model.load(path or None, remote_model)

    def _on_server_leave_asked(self) -> None:
        self.services.servers.clear()
        self._model.load(None)

    def _on_open_button_clicked(self) -> None:
        models = self.tr("Models (*.gguf)")
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a model"), self._last_folder(), models
        )
        if path:
            self._model.load(path)

    def _on_folder_button_clicked(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Open a model"), self._last_folder())
        if path:
            self._model.load(path)

    def _last_folder(self) -> str:
        chosen = self.services.settings.current.model_path
        return str(Path(chosen).parent) if chosen and not is_address(chosen) else ""
