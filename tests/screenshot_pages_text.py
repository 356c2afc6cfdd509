"""Pictures of the text page, filled through the database's own interface and with real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from engine.errors import DocumentPasswordError
from engine.storage.records import StoredDocument
from engine.text_tools.results import UNSURE, SentimentResult
from engine.types import Coverage, Document, Span
from gui.pages.text_page import TextPage
from gui.widgets.results.column import ResultColumn
from tests.gui.sample_results import (
    DOCUMENT,
    MODEL,
    SMALL_MODEL,
    entities,
    sentiment,
    summary,
)
from tests.gui.sample_sentiment import long_document, read_by_encoder, reasons
from tests.screenshots import Shot, Stage

CHINESE = Document(
    "北京的秋天.txt",
    "北京的秋天\n\n"
    "秋天是北京最好的季节。天空很高，很蓝，空气里有一点凉意，街边的银杏一夜之间全都黄了。"
    "老舍先生说过，秋天一定要住北平。\n\n"
    "可是今年的秋天来得晚，走得也快。十月下旬一场大风，把满城的叶子都吹落了，许多人还没有来得及去香山，"
    "就听说红叶已经谢了。我在后海的胡同里走了一个下午，只遇到两个扫叶子的人。\n\n"
    "其中一个告诉我，他在这里扫了二十三年，“每年都觉得今年的叶子最多”。\n",
)


def _page(stage: Stage) -> TextPage:
    stage.window.open_page("text")
    page = stage.window.page("text")
    assert isinstance(page, TextPage)
    return page


def _keep(stage: Stage, document: Document, model: dict[str, Any], *results: Any) -> StoredDocument:
    desk = stage.services.storage.desk
    tools = {"SummaryResult": "summarize", "SentimentResult": "sentiment"}

    def work() -> StoredDocument:
        stored = desk.add_document(document)
        for result in results:
            tool = tools.get(type(result).__name__, "entities")
            plain = msgspec.to_builtins(result)
            desk.save_run(stored.id, tool, {}, plain, model, 12.0)
        return stored

    return stage.stored(work)


def _filled(stage: Stage, tab: str, model: dict[str, Any] = MODEL) -> TextPage:
    stage.stored(lambda: None)
    _keep(stage, Document("interview-07.docx", "We met at noon. It rained.\n"), model)
    _keep(stage, CHINESE, model)
    plain = Document("annual-report-2025-final-corrected-v3.pdf", "Growth was slow.\n" * 300)
    _keep(stage, plain, model, summary())
    _keep(stage, DOCUMENT, model, summary(), sentiment(), entities())
    page = _page(stage)
    stage.wait_until(lambda: page.desk.current is not None)
    page.results.open_tab(tab)
    stage.wait_until(lambda: page.session.state(page.desk.current.id, tab).result is not None)
    stage.wait(0.4)
    return page


def text_empty(stage: Stage) -> None:
    _page(stage)


def text_summary(stage: Stage) -> None:
    page = _filled(stage, "summarize")
    start = DOCUMENT.text.index("In November 1838")
    page.reader.view.show_passage(start, start + 150)
    stage.wait(0.4)


def text_summary_small_model(stage: Stage) -> None:
    page = _filled(stage, "summarize", SMALL_MODEL)
    error = DocumentPasswordError("“lease.pdf” is protected with a password.").info()
    entry = page.desk._add_pending("lease.pdf")
    page.desk._on_entry_failed(entry, error)


def text_sentiment(stage: Stage) -> None:
    _filled(stage, "sentiment")


def _mood(stage: Stage, result: Any, document: Document = DOCUMENT) -> TextPage:
    """A document that the built-in reader judged."""
    stage.stored(lambda: None)
    _keep(stage, document, {}, result)
    page = _page(stage)
    stage.wait_until(lambda: page.desk.current is not None)
    page.results.open_tab("sentiment")
    stage.wait_until(
        lambda: page.session.state(page.desk.current.id, "sentiment").result is not None
    )
    stage.wait(1.0)
    return page


def _explained(stage: Stage, page: TextPage, number: int) -> None:
    view, weights = page.results.view(), {"disaster": 0.62, "winter": 0.11, "first": -0.24}
    page.results.mark_wanted.emit(number)
    view.mark_clicked(number)
    stage.wait(0.5)  # until the engine has spoken, which knows two words only
    view.show_explanation(number, reasons(read_by_encoder().spans[number], weights))


def text_mood(stage: Stage) -> None:
    _mood(stage, read_by_encoder())


def text_mood_why(stage: Stage) -> None:
    page = _mood(stage, read_by_encoder())
    _explained(stage, page, 1)


def text_mood_names(stage: Stage) -> None:
    page = _mood(stage, read_by_encoder())
    scroll = page.results.findChildren(ResultColumn)[-1]
    scroll.verticalScrollBar().setValue(260)
    page.results.view().targets.rows[0].setFocus()  # type: ignore[attr-defined]


def text_mood_narrow(stage: Stage) -> None:
    stage.window.resize(760, 700)
    page = _mood(stage, read_by_encoder())
    _explained(stage, page, 1)


def text_mood_long(stage: Stage) -> None:
    document, result = long_document(20_000)
    _mood(stage, result, document)


def text_mood_one_sentence(stage: Stage) -> None:
    span = read_by_encoder().spans[1]
    document = Document("note.txt", span.text)
    span = msgspec.structs.replace(span, start=0, end=len(span.text))
    counts = {"negative": 1}
    result = msgspec.structs.replace(read_by_encoder(), spans=(span,), counts=counts, targets=())
    _mood(stage, result, document)


def text_mood_no_words(stage: Stage) -> None:
    span = Span(0, 3, "…!?", UNSURE, 0.0)
    remark = "There are no words to judge in this text."
    result = SentimentResult(
        coverage=Coverage(1, 1),
        spans=(span,),
        label=UNSURE,
        counts={UNSURE: 1},
        remarks=(remark,),
        model_name=read_by_encoder().model_name,
    )
    _mood(stage, result, Document("shout.txt", "…!?"))


def text_mood_options(stage: Stage) -> None:
    page = _mood(stage, read_by_encoder())
    page.results.footer.options_asked.emit()


def text_entities(stage: Stage) -> None:
    page = _filled(stage, "entities")
    page.results.mark_wanted.emit(2)
    stage.wait(0.4)


def text_narrow(stage: Stage) -> None:
    stage.window.resize(760, 700)
    _filled(stage, "summarize")


def text_running(stage: Stage) -> None:
    page = _filled(stage, "entities")
    row = next(e for e in page.desk.entries() if e.name == CHINESE.name)
    page.desk.open(row.key)
    stage.wait_until(lambda: page.desk.current is not None and page.desk.current.id == row.key)
    page.results.open_tab("summarize")
    state = page.session.state(row.key, "summarize")
    state.is_running, state.is_known, state.stage, state.share = True, True, "reading", 0.62
    page._show_run()


def text_not_run(stage: Stage) -> None:
    page = _filled(stage, "entities")
    row = next(e for e in page.desk.entries() if e.name == CHINESE.name)
    page.desk.open(row.key)
    stage.wait(0.3)


def text_options(stage: Stage) -> None:
    page = _filled(stage, "summarize")
    page.results.footer.options_asked.emit()


def text_echo_drop(stage: Stage) -> None:
    """What a drop does, with the echo backend."""
    page = _page(stage)
    path = Path(stage.services.storage.path).parent / "skerryvore.txt"
    path.write_text(DOCUMENT.text, encoding="utf-8")
    page.accept_files([path, path.parent / "gone.pdf"])
    stage.wait_until(
        lambda: (
            page.desk.current is not None
            and page.session.state(page.desk.current.id, "summarize").outcome is not None
        )
    )
    stage.wait(0.3)


SHOTS: list[Shot] = [
    ("text_empty", text_empty),
    ("text_summary", text_summary),
    ("text_summary_small_model", text_summary_small_model),
    ("text_sentiment", text_sentiment),
    ("text_mood", text_mood),
    ("text_mood_why", text_mood_why),
    ("text_mood_names", text_mood_names),
    ("text_mood_narrow", text_mood_narrow),
    ("text_mood_long", text_mood_long),
    ("text_mood_one_sentence", text_mood_one_sentence),
    ("text_mood_no_words", text_mood_no_words),
    ("text_mood_options", text_mood_options),
    ("text_entities", text_entities),
    ("text_narrow", text_narrow),
    ("text_running", text_running),
    ("text_not_run", text_not_run),
    ("text_options", text_options),
    ("text_drop", text_echo_drop),
]
