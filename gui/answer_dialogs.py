"""What can be looked at in a window of its own: an answer's prompt and probabilities, and a link.

The dialogs are imported when they are first opened; what they show is read from storage then.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.storage.records import StoredMessage
from engine.types import TokenScore
from gui.services import Services


class AnswerDialogs(QObject):
    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._parent = parent

    def show_prompt(self, message: StoredMessage) -> None:
        storage, theme = self._services.storage, self._services.theme

        def show(prompt: str | None) -> None:
            from gui.dialogs.prompt_dialog import PromptDialog

            PromptDialog(theme, prompt or "", message, self._parent).open()

        self._services.background.run(self, lambda: storage.conversations.prompt(message.id)).then(
            show, self._services.notifications.show_error
        )

    def show_scores(self, message: StoredMessage) -> None:
        storage, theme = self._services.storage, self._services.theme

        def show(scores: tuple[TokenScore, ...]) -> None:
            from gui.dialogs.probabilities_dialog import ProbabilitiesDialog

            ProbabilitiesDialog(theme, scores, message.content, self._parent).open()

        self._services.background.run(self, lambda: storage.conversations.scores(message.id)).then(
            show, self._services.notifications.show_error
        )

    def ask_link(self, address: str) -> None:
        from gui.dialogs.link_dialog import LinkDialog

        LinkDialog(address, self._parent).open()
