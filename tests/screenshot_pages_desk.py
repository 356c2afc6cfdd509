"""Pictures of the desk as a workbench: forms of a summary, questions, several documents together."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.storage.records import StoredDocument
from engine.text_tools.results import (
    AnswerResult,
    DocumentSummary,
    KeySentence,
    SummaryHeading,
    SummaryPoint,
    SummaryResult,
)
from engine.types import Coverage, Document, Passage, Section, Span
from gui.pages.text_page import TextPage
from tests.gui.sample_results import DOCUMENT, MODEL, SMALL_MODEL, answer, no_answer, summary
from tests.screenshot_pages_text import CHINESE
from tests.screenshots import Shot, Stage

LETTER = Document(
    "letter-to-the-board.docx",
    "Letter to the Board\n\nGentlemen, the barrack is gone. I ask for another 4,000 pounds, and for"
    " patience until May.\n\nThe men are well and ask after their wages.\n",
    format="docx",
    path="/home/me/texts/letter-to-the-board.docx",
)
SLIDES = Document(
    "quarterly-review.pptx",
    "Where we are\nRevenue grew by a third. Costs grew by a half.\n\n"
    "What comes next\nTwo offices close in March.\n\n"
    "Item | 2024 | 2025\nCoal | 12 | 9\nOil | 31 | 28\n",
    format="pptx",
    path="/home/me/texts/quarterly-review.pptx",
    sections=(
        Section(0, 60, "slide 1", "page"),
        Section(61, 105, "slide 2", "page"),
        Section(106, 148, "sheet Prices 2025", "page"),
    ),
)


def _kept(
    stage: Stage,
    documents: tuple[Document, ...],
    *runs: tuple[str, Any, dict[str, Any]],
    model: dict[str, Any] = MODEL,
) -> tuple[StoredDocument, ...]:
    """Documents on the desk, the last on top, and runs over all of them: (tool, result, options)."""
    stage.stored(lambda: None)  # until the database is open
    desk = stage.services.storage.desk

    def work() -> tuple[StoredDocument, ...]:
        stored = tuple(desk.add_document(document) for document in documents)
        first, *further = (one.id for one in stored)
        for tool, result, options in runs:
            plain = msgspec.to_builtins(result)
            desk.save_run(first, tool, options, plain, model, 12.0, tuple(further))
        return stored

    return stage.stored(work)  # type: ignore[no-any-return]


def _page(stage: Stage, tab: str, *, several: int = 0) -> TextPage:
    stage.window.open_page("text")
    page = stage.window.page("text")
    assert isinstance(page, TextPage)
    stage.wait_until(lambda: page.desk.current is not None)
    page.results.open_tab(tab)
    if several:
        page.list.view.selectAll()
        stage.wait_until(lambda: len(page.selection.documents) == several)
    stage.wait(0.5)
    return page


def sections() -> SummaryResult:
    made = summary()
    headings = (SummaryHeading("The reef", 0), SummaryHeading("The tower", 2))
    return msgspec.structs.replace(made, headings=headings, coverage=Coverage(5, 9))


def together() -> SummaryResult:
    """Over the letter, Chinese text and the report, in the order in which they came."""
    start = LETTER.text.index("Gentlemen")
    places = (Passage(start, start + 30, 0), Passage(7, 40, 1), summary().points[0].passages[0])
    report = msgspec.structs.replace(places[2], document=2)
    keys = (
        KeySentence("Gentlemen, the barrack is gone.", places[0], 0.9),
        KeySentence("秋天是北京最好的季节。", places[1], 0.8),
    )
    return SummaryResult(
        coverage=Coverage(11, 11),
        model_name="Qwen3 8B",
        key_sentences=keys,
        spans=(Span(start, start + 30, "Gentlemen, the barrack is gone", "key"),),
        each=(
            DocumentSummary(0, (SummaryPoint("The writer asks for 4,000 pounds.", (places[0],)),)),
            DocumentSummary(1, (SummaryPoint("Autumn in Beijing was short.", (places[1],)),)),
            DocumentSummary(2, (SummaryPoint("Stevenson built the light.", (report,)),)),
        ),
        points=(
            SummaryPoint(
                "Two of them tell of the building of Skerryvore, one of an autumn.",
                (places[0], report, places[1]),
            ),
        ),
        checked_numbers=1,
        checked_names=4,
    )


def desk_paragraph(stage: Stage) -> None:
    options = {"form": "paragraph"}
    _kept(stage, (DOCUMENT,), ("summarize", summary(), options), model=SMALL_MODEL)
    _page(stage, "summarize")


def desk_sections(stage: Stage) -> None:
    _kept(stage, (DOCUMENT,), ("summarize", sections(), {"form": "sections"}))
    _page(stage, "summarize")


def desk_several(stage: Stage) -> None:
    _kept(stage, (LETTER, CHINESE, DOCUMENT), ("summarize", together(), {}))
    _page(stage, "summarize", several=3)


def desk_several_not_run(stage: Stage) -> None:
    _kept(stage, (LETTER, CHINESE, DOCUMENT))
    _page(stage, "summarize", several=3)


def desk_changed(stage: Stage) -> None:
    _kept(stage, (SLIDES,), ("summarize", SummaryResult(coverage=Coverage(1, 1)), {}))
    page = _page(stage, "sentiment")
    page.reader.show_changed(True)


def desk_options(stage: Stage) -> None:
    _kept(stage, (DOCUMENT,), ("summarize", summary(), {"focus": "what it cost"}))
    page = _page(stage, "summarize")
    page.results.footer.options_asked.emit()
    fold = page.results.invitation.fold
    assert fold is not None
    fold.button.setChecked(True)


def desk_focus(stage: Stage) -> None:
    _kept(stage, (DOCUMENT,), ("summarize", summary(), {"focus": "what it cost"}))
    page = _page(stage, "summarize")
    page.results.view().words.rows[1].sentence.chips()[0].click()  # type: ignore[attr-defined]


def _asked(result: AnswerResult) -> tuple[str, Any, dict[str, Any]]:
    return "ask", result, {"question": result.question}


def _questions() -> tuple[tuple[str, Any, dict[str, Any]], ...]:
    nothing = no_answer()
    other = msgspec.structs.replace(answer(), question="When was the lantern lit?")
    long = msgspec.structs.replace(nothing, question="Which of the masons " + "and men " * 20)
    return _asked(other), _asked(long), _asked(nothing), _asked(answer())


def ask_answer(stage: Stage) -> None:
    _kept(stage, (DOCUMENT,), *_questions())
    _page(stage, "ask")


def ask_small_model(stage: Stage) -> None:
    _kept(stage, (DOCUMENT,), *_questions(), model=SMALL_MODEL)
    page = _page(stage, "ask")
    page.results.view().answer.given.button.setChecked(True)  # type: ignore[attr-defined]


def ask_nothing(stage: Stage) -> None:
    _kept(stage, (DOCUMENT,), *_questions()[:-1])
    _page(stage, "ask")


def ask_first(stage: Stage) -> None:
    _kept(stage, (DOCUMENT,))
    page = _page(stage, "ask")
    page.results.view().setFocus()


def ask_several(stage: Stage) -> None:
    _kept(stage, (DOCUMENT, LETTER), _asked(answer()))
    _page(stage, "ask", several=2)


def ask_narrow(stage: Stage) -> None:
    stage.window.resize(760, 700)
    _kept(stage, (DOCUMENT,), *_questions())
    _page(stage, "ask")


SHOTS: list[Shot] = [
    ("desk_paragraph", desk_paragraph),
    ("desk_sections", desk_sections),
    ("desk_several", desk_several),
    ("desk_several_not_run", desk_several_not_run),
    ("desk_changed", desk_changed),
    ("desk_options", desk_options),
    ("desk_focus", desk_focus),
    ("ask_answer", ask_answer),
    ("ask_small_model", ask_small_model),
    ("ask_nothing", ask_nothing),
    ("ask_first", ask_first),
    ("ask_several", ask_several),
    ("ask_narrow", ask_narrow),
]
