"""The messages of a conversation, one below the other, in a readable column.

Message views are built in slices from the newest upwards, and older ones only when they come near,
so that opening a long conversation never stops the window. It sticks to the end while an answer
grows, unless the user scrolled up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from engine.storage.records import StoredMessage
from engine.types import Role
from gui import icons
from gui.conversation_text import ContextCut
from gui.running_reply import RunningReply
from gui.theme import ANSWER_COLUMN, Theme
from gui.widgets.answer_view import AnswerView
from gui.widgets.context_divider import ContextDivider
from gui.widgets.slow_deletion import SlowDeletion
from gui.widgets.user_view import UserView

MessageView = AnswerView | UserView
SIDE, TOP, NEAR_END, BAR = 28, 24, 24, 10
BUDGET = 0.008  # seconds of building in one turn of the event loop
AHEAD = 3  # screens that are built beyond the visible one


class Transcript(QScrollArea):
    """`show_branch` replaces or updates; `follow` shows an answer while it is written."""

    again_asked = Signal(object)
    continue_asked = Signal(object)
    prompt_asked = Signal(object)
    scores_asked = Signal(object)
    edited = Signal(object, str)
    version_asked = Signal(int)
    link_clicked = Signal(str)
    given_wanted = Signal(object)
    place_wanted = Signal(object, int, int, int)
    document_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: list[MessageView] = []
        self._unbuilt: list[StoredMessage] = []  # older than the first view
        self._cut: ContextCut | None = None
        self._divider: ContextDivider | None = None
        self._stick, self._adjusting, self._building, self._from_end = True, False, False, 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Conversation"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build_timer = QTimer(self, singleShot=True, interval=0)
        self._leaving = SlowDeletion((AnswerView, UserView), self)
        self._build_timer.timeout.connect(self._on_build_timer_timeout)
        self._down = QToolButton(self)
        self._down.setProperty("kind", "floating")
        self._down.setFixedSize(QSize(36, 36))
        self._down.setAccessibleName(self.tr("Go to the end"))
        self._down.setToolTip(self.tr("Go to the end"))
        self._down.clicked.connect(self.go_to_end)
        self._down.hide()
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._on_bar_value_changed)
        bar.rangeChanged.connect(self._on_bar_range_changed)
        self._holder: QWidget | None = None
        self._make_body()
        self._new_column()
        self._on_theme_changed()
        theme.changed.connect(self._on_theme_changed)

    def open_branch(self, branch: list[StoredMessage]) -> None:
        """Show another conversation, from its end."""
        self._views, self._unbuilt = [], list(branch)
        self._stick = True
        self._new_column()
        self._build()

    def show_branch(self, branch: list[StoredMessage]) -> None:
        """The same conversation, changed: what is still there stays as it is."""
        known = {view.message.id: view for view in self._views}
        first = next((i for i, m in enumerate(branch) if m.id in known), None)
        if first is None:
            self.open_branch(branch)
            return
        self._unbuilt = branch[:first]
        kept: list[MessageView] = []
        same = True
        for message in branch[first:]:
            view = known.get(message.id) if same else None
            same = view is not None
            if view is None:
                view = self._make(message)
                self._column.addWidget(view)
            else:
                view.set_message(message)
            kept.append(view)
        for view in self._views:
            if view not in kept:
                view.hide()
                view.deleteLater()
        self._views = kept
        self.go_to_end()

    def follow(self, running: RunningReply) -> None:
        """Show an answer as it is written, from what there is of it already."""
        view = self.view_of(running.message.id)
        if not isinstance(view, AnswerView):
            return
        view.follow(running)

    def show_cut(self, cut: ContextCut | None) -> None:
        """Where what the model sees begins; None: it sees all."""
        self._cut = cut
        self._place_divider()
        view = self.view_of(cut.message_id) if cut is not None else None
        if view is not None and view.y() < self.verticalScrollBar().value():
            self._take_height_above()

    def divider(self) -> ContextDivider | None:
        """What stands above the first message that the model sees, if there is a cut."""
        return self._divider

    def view_of(self, message_id: int) -> MessageView | None:
        return next((view for view in self._views if view.message.id == message_id), None)

    def views(self) -> list[MessageView]:
        """What is built, the oldest first."""
        return list(self._views)

    def last_answer(self) -> AnswerView | None:
        return next((v for v in reversed(self._views) if isinstance(v, AnswerView)), None)

    def is_building(self) -> bool:
        return self._build_timer.isActive()

    def go_to_end(self) -> None:
        self._stick = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._down.hide()

    def is_at_end(self) -> bool:
        return self._stick

    # Building

    def _place_divider(self) -> None:
        """Above its message's view, once there is one."""
        view = self.view_of(self._cut.message_id) if self._cut is not None else None
        if self._divider is not None and (view is None or self._divider.parent() != self._holder):
            self._divider.hide()
            self._divider.deleteLater()
            self._divider = None
        if view is None or self._cut is None:
            return
        if self._divider is None:
            assert self._holder is not None
            self._divider = ContextDivider(self._theme, self._holder)
        self._column.removeWidget(self._divider)
        self._column.insertWidget(self._column.indexOf(view), self._divider)
        self._divider.show_cut(self._cut)
        self._divider.show()

    def _new_column(self) -> None:
        """Start with an empty column; what was in the old one goes bit by bit."""
        self._cut = None
        self._place_divider()
        if self._holder is not None:
            self._row.removeWidget(self._holder)
            self._leaving.add(self._holder)
        self._holder = QWidget(self.widget())
        self._holder.setMaximumWidth(ANSWER_COLUMN)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        inside = QVBoxLayout(self._holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._column)
        inside.addStretch(1)
        self._row.insertWidget(1, self._holder, 1000)
        self._holder.show()

    def _make_body(self) -> None:
        body = QWidget(self)
        self._row = QHBoxLayout(body)
        self._row.setContentsMargins(SIDE, TOP, SIDE + BAR, 8)
        self._row.addStretch(1)
        self._row.addStretch(1)
        self.setWidget(body)

    def _column_width(self) -> int:
        return min(ANSWER_COLUMN, max(self.width() - 2 * SIDE - BAR, 200))

    def _make(self, message: StoredMessage) -> MessageView:
        width = self._column_width()
        assert self._holder is not None
        if message.role is Role.USER:
            said = UserView(self._theme, message, width, self._holder)
            said.edited.connect(self.edited)
            said.version_asked.connect(self.version_asked)
            said.document_asked.connect(self.document_asked)
            return said
        answer = AnswerView(self._theme, message, width, self._holder)
        answer.again_asked.connect(self.again_asked)
        answer.continue_asked.connect(self.continue_asked)
        answer.prompt_asked.connect(self.prompt_asked)
        answer.scores_asked.connect(self.scores_asked)
        answer.version_asked.connect(self.version_asked)
        answer.link_clicked.connect(self.link_clicked)
        answer.given_wanted.connect(self.given_wanted)
        answer.place_wanted.connect(self.place_wanted)
        return answer

    def _build(self) -> None:
        """Build upwards until the screens ahead are full or the turn's time is used up."""
        started = time.perf_counter()
        while self._unbuilt and not self._is_far_enough():
            view = self._make(self._unbuilt.pop())
            self._column.insertWidget(0, view)
            self._views.insert(0, view)
            if self._cut is not None and view.message.id == self._cut.message_id:
                self._place_divider()
            busy = isinstance(view, AnswerView) and view.markdown.is_busy()
            if busy or time.perf_counter() - started > BUDGET:
                self._build_timer.start()
                break
        self._take_height_above()

    def _take_height_above(self) -> None:
        """Let the scroll area take the new height now, while it is known that it grew above."""
        self._building = True
        QCoreApplication.sendPostedEvents(self.widget(), QEvent.Type.LayoutRequest)
        self._building = False

    def _is_far_enough(self) -> bool:
        height = sum(view.sizeHint().height() for view in self._recent())
        above = self.verticalScrollBar().value()
        screen = max(self.viewport().height(), 200)
        return height > (AHEAD + 1) * screen and (self._stick or above > AHEAD * screen)

    def _recent(self) -> Iterator[MessageView]:
        return iter(self._views[:40])

    def _on_build_timer_timeout(self) -> None:
        if self._is_first_busy():
            self._build_timer.start()
        else:
            self._build()

    def _is_first_busy(self) -> bool:
        first = self._views[0] if self._views else None
        return isinstance(first, AnswerView) and first.markdown.is_busy()

    # Scrolling

    def _on_bar_value_changed(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if not self._adjusting:
            self._stick = value >= bar.maximum() - NEAR_END
            self._from_end = bar.maximum() - value
        far = bar.maximum() - value > self.viewport().height() // 2
        self._down.setVisible(far and not self._stick)
        if self._unbuilt and value < AHEAD * self.viewport().height() and not self._stick:
            self._build_timer.start()

    def _on_bar_range_changed(self, minimum: int, maximum: int) -> None:
        # The column stays where it is when the bar comes or goes.
        self._row.setContentsMargins(SIDE, TOP, SIDE + (0 if maximum else BAR), 8)
        self._adjusting = True
        if self._stick:
            self.verticalScrollBar().setValue(maximum)
        elif self._building or self._is_first_busy():
            # What grows now is above: keep what is being read where it is.
            self.verticalScrollBar().setValue(maximum - self._from_end)
        else:
            self._from_end = maximum - self.verticalScrollBar().value()
        self._adjusting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._down.move((self.width() - 36) // 2, self.height() - 36 - 12)
        self._down.raise_()
        if self._unbuilt:
            self._build_timer.start()  # there may be more room now

    def _on_theme_changed(self) -> None:
        self._down.setIcon(icons.icon("arrow-down", self._theme.hex("mut"), 18))
