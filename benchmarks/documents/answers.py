"""Questions about documents: the few words that answer, and knowing that nothing does.

Extractive answers on XQuAD's English dev questions, each about its own paragraph, by token F1 and exact
match, beside the embedded chat model that is given the whole paragraph and asked plainly; and on the
Chinese ones, which that model does not know, by characters. The weights of
`answer_form` and `answer_ranking` were first chosen on the articles of even number. What was set later
(the threshold of "not in the documents", the least score of a short answer, what headings and wording
add) was chosen with articles of both kinds in view: neither half is untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.documents.bench import NEVER, Bench
from benchmarks.documents.squad import Asked, best_f1, exact, read_questions
from benchmarks.report import Row, ahead, plain, progress
from engine.contracts import GenerationEnd
from engine.retrieval.sentences import split_sentences
from engine.text_tools.answer_sentences import is_answered, rank_sentences
from engine.text_tools.ask_run import QUOTES, answer
from engine.text_tools.base import ToolContext
from engine.text_tools.results import AnswerResult
from engine.types import Document, GenerationParams, Message, Role

# The best on even articles of five plain ways to ask.
PLAIN_TASK = "Read the text and answer the question as briefly as possible."
FEW = 24  # questions of a quick run


def answers(bench: Bench) -> Iterator[Row]:
    questions = bench.few(read_questions(bench.data / "qa" / "xquad_en.dev.json"), FEW)
    said: dict[str, list[str]] = {"quotes": [], "with the chat model": [], "plainly": []}
    for number, asked in enumerate(questions, 1):
        short = _short_answers(bench, asked)
        said["quotes"].append(short[0])
        said["with the chat model"].append(short[-1])
        said["plainly"].append(_plainly(bench, asked))
        if number % 20 == 0:
            progress(f"answers {number}/{len(questions)}: {_told(questions, said)}")
    for name, texts in said.items():
        title = f"answers, XQuAD en, {name}" if name != "plainly" else "answers, chat model plainly"
        yield plain(f"{title}, F1", _mean(questions, texts), "", note=_halves(questions, texts))
        yield plain(f"{title}, exact", _exact(questions, texts), "")
    yield ahead(
        "answers, XQuAD en, F1 ahead",
        _mean(questions, said["with the chat model"]),
        {"the chat model given the paragraph": _mean(questions, said["plainly"])},
    )


def chinese(bench: Bench) -> Iterator[Row]:
    """Answers to Chinese questions: F1 over characters, as in CMRC 2018 (Cui et al. 2019)."""
    questions = bench.few(read_questions(bench.data / "qa" / "xquad_zh.dev.json"), 4 * FEW)
    context = ToolContext(lambda: bench.model, lambda: bench.encoder, NEVER)
    said = []
    for asked in questions:
        document = Document("paragraph", asked.paragraph)
        *_, last = answer(context, (document,), asked.question, reader=QUOTES)
        assert isinstance(last, AnswerResult)
        said.append(" ".join(last.short))
    spaced = [one._replace(answers=tuple(map(" ".join, one.answers))) for one in questions]
    yield plain(
        "answers, XQuAD zh, quotes, F1", _mean(spaced, said), "", note=_halves(spaced, said)
    )
    yield plain("answers, XQuAD zh, quotes, exact", _exact(spaced, said), "")


def _short_answers(bench: Bench, asked: Asked) -> list[str]:
    """By the encoder alone, and after the chat model weighed them; nothing is written."""
    context = ToolContext(lambda: bench.model, lambda: bench.encoder, NEVER)
    document = Document("paragraph", asked.paragraph)
    steps = answer(context, (document,), asked.question, written=False)
    return [step.short for step in steps if isinstance(step, AnswerResult)]


def _plainly(bench: Bench, asked: Asked) -> str:
    messages = [
        Message(Role.SYSTEM, PLAIN_TASK),
        Message(Role.USER, f"Text: {asked.paragraph}\n\nQuestion: {asked.question}\nAnswer:"),
    ]
    params = GenerationParams(max_tokens=40, temperature=0.0, seed=1)
    stream = bench.model.stream(messages, params, NEVER)
    text = "".join(piece.text for piece in stream if not isinstance(piece, GenerationEnd))
    return text.strip().split("\n")[0]


def _mean(questions: Sequence[Asked], texts: Sequence[str]) -> float:
    scores = [best_f1(text, one.answers) for one, text in zip(questions, texts, strict=False)]
    return sum(scores) / max(1, len(scores))


def _exact(questions: Sequence[Asked], texts: Sequence[str]) -> float:
    scores = [exact(text, one.answers) for one, text in zip(questions, texts, strict=False)]
    return sum(scores) / max(1, len(scores))


def _halves(questions: Sequence[Asked], texts: Sequence[str]) -> str:
    told = []
    for name, rest in (("even", 0), ("odd", 1)):
        pairs = [
            (one, text)
            for one, text in zip(questions, texts, strict=True)
            if one.article % 2 == rest
        ]
        if pairs:
            told.append(f"{name} articles {_mean(*zip(*pairs, strict=True)):.3f}")
    return ", ".join(told)


def _told(questions: Sequence[Asked], said: dict[str, list[str]]) -> str:
    return ", ".join(f"{name} {_mean(questions, texts):.3f}" for name, texts in said.items())


def not_there(bench: Bench) -> Iterator[Row]:
    """How often an answer that is there is looked for, and one that is not there is not."""
    for language in ("en", "zh"):
        every = read_questions(bench.data / "qa" / f"xquad_{language}.dev.json")
        paragraphs: dict[int, list[str]] = {}
        for one in every:
            known = paragraphs.setdefault(one.article, [])
            if one.paragraph not in known:
                known.append(one.paragraph)
        reader = _Reader(bench)
        found: dict[str, list[tuple[int, bool]]] = {}
        for one in bench.few(every, 10 * FEW):
            stranger = paragraphs[(one.article + 7) % len(paragraphs)]
            others = [text for text in paragraphs[one.article] if text != one.paragraph]
            for name, texts, is_there in (
                ("in its own paragraph", [one.paragraph], True),
                ("not in a paragraph of another article", stranger[:1], False),
                ("not in the whole of another article", stranger, False),
                ("not in the rest of its own article", others, False),
            ):
                right = reader.finds(one.question, texts) is is_there
                found.setdefault(name, []).append((one.article, right))
        for name, seen in found.items():
            halves = [
                f"{half} articles {_share([right for at, right in seen if at % 2 == rest]):.3f}"
                for half, rest in (("even", 0), ("odd", 1))
            ]
            share = _share([right for _, right in seen])
            note = ", ".join(halves)
            yield plain(f"answer found: {name}, {language}", share, "", note=note)


def _share(values: Sequence[bool]) -> float:
    return sum(values) / max(1, len(values))


class _Reader:
    """Asks whether texts answer a question, as `ask` does; remembers the vectors of texts."""

    name = "remembering"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._vectors: dict[str, object] = {}

    def encode(self, texts: Sequence[str], abort: object) -> object:
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            rows = self._bench.encoder.encode(new, NEVER)
            self._vectors.update(zip(new, rows, strict=True))
        return np.stack([self._vectors[text] for text in texts])  # type: ignore[arg-type]

    def finds(self, question: str, texts: Sequence[str]) -> bool:
        documents = [Document("paragraph", text) for text in texts]
        places = [
            (number, start, end)
            for number, text in enumerate(texts)
            for start, end in split_sentences(text)
        ]
        encoder: Any = self
        ranked = rank_sentences(encoder, NEVER, question, documents, places)
        return is_answered(encoder, NEVER, question, ranked, texts)
