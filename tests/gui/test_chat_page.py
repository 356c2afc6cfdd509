"""The chat page as a person uses it: by keyboard and mouse, on the real composition."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.storage.records import MessageStatus
from engine.types import Device, ModelInfo, Role
from gui.dialogs.link_dialog import LinkDialog
from gui.main_window import MainWindow
from gui.pages.chat_page import ChatPage
from gui.services import Services
from gui.widgets.user_view import UserView
from tests.gui.conftest import Say, focused, titles
from tests.gui.stall_meter import StallMeter

ANSWER = (
    "Some **words** here.\n\n- one\n- two\n\n```python\nprint('x')\n```\n\nAnd a last paragraph. "
    * 4
)


def test_the_first_start_is_ready_to_type(page: ChatPage, qtbot: QtBot) -> None:
    assert focused(page)
    assert page.welcome.isVisible()
    assert not page.transcript.isVisible()
    chip = page.welcome.chips()[1]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert page.composer.text()
    assert page.session.branch == []  # nothing is sent by itself


def test_a_question_and_its_answer(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    view = say("Hello **there**")
    assert view.markdown.toPlainText().strip() == "Hello there"
    assert page.composer.text() == ""
    assert page.header.title() == "Hello there"
    qtbot.waitUntil(lambda: titles(page) == ["Hello there"])
    view.copy()
    assert QApplication.clipboard().text() == "Hello **there**"


def test_pasted_characters_that_cannot_be_kept_are_told(
    page: ChatPage, app_window: MainWindow
) -> None:
    data = QMimeData()
    data.setText("a\x00b\x00c 👩‍👩‍👧 你好 עברית")
    page.composer.edit.insertFromMimeData(data)
    assert page.composer.text() == "a\ufffdb\ufffdc 👩‍👩‍👧 你好 עברית"
    told = [label.text() for label in app_window.findChildren(QLabel) if label.isVisible()]
    assert "2 unusable characters (NUL or broken Unicode) replaced by \ufffd." in told


def test_while_waiting_it_says_what_happens(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    from engine.protocol import Progress

    page.composer.set_text("/slow 40")
    page.session.send("/slow 40")
    qtbot.waitUntil(lambda: page.transcript.last_answer() is not None)
    view = page.transcript.last_answer()
    assert view is not None
    view.show_progress(Progress("", "loading", 0.4, 1.0))
    loading = view.waiting_text()
    view.show_progress(Progress("", "prompt", 300, 1200))
    assert "40 %" in loading
    assert "300 of 1,200" in view.waiting_text()
    qtbot.waitUntil(lambda: view.waiting_text() == "")
    qtbot.keyClick(page.composer.edit, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.session.is_busy())
    assert view.message.status is MessageStatus.STOPPED
    assert "stopped" in view.footer.about.text()
    assert view.footer.go_on.isVisible()


def test_a_failure_stands_in_the_answers_place(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    view = say("/fail")
    assert view.error is not None
    assert view.error.isVisible()
    with qtbot.waitSignal(page.session.reply_started):
        view.error.again_clicked.emit()
    qtbot.waitUntil(lambda: not page.session.is_busy())
    last = page.transcript.last_answer()
    assert last is not None
    assert len(last.message.sibling_ids) == 2


def test_again_and_back_through_the_versions(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    first = say("hello").message
    QTest.keyClick(page, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.session.branch[-1].sibling_ids) == 2)
    qtbot.waitUntil(lambda: not page.session.is_busy())
    view = page.transcript.last_answer()
    assert view is not None
    assert view.footer.versions.isVisible()
    with qtbot.waitSignal(page.session.branch_changed):
        qtbot.mouseClick(view.footer.versions._back, Qt.MouseButton.LeftButton)
    shown = page.transcript.last_answer()
    assert shown is not None
    assert shown.message.id == first.id


def test_an_edited_message_is_a_branch(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    say("first")
    said = page.transcript.views()[0]
    assert isinstance(said, UserView)
    said.edit()
    assert said._editor is not None
    said._editor._edit.setPlainText("second")
    said._editor.done.emit("second")
    qtbot.waitUntil(lambda: page.session.branch[0].content == "second")
    qtbot.waitUntil(lambda: not page.session.is_busy())
    assert len(page.session.branch[0].sibling_ids) == 2
    assert [v.message.content for v in page.transcript.views()] == ["second", "second"]


def test_text_that_could_not_be_kept_stays_in_the_box(
    page: ChatPage, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.errors import StorageError

    qtbot.waitUntil(lambda: hasattr(services.storage, "conversations"))

    def full(*args: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(services.storage.conversations, "create", full)
    page.composer.set_text("precious words")
    with qtbot.waitSignal(page.session.sending_failed):
        qtbot.keyClick(page.composer.edit, Qt.Key.Key_Return)
    assert page.composer.text() == "precious words"
    assert services.notifications.toasts()[-1].text() == "The disk is full."


def test_a_draft_waits_in_its_conversation(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    say("one")
    first = page.session.conversation
    assert first is not None
    page.composer.set_text("half a thought")
    page.new_chat()
    assert page.composer.text() == ""
    with qtbot.waitSignal(page.session.opened):
        page.session.open(first.id)
    assert page.composer.text() == "half a thought"


def test_up_brings_back_what_was_said_last(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    say("say it again")
    qtbot.keyClick(page.composer.edit, Qt.Key.Key_Up)
    assert page.composer.text() == "say it again"


def test_a_small_model_is_called_small(page: ChatPage) -> None:
    device = Device("cpu", "CPU")
    info = ModelInfo(
        "SmolLM2 135M", "", "", 0, "llama", "Q4_1", 135_000_000, 8192, 8192, device, "x", "1"
    )
    page.welcome.show_model(info)
    assert "SmolLM2 135M is a small" in page.welcome.small_model_text()
    page.welcome.show_model(None)
    assert page.welcome.small_model_text() == ""


def test_a_link_is_asked_about_with_its_whole_address(page: ChatPage, qtbot: QtBot) -> None:
    address = "https://example.com/" + "x" * 200 + "?leak=1"
    page.transcript.link_clicked.emit(address)
    dialog = page.findChild(LinkDialog)
    assert dialog is not None
    assert dialog.address() == address
    dialog.reject()


def test_it_sticks_to_the_end_unless_one_scrolled_up(
    page: ChatPage, say: Say, qtbot: QtBot
) -> None:
    say("\n\n".join(["a paragraph"] * 60))
    bar = page.transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(bar.maximum() // 3)
    place = bar.value()
    page.session.send("/long 2000")
    qtbot.waitUntil(lambda: len(page.session.branch) == 4)
    bar.setValue(place)  # up again, while it is answered
    qtbot.waitUntil(lambda: not page.session.is_busy(), timeout=8000)
    qtbot.wait(100)
    assert bar.value() == place
    assert page.transcript._down.isVisible()
    qtbot.mouseClick(page.transcript._down, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()


def test_a_long_conversation_opens_without_a_stall(
    page: ChatPage, services: Services, qtbot: QtBot
) -> None:
    def fill() -> int:
        conversations = services.storage.conversations
        made = conversations.create("long")
        parent = None
        for number in range(200):
            role = Role.ASSISTANT if number % 2 else Role.USER
            parent = conversations.add_message(made.id, role, ANSWER * (number % 4 + 1), parent).id
        return made.id

    ids: list[int] = []
    services.background.run(page, fill).then(ids.append)
    qtbot.waitUntil(lambda: bool(ids), timeout=10_000)
    page._warm_up()
    meter = StallMeter(page)
    meter.start()
    page.session.open(ids[0])
    qtbot.waitUntil(lambda: bool(page.transcript.views()))
    qtbot.waitUntil(lambda: not page.transcript.is_building(), timeout=10_000)
    bar = page.transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    while len(page.transcript.views()) < 200:
        bar.setValue(0)
        qtbot.wait(5)
    meter.stop()
    assert meter.longest() < 100  # alone on a machine it is below 50: benchmarks/window.py
    assert [v.message.content for v in page.transcript.views()][:2] == [ANSWER, ANSWER * 2]


def test_a_large_paste_goes_to_the_text_page_only_when_it_is_taken(
    page: ChatPage, qtbot: QtBot
) -> None:
    text = "All happy families are alike. " * 5000
    page.composer.set_text(text)
    assert page.composer.paste.text() == text
    offered: list[str] = []
    page.text_offered.disconnect()
    page.text_offered.connect(lambda name, words: offered.append(words))
    page.composer.paste.document_asked.emit()
    assert offered == [text]
    assert page.composer.paste.text() == text
    page.text_taken()
    assert page.composer.text() == ""


def test_the_model_is_named_as_far_as_there_is_room(
    page: ChatPage, app_window: MainWindow, qtbot: QtBot
) -> None:
    chip = page.header.chip
    chip.setText("A model with a long name · Q4_K_M · CPU")
    app_window.resize(1280, 820)
    qtbot.waitUntil(lambda: chip.shown_text() == chip.text())
    app_window.resize(640, 480)
    qtbot.waitUntil(lambda: page.header.rect().contains(chip.geometry()))
    assert chip.shown_text().endswith("…")
    assert chip.shown_text().startswith("A model")
