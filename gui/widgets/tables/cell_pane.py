"""A cell of a table, whole: what was found, what of it is doubtful, and the words it rests on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.file_tables.table import Cell, Column, FileRow, Proof
from gui import icons
from gui.file_table_words import cell_words, column_title
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.results.cited_text import Chip, CitedText
from gui.widgets.results.column import Heading, ResultColumn, RowStack, wrapped_label
from gui.widgets.trouble_card import TroubleCard


class CellPane(QWidget):
    """`place_wanted` gives (path, start, end)."""

    place_wanted = Signal(str, int, int)
    close_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._path = ""
        self._proofs: tuple[Proof, ...] = ()
        self.file = ElidedLabel(self)
        self.file.setProperty("kind", "caption")
        self.close_button = QToolButton(self)
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setAccessibleName(self.tr("Close"))
        self.close_button.clicked.connect(self.close_asked)
        self.trouble = TroubleCard(theme, self)
        self._scroll = ResultColumn(self)
        self.title = wrapped_label("", self, "title")
        self.text = CitedText(theme, self, serif=True)
        self.text.chosen.connect(self._on_chosen)
        self.share = wrapped_label("", self, "mut")
        self.doubt = wrapped_label("", self, "warning")
        self.source = Heading(self.tr("From the file"), self)
        self.proofs = RowStack(self._make_proof, self, gap=5, lined=False)
        self.proofs.more_asked.connect(self._fill)
        self.made_by = wrapped_label("", self, "hint")
        for widget, above in (
            (self.title, 0),
            (self.text, 8),
            (self.share, 4),
            (self.doubt, 4),
            (self.source, 12),
            (self.proofs, 4),
            (self.made_by, 12),
        ):
            self._scroll.add(widget, above)
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 12, 0)
        head.addWidget(self.file, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(self._scroll, 1)
        theme.changed.connect(self._recolor)
        self._recolor()

    def show_cell(self, row: FileRow, column: Column | None, cell: Cell | None) -> None:
        """`column` None: the file itself."""
        if row.path != self._path:
            self.proofs.reset()
        self._path = row.path
        self.file.setText(row.name)
        error = row.error or (cell.error if cell else None)
        self.trouble.show_error(error)
        self.title.setText(column_title(column) if column else row.name)
        self.title.setVisible(error is None or column is not None)
        words = "\n".join(row.remarks) if column is None else ""
        if cell is not None and column is not None:
            words = cell_words(column, cell)
        self.text.set_content(words, self._chips(cell))
        self.text.setVisible(bool(words) and error is None)
        self.share.setVisible(bool(cell and cell.value is not None))
        if cell and cell.value is not None:
            self.share.setText(self.tr("{share} sure").format(share=f"{cell.value:.0%}"))
        doubts = ", ".join(cell.doubts) if cell else ""
        self.doubt.setVisible(bool(doubts))
        self.doubt.setText(self.tr("Not found in the source: {what}").format(what=doubts))
        # A quote that is all of the cell is not shown twice.
        self._proofs = tuple(p for p in cell.proofs if p.text != cell.text) if cell else ()
        self.source.setVisible(bool(self._proofs))
        self.made_by.setVisible(bool(cell and cell.made_by))
        if cell and cell.made_by:
            self.made_by.setText(self.tr("In the words of {model}").format(model=cell.made_by))
        self._fill()

    def _chips(self, cell: Cell | None) -> tuple[Chip, ...]:
        if cell is None or not cell.proofs:
            return ()
        first = cell.proofs[0]
        return (Chip(first.place, first.place, first.start, first.end),)

    def _fill(self) -> None:
        rows = self.proofs.resize_to(len(self._proofs))
        for widget, proof in zip(rows, self._proofs, strict=False):
            assert isinstance(widget, CitedText)
            chip = Chip(proof.place, proof.place, proof.start, proof.end)
            widget.set_content(proof.text, (chip,))

    def _make_proof(self, parent: QWidget) -> CitedText:
        text = CitedText(self._theme, parent)
        text.chosen.connect(self._on_chosen)
        return text

    def _on_chosen(self, start: int, end: int, document: int) -> None:
        self.place_wanted.emit(self._path, start, end)

    def _recolor(self) -> None:
        self.close_button.setIcon(icons.icon("x", self._theme.hex("mut"), 16))
