"""The box to write in: what sends, what does not, and that nothing typed is ever lost."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui.theme import Theme
from gui.widgets.composer import LARGE_PASTE, MOST_LINES, Composer


@pytest.fixture
def composer(qapp: QApplication, qtbot: QtBot) -> Composer:
    made = Composer(Theme("light"), None)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(704, 100)
    made.show()
    made.edit.setFocus()
    return made


def paste(composer: Composer, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    composer.edit.insertFromMimeData(data)


def test_enter_sends_and_the_text_stays_until_it_is_safe(composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.edit, "Hello")
    with qtbot.waitSignal(composer.send_asked) as sent:
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert sent.args == ["Hello"]
    assert composer.text() == "Hello"
    composer.take_away("Hello")
    assert composer.text() == ""


def test_what_was_typed_since_stays(composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.edit, "Hello and more")
    composer.take_away("Hello")
    assert composer.text() == "and more"


def test_shift_enter_is_a_new_line(composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.edit, "a")
    with qtbot.assertNotEmitted(composer.send_asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.edit, "b")
    assert composer.text().splitlines() == ["a", "b"]


def test_enter_while_an_input_method_composes_never_sends(composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.edit, "I say ")
    QApplication.sendEvent(composer.edit, QInputMethodEvent("nihao", []))
    with qtbot.assertNotEmitted(composer.send_asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    commit = QInputMethodEvent()
    commit.setCommitString("你好")
    QApplication.sendEvent(composer.edit, commit)
    assert composer.text() == "I say 你好"
    with qtbot.waitSignal(composer.send_asked) as sent:
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert sent.args == ["I say 你好"]


def test_nothing_but_space_is_not_sent(composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.edit, "   ")
    with qtbot.assertNotEmitted(composer.send_asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)


def test_while_an_answer_comes_typing_goes_on_and_the_button_stops(
    composer: Composer, qtbot: QtBot
) -> None:
    composer.set_busy(True)
    qtbot.keyClicks(composer.edit, "the next question")
    with qtbot.assertNotEmitted(composer.send_asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert composer.text() == "the next question"
    with qtbot.waitSignal(composer.stop_asked):
        qtbot.mouseClick(composer._button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(composer.stop_asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Escape)


def test_up_recalls_only_in_an_empty_box(composer: Composer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(composer.recall_asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Up)
    qtbot.keyClicks(composer.edit, "x")
    with qtbot.assertNotEmitted(composer.recall_asked):
        qtbot.keyClick(composer.edit, Qt.Key.Key_Up)


def test_it_grows_with_its_lines_up_to_a_limit(composer: Composer, qtbot: QtBot) -> None:
    heights = []
    for lines in (1, 3, MOST_LINES, MOST_LINES + 20):
        composer.set_text("\n".join(["line"] * lines))
        heights.append(composer.edit.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


@pytest.mark.parametrize("text", ["word " * 1_000_000, "x" * 5_000_000, "line\n" * 1_000_000])
def test_a_paste_of_5_mb_is_kept_whole_and_quickly(
    composer: Composer, qtbot: QtBot, text: str
) -> None:
    qtbot.keyClicks(composer.edit, "Summarize this:")
    started = time.thread_time()
    paste(composer, text)
    QApplication.processEvents()
    assert time.thread_time() - started < 0.25
    assert composer.text() == "Summarize this:\n\n" + text
    assert composer.paste.isVisible()


def test_a_large_paste_can_be_read_as_a_document_or_removed(
    composer: Composer, qtbot: QtBot
) -> None:
    text = "p" * (LARGE_PASTE + 1)
    paste(composer, text)
    read = composer.paste.findChild(QPushButton)
    with qtbot.waitSignal(composer.document_offered) as offered:
        qtbot.mouseClick(read, Qt.MouseButton.LeftButton)
    assert offered.args == [text]
    composer.paste._on_remove_clicked()
    assert composer.text() == ""


def test_a_second_large_paste_does_not_replace_the_first(composer: Composer) -> None:
    first, second = "a" * (LARGE_PASTE + 1), "b" * (LARGE_PASTE + 1)
    paste(composer, first)
    paste(composer, second)
    assert composer.text() == f"{first}\n\n{second}"


def test_strange_characters_are_made_safe(composer: Composer) -> None:
    paste(composer, "nul\x00 and emoji 👩‍👩‍👧 and עברית\r\nnext")
    assert composer.text() == "nul\ufffd and emoji 👩‍👩‍👧 and עברית\nnext"


def test_files_are_left_to_the_window(composer: Composer) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/report.pdf")])
    assert not composer.edit.canInsertFromMimeData(data)
