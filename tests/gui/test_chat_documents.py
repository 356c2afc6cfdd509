"""Documents in the chat: attached, read, kept with the message, given to the model, and shown."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.protocol import Chat, Request
from gui.given_record import kept_record
from gui.main_window import MainWindow
from gui.pages.chat_page import ChatPage
from gui.services import Services
from gui.widgets.answer_view import AnswerView
from gui.widgets.given_card import GivenCard
from gui.widgets.user_view import UserView

from .conftest import Say

NOTE = "The bridge over the river Alm was opened in 1931. The engineer Ruth Holm designed it."
FILLER = "Nothing of note was said that day, and the meeting ended early without a vote."


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "notes on the bridge.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


@pytest.fixture
def sent(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[Chat]:
    """The chats that the engine is asked for; they run all the same."""
    asked: list[Chat] = []
    send = services.engine.send

    def noted(request: Request, parent: object) -> object:
        if isinstance(request, Chat):
            asked.append(request)
        return send(request, parent)  # type: ignore[arg-type]

    monkeypatch.setattr(services.engine, "send", noted)
    return asked


def attach(page: ChatPage, qtbot: QtBot, *paths: Path) -> None:
    page.attach_files(list(paths))
    qtbot.waitUntil(lambda: not page.documents.attachments.is_reading(), timeout=20_000)


def names(page: ChatPage) -> list[str]:
    return [one.name for one in page.documents.attachments.entries()]


def user_view(page: ChatPage, number: int = 0) -> UserView:
    views = [view for view in page.transcript.views() if isinstance(view, UserView)]
    return views[number]


def opened(view: AnswerView, qtbot: QtBot) -> list[GivenCard]:
    """The fold under an answer, opened."""
    assert view.given is not None
    given = view.given
    qtbot.mouseClick(given.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(given.cards()) == len(given.record.texts))
    return given.cards()


# The box to write in


def test_an_attached_document_is_a_chip_with_its_name_and_length(
    page: ChatPage, qtbot: QtBot, note: Path
) -> None:
    page.attach_files([note])
    (chip,) = page.composer.tray.chips()
    assert "Reading" in chip.facts.text()
    qtbot.waitUntil(lambda: not page.documents.attachments.is_reading())
    (chip,) = page.composer.tray.chips()
    assert chip.name.accessibleName() == f"notes on the bridge.txt, {len(NOTE)} characters"
    assert page.composer.tray.isVisible()
    assert "document" in page.composer.edit.placeholderText()


def test_a_chip_is_removed_by_its_cross_and_by_del(
    page: ChatPage, qtbot: QtBot, note: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Bread and salt.")
    attach(page, qtbot, note, other)
    first, second = page.composer.tray.chips()
    qtbot.mouseClick(first.cross, Qt.MouseButton.LeftButton)
    assert names(page) == ["other.txt"]
    qtbot.keyClick(second.name, Qt.Key.Key_Delete)
    assert names(page) == []
    assert not page.composer.tray.isVisible()
    assert page.window().focusWidget() is page.composer.edit


def test_a_file_that_cannot_be_read_says_why_and_the_typed_text_stays(
    page: ChatPage, qtbot: QtBot, note: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "scan.pdf"
    broken.write_bytes(b"%PDF-1.4 broken")
    page.composer.edit.setPlainText("What is in it?")
    attach(page, qtbot, broken, note)
    (line,) = page.composer.tray.refused()
    assert "scan.pdf" in line.text()
    assert "damaged" in line.text()
    assert page.composer.edit.toPlainText() == "What is in it?"
    assert len(page.composer.tray.chips()) == 1
    qtbot.mouseClick(line.cross, Qt.MouseButton.LeftButton)
    assert page.composer.tray.refused() == []


def test_the_documents_of_a_folder_and_of_an_archive_are_attached(
    page: ChatPage, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.txt").write_text("A letter of May.")
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("b.txt", "A letter of June.")
    attach(page, qtbot, folder, tmp_path / "old.zip")
    qtbot.waitUntil(lambda: sorted(names(page)) == ["a.txt", "b.txt"], timeout=20_000)


def test_the_same_document_is_attached_once(page: ChatPage, qtbot: QtBot, note: Path) -> None:
    attach(page, qtbot, note, note)
    qtbot.waitUntil(lambda: len(names(page)) == 1)


def test_files_on_the_clipboard_are_attached(page: ChatPage, qtbot: QtBot, note: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(note))])
    QGuiApplication.clipboard().setMimeData(data)
    page.composer.edit.setFocus()
    page.composer.edit.paste()
    qtbot.waitUntil(lambda: names(page) == [note.name])
    qtbot.waitUntil(lambda: not page.documents.attachments.is_reading())
    assert page.composer.edit.toPlainText() == ""


def test_a_large_paste_can_go_as_a_document(page: ChatPage, qtbot: QtBot) -> None:
    page.composer.edit.large_paste.emit("The mill burned. " * 10_000)
    assert page.composer.paste.text()
    page.composer.paste.attach_asked.emit()
    qtbot.waitUntil(lambda: bool(page.documents.attachments.ready()))
    assert page.composer.paste.text() == ""
    assert names(page)[0].startswith("The mill burned.")


def test_a_drop_on_the_lower_half_is_attached_and_one_above_is_read_as_ever(
    app_window: MainWindow, page: ChatPage, qtbot: QtBot, note: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(note))])
    actions, button, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    low = QPoint(app_window.width() // 2, app_window.height() - 60)
    app_window.dragEnterEvent(QDragEnterEvent(QPoint(300, 100), actions, data, button, none))
    assert "read" in app_window.overlay().text()
    app_window.dragMoveEvent(QDragMoveEvent(low, actions, data, button, none))
    assert "chat" in app_window.overlay().text()
    app_window.dropEvent(QDropEvent(QPointF(low), actions, data, button, none))
    qtbot.waitUntil(lambda: names(page) == [note.name])
    assert app_window.current_page() is page
    qtbot.waitUntil(lambda: not page.documents.attachments.is_reading())


def test_a_message_waits_for_the_document_that_is_being_read(
    page: ChatPage, qtbot: QtBot, note: Path, sent: list[Chat]
) -> None:
    page.attach_files([note])
    page.composer.set_text("Who designed it?")
    qtbot.keyClick(page.composer.edit, Qt.Key.Key_Return)
    assert page.session.branch == []
    qtbot.waitUntil(lambda: len(page.session.branch) == 2 and not page.session.is_busy())
    assert [one.text for one in sent[0].documents] == [NOTE]
    assert page.composer.text() == ""


def test_what_was_begun_stays_with_its_conversation(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say
) -> None:
    say("Hello")
    shown = page.session.conversation
    assert shown is not None
    attach(page, qtbot, note)
    page.new_chat()
    assert names(page) == []
    page.session.open(shown.id)
    qtbot.waitUntil(lambda: names(page) == [note.name])


# What is said


def test_the_model_is_given_the_document_and_the_answer_tells_it(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say, sent: list[Chat]
) -> None:
    attach(page, qtbot, note)
    view = say("Who designed it?")
    assert names(page) == []
    assert [one.text for one in sent[-1].documents] == [NOTE]
    assert view.given is not None
    assert "whole" in view.given.title()
    (card,) = opened(view, qtbot)
    assert card.name.text() == note.name
    assert card.words.text() == NOTE
    (chip,) = user_view(page).documents.chips()
    assert note.name in chip.name.accessibleName()


def test_of_a_long_document_the_share_and_the_passages_are_told(
    page: ChatPage, qtbot: QtBot, tmp_path: Path, say: Say
) -> None:
    path = tmp_path / "minutes.md"
    parts = [f"# Part {n}\n\n" + f"{FILLER}\n\n" * 200 for n in range(6)]
    around = f"{FILLER}\n\n" * 20
    bridge = f"# The bridge\n\n{around}{NOTE}\n\n{around}"
    path.write_text("".join([*parts[:3], bridge, *parts[3:]]))
    attach(page, qtbot, path)
    view = say("Who designed the bridge over the river Alm?")
    assert view.given is not None
    record = view.given.record
    assert 0 < record.share() < 0.5
    assert "%" in view.given.title()
    cards = opened(view, qtbot)
    assert any("The bridge" in card.where.text() for card in cards)
    assert any("Ruth Holm" in card.words.text() for card in cards)


def test_later_turns_and_other_answers_keep_the_document(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say, sent: list[Chat]
) -> None:
    attach(page, qtbot, note)
    first = say("Who designed it?")
    say("And when was it opened?")
    assert [one.name for one in sent[-1].documents] == [note.name]
    page.session.answer_again(first.message)
    qtbot.waitUntil(lambda: len(sent) == 3 and not page.session.is_busy())
    assert [one.name for one in sent[-1].documents] == [note.name]
    question = user_view(page).message
    page.session.edit(question, "What was it called?")
    qtbot.waitUntil(lambda: len(sent) == 4 and not page.session.is_busy())
    assert [one.name for one in sent[-1].documents] == [note.name]
    assert [entry.name for entry in page.session.branch[0].documents] == [note.name]


def test_a_branch_without_the_document_is_not_given_it(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say, sent: list[Chat]
) -> None:
    say("Hello")
    attach(page, qtbot, note)
    say("Who designed it?")
    page.session.edit(page.session.branch[2], "Something else")
    qtbot.waitUntil(lambda: len(sent) == 3 and not page.session.is_busy())
    assert sent[-1].documents  # an edited message keeps what it came with
    page.session.edit(page.session.branch[0], "Another beginning")
    qtbot.waitUntil(lambda: len(sent) == 4 and not page.session.is_busy())
    assert sent[-1].documents == ()


def test_a_reopened_conversation_has_its_documents_even_when_the_file_is_gone(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say, sent: list[Chat], services: Services
) -> None:
    attach(page, qtbot, note)
    say("Who designed it?")
    shown = page.session.conversation
    assert shown is not None
    note.unlink()
    page.new_chat()
    services.background.run(page, lambda: services.storage.desk.purge_removed(-1))
    page.session.open(shown.id)
    qtbot.waitUntil(lambda: page.session.conversation is not None)
    (chip,) = user_view(page).documents.chips()
    view = page.transcript.last_answer()
    assert view is not None
    (card,) = opened(view, qtbot)
    assert card.words.text() == NOTE
    say("And when?")
    assert [one.text for one in sent[-1].documents] == [NOTE]
    chip.name.click()
    qtbot.waitUntil(page.places.is_open)


def test_a_document_of_the_chat_is_not_put_on_the_desk(
    page: ChatPage, qtbot: QtBot, note: Path, services: Services
) -> None:
    attach(page, qtbot, note)
    listed: list[list[object]] = []
    services.background.run(page, lambda: services.storage.desk.documents()).then(
        listed.append, lambda error: None
    )
    qtbot.waitUntil(lambda: bool(listed))
    assert listed == [[]]


def test_without_documents_nothing_is_told(say: Say, sent: list[Chat]) -> None:
    view = say("Hello")
    assert view.given is None
    assert kept_record(view.message.made_by) is None
    assert (sent[-1].documents, sent[-1].library) == ((), False)


@pytest.mark.parametrize("suffix", [".md", ".json"])
def test_an_exported_conversation_names_its_documents(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say, tmp_path: Path, suffix: str
) -> None:
    attach(page, qtbot, note)
    say("Who designed it?")
    shown, file = page.session.conversation, tmp_path / f"talk{suffix}"
    assert shown is not None
    assert any("Export" in action.text() for action in page.list.menu_for(shown).actions())
    page._keeper.export(file, shown, suffix)
    qtbot.waitUntil(file.exists)
    text = file.read_text("utf-8")
    if suffix == ".md":
        assert f"- Attached: {note.name}" in text
        assert f"- {note.name}, the whole document" in text
    else:
        said, answer = json.loads(text)["messages"]
        assert [one["name"] for one in said["documents"]] == [note.name]
        assert [one["name"] for one in answer["made_by"]["given"]["texts"]] == [note.name]


# Quotes and places


def test_quotes_are_marked_as_found_or_not(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say
) -> None:
    attach(page, qtbot, note)
    view = say("Say “The engineer Ruth Holm designed it” and “It was painted green in May”")
    assert view.given is not None
    assert [line.is_found for line in view.given.quotes] == [False, True]  # each once
    qtbot.waitUntil(lambda: not view.markdown.is_busy())
    marked = [one.cursor.selectedText() for one in view.markdown.extraSelections()]
    assert "The engineer Ruth Holm designed it" in marked
    assert "It was painted green in May" in marked
    found = view.given.quotes[-1]
    qtbot.mouseClick(found.place, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.places.is_open)
    assert page.places.reader is not None
    passage = page.places.reader.view.passage()
    assert passage is not None
    assert NOTE[slice(*passage)] == "The engineer Ruth Holm designed it"


def test_a_card_opens_the_place_and_esc_closes_it(
    page: ChatPage, qtbot: QtBot, note: Path, say: Say
) -> None:
    attach(page, qtbot, note)
    (card,) = opened(say("Who designed it?"), qtbot)
    qtbot.keyClick(card, Qt.Key.Key_Return)
    qtbot.waitUntil(page.places.is_open)
    reader = page.places.reader
    assert reader is not None
    assert reader.view.text_of_document() == NOTE
    QTest.keyClick(reader.view, Qt.Key.Key_Escape)
    assert not page.places.is_open()
    assert page.window().focusWidget() is page.composer.edit


def test_in_a_narrow_window_the_document_stands_in_the_chats_place(
    page: ChatPage, app_window: MainWindow, qtbot: QtBot, note: Path, say: Say
) -> None:
    attach(page, qtbot, note)
    (card,) = opened(say("Who designed it?"), qtbot)
    app_window.resize(760, 600)
    card.chosen.emit()
    qtbot.waitUntil(page.places.is_open)
    assert not page.composer.isVisible()
    page.places.close()
    assert page.composer.isVisible()


# The library


def test_an_empty_library_cannot_be_switched_on_and_says_why(
    page: ChatPage, qtbot: QtBot, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: services.model.state == "ready")
    asked: list[object] = []
    monkeypatch.setattr(services.engine, "send", lambda request, parent: asked.append(request))
    page.documents.show_library()
    assert not page.composer.library.isEnabled()
    assert "empty" in page.composer.library.accessibleDescription()
    assert asked == []  # nobody is asked for a library that is off


@pytest.fixture
def library(services: Services, qtbot: QtBot, tmp_path: Path) -> Path:
    """A folder with one document, indexed."""
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / "bridge.txt").write_text(f"{FILLER} {NOTE} {FILLER}")
    services.library.add([str(folder)])

    def is_indexed() -> bool:
        info = services.library.info
        return info is not None and [one.state for one in info.documents] == ["indexed"]

    qtbot.waitUntil(is_indexed, timeout=30_000)
    qtbot.waitUntil(lambda: services.library.progress is None)
    return folder


def test_the_library_is_asked_only_when_it_is_switched_on(
    page: ChatPage, qtbot: QtBot, say: Say, sent: list[Chat], library: Path
) -> None:
    say("Who designed the bridge over the river Alm?")
    assert not sent[-1].library
    assert page.composer.library.isEnabled()
    qtbot.mouseClick(page.composer.library, Qt.MouseButton.LeftButton)
    view = say("Who designed the bridge over the river Alm?")
    assert sent[-1].library
    assert view.given is not None
    assert "library" in view.given.title()
    card, *_ = opened(view, qtbot)
    assert "Ruth Holm" in card.words.text()
    card.chosen.emit()
    qtbot.waitUntil(page.places.is_open, timeout=10_000)
    reader = page.places.reader
    assert reader is not None
    assert FILLER in reader.view.text_of_document()
    again = view.message
    page.session.answer_again(again)
    qtbot.waitUntil(lambda: len(sent) == 3 and not page.session.is_busy())
    assert sent[-1].library


def test_what_the_library_gave_is_kept_when_the_library_is_forgotten(
    page: ChatPage, qtbot: QtBot, say: Say, services: Services, library: Path
) -> None:
    page.composer.library.setChecked(True)
    view = say("Who designed the bridge over the river Alm?")
    services.library.forget()
    qtbot.waitUntil(lambda: services.library.is_empty())
    assert not page.composer.library.isEnabled()
    assert not page.composer.library.isChecked()
    card, *_ = opened(view, qtbot)
    assert "Ruth Holm" in card.words.text()
    card.chosen.emit()
    qtbot.waitUntil(page.places.is_open, timeout=10_000)
    assert page.places.reader is not None
    assert "Ruth Holm" in page.places.reader.view.text_of_document()
