"""What is at hand beside a result: its options, its parts, the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from engine.protocol import RunTextTool
from engine.types import Document
from gui.main_window import MainWindow
from gui.pages.text_page import TextPage
from gui.services import Services
from gui.text_links import paragraph_at
from gui.text_session import FIRST_TOOL
from tests.gui.desk_stage import (
    keep,
    noted_runs,
    text_page,
)
from tests.gui.sample_results import DOCUMENT

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(app_window: MainWindow) -> TextPage:
    return text_page(app_window)


@pytest.fixture
def sent(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[RunTextTool]:
    return noted_runs(services, monkeypatch)


def test_length_and_form_are_at_hand_and_run_at_once(
    page: TextPage, qtbot: QtBot, sent: list[RunTextTool]
) -> None:
    (stored,) = keep(page, qtbot, DOCUMENT)
    qtbot.waitUntil(page.results.quick.isVisible)
    buttons = page.results.quick.buttons
    assert set(buttons) == {"length", "form"}
    assert buttons["form"].accessibleName().startswith("Form: ")
    action = next(a for a in buttons["form"].menu().actions() if a.data() == "paragraph")
    action.trigger()
    assert page.session.state(stored.id, FIRST_TOOL).is_running
    assert not buttons["length"].isEnabled()
    qtbot.waitUntil(
        lambda: page.session.state(stored.id, FIRST_TOOL).outcome is not None, timeout=20_000
    )
    assert sent[-1].options["form"] == "paragraph"
    assert sent[-1].earlier is not None
    page.results.open_tab("sentiment")
    assert not page.results.quick.isVisible()


def test_the_keyboard_stays_in_the_pane_when_a_run_begins_and_ends(
    page: TextPage, qtbot: QtBot
) -> None:
    keep(page, qtbot, DOCUMENT)
    page.results.open_tab("entities")
    button = page.results.invitation.button
    qtbot.waitUntil(button.isVisible)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert page.results.coverage.stop.hasFocus()
    qtbot.waitUntil(page.results.footer.isVisible, timeout=20_000)
    focus = page.window().focusWidget()
    assert focus is not None
    assert page.results.isAncestorOf(focus)


def test_a_click_on_a_part_shows_it_in_the_text(page: TextPage, qtbot: QtBot) -> None:
    text = "".join(f"Paragraph {number} says something.\n\n" for number in range(400))
    keep(page, qtbot, Document("long.txt", text))
    bar = page.results.coverage.bar
    qtbot.waitUntil(bar.isVisible)
    qtbot.waitUntil(page.reader.view.is_loaded)
    qtbot.mouseClick(bar, LEFT, pos=QPoint(round(bar.width() * 3.5 / 7), 7))
    passage = page.reader.view.passage()
    assert passage is not None
    assert abs(passage[0] - len(text) * 3 / 7) < 60
    assert text[slice(*passage)].startswith("Paragraph")
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    qtbot.keyClick(bar, Qt.Key.Key_Return)
    assert page.reader.view.passage() == paragraph_at(text, 0)
    assert bar.accessibleName().startswith("Read whole, 7 of 7 part")
