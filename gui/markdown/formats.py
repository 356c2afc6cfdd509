"""The looks of units: Qt's block and character formats in the theme's fonts and colours."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextTableCellFormat,
    QTextTableFormat,
)

from gui.markdown.units import (
    BOLD,
    CODE,
    ITALIC,
    STRIKE,
    CodeUnit,
    RuleUnit,
    Run,
    TableUnit,
    TextUnit,
    Unit,
)
from gui.theme import ANSWER_LINE_HEIGHT, ANSWER_PIXELS, CODE_PIXELS, Theme

# Properties of block formats, read again when cards are painted.
KIND = int(QTextFormat.Property.UserProperty) + 1
OPENS, CLOSES, QUOTE, LANGUAGE = KIND + 1, KIND + 2, KIND + 3, KIND + 4
CODE_KIND, RULE_KIND = 1, 2

INDENT, QUOTE_INDENT = 24, 20  # px for each level
CARD_HEADER, CARD_PAD, CARD_SIDE = 36, 12, 16
CODE_LINE = 20
RULE_HEIGHT, TABLE_BELOW = 1, 14
LINE = round(ANSWER_PIXELS * ANSWER_LINE_HEIGHT / 100)
# level: (font, line height)
HEADINGS = {1: (22, 32), 2: (19, 29), 3: (17, 27)}

_FIXED = int(QTextBlockFormat.LineHeightTypes.FixedHeight.value)
_RTL, _LTR = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight


class Formats:
    """Formats for one colour scheme; made anew when the theme changes."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._chars: dict[tuple[int, bool, str, int, bool], QTextCharFormat] = {}
        self._code_font = theme.code_font(CODE_PIXELS)
        self._inline_font = theme.code_font(CODE_PIXELS + 1)

    def char(self, run: Run, *, heading: int = 0, code_block: bool = False) -> QTextCharFormat:
        key = (run.style, bool(run.link), run.token, heading, code_block)
        if key not in self._chars:
            self._chars[key] = self._make_char(*key)
        if not run.link:
            return self._chars[key]
        linked = QTextCharFormat(self._chars[key])
        linked.setAnchor(True)
        linked.setAnchorHref(run.link)
        linked.setToolTip(run.link)
        return linked

    def _make_char(
        self, style: int, link: bool, token: str, heading: int, code_block: bool
    ) -> QTextCharFormat:
        made = QTextCharFormat()
        if code_block:
            made.setFont(self._code_font)
        elif style & CODE:
            made.setFont(self._inline_font)
            made.setBackground(self._theme.color("bubble"))
        if heading:
            size = HEADINGS.get(heading, (ANSWER_PIXELS, LINE))[0]
            made.setProperty(QTextFormat.Property.FontPixelSize, size)
            made.setFontWeight(QFont.Weight.DemiBold)
        if style & BOLD:
            made.setFontWeight(QFont.Weight.DemiBold)
        if style & ITALIC:
            made.setFontItalic(True)
        if style & STRIKE:
            made.setFontStrikeOut(True)
        if link:
            made.setForeground(self._theme.color("accent"))
            made.setFontUnderline(True)
        elif token:
            made.setForeground(self._theme.color(token))
        return made

    def block(self, unit: Unit, extra_top: int) -> QTextBlockFormat:
        """`extra_top` makes room below a code card above."""
        made = QTextBlockFormat()
        top, side = unit.gap + extra_top, unit.quote * QUOTE_INDENT
        height = LINE
        if isinstance(unit, CodeUnit):
            height = CODE_LINE
            side += CARD_SIDE
            made.setRightMargin(CARD_SIDE)
            made.setProperty(KIND, CODE_KIND)
            made.setProperty(LANGUAGE, unit.language)
            if unit.opens:
                top += CARD_HEADER + CARD_PAD
                made.setProperty(OPENS, True)
            if unit.closes:
                made.setBottomMargin(CARD_PAD)
                made.setProperty(CLOSES, True)
        elif isinstance(unit, RuleUnit):
            height = RULE_HEIGHT
            made.setBottomMargin(unit.gap)
            made.setProperty(KIND, RULE_KIND)
        elif isinstance(unit, TableUnit):
            height, top = RULE_HEIGHT, 0
        elif unit.heading:
            height = HEADINGS.get(unit.heading, (ANSWER_PIXELS, LINE))[1]
            made.setHeadingLevel(unit.heading)
        made.setLineHeight(height, _FIXED)
        made.setTopMargin(top)
        made.setLeftMargin(side)
        if unit.quote:
            made.setProperty(QUOTE, unit.quote)
        if unit.indent and not (isinstance(unit, TextUnit) and unit.marker):
            made.setIndent(unit.indent)
        if isinstance(unit, TextUnit):
            made.setLayoutDirection(direction(unit.runs))
        else:
            made.setLayoutDirection(_LTR)
        return made

    def list_format(self, unit: TextUnit) -> QTextListFormat:
        """Each item is a list of its own, so that a long list never has to be laid out again."""
        made = QTextListFormat()
        made.setIndent(unit.indent)
        if unit.marker == "•":
            styles = QTextListFormat.Style
            made.setStyle(styles.ListDisc if unit.indent % 2 else styles.ListCircle)
        else:
            made.setStyle(QTextListFormat.Style.ListDecimal)
            made.setStart(int(unit.marker))
        return made

    def table(self, unit: TableUnit) -> QTextTableFormat:
        made = QTextTableFormat()
        made.setBorder(0)
        made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        made.setBorderCollapse(True)
        made.setCellPadding(6)
        made.setCellSpacing(0)
        made.setTopMargin(unit.gap)
        made.setBottomMargin(TABLE_BELOW)
        made.setLeftMargin(unit.quote * QUOTE_INDENT + unit.indent * INDENT)
        made.setHeaderRowCount(1)
        made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        return made

    def cell(self) -> QTextTableCellFormat:
        made = QTextTableCellFormat()
        made.setBottomBorder(1)
        made.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        made.setBottomBorderBrush(self._theme.color("line"))
        return made

    def cell_block(self, align: str, runs: tuple[Run, ...]) -> QTextBlockFormat:
        made = QTextBlockFormat()
        made.setLineHeight(LINE, _FIXED)
        made.setLayoutDirection(direction(runs))
        flags = {"center": Qt.AlignmentFlag.AlignHCenter, "right": Qt.AlignmentFlag.AlignRight}
        if align in flags:
            made.setAlignment(flags[align])
        return made

    def blank(self) -> QTextBlockFormat:
        """An empty line that Qt needs beside a table, as low as it can be."""
        made = QTextBlockFormat()
        made.setLineHeight(RULE_HEIGHT, _FIXED)
        return made


def direction(runs: tuple[Run, ...]) -> Qt.LayoutDirection:
    """By the first letter that has a direction, as Unicode's paragraph rule P2 says."""
    for run in runs:
        if run.text.isascii() and any(c.isalpha() for c in run.text):
            return _LTR
        for character in run.text[:200]:
            kind = unicodedata.bidirectional(character)
            if kind in ("R", "AL"):
                return _RTL
            if kind == "L":
                return _LTR
    return _LTR
