"""The pane at the right of the text page: a tab per text tool, its result, and what to do with it.

It shows the state it is given and asks; it knows no session.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine.text_tools import TEXT_TOOLS
from engine.types import Document
from gui.result_table import has_table
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.coverage_bar import CoverageBar
from gui.widgets.result_footer import ResultFooter
from gui.widgets.results import RESULT_VIEWS
from gui.widgets.results.base import ResultView
from gui.widgets.run_invitation import RunInvitation
from gui.widgets.trouble_card import TroubleCard


class ResultsPane(QFrame):
    """`run_asked` gives the options; all others concern the current tab."""

    tab_changed = Signal(str)
    run_asked = Signal(object)  # dict
    stop_asked = Signal()
    passage_wanted = Signal(int, int)
    mark_wanted = Signal(int)
    explanation_wanted = Signal(int, str, str)
    picture_wanted = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: dict[str, ResultView] = {}
        self._shown: dict[str, tuple[Any, Any, Any]] = {}
        self._state = RunState()
        self._document: Document | None = None
        self.setProperty("kind", "side")
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(self.tr("Text tools"))
        for tool in TEXT_TOOLS:
            self.tabs.addTab(QCoreApplication.translate("TextTools", tool.title))
        self.coverage = CoverageBar(self)
        self.coverage.stop_asked.connect(self.stop_asked)
        self.trouble = TroubleCard(theme, self)
        self.invitation = RunInvitation(theme, self)
        self.invitation.run_asked.connect(self.run_asked)
        self.footer = ResultFooter(theme, self)
        self.footer.again_asked.connect(self._on_footer_again_asked)
        self.footer.options_asked.connect(self._show_invitation)
        self.invitation.left.connect(self._on_invitation_left)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.invitation)
        self.remarks = QLabel(self)
        self.remarks.setTextFormat(Qt.TextFormat.PlainText)
        self.remarks.setWordWrap(True)
        self.remarks.setProperty("kind", "hint")
        self.remarks.setContentsMargins(20, 8, 20, 0)
        self.remarks.hide()
        tabs_row = QHBoxLayout()
        tabs_row.setContentsMargins(20, 12, 12, 4)
        tabs_row.addWidget(self.tabs)
        tabs_row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tabs_row)
        layout.addWidget(self.coverage)
        layout.addWidget(self.trouble)
        layout.addWidget(self.remarks)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.footer)
        self.tabs.currentChanged.connect(self._on_tabs_current_changed)
        self._on_tabs_current_changed()

    def tool_id(self) -> str:
        return TEXT_TOOLS[self.tabs.currentIndex()].tool_id

    def open_tab(self, tool_id: str) -> None:
        ids = [tool.tool_id for tool in TEXT_TOOLS]
        self.tabs.setCurrentIndex(ids.index(tool_id))

    def view(self, tool_id: str | None = None) -> ResultView:
        """The view of a text tool, built when it is first needed."""
        tool_id = tool_id or self.tool_id()
        if tool_id not in self._views:
            view = RESULT_VIEWS[tool_id](self._theme, self._stack)
            view.passage_wanted.connect(self.passage_wanted)
            view.mark_wanted.connect(self.mark_wanted)
            view.explanation_wanted.connect(self.explanation_wanted)
            view.picture_wanted.connect(self.picture_wanted)
            self._views[tool_id] = view
            self._stack.addWidget(view)
        return self._views[tool_id]

    def show_state(self, state: RunState, document: Document | None) -> None:
        """Show where the current text tool is with a document."""
        self._state, self._document = state, document
        result = state.result
        has_document = document is not None
        self.coverage.setVisible(has_document and (state.is_running or result is not None))
        if state.is_running:
            self.coverage.show_progress(
                state.stage, state.share, result.coverage if result else None
            )
        elif result is not None:
            self.coverage.show_coverage(result.coverage)
        self.trouble.show_error(state.error)
        self.remarks.setText("\n".join(result.remarks) if result is not None else "")
        self.remarks.setVisible(bool(self.remarks.text()))
        if result is not None and document is not None:
            view = self.view()
            model = state.outcome.model if state.outcome else None
            view.can_explain = state.outcome is not None and model is None
            shown, before = (result, document, model), self._shown.get(self.tool_id())
            # Compared by identity: results are immutable and may be long.
            if before is None or any(a is not b for a, b in zip(shown, before, strict=True)):
                self._shown[self.tool_id()] = shown
                view.show_result(*shown)
            self._stack.setCurrentWidget(view)
        else:
            self._show_invitation()
        self.footer.show_state(state, has_document)

    def _show_invitation(self) -> None:
        self.invitation.show_state(self._state, self._document is not None)
        self._stack.setCurrentWidget(self.invitation)

    def _on_invitation_left(self) -> None:
        self._stack.setCurrentWidget(self.view())

    def _on_footer_again_asked(self) -> None:
        self.run_asked.emit(dict(self._state.options))

    def _on_tabs_current_changed(self) -> None:
        tool = TEXT_TOOLS[self.tabs.currentIndex()]
        self.invitation.show_tool(tool)
        self.footer.offer_options(bool(dataclasses.fields(tool.Options)))
        self.footer.offer_table(has_table(tool.tool_id))
        self.tab_changed.emit(self.tool_id())
