"""The line below an answer: its versions, what can be done with it, and what made it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.storage.records import MessageStatus, StoredMessage
from gui.theme import Theme
from gui.widgets.action_button import ActionButton
from gui.widgets.branch_switcher import BranchSwitcher
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip

CUT = (MessageStatus.STOPPED, MessageStatus.INTERRUPTED)


class AnswerFooter(QWidget):
    """`show_message` for an answer that has ended."""

    copy_asked = Signal()
    again_asked = Signal()
    continue_asked = Signal()
    prompt_asked = Signal()
    scores_asked = Signal()
    version_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._message: StoredMessage | None = None
        self.versions = BranchSwitcher(theme, self)
        self.versions.chosen.connect(self.version_asked)
        self.copy = ActionButton(theme, self.tr("Copy"), self, flush=True)
        self.copy.clicked.connect(self.copy_asked)
        self.again = ActionButton(theme, self.tr("Again"), self)
        self.again.clicked.connect(self.again_asked)
        self.go_on = ActionButton(theme, self.tr("Continue"), self)
        self.go_on.setToolTip(self.tr("Another version that begins with this text and goes on"))
        self.go_on.clicked.connect(self.continue_asked)
        self.more = ActionButton(
            theme, self.tr("More about this answer"), self, icon_name="ellipsis"
        )
        self.more.clicked.connect(self._on_more_clicked)
        self.about = ElidedLabel(self)
        self.about.setProperty("kind", "hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.versions, self.copy, self.again, self.go_on, self.more):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.about)

    def show_message(self, message: StoredMessage, has_failed: bool) -> None:
        self._message = message
        self.versions.show_versions(message.sibling_ids, message.id)
        made = message.made_by or {}
        cut = message.status in CUT or made.get("finish_reason") == "length"
        self.go_on.setVisible(cut and bool(message.content))
        self.copy.setVisible(bool(message.content))
        self.again.setVisible(not has_failed)
        self.more.setVisible(message.has_prompt or message.has_scores)
        self.about.setText(self._about_text(message, made))
        self.about.setToolTip(plain_tooltip(self._provenance(made)))

    def entries(self) -> list[tuple[str, Signal]]:
        """What the menu offers for this answer."""
        found: list[tuple[str, Any]] = []
        if self._message is not None and self._message.has_prompt:
            found.append((self.tr("Show prompt"), self.prompt_asked))
        if self._message is not None and self._message.has_scores:
            found.append((self.tr("Show probabilities"), self.scores_asked))
        return found

    def _on_more_clicked(self) -> None:
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        for words, signal in self.entries():
            menu.addAction(words).triggered.connect(signal)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _about_text(self, message: StoredMessage, made: dict[str, Any]) -> str:
        marks = {
            MessageStatus.STOPPED: self.tr("stopped"),
            MessageStatus.INTERRUPTED: self.tr("interrupted"),
        }
        parts = [marks.get(message.status, ""), _name(made)]
        if speed := made.get("tokens_per_second"):
            parts.append(self.tr("{speed} tokens/s").format(speed=f"{speed:,.0f}"))
        if made.get("finish_reason") == "length":
            parts.append(self.tr("cut at the longest answer allowed"))
        return " · ".join(part for part in parts if part)

    def _provenance(self, made: dict[str, Any]) -> str:
        model: dict[str, Any] = made.get("model") or {}
        usage: dict[str, Any] = made.get("usage") or {}
        lines = []
        if model:
            device = (model.get("device") or {}).get("name", "")
            lines.append(" · ".join(filter(None, (_name(made), model.get("quantization"), device))))
            lines.append(self.tr("Seed {seed}").format(seed=made.get("seed")))
        if usage:
            lines.append(
                self.tr("{prompt} tokens read, {answer} written").format(
                    prompt=f"{usage.get('prompt_tokens', 0):,}",
                    answer=f"{usage.get('completion_tokens', 0):,}",
                )
            )
        return "\n".join(lines)


def _name(made: dict[str, Any]) -> str:
    return str((made.get("model") or {}).get("name", ""))
