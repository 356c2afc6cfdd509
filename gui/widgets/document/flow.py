"""A whole document as a column of pieces: heights measured where known, estimated elsewhere.

Nothing is laid out before it is looked at. `y` counts pixels from the top of the text.
"""

from __future__ import annotations

import bisect
import collections
import itertools
import time
from collections.abc import Iterator

from PySide6.QtGui import QFont

from engine.types import Document
from gui.theme import DOCUMENT_LINE_HEIGHT
from gui.widgets.document.piece_layout import BLANK, PieceLayout
from gui.widgets.document.pieces import cut_pieces, heading_lines, wrap_width

KEPT = 96  # layouts in memory; about ten screens


class Flow:
    """Empty until `load_some` has been called often enough to say that all is there."""

    def __init__(self, document: Document, font: QFont, width: float) -> None:
        self.document = document
        self.starts: list[int] = []
        self._font = font
        self._width = width
        self._ends: list[int] = []
        self._heights: list[float] = []
        self._measured: list[bool] = []
        self._tops: list[float] = [0.0]
        self._is_stale = False
        self._layouts: collections.OrderedDict[int, PieceLayout] = collections.OrderedDict()
        self._cuts: Iterator[int] | None = cut_pieces(document.text)
        self._headings = heading_lines(document)
        self._wrapped_at = wrap_width(document.text)
        self._advance = font.pixelSize() * 0.48  # until a layout tells
        self._knows_advance = False

    def load_some(self, seconds: float) -> bool:
        """Cut for about so long; True when the whole document has been cut."""
        deadline = time.perf_counter() + seconds
        while self._cuts is not None and time.perf_counter() < deadline:
            for end in itertools.islice(self._cuts, 64):
                self.starts.append(self._ends[-1] if self._ends else 0)
                self._ends.append(end)
                self._heights.append(self._estimate(len(self.starts) - 1))
                self._measured.append(False)
                self._is_stale = True
            if not self._ends or self._ends[-1] == len(self.document.text):
                self._cuts = None
        return self._cuts is None

    def is_loaded(self) -> bool:
        return self._cuts is None

    def set_width(self, width: float) -> None:
        """Everything is to be measured again."""
        if width != self._width:
            self._width = width
            self._layouts.clear()
            self._heights = [self._estimate(index) for index in range(len(self.starts))]
            self._measured = [False] * len(self.starts)
            self._is_stale = True

    def __len__(self) -> int:
        return len(self.starts)

    def tops(self) -> list[float]:
        """Where each piece begins; one more at the end, the height of all."""
        if self._is_stale:
            self._tops = list(itertools.accumulate(self._heights, initial=0.0))
            self._is_stale = False
        return self._tops

    def height(self, index: int) -> float:
        return self._heights[index]

    def piece_of(self, position: int) -> int:
        """The piece that holds a character."""
        return max(0, bisect.bisect_right(self.starts, position) - 1)

    def piece_at(self, y: float) -> int:
        return min(len(self.starts) - 1, max(0, bisect.bisect_right(self.tops(), y) - 1))

    def range(self, index: int) -> tuple[int, int]:
        return self.starts[index], self._ends[index]

    def layout(self, index: int) -> PieceLayout:
        """Lay a piece out, or find it in memory; its height is known from then on."""
        layout = self._layouts.get(index)
        if layout is None:
            start, end = self.range(index)
            low = bisect.bisect_left(self._headings, (start,))
            high = bisect.bisect_left(self._headings, (end,))
            headings = [(a - start, b - start, n) for a, b, n in self._headings[low:high]]
            text = self.document.text[start:end]
            layout = self._layouts[index] = PieceLayout(
                text, self._font, self._width, headings, self._wrapped_at
            )
            if len(self._layouts) > KEPT:
                self._layouts.popitem(last=False)
            self._learn(index, layout)
        else:
            self._layouts.move_to_end(index)
        return layout

    def is_measured(self, index: int) -> bool:
        return self._measured[index]

    def _learn(self, index: int, layout: PieceLayout) -> None:
        self._measured[index] = True
        if layout.height != self._heights[index]:
            self._heights[index] = layout.height
            self._is_stale = True
        if not self._knows_advance and layout.length > 200:
            self._knows_advance = True
            self._advance = max(1.0, layout.advance())
            for other, measured in enumerate(self._measured):
                if not measured:
                    self._heights[other] = self._estimate(other)
            self._is_stale = True

    def _estimate(self, index: int) -> float:
        start, end = self.starts[index], self._ends[index]
        text = self.document.text
        line_ends = text.count("\n", start, end)
        blank = text.count("\n\n", start, end)
        wrapped = int((end - start) * self._advance / self._width)
        lines = max(1, line_ends - blank + wrapped)
        # Whole pixels, like everything that is measured: the scroll bar knows no others.
        return round(lines * self._font.pixelSize() * DOCUMENT_LINE_HEIGHT / 100 + blank * BLANK)
