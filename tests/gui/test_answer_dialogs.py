"""What made an answer can be looked at: its exact prompt, and how sure the model was of each word."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.storage.records import MessageStatus, StoredMessage
from engine.types import Role, TokenChoice, TokenScore
from gui.dialogs.probabilities_dialog import ProbabilitiesDialog
from gui.dialogs.prompt_dialog import PromptDialog
from gui.pages.chat_page import ChatPage
from gui.services import Services
from gui.widgets.token_choices import percentage, visible
from tests.gui.conftest import Say


def menu_words(page: ChatPage) -> list[str]:
    view = page.transcript.last_answer()
    assert view is not None
    return [words for words, _ in view.footer.entries()]


def test_the_exact_prompt_of_every_answer_can_be_shown(
    page: ChatPage, services: Services, say: Say, qtbot: QtBot
) -> None:
    services.settings.change(system_prompt="Be brief.")
    say("first <|im_start|> 你好")
    say("second")
    assert menu_words(page) == ["Show prompt"]
    page.transcript.last_answer().footer.prompt_asked.emit()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: page.findChild(PromptDialog) is not None)
    dialog = page.findChild(PromptDialog)
    assert dialog is not None
    said = "first <|im_start|> 你好"
    prompt = f"system: Be brief.\nuser: {said}\nassistant: {said}\nuser: second"
    assert dialog.shown.toPlainText() == prompt
    assert dialog.shown.isReadOnly()
    assert "token(s)" in dialog.about()
    dialog.copy.click()
    assert QApplication.clipboard().text() == prompt
    dialog.accept()


def test_the_menu_says_what_there_is(
    page: ChatPage, services: Services, say: Say, qtbot: QtBot
) -> None:
    services.settings.change(logprobs=3)
    say("red green blue")
    assert menu_words(page) == ["Show prompt", "Show probabilities"]
    view = page.transcript.last_answer()
    assert view is not None
    assert view.footer.more.accessibleName() == "More about this answer"
    asked = [signal for words, signal in view.footer.entries() if words == "Show probabilities"]
    asked[0].emit()
    qtbot.waitUntil(lambda: page.findChild(ProbabilitiesDialog) is not None)
    dialog = page.findChild(ProbabilitiesDialog)
    assert dialog is not None
    assert dialog.map.toPlainText() == "red green blue"
    assert dialog.choices.rows()[0] == ("red␣", "97 %")
    dialog.accept()


def test_probabilities_are_kept_only_when_asked_for(page: ChatPage, say: Say) -> None:
    assert not say("hello").message.has_scores
    page.services.settings.change(logprobs=2)
    assert say("hello").message.has_scores


def marks(dialog: PromptDialog) -> list[str]:
    """What is set apart in colour."""
    marked = []
    block = dialog.shown.document().begin()
    while block.isValid():
        for part in block.layout().formats():
            marked.append(block.text()[part.start : part.start + part.length])
        block = block.next()
    return marked


def test_marks_are_set_apart_from_what_was_said(
    services: Services, page: ChatPage, qtbot: QtBot
) -> None:
    message = StoredMessage(
        *(1, 1, None, Role.ASSISTANT, "", MessageStatus.COMPLETE, ""),
        *({"usage": {"prompt_tokens": 12}}, None, (1,)),
    )
    text = "<|im_start|>user\nis a<b and c>d? [INST] <s> </s> <start_of_turn>"
    dialog = PromptDialog(services.theme, text, message, page)
    qtbot.waitUntil(
        lambda: marks(dialog) == ["<|im_start|>", "[INST]", "<s>", "</s>", "<start_of_turn>"]
    )
    assert dialog.about() == f"12 token(s) · {len(text)} character(s)"
    dialog.deleteLater()


SCORES = (
    TokenScore("Hi", math.log(0.9), (TokenChoice("Hi", math.log(0.9)),)),
    TokenScore("", 0.0),  # nothing that could be seen
    TokenScore(
        " 😀 there",
        math.log(0.05),
        (TokenChoice(" you", math.log(0.6)), TokenChoice("\n", math.log(0.3))),
    ),
    TokenScore("\n", math.log(0.999)),
    TokenScore("end", -100.0, (TokenChoice("stop", math.log(0.5)),)),
)


@pytest.fixture
def dialog(services: Services, page: ChatPage, qtbot: QtBot) -> Iterator[ProbabilitiesDialog]:
    made = ProbabilitiesDialog(services.theme, SCORES, "so far: Hi 😀 there\nend", page)
    made.show()
    yield made
    made.close()


def test_arrow_keys_go_through_the_words_and_show_what_might_have_stood_there(
    dialog: ProbabilitiesDialog, qtbot: QtBot
) -> None:
    assert dialog.map.toPlainText() == "so far: Hi 😀 there↵\nend"
    assert dialog.map.count() == 4
    assert dialog.choices.rows() == [("Hi", "90 %")]
    qtbot.keyClick(dialog.map, Qt.Key.Key_Right)
    assert dialog.choices.rows() == [
        *(("␣you", "60 %"), ("↵", "30 %"), ("␣😀 there", "5.0 %")),
    ]
    assert dialog.choices.spoken() == "␣😀 there 5.0 %; ␣you 60 %; ↵ 30 %"
    qtbot.keyClick(dialog.map, Qt.Key.Key_End)
    assert dialog.choices.rows() == [("stop", "50 %"), ("end", "< 0.1 %")]
    qtbot.keyClick(dialog.map, Qt.Key.Key_Right)
    assert dialog.map.current() == 3
    qtbot.keyClick(dialog.map, Qt.Key.Key_Up)
    assert dialog.map.current() < 3
    qtbot.keyClick(dialog.map, Qt.Key.Key_Home)
    assert dialog.map.current() == 0


def test_the_less_likely_a_word_the_darker_it_is(
    dialog: ProbabilitiesDialog,
) -> None:
    likely, unlikely, sure, hardly = (dialog.map.shade(number).alphaF() for number in range(4))
    assert sure < likely < unlikely <= hardly


def test_pointing_at_a_word_shows_it_and_leaving_goes_back(
    dialog: ProbabilitiesDialog, qtbot: QtBot
) -> None:
    cursor = dialog.map.textCursor()
    cursor.setPosition(dialog.map._starts[3] + 1)
    place = dialog.map.cursorRect(cursor).center()
    move = QMouseEvent(
        *(QMouseEvent.Type.MouseMove, QPointF(place), QPointF(QPoint(0, 0))),
        *(Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
    )
    dialog.map.mouseMoveEvent(move)
    assert dialog.map.current() == 3
    QApplication.sendEvent(dialog.map, QEvent(QEvent.Type.Leave))
    assert dialog.map.current() == 0
    qtbot.mouseClick(dialog.map.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.map.current() == 3


def test_an_answer_without_scores_opens_all_the_same(services: Services, page: ChatPage) -> None:
    made = ProbabilitiesDialog(services.theme, (), "text", page)
    assert made.map.count() == 0
    assert made.choices.rows() == []
    made.deleteLater()


def test_thousands_of_words_open_at_once(services: Services, page: ChatPage) -> None:
    scores = [TokenScore(f"word{i} ", -(i % 7) / 3) for i in range(4000)]
    started = time.process_time()
    made = ProbabilitiesDialog(services.theme, scores, "", page)
    assert time.process_time() - started < 1
    assert made.map.count() == 4000
    made.deleteLater()


@pytest.mark.parametrize(
    ("logprob", "words"), [(0.0, "100 %"), (-1.0, "37 %"), (-3.0, "5.0 %"), (-1e4, "< 0.1 %")]
)
def test_percentages_are_short(logprob: float, words: str) -> None:
    assert percentage(logprob) == words


def test_spaces_and_line_ends_are_seen() -> None:
    assert [visible(text) for text in (" a b ", "\n", "  ", "", "\t")] == [
        *("␣a b␣", "↵", "␣␣", "∅", "⇥")
    ]
