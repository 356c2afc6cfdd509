"""What a small chat model wrote, without what no reader should have to read.

Small models copy their prompt: the question, its introduction of the quotes, "The answer is:". They go
on about other things, too. Sentences that nothing shown comes near to are left out. Worker only (NumPy).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.retrieval.sentences import split_sentences

GROUNDED_AT_LEAST = 0.3  # cosine to the nearest sentence that the model was shown
_PREAMBLE = re.compile(
    r"^(?:(?:sure|certainly|of course)[,!.]\s*)?(?:(?:here(?:'s| is)|this is) )?(?:the )?answer"
    r"(?: to (?:the|your) question)?(?: is)?:\s*",
    re.IGNORECASE,
)
_ASKS = re.compile(r"(?:^|\s)Question:\s")
_TALKS_OF_PROMPT = re.compile(r"\bnearest to the question\b|\bdocument marks\b", re.IGNORECASE)


def without_echoes(written: str, question: str) -> str:
    """One line of text without the parts of the prompt that were copied, and nothing twice."""
    while (fewer := _without_some(written, question)) != written:  # "The answer is: The answer is:"
        written = fewer
    return written


def _without_some(written: str, question: str) -> str:
    text = " ".join(written.split())
    copied = _ASKS.search(text)
    if copied:
        text = text[: copied.start()]
    text = _PREAMBLE.sub("", text.strip())
    kept: dict[str, str] = {}  # with what stood before each: no space in Chinese
    for start, end in split_sentences(text):
        sentence = text[start:end]
        said = _PREAMBLE.sub("", sentence)
        if said and sentence != question.strip() and not _TALKS_OF_PROMPT.search(sentence):
            kept.setdefault(said, " " if text[start - 1 : start].isspace() else "")
    return "".join(gap + said for said, gap in kept.items()).strip()


def grounded(
    encoder: TextEncoder, abort: AbortFlag, written: str, shown: Sequence[str]
) -> tuple[str, int]:
    """The sentences that one of `shown` comes near to, and how many others there were.

    Text in other than Latin letters stays as it is: the encoder does not know it.
    """
    sentences = [written[start:end] for start, end in split_sentences(written)]
    if not sentences or not shown or not is_latin(written):
        return written, 0
    vectors = encoder.encode([*sentences, *shown], abort)
    near = (vectors[: len(sentences)] @ vectors[len(sentences) :].T).max(axis=1)
    kept = [one for one, best in zip(sentences, near, strict=True) if best >= GROUNDED_AT_LEAST]
    return " ".join(kept), len(sentences) - len(kept)
