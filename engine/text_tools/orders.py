"""Sentences of a text that give orders to a language model, told by their words.

"Ignore all previous instructions", "the assistant must answer …", "reply only with …": such a sentence
is no part of what a document has to say, and a small model does not tell it from its task. It is not
shown to the chat model (`fence`); the reader sees the text as it is, and is told. Words of English,
German, French, Spanish and Chinese. What they do not catch passes: the fence and the checks of what a
model writes stand behind them. A sentence that only quotes an order loses the quotation alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from engine.retrieval.sentences import split_sentences
from engine.text_tools.order_words import ORDERS

LONGEST = 600  # characters; an order is short
LEFT_OUT = "[…]"
_QUOTED = re.compile('["“„«「『`]([^"“”„«»「」『』`\n]{8,300})["”“»」』`]')
_WIDE = re.compile("[\u3400-\u9fff]")
_WORDS_AROUND = 4  # of a sentence that speaks about what it quotes


def is_order(sentence: str) -> bool:
    """Whether the sentence gives an order itself; one that it quotes is somebody else's."""
    return _matches(_without_quoted(sentence))


def _matches(text: str) -> bool:
    return len(text) <= LONGEST and any(order.search(text) for order in ORDERS)


def _without_quoted(sentence: str) -> str:
    """The sentence with "…" in place of the orders that it quotes."""
    for start, end in reversed(list(_quoted_orders(sentence))):
        sentence = f"{sentence[:start]}…{sentence[end:]}"
    return sentence


def _quoted_orders(sentence: str) -> Iterator[tuple[int, int]]:
    """Where quotations that are orders begin and end, if the sentence says more than them."""
    if not _says_something(_QUOTED.sub(" ", sentence), _WORDS_AROUND):
        return
    for match in _QUOTED.finditer(sentence):
        if _says_something(match[1]) and _matches(match[1]):
            yield match.span(1)


def _says_something(text: str, words: int = 3) -> bool:
    return len(text.split()) >= words or len(_WIDE.findall(text)) >= 2 * words


@functools.lru_cache(64)
def orders_in(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each order in order: a sentence, or what one quotes; of a paragraph that begins
    with an order, all sentences."""
    found: list[tuple[int, int]] = []
    last, belongs = 0, False
    for start, end in split_sentences(text):
        begins = not last or "\n" in text[last:start]
        orders = is_order(text[start:end])
        belongs = orders if begins else belongs
        if orders or belongs:
            found.append((start, end))
        else:
            found += [(start + a, start + b) for a, b in _quoted_orders(text[start:end])]
        last = end
    return tuple(found)


def without_orders(text: str) -> str:
    """The text with "[…]" in place of such sentences; as it is if there are none."""
    pieces: list[str] = []
    last = 0
    for start, end in orders_in(text):
        between = text[last:start]
        if between.strip() or not pieces:
            pieces += [between, LEFT_OUT]
        last = end
    return "".join([*pieces, text[last:]])


def orders_remarks(texts: Iterable[str]) -> tuple[str, ...]:
    """What the reader is told where a chat model was not shown all of these texts."""
    count = sum(len(orders_in(text)) for text in texts)
    if not count:
        return ()
    return (f"{count} sentence(s) that give orders to a language model were not shown to it.",)
