"""What the chat model is told when it answers a question about documents, and how its answer is read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from engine.text_tools.fence import RULE, fenced, harmless
from engine.text_tools.orders import without_orders
from engine.text_tools.own_words import without_echoes
from engine.types import Message, Role

_TASK = (
    "Answer the user's question about the document in one to three sentences, with what the document "
    "says and nothing else."
)
_QUOTING_TASK = (
    "Answer the user's question about the documents with what they say and nothing else. First quote "
    "the sentences that answer it, word for word, each on a line of its own that begins with '> '. "
    "Then answer in one to three sentences. If the documents do not answer the question, write only: "
    "NOT IN THE DOCUMENTS"
)
_NEAREST = "These sentences of it are nearest to the question:"
_NOT_THERE = re.compile(r"\W*not in the documents?\b", re.IGNORECASE)
_QUOTE_LINE = re.compile(r"^\s*>+\s?(.*)$")


class Written(msgspec.Struct, frozen=True):
    """What a model wrote: its quotes, its own words, and whether it says that nothing is there."""

    quotes: tuple[str, ...]
    answer: str
    denies: bool


def messages(
    question: str, shown: Sequence[tuple[str, str]], nearest: Sequence[str], *, quoting: bool
) -> list[Message]:
    """The prompt about `shown`: (name, text) each. The same documents begin all prompts about them.

    A model that is too small to quote (`quoting` False) has the `nearest` sentences repeated instead.
    """
    named = len(shown) > 1
    pieces = [fenced(text, name if named else "") for name, text in shown]
    if nearest and not quoting:
        pieces.append(f"{_NEAREST}\n{fenced(chr(10).join(nearest))}")
    task = _QUOTING_TASK if quoting else _TASK
    pieces.append(f"Question: {harmless(question)}")
    return [
        Message(Role.SYSTEM, f"{task}\n{RULE}"),
        Message(Role.USER, "\n\n".join(pieces)),
    ]


def read_answer(text: str, question: str, *, quoting: bool) -> Written:
    """Take a model's text apart; it may still be growing."""
    if not quoting:
        return Written((), without_echoes(text, question), False)
    if "NOT IN THE DOCUMENTS".startswith(text.strip().upper()):
        return Written((), "", len(text.strip()) > len("NOT IN"))
    if _NOT_THERE.match(text):
        return Written((), "", True)
    quotes: list[str] = []
    rest: list[str] = []
    for line in text.splitlines():
        match = _QUOTE_LINE.match(line)
        if match and match[1].strip():
            quotes.append(match[1].strip())
        elif not match:
            rest.append(line)
    answer = re.sub(
        r"^\s*(?:\**answer\**\s*:\s*)", "", "\n".join(rest).strip(), flags=re.IGNORECASE
    )
    if _NOT_THERE.match(answer):
        return Written((), "", True)
    return Written(tuple(quotes), answer.strip(), False)


# Asking about given words: what the model would ask tells which words answer a question.
_ASK_TASK = "Pick words from the text and ask the question that they answer."
_ASK_TEXT = (
    "The Hartley bridge was opened in 1931. It was designed by the engineer Ruth Holm, who also built "
    "two churches in Bergen. Because the river floods every spring, its piers stand on oak poles."
)
_ASKED = (
    ("Ruth Holm", "Who designed the Hartley bridge?"),
    ("1931", "When was the bridge opened?"),
    ("two", "How many churches did the engineer build?"),
    ("the river floods every spring", "Why do the piers stand on oak poles?"),
)


def channel_messages(text: str) -> list[Message]:
    """A prompt that goes on with some words of `text` and the question that they answer."""
    asked = [Message(Role.SYSTEM, _ASK_TASK)]
    for number, (words, question) in enumerate(_ASKED):
        asked.append(Message(Role.USER, "Another one." if number else _ASK_TEXT))
        asked.append(Message(Role.ASSISTANT, f'"{words}": {question}'))
    return [
        *asked,
        Message(Role.USER, harmless(without_orders(text))),
        Message(Role.ASSISTANT, '"'),
    ]


def channel_choices(candidates: Sequence[str], question: str) -> list[str]:
    """How that prompt may go on: with each candidate and the question, or without it for ""."""
    return [f'{" ".join(one.split())}": {question}'.rstrip() for one in candidates]
