"""Sentences of a text that give orders to a language model, told by their words.

"Ignore all previous instructions", "the assistant must …", "reply only with …": such a sentence is no
part of what a document has to say, and a small model does not tell it from its task. It is not shown to
the chat model (`fence`); the reader sees the text as it is, and is told. Words of English, German,
French, Spanish and Chinese. What they do not catch passes: the fence and the checks of what a model
writes stand behind them. A text about such orders loses, for the model, the sentences that quote them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from engine.retrieval.sentences import split_sentences
from engine.text_tools.order_words import ORDERS

LONGEST = 600  # characters; an order is short
LEFT_OUT = "[…]"


def is_order(sentence: str) -> bool:
    return len(sentence) <= LONGEST and any(order.search(sentence) for order in ORDERS)


@functools.lru_cache(64)
def orders_in(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each such sentence in order; of a paragraph that begins with one, of all."""
    found: list[tuple[int, int]] = []
    last, belongs = 0, False
    for start, end in split_sentences(text):
        begins = not last or "\n" in text[last:start]
        orders = is_order(text[start:end])
        belongs = orders if begins else belongs
        if orders or belongs:
            found.append((start, end))
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
