"""The library's page: folders are read, passages found, questions answered, places opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from engine.protocol import ChangeLibrary, LibraryInfo, ReadFromLibrary, Request, UpdateLibrary
from gui import library_session
from gui.engine_bridge import EngineReply
from gui.main_window import MainWindow
from gui.pages.library_page import LibraryPage
from gui.pages.text_page import TextPage
from gui.services import Services
from gui.widgets.library.hit_card import HitCard
from gui.widgets.library.snippets import LONGEST, snippet

LETTER = (
    "Anna Meyer met NATO in Oslo on a cold day.\n\nThe barrack is gone, and the men are well.\n"
)
RECIPE = "Take two eggs and stir them.\n\nBake the cake for an hour in a hot oven.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "letter.txt").write_text(LETTER, "utf-8")
    (folder / "recipe.txt").write_text(RECIPE, "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\n broken")
    return folder


@pytest.fixture
def page(app_window: MainWindow, qtbot: QtBot) -> LibraryPage:
    app_window.open_page("library")
    found = app_window.page("library")
    assert isinstance(found, LibraryPage)
    qtbot.waitUntil(lambda: found.session.info is not None, timeout=20_000)
    return found


@pytest.fixture
def filled(page: LibraryPage, folder: Path, qtbot: QtBot) -> LibraryPage:
    page.accept_files([folder])
    wait_read(page, qtbot, 3)
    return page


def wait_read(page: LibraryPage, qtbot: QtBot, count: int) -> None:
    def is_read() -> bool:
        info = page.session.info
        assert info is not None
        states = [document.state for document in info.documents]
        return page.session.progress is None and len(states) == count and "waiting" not in states

    qtbot.waitUntil(is_read, timeout=20_000)


def cards(page: LibraryPage) -> list[HitCard]:
    return [row for row in page.found.hits.rows if isinstance(row, HitCard) and not row.isHidden()]


def search(page: LibraryPage, qtbot: QtBot, text: str) -> list[HitCard]:
    page.found.line.line.clear()
    with qtbot.waitSignal(page.session.found, timeout=10_000):
        qtbot.keyClicks(page.found.line.line, text)
    return cards(page)


def test_an_empty_library_says_what_it_is_for(page: LibraryPage) -> None:
    assert page.found.invitation.isVisible()
    assert not page.list.isVisible()
    assert page.found.invitation.buttons[0].hasFocus()


def test_a_folder_is_read_and_what_cannot_be_read_says_why(filled: LibraryPage) -> None:
    assert not filled.found.invitation.isVisible()
    item = filled.list.tree.topLevelItem(0)
    assert item is not None
    item.setExpanded(True)
    names = {item.child(at).text(0): item.child(at).toolTip(0) for at in range(item.childCount())}
    assert sorted(names) == ["broken.pdf", "letter.txt", "recipe.txt"]
    assert "is damaged" in names["broken.pdf"]
    assert filled.list.failed.isVisible()
    assert filled.list.retry_button.isVisible()


def test_a_document_that_could_not_be_read_tells_why_when_it_is_chosen(
    filled: LibraryPage, folder: Path, qtbot: QtBot, services: Services
) -> None:
    tree = filled.list.tree
    item = tree.topLevelItem(0)
    assert item is not None
    item.setExpanded(True)
    names = [item.child(at).text(0) for at in range(item.childCount())]
    tree.setCurrentItem(item.child(names.index("broken.pdf")))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    toast = services.notifications.toasts()[-1]
    assert toast.text().startswith("“broken.pdf” is damaged")
    (folder / "broken.pdf").unlink()
    again = next(b for b in toast.findChildren(QPushButton) if b.text() == "Try again")
    again.click()
    wait_read(filled, qtbot, 2)


def test_what_is_looked_at_stays_in_view_while_documents_are_read(
    page: LibraryPage, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(f"Note {number}: nothing new.\n", "utf-8")
    page.accept_files([folder])
    wait_read(page, qtbot, 60)
    tree = page.list.tree
    item = tree.topLevelItem(0)
    assert item is not None
    item.setExpanded(True)
    chosen = item.child(20)
    tree.setCurrentItem(chosen)
    tree.scrollToItem(chosen, tree.ScrollHint.PositionAtTop)
    seen = tree.verticalScrollBar().value()
    assert seen > 0
    (folder / "60.txt").write_text("Another note.\n", "utf-8")
    page.session.update()
    wait_read(page, qtbot, 61)
    assert tree.verticalScrollBar().value() == seen
    assert tree.currentItem() is chosen
    assert item.childCount() == 61


def test_what_is_added_while_others_are_read_is_read_after_them(
    page: LibraryPage, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    late = tmp_path / "late.txt"
    late.write_text("The latest news of the harbour.\n", "utf-8")
    page.accept_files([folder])
    qtbot.waitUntil(lambda: page.session.progress is not None, timeout=20_000)
    page.accept_files([late])
    wait_read(page, qtbot, 4)
    assert search(page, qtbot, "harbour")[0].hit is not None


def test_what_was_stopped_goes_on_only_when_it_is_asked_to(
    page: LibraryPage, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    for number in range(40):
        words = " ".join(f"Sentence {number} of {part} goes on." for part in range(400))
        (folder / f"{number:02}.txt").write_text(words, "utf-8")
    page.accept_files([folder])
    qtbot.waitUntil(lambda: page.session.progress is not None, timeout=20_000)
    page.list.stop_button.click()
    qtbot.waitUntil(lambda: page.session.progress is None, timeout=20_000)
    assert page.session.info is not None
    assert any(document.state == "waiting" for document in page.session.info.documents)
    page.focus_first()  # as do the clock, and a worker that was started anew
    assert page.session.progress is None
    assert page.list.update_button.text() == "Go on"
    assert not page.session.is_updating()
    page.list.update_button.click()
    assert page.session.is_updating()
    page.session.stop()


def test_a_remark_is_told_once(page: LibraryPage, folder: Path, services: Services) -> None:
    page.session.info = LibraryInfo(remark="The library was damaged.")
    for _ in range(3):
        page.session.changed.emit()
    told = [toast.text() for toast in services.notifications.toasts()]
    assert told.count("The library was damaged.") == 1


def test_an_answer_whose_texts_cannot_be_had_ends_with_the_reason(
    filled: LibraryPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source is removed between the answer and the look at its text."""
    session = filled.session
    read = session._engine.send

    def send(request: Request, parent: QObject) -> EngineReply:
        if isinstance(request, ReadFromLibrary):
            request = ReadFromLibrary(request.request_id, 9999)
        return read(request, parent)

    monkeypatch.setattr(session._engine, "send", send)
    session.ask("Where did Anna Meyer meet NATO?")

    def has_failed() -> bool:
        answer = session.answer
        return answer is not None and not answer.is_running and answer.error is not None

    qtbot.waitUntil(has_failed, timeout=30_000)


def test_what_is_typed_is_found_and_its_words_stand_out(filled: LibraryPage, qtbot: QtBot) -> None:
    first = search(filled, qtbot, "bake cake")[0]
    assert first.hit is not None
    assert first.hit.name == "recipe.txt"
    assert "<b>Bake</b>" in first.words.text()
    assert "<b>cake</b>" in first.words.text()


def test_a_passage_opens_where_it_stands_by_mouse_and_by_keyboard(
    filled: LibraryPage, qtbot: QtBot
) -> None:
    card = search(filled, qtbot, "barrack")[0]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(filled.reader.isVisible)
    hit = card.hit
    assert hit is not None
    assert filled.reader.view.passage() == (hit.start, hit.end)
    assert filled.reader.name.text() == "letter.txt"
    marks = filled.reader.view.marks().shown()
    assert [LETTER[mark.start : mark.end] for mark in marks] == ["barrack"]
    qtbot.keyClick(filled.reader.view, Qt.Key.Key_Escape)
    assert not filled.reader.isVisible()
    qtbot.keyClick(filled.found.line.line, Qt.Key.Key_Down)
    qtbot.keyClick(cards(filled)[0], Qt.Key.Key_Return)
    qtbot.waitUntil(filled.reader.isVisible)


def test_a_question_is_answered_with_quotes_that_lead_to_their_place(
    filled: LibraryPage, qtbot: QtBot
) -> None:
    qtbot.keyClicks(filled.found.line.line, "Whom did Anna Meyer meet?")
    qtbot.keyClick(filled.found.line.line, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: filled.session.answer is not None and not filled.session.answer.is_running,
        timeout=20_000,
    )
    state = filled.session.answer
    assert state is not None
    assert state.error is None
    assert state.result is not None
    assert filled.found.question.text() == "Whom did Anna Meyer meet?"
    quote = next(one for one in state.result.quotes if one.passage is not None)
    assert quote.passage is not None
    filled.found.answer.chosen.emit(quote.passage.start, quote.passage.end, quote.passage.document)
    qtbot.waitUntil(filled.reader.isVisible)
    start, end = filled.reader.view.passage() or (0, 0)
    text = state.documents[quote.passage.document].text
    assert text[start:end] == text[quote.passage.start : quote.passage.end]


def test_nothing_found_is_said(filled: LibraryPage, qtbot: QtBot) -> None:
    filled.found.show_hits("zzzz", ())
    assert "“zzzz”" in filled.found.nothing.text()
    assert filled.found.nothing.isVisible()


def test_a_changed_folder_is_read_without_being_asked(
    filled: LibraryPage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "new.txt").write_text("A new paper about penguins.\n", "utf-8")
    (folder / "recipe.txt").unlink()
    filled.session._rhythm.setInterval(50)
    wait_read(filled, qtbot, 3)
    qtbot.waitUntil(
        lambda: (
            {one.name for one in (filled.session.info.documents if filled.session.info else ())}
            == {"broken.pdf", "letter.txt", "new.txt"}
        )
    )
    filled.session._rhythm.setInterval(library_session.PAUSE)
    assert any("penguins" in card.words.text() for card in search(filled, qtbot, "penguins"))


def test_a_library_that_was_never_used_asks_nothing_of_the_engine(
    app_window: MainWindow, services: Services, qtbot: QtBot, home: Path
) -> None:
    qtbot.wait(100)
    assert not (home / "data" / "library.sqlite3").exists()
    assert not any(home.rglob("library.sqlite3"))
    kinds = {type(reply.request) for reply in services.engine.open_replies()}
    assert not kinds & {UpdateLibrary, ChangeLibrary}


def test_removing_can_be_undone(filled: LibraryPage, qtbot: QtBot, services: Services) -> None:
    item = filled.list.tree.topLevelItem(0)
    assert item is not None
    filled.list.tree.setCurrentItem(item)
    qtbot.keyClick(filled.list.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(filled.found.invitation.isVisible)
    toast = services.notifications.toasts()[-1]
    assert "papers" in toast.text()
    next(one for one in toast.findChildren(QPushButton) if one.text() == "Undo").click()
    wait_read(filled, qtbot, 3)
    assert not filled.found.invitation.isVisible()


def test_everything_is_forgotten_only_after_a_question(filled: LibraryPage, qtbot: QtBot) -> None:
    filled.list.forget_button.click()
    box = filled.findChild(QMessageBox)
    assert box is not None
    keep, forget = (
        next(button for button in box.buttons() if button.text() == words)
        for words in ("Keep it", "Forget everything")
    )
    keep.click()
    assert filled.session.info is not None
    assert filled.session.info.sources
    filled.list.forget_button.click()
    box = filled.findChildren(QMessageBox)[-1]
    forget = next(button for button in box.buttons() if button.text() == "Forget everything")
    forget.click()
    qtbot.waitUntil(filled.found.invitation.isVisible)


def test_files_that_are_dropped_on_it_stay_in_it(
    page: LibraryPage, app_window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder / "letter.txt"))])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    app_window.dropEvent(event)
    wait_read(page, qtbot, 1)
    assert app_window.current_page_id() == "library"


def test_a_document_of_the_library_goes_to_the_desk(
    filled: LibraryPage, app_window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.mouseClick(search(filled, qtbot, "barrack")[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(filled.reader.isVisible)
    filled.reader.desk_button.click()
    text = app_window.page("text")
    assert isinstance(text, TextPage)
    qtbot.waitUntil(lambda: text.desk.current is not None, timeout=10_000)
    assert app_window.current_page_id() == "text"


def test_an_error_of_the_library_is_told_with_what_to_do(
    page: LibraryPage, qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    page.accept_files([tmp_path / "gone"])
    qtbot.waitUntil(lambda: bool(services.notifications.toasts()))
    toast = services.notifications.toasts()[-1]
    assert "“gone” is not there." in toast.text()
    assert toast.hint()


def test_a_file_that_changed_is_read_again(filled: LibraryPage, folder: Path, qtbot: QtBot) -> None:
    (folder / "letter.txt").write_text("A letter about whales.\n", "utf-8")
    os.utime(folder / "letter.txt", ns=(1, 1))
    with qtbot.waitSignal(filled.session.changed, timeout=10_000):
        filled.list.update_button.click()
    wait_read(filled, qtbot, 3)
    assert any("whales" in card.words.text() for card in search(filled, qtbot, "whales"))


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("The men are well.", "men", ["men"]),
        ("Walked and walking", "walk", ["Walked", "walking"]),
        ("他在北京大学读书。", "北京大学", ["北京大学"]),
        ("Nothing of it", "cake", []),
        ("", "cake", []),
    ],
)
def test_the_words_that_were_looked_for_are_apart(text: str, query: str, found: list[str]) -> None:
    pieces = snippet(text, query)
    assert [piece.text for piece in pieces if piece.is_found] == found
    assert "".join(piece.text for piece in pieces) == text


def test_a_long_passage_is_cut_around_its_words() -> None:
    text = "word " * 300 + "here stands the penguin alone " + "more " * 300
    pieces = snippet(text, "penguin")
    shown = "".join(piece.text for piece in pieces)
    assert len(shown) < LONGEST + 40
    assert [piece.text for piece in pieces if piece.is_found] == ["penguin"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
