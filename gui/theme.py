"""The look: colour tokens for light and dark, fonts and the style sheet. Pages ask for tokens only.

`Theme` follows the system's colour scheme unless the user chose one, and emits `changed`.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from gui.style_sheet import style_sheet

# token: (light, dark)
TOKENS = {
    "bg": ("#FBFAF7", "#1C1B19"),
    "side": ("#F4F1EB", "#201F1C"),
    "rail": ("#EFEBE3", "#191816"),
    "card": ("#FFFFFF", "#262521"),
    "text": ("#23211D", "#E8E4DB"),
    "mut": ("#6B655A", "#A69F93"),
    "focus": ("#CFC8BB", "#57534A"),
    "hint": ("#8A8378", "#8A847A"),
    "line": ("#E7E2D9", "#35332E"),
    "accent": ("#2B4C7E", "#91B2E3"),
    "on_accent": ("#FFFFFF", "#14181F"),
    "accent_soft": ("#E6ECF5", "#2A3444"),
    "selection": ("#D3DEEF", "#3A4D6E"),
    "seal": ("#B8412A", "#D9694F"),
    "bubble": ("#F1EDE5", "#2B2925"),
    "code": ("#F4F1EB", "#21201D"),
    "people": ("#6E54A0", "#B9A5E3"),
    "people_soft": ("#EDE8F6", "#37304A"),
    "organizations": ("#2A6A9E", "#8FC2EA"),
    "organizations_soft": ("#E2EEF7", "#22384A"),
    "places": ("#2C7A50", "#86CBA3"),
    "places_soft": ("#E1F1E8", "#213C2E"),
    "other": ("#9A651A", "#DDB673"),
    "other_soft": ("#F6ECDA", "#41351F"),
    "own_1": ("#1D7373", "#7CCBC8"),
    "own_1_soft": ("#DFF1F0", "#1F3B3B"),
    "own_2": ("#9A3F77", "#E0A0C6"),
    "own_2_soft": ("#F7E5F0", "#41263A"),
    "own_3": ("#656D1C", "#C3CC7A"),
    "own_3_soft": ("#F0F2DC", "#363A1E"),
    "own_4": ("#4A55A8", "#A9B2F0"),
    "own_4_soft": ("#E8EAF7", "#2B3052"),
    "positive": ("#2C7A50", "#86CBA3"),
    "positive_soft": ("#E1F1E8", "#213C2E"),
    "neutral": ("#9C958A", "#8A847A"),
    "neutral_soft": ("#EFEBE3", "#2B2925"),
    "unsure": ("#7A7F8C", "#9BA1AE"),
    "unsure_soft": ("#E9EAEE", "#2F3137"),
    "negative": ("#B8412A", "#E08770"),
    "negative_soft": ("#F8E6E1", "#45281F"),
    "warning": ("#9A651A", "#DDB673"),
    "warning_soft": ("#F6ECDA", "#41351F"),
}

UI_PIXELS, ANSWER_PIXELS, DOCUMENT_PIXELS, CODE_PIXELS = 14, 15, 16, 13
ANSWER_LINE_HEIGHT, DOCUMENT_LINE_HEIGHT = 165, 175  # percent
ANSWER_COLUMN = 704  # px, about 72 characters


class Theme(QObject):
    """`color("accent")` is the token's colour in the scheme that is on now."""

    changed = Signal()

    def __init__(self, choice: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.set_choice(choice)

    def set_choice(self, choice: str) -> None:
        """`system`, `light` or `dark`."""
        self._choice = choice
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        QGuiApplication.styleHints().setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
        self._on_scheme_changed()

    def is_dark(self) -> bool:
        if self._choice in ("light", "dark"):
            return self._choice == "dark"
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def hex(self, token: str) -> str:
        return TOKENS[token][self.is_dark()]

    def color(self, token: str) -> QColor:
        return QColor(self.hex(token))

    def font(self, pixels: int = UI_PIXELS, *, bold: bool = False) -> QFont:
        """The system's UI font."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font.setPixelSize(pixels)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def serif_font(self, pixels: int = DOCUMENT_PIXELS) -> QFont:
        font = QFont()
        font.setStyleHint(QFont.StyleHint.Serif)
        font.setFamilies(["Noto Serif", "Source Serif 4", "Georgia", "Noto Serif CJK SC", "serif"])
        font.setPixelSize(pixels)
        return font

    def code_font(self, pixels: int = CODE_PIXELS) -> QFont:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(pixels)
        return font

    def palette(self) -> QPalette:
        """Qt's own palette from the tokens, so that native parts (menus, dialogs) fit."""
        roles, palette = QPalette.ColorRole, QPalette()
        for role, token in {
            roles.Window: "bg",
            roles.Base: "card",
            roles.AlternateBase: "side",
            roles.Button: "card",
            roles.Text: "text",
            roles.WindowText: "text",
            roles.ButtonText: "text",
            roles.ToolTipBase: "card",
            roles.ToolTipText: "text",
            roles.PlaceholderText: "hint",
            roles.Highlight: "accent_soft",
            roles.HighlightedText: "text",
            roles.Link: "accent",
            roles.Accent: "accent",
        }.items():
            palette.setColor(role, self.color(token))
        for role in (roles.Text, roles.WindowText, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("hint"))
        return palette

    def apply(self, app: QGuiApplication) -> None:
        """Put palette, font and style sheet on the application."""
        app.setPalette(self.palette())
        app.setFont(self.font())
        app.setStyleSheet(style_sheet(self.hex))  # type: ignore[attr-defined]

    def _on_scheme_changed(self) -> None:
        self.changed.emit()
