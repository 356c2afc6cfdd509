"""What a result view is: one file with a widget that shows one text tool's result, and one line in
`RESULT_VIEWS`. It shows and asks; it knows neither the document's view nor any session.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.errors import ErrorInfo
from engine.protocol import Explanation
from engine.storage.records import StoredRun
from engine.text_tools.base import TextToolResult
from engine.types import Document
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.document.marks import Mark


class LegendEntry(NamedTuple):
    """A kind of mark: its colour token, its name and how many there are."""

    label: str
    token: str
    title: str
    number: int


class ResultView(QWidget):
    """`passage_wanted` (start, end, index of the document) and `mark_wanted` (index into `spans`) jump
    in the text.

    `explanation_wanted` (index into `spans`, text, label) asks why; `picture_wanted` (bytes, suffix)
    gives a chart that is to be kept in a file; `run_wanted` (options) has the text tool run, and
    `earlier_wanted` (id of a stored run) shows what it found before.
    """

    passage_wanted = Signal(int, int, int)
    mark_wanted = Signal(int)
    explanation_wanted = Signal(int, str, str)
    picture_wanted = Signal(object, str)
    run_wanted = Signal(object)
    earlier_wanted = Signal(int)

    takes_several: ClassVar[bool] = False  # whether several documents can be read together
    quick_options: ClassVar[tuple[str, ...]] = ()  # at hand above the result
    starts_itself: ClassVar[bool] = False  # it is shown before there is a result, too

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.can_explain = False  # whether the engine can say why: the built-in reader read it
        self.options: dict[str, Any] = {}  # that made the result
        self.documents = 1  # how many are read together

    def show_result(self, result: Any, document: Document, model: dict[str, Any] | None) -> None:
        """Show a result, whole or partial; called again while it grows."""
        raise NotImplementedError

    def show_together(
        self, result: Any, documents: tuple[Document, ...], model: dict[str, Any] | None
    ) -> None:
        """Show a result over several documents; only who `takes_several` gets more than one."""
        self.show_result(result, documents[0], model)

    def show_state(self, state: RunState, runs: list[StoredRun]) -> None:
        """How far a run is, and all that are stored, the newest first."""

    def marks(self, result: Any) -> list[Mark]:
        """What is painted in the text; a mark's `number` is its index into `spans`."""
        raise NotImplementedError

    def tip(self, number: int) -> str:
        """What is said of a mark that is pointed at."""
        return ""

    def legend(self, result: Any) -> list[LegendEntry]:
        """The kinds of marks, to be shown or hidden above the text."""
        raise NotImplementedError

    def hide_labels(self, labels: frozenset[str]) -> None:
        """The user hid these kinds."""

    def mark_clicked(self, number: int) -> None:
        """The user clicked on a mark in the text."""

    def show_explanation(self, number: int, found: Explanation) -> None:
        """Why a span was judged as it was, after `explanation_wanted`."""

    def show_explanation_error(self, number: int, error: ErrorInfo) -> None:
        """Why that cannot be said."""


def is_small(model: dict[str, Any] | None) -> bool:
    """Whether the maker has below a billion parameters; unknown ones are not called small."""
    count = (model or {}).get("parameter_count") or 0
    return 0 < count < 1_000_000_000


__all__ = ["LegendEntry", "Mark", "ResultView", "TextToolResult", "is_small"]
