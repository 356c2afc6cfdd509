"""The pane at the right of the text page: a tab per text tool, its result, and what to do with it.

It shows the state it is given and asks; it knows no session.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine.storage.records import StoredRun
from engine.text_tools import TEXT_TOOLS
from engine.types import Document
from gui.result_table import has_table
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.coverage_bar import CoverageBar
from gui.widgets.quick_options import QuickOptions
from gui.widgets.result_footer import ResultFooter
from gui.widgets.results import RESULT_VIEWS
from gui.widgets.results.base import ResultView
from gui.widgets.results.column import wrapped_label
from gui.widgets.run_invitation import RunInvitation
from gui.widgets.trouble_card import TroubleCard


class ResultsPane(QFrame):
    """`run_asked` gives the options, `share_wanted` a place by how much of the text is before it; all
    others concern the current tab."""

    tab_changed = Signal(str)
    run_asked = Signal(object)  # dict
    stop_asked = Signal()
    passage_wanted = Signal(int, int, int)
    share_wanted = Signal(float)
    earlier_wanted = Signal(int)
    mark_wanted = Signal(int)
    explanation_wanted = Signal(int, str, str)
    picture_wanted = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: dict[str, ResultView] = {}
        self._shown: dict[str, tuple[Any, ...]] = {}
        self._state = RunState()
        self._documents: tuple[Document, ...] = ()
        self._wants_options = False
        self.setProperty("kind", "side")
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(self.tr("Text tools"))
        for tool in TEXT_TOOLS:
            self.tabs.addTab(QCoreApplication.translate("TextTools", tool.title))
        self.about = wrapped_label("", self, "caption")
        self.about.setContentsMargins(20, 4, 20, 4)
        self.coverage = CoverageBar(theme, self)
        self.coverage.stop_asked.connect(self.stop_asked)
        self.coverage.share_chosen.connect(self.share_wanted)
        self.quick = QuickOptions(theme, self)
        self.quick.chosen.connect(self.run_asked)
        self.trouble = TroubleCard(theme, self)
        self.invitation = RunInvitation(theme, self)
        self.invitation.run_asked.connect(self.run_asked)
        self.footer = ResultFooter(theme, self)
        self.footer.again_asked.connect(self._on_footer_again_asked)
        self.footer.options_asked.connect(self._on_footer_options_asked)
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
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tabs_row)
        layout.addWidget(self.about)
        layout.addWidget(self.coverage)
        layout.addWidget(self.quick)
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
            view.run_wanted.connect(self.run_asked)
            view.earlier_wanted.connect(self.earlier_wanted)
            self._views[tool_id] = view
            self._stack.addWidget(view)
        return self._views[tool_id]

    def takes_several(self) -> bool:
        """Whether the current text tool reads several documents together."""
        return RESULT_VIEWS[self.tool_id()].takes_several

    def shows_earlier(self) -> bool:
        """Whether earlier runs of the current text tool are shown as well."""
        return RESULT_VIEWS[self.tool_id()].starts_itself

    def show_about(self, words: str) -> None:
        """Which documents the result is about, where that is not clear by itself."""
        self.about.setText(words)
        self.about.setVisible(bool(words))

    def show_state(
        self, state: RunState, documents: tuple[Document, ...], runs: list[StoredRun]
    ) -> None:
        """Show where the current text tool is with these documents; `runs` are all that are stored."""
        had_focus = self._has_focus()
        self._show(state, documents, runs)
        if had_focus and not self._has_focus():  # what had it is gone: it must not leave the pane
            (self.coverage.stop if state.is_running else self.tabs).setFocus()

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus) and focus.isVisibleTo(self)

    def _show(
        self, state: RunState, documents: tuple[Document, ...], runs: list[StoredRun]
    ) -> None:
        if state.is_running:
            self._wants_options = False
        self._state, self._documents = state, documents
        result = state.result
        starts_itself = RESULT_VIEWS[self.tool_id()].starts_itself
        is_told = result is not None and not starts_itself  # such a view tells it in its own words
        self.coverage.setVisible(bool(documents) and (state.is_running or is_told))
        if state.is_running:
            self.coverage.show_progress(
                state.stage, state.share, result.coverage if result else None
            )
        elif result is not None:
            self.coverage.show_coverage(result.coverage)
        self.trouble.show_error(state.error)
        remarks = result.remarks if result is not None and not starts_itself else ()
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(self.remarks.text()))
        self.quick.show_values(state.options, not state.is_running)
        if documents and (result is not None or starts_itself):
            self._show_view(state, documents, runs)
        else:
            self._show_invitation()
        self.footer.show_state(state, bool(documents))

    def _show_view(
        self, state: RunState, documents: tuple[Document, ...], runs: list[StoredRun]
    ) -> None:
        view, result = self.view(), state.result
        model = state.outcome.model if state.outcome else None
        view.can_explain = state.outcome is not None and model is None
        view.options, view.documents = state.options, len(documents)
        view.show_state(state, runs)
        shown, before = (result, model, *documents), self._shown.get(self.tool_id(), ())
        # Compared by identity: results are immutable and may be long.
        is_shown = len(shown) == len(before) and all(
            a is b for a, b in zip(shown, before, strict=True)
        )
        if result is not None and not is_shown:
            self._shown[self.tool_id()] = shown
            view.show_together(result, documents, model)
        if not self._wants_options:
            self._stack.setCurrentWidget(view)
            self.quick.setVisible(bool(self.quick.buttons))

    def _place_coverage(self) -> None:
        """Above the result, or below it where a box stands at the top that must not jump."""
        starts_itself = RESULT_VIEWS[self.tool_id()].starts_itself
        self._layout.removeWidget(self.coverage)
        beside = self._stack if starts_itself else self.about
        self._layout.insertWidget(self._layout.indexOf(beside) + 1, self.coverage)

    def _show_invitation(self) -> None:
        can_go_back = self._state.result is not None
        self.invitation.show_state(self._state, len(self._documents), can_go_back)
        self._stack.setCurrentWidget(self.invitation)
        self.quick.hide()

    def _on_footer_options_asked(self) -> None:
        self._wants_options = True
        self._show_invitation()

    def _on_invitation_left(self) -> None:
        self._wants_options = False
        self._stack.setCurrentWidget(self.view())
        self.quick.setVisible(bool(self.quick.buttons))

    def _on_footer_again_asked(self) -> None:
        self.run_asked.emit(dict(self._state.options))

    def _on_tabs_current_changed(self) -> None:
        tool = TEXT_TOOLS[self.tabs.currentIndex()]
        quick, fields = RESULT_VIEWS[tool.tool_id].quick_options, dataclasses.fields(tool.Options)
        self._wants_options = False
        self._place_coverage()
        self.invitation.show_tool(tool, quick)
        self.quick.offer([f for f in fields if f.name in quick and f.metadata["choices"]])
        self.footer.offer_options(bool(fields))
        self.footer.offer_table(has_table(tool.tool_id))
        self.tab_changed.emit(self.tool_id())
