"""The list of conversations: grouped, renamed, pinned, searched, deleted and brought back."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.storage.records import Conversation
from gui.item_models.conversation_model import ConversationModel
from gui.main_window import MainWindow
from gui.pages.chat_page import ChatPage
from gui.services import Services
from tests.gui.conftest import Say, focused, titles


def test_rename_in_the_list(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    say("old title")
    qtbot.waitUntil(lambda: titles(page) == ["old title"])
    page.list.rename_current()
    editor = page.list.view.findChild(QLineEdit)
    editor.setText("A better title")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(page) == ["A better title"])
    assert page.header.title() == "A better title"


def test_delete_asks_nothing_and_can_be_undone(
    page: ChatPage, services: Services, say: Say, qtbot: QtBot
) -> None:
    say("keep me")
    qtbot.waitUntil(lambda: titles(page) == ["keep me"])
    qtbot.keyClick(page.list.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(page) == [] and bool(services.notifications.toasts()))
    assert page.welcome.isVisible()
    undo = services.notifications.toasts()[-1].findChild(QPushButton)
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(page) == ["keep me"])
    qtbot.waitUntil(lambda: len(page.session.branch) == 2)


def test_search_by_title(page: ChatPage, say: Say, app_window: MainWindow, qtbot: QtBot) -> None:
    say("apples and pears")
    page.new_chat()
    say("给房东的邮件")
    qtbot.waitUntil(lambda: len(titles(page)) == 2)
    page.search()
    assert app_window.focusWidget() is page.list.search
    qtbot.keyClicks(page.list.search, "APPLES")
    qtbot.waitUntil(lambda: titles(page) == ["apples and pears"])
    page.list.search.setText("房东")
    qtbot.waitUntil(lambda: titles(page) == ["给房东的邮件"])
    page.list.search.setText("nothing like it")
    qtbot.waitUntil(lambda: page.list._empty.isVisible())
    qtbot.keyClick(page.list.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(titles(page)) == 2)
    assert focused(page)


def test_pinned_and_older_conversations_are_grouped(qapp: QApplication) -> None:
    today = date(2026, 11, 22)

    def conversation(number: int, days: int, pinned: bool = False) -> Conversation:
        moment = f"{today - timedelta(days=days)}T12:00:00Z"
        return Conversation(number, f"title {number}", moment, moment, pinned, None)

    owner = QObject()
    model = ConversationModel(owner)
    model.set_conversations(
        [conversation(1, 40, True), *(conversation(n + 2, d) for n, d in enumerate((0, 1, 5, 60)))],
        today,
    )
    assert model.headings() == ["Pinned", "Today", "Yesterday", "Last week", "Older"]


def test_the_list_can_be_hidden(page: ChatPage, qtbot: QtBot) -> None:
    QTest.keyClick(page, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert not page.list.isVisible()
    page.search()
    assert page.list.isVisible()
