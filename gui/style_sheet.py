"""The application's one Qt style sheet. Widgets opt in by `setProperty("kind", …)`.

Kinds: rail, side, card, title, mut, hint, primary (filled button), quiet (text button),
chip, icon (icon-only button), row (list row), bubble, heading, segmented.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.paths import RESOURCES

# A grey that can be seen on light and dark: style sheets cannot tint a picture.
_CHEVRON = (RESOURCES / "icons" / "field-chevron.svg").as_posix()


def style_sheet(hex_of: Callable[[str], str]) -> str:
    """Style sheet with the tokens filled in by `hex_of`."""
    sheet = _SHEET.replace("@chevron", _CHEVRON)
    for token in _TOKENS_USED:
        sheet = sheet.replace(f"@{token};", f"{hex_of(token)};")
    return sheet


_TOKENS_USED = (
    "bg", "side", "rail", "card", "text", "mut", "hint", "line", "accent", "on_accent",
    "accent_soft", "seal", "bubble", "code", "focus", "positive", "negative", "warning",
    "warning_soft",
)  # fmt: skip

_SHEET = """
QWidget { color: @text; }
QMainWindow, QDialog { background: @bg; }
QToolTip { background: @card; color: @text; border: 1px solid @line; padding: 4px 8px; }
*[kind="page"] { background: @bg; }
*[kind="rail"] { background: @rail; border: none; border-right: 1px solid @line; }
*[kind="side"] { background: @side; border: none; }
*[kind="card"] { background: @card; border: 1px solid @line; border-radius: 11px; }
*[kind="hit"] { background: @card; border: 1px solid @line; border-radius: 11px; }
*[kind="hit"]:hover { background: @bubble; }
*[kind="hit"]:focus { border: 1px solid @accent; }
*[kind="bubble"] { background: @bubble; border: none; border-radius: 11px; }
QLabel[kind="title"] { font-size: 15px; font-weight: 600; }
QLabel[kind="heading"] { font-size: 20px; font-weight: 600; }
QLabel[kind="mut"] { color: @mut; }
QLabel[kind="hint"] { color: @mut; font-size: 12px; }
QPushButton { background: @card; border: 1px solid @line; border-radius: 9px;
  padding: 6px 14px; min-height: 20px; }
QPushButton:hover { background: @bubble; }
QPushButton:focus, QToolButton:focus { border: 1px solid @accent; }
QPushButton:disabled { color: @hint; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border: 1px solid @accent; }
QPushButton[kind="primary"]:disabled { background: @line; color: @hint; border: 1px solid @line; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; padding: 5px 13px; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: @mut;
  padding: 4px 8px; }
QPushButton[kind="quiet"]:hover { color: @text; background: @bubble; }
QPushButton[kind="quiet"]:focus { border: 1px solid @accent; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: @accent;
  padding: 4px 8px; text-align: left; font-weight: 500; }
QPushButton[kind="link"]:hover { background: @accent_soft; }
QPushButton[kind="link"]:focus { border: 1px solid @accent; }
QPushButton[kind="textlink"] { background: transparent; border: 1px solid transparent; color: @accent;
  border-radius: 6px; padding: 1px 6px; font-size: 12px; font-weight: 500; min-height: 18px; }
QPushButton[kind="textlink"]:hover { background: @accent_soft; }
QPushButton[kind="textlink"]:focus { border: 1px solid @accent; }
QPushButton[kind="fold"] { background: transparent; border: 1px solid transparent; padding: 6px 0;
  text-align: left; }
QPushButton[kind="fold"]:hover { background: @bubble; }
QPushButton[kind="fold"]:focus { border: 1px solid @accent; }
QPushButton[kind="chip"] { background: @card; border: 1px solid @line; border-radius: 14px;
  padding: 3px 12px; color: @mut; }
QPushButton[kind="chip"]:hover { color: @text; }
QPushButton[kind="chip"]:focus { border: 1px solid @accent; color: @text; }
QPushButton[kind="option"] { background: transparent; border: 1px solid @line; border-radius: 12px;
  padding: 1px 8px 1px 10px; color: @mut; font-size: 12px; min-height: 20px; }
QPushButton[kind="option"]:hover { color: @text; background: @bubble; }
QPushButton[kind="option"]:focus { border: 1px solid @accent; color: @text; }
QPushButton[kind="option"]:disabled { color: @hint; }
QPushButton[kind="option"]::menu-indicator { image: none; width: 0; }
QPushButton[kind="toggle"] { background: transparent; border: 1px solid @line; border-radius: 12px;
  padding: 1px 10px 1px 8px; color: @mut; font-size: 12px; min-height: 20px; }
QPushButton[kind="toggle"]:hover { color: @text; background: @bubble; }
QPushButton[kind="toggle"]:checked { background: @accent_soft; color: @accent;
  border: 1px solid @accent_soft; }
QPushButton[kind="toggle"]:focus { border: 1px solid @accent; }
QPushButton[kind="toggle"]:disabled { color: @hint; background: transparent; }
*[kind="docchip"] { background: @bg; border: 1px solid @line; border-radius: 9px; }
QPushButton[kind="docname"] { background: transparent; border: 1px solid transparent;
  border-radius: 6px; padding: 1px 3px; min-height: 20px; font-size: 13px; }
QPushButton[kind="docname"]:hover { color: @accent; }
QPushButton[kind="docname"]:focus { border: 1px solid @accent; }
QToolButton[kind="cross"] { padding: 3px; border-radius: 6px; }
QPushButton[kind="source"] { background: @accent_soft; color: @accent; border: 1px solid transparent;
  border-radius: 4px; padding: 0px 6px; font-size: 12px; min-height: 18px; }
QPushButton[kind="source"]:focus { border: 1px solid @accent; }
QPushButton[kind="small"] { background: transparent; border: 1px solid transparent; color: @mut;
  border-radius: 6px; padding: 1px 6px; font-size: 12px; min-height: 18px; }
QPushButton[kind="small"]:hover { color: @text; background: @line; }
QPushButton[kind="small"]:focus { border: 1px solid @accent; }
QPushButton[kind="small"]:disabled { color: @hint; }
*[kind="toast"] { background: @card; border: 1px solid @line; border-radius: 11px; }
*[kind="toast"][tone="error"] { border: 1px solid @seal; }
*[kind="composer"] { background: @card; border: 1px solid @line; border-radius: 16px; }
*[kind="composer"][focused="true"] { border: 1px solid @focus; }
QPlainTextEdit[kind="bare"]:focus { border: none; }
QLineEdit[kind="search"] { padding: 6px 4px; }
QLabel[kind="key"] { background: @card; border: 1px solid @line; border-radius: 5px; color: @mut;
  padding: 1px 6px; font-size: 12px; }
QLabel[kind="welcome"] { font-size: 24px; font-weight: 600; }
QPushButton[kind="modelchip"] { background: @card; border: 1px solid @line; border-radius: 14px;
  padding: 3px 14px 3px 27px; color: @mut; font-size: 13px; }
QPushButton[kind="modelchip"]:hover { color: @text; }
QPushButton[kind="starter"] { background: @card; border: 1px solid @line; border-radius: 11px;
  padding: 12px 14px; text-align: left; font-size: 13px; }
QPushButton[kind="starter"]:hover { background: @bubble; }
QPushButton[kind="starter"]:focus { border: 1px solid @accent; }
QLineEdit[kind="rename"] { background: @card; border: 1px solid @accent; border-radius: 9px;
  padding: 4px 8px; }
QToolButton[kind="send"] { background: @accent; border: 1px solid @accent; border-radius: 11px;
  padding: 0; }
QToolButton[kind="send"]:hover { background: @accent; }
QToolButton[kind="send"]:focus { border: 2px solid @text; }
QToolButton[kind="send"]:disabled { background: @line; border: 1px solid @line; }
QToolButton[kind="floating"] { background: @card; border: 1px solid @line; border-radius: 18px; }
QToolButton[kind="railbutton"] { border-radius: 11px; padding: 0; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 9px;
  padding: 4px; }
QToolButton:hover { background: @bubble; }
QToolButton:checked { background: @card; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: @card; border: 1px solid @line;
  border-radius: 9px; padding: 6px 10px; min-height: 20px; selection-background-color: @accent_soft;
  selection-color: @text; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus {
  border: 1px solid @accent; }
QSpinBox, QDoubleSpinBox { padding: 0 2px; min-height: 32px; }
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit { border: none; padding: 0; min-height: 0; }
QLineEdit[kind="value"] { background: transparent; border: none; padding: 0; border-radius: 0; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url(@chevron); width: 16px; height: 16px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
  QDoubleSpinBox::down-button { width: 0; border: none; }
QTextEdit, QPlainTextEdit, QTextBrowser { background: transparent; border: none;
  selection-background-color: @accent_soft; selection-color: @text; }
QTextEdit[kind="aside"] { color: @mut; border-left: 2px solid @line; padding-left: 12px; }
QPushButton[kind="aside"] { background: transparent; border: 1px solid transparent; color: @mut;
  border-radius: 6px; padding: 2px 6px 2px 0; margin-left: -5px; font-size: 13px; min-height: 18px;
  text-align: left; }
QPushButton[kind="aside"]:hover { color: @text; }
QPushButton[kind="aside"]:focus { border: 1px solid @accent; }
QPlainTextEdit[kind="field"] { background: @card; border: 1px solid @line; border-radius: 9px;
  padding: 6px; }
QListView, QTreeView, QTableView { background: transparent; border: none; outline: none; }
QTreeView::item { min-height: 26px; border-radius: 0; }
QTreeView::item:selected { background: @accent_soft; color: @text; }
QListWidget::item:selected { background: @accent_soft; color: @text; border-radius: 9px; }
QTableView[kind="cells"]::item { padding: 0 10px; border: none; border-bottom: 1px solid @line; }
QTableView[kind="cells"]::item:selected { background: @accent_soft; color: @text; }
QTableView[kind="cells"] QHeaderView::section { padding: 4px 10px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableView { gridline-color: @line; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: @mut; border: none; padding: 4px;
  font-size: 12px; }
QHeaderView::section:hover { color: @text; }
QHeaderView::section:first { padding-left: 10px; }
QHeaderView::section:last { padding-right: 10px; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: @line; border-radius: 4px; min-height: 32px;
  margin: 1px 2px; }
QScrollBar::handle:vertical:hover { background: @hint; }
QScrollBar:horizontal { background: transparent; height: 10px; }
QScrollBar::handle:horizontal { background: @line; border-radius: 4px; min-width: 32px;
  margin: 2px 1px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: @line; }
QLabel[kind="section"] { font-weight: 600; }
QLabel[kind="blockname"] { font-weight: 600; color: @mut; }
QLabel[kind="caption"] { color: @mut; font-size: 12px; }
QLabel[kind="positive"] { color: @positive; font-size: 12px; }
QLabel[kind="warning"] { color: @warning; font-size: 12px; }
QLabel[kind="verdict"] { font-size: 20px; font-weight: 600; }
QLabel[kind="tone"] { font-size: 12px; color: @mut; }
QLabel[tone="positive"] { color: @positive; }
QLabel[tone="negative"] { color: @negative; }
QLabel[tone="neutral"], QLabel[tone="unsure"] { color: @mut; }
QFrame[kind="remote"] { background: @warning_soft; border: none; }
QLabel[kind="remote"] { color: @text; font-size: 12px; font-weight: 500; }
QFrame[kind="hairline"] { background: @line; border: none; }
QFrame[kind="trouble"] { background: @card; border: 1px solid @seal; border-radius: 11px; }
QMenu { background: @card; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: @accent_soft; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QProgressBar { background: @line; border: none; border-radius: 2px; max-height: 4px;
  min-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QTabBar::tab { background: transparent; color: @mut; padding: 6px 0; margin-right: 18px;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; font-weight: 500; }
QTabBar::tab:focus { color: @accent; }
"""
