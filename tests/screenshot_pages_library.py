"""Pictures of the library: empty, being read, searched, asked, with a passage's place, narrow."""

from __future__ import annotations

from pathlib import Path

from engine.paths import config_folder
from gui.pages.library_page import LibraryPage
from tests.gui.sample_results import DOCUMENT
from tests.screenshots import Shot, Stage

TEXTS = {
    "the reef and the tower.txt": DOCUMENT.text,
    "letter to the board.txt": "Gentlemen, the barrack is gone. I ask for another 4,000 pounds, and for "
    "patience until May.\n\nThe men are well and ask after their wages.\n",
    "灯塔.txt": "灯塔建于1811年，至今仍在使用。工人们在礁石上建造了它。\n",
}


def _page(stage: Stage) -> LibraryPage:
    stage.window.open_page("library")
    page = stage.window.page("library")
    assert isinstance(page, LibraryPage)
    stage.wait_until(lambda: page.session.info is not None)
    return page


def _filled(stage: Stage) -> LibraryPage:
    page = _page(stage)
    folder = config_folder() / "Papers"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        Path(folder / name).write_text(text, "utf-8")
    (folder / "scan of 1998.pdf").write_bytes(b"%PDF-1.4\n broken")
    page.accept_files([folder])

    def is_read() -> bool:
        info = page.session.info
        read = info is not None and len(info.documents) == len(TEXTS) + 1
        return read and page.session.progress is None

    stage.wait_until(is_read)
    item = page.list.tree.topLevelItem(0)
    assert item is not None
    item.setExpanded(True)
    return page


def empty(stage: Stage) -> None:
    _page(stage)
    stage.wait(0.3)


def searched(stage: Stage) -> None:
    page = _filled(stage)
    page.found.line.line.setText("the barrack and the men")
    stage.wait_until(lambda: bool(page.found.hits.rows))
    stage.wait(0.3)


def asked(stage: Stage) -> None:
    page = _filled(stage)
    page.found.line.line.setText("What happened to the barrack?")
    page.found.line.asked.emit("What happened to the barrack?")
    answer = page.session
    stage.wait_until(lambda: answer.answer is not None and not answer.answer.is_running)
    stage.wait_until(lambda: bool(page.found.hits.rows))
    card = page.found.hits.rows[0]
    page.found.place_wanted.emit(card.hit.document, card.hit.start, card.hit.end)  # type: ignore[attr-defined]
    stage.wait_until(page.reader.isVisible)
    stage.wait(1.2)


def narrow(stage: Stage) -> None:
    stage.window.resize(760, 820)
    asked(stage)


SHOTS: list[Shot] = [
    ("library_empty", empty),
    ("library_searched", searched),
    ("library_asked", asked),
    ("library_narrow", narrow),
]
