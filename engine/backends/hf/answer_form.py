"""The required form of an answer, a JSON schema or a GBNF grammar, as a mask over the vocabulary.

llguidance (MIT) does the work: https://github.com/guidance-ai/llguidance
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.errors import BadRequestError, GenerationError
from engine.types import GenerationParams

# One space where people put one: left free, small models fill pages with white space.
_JSON: Any = {"whitespace_flexible": False, "item_separator": ", ?", "key_separator": ": ?"}


class AnswerForms:
    """Makes the `AnswerForm` of a request. The vocabulary is prepared once, when it is first needed.

    `tokenizer` is a `tokenizers.Tokenizer`, `n_vocab` the width of the model's logits.
    """

    def __init__(self, tokenizer: Any, n_vocab: int, ends: Iterable[int]) -> None:
        self._tokenizer, self._n_vocab, self._ends = tokenizer, n_vocab, sorted(ends)
        self._prepared: Any = None

    def of(self, params: GenerationParams) -> AnswerForm | None:
        """None if any form will do; `BadRequestError` for one that cannot be understood."""
        if params.json_schema is not None and params.grammar:
            raise BadRequestError(
                "An answer can have one required form only.",
                hint="Give a JSON schema or a grammar, not both.",
            )
        if params.json_schema is not None:
            return self._form(_schema_grammar(params.json_schema), "JSON schema", "")
        if params.grammar:
            hint = "A grammar is written in GBNF and has a rule named root."
            return self._form(_gbnf_grammar(params.grammar, hint), "grammar", hint)
        return None

    def _form(self, grammar: str, kind: str, hint: str) -> AnswerForm:
        from llguidance import LLMatcher, LLTokenizer

        if self._prepared is None:
            self._prepared = LLTokenizer(
                self._tokenizer.to_str(), n_vocab=self._n_vocab, eos_token=self._ends
            )
        matcher = LLMatcher(self._prepared, grammar)
        if matcher.is_error():
            raise BadRequestError(
                f"The {kind} could not be understood: {_first_line(matcher.get_error())}.",
                hint=hint or "Use the keywords type, properties, required, items, enum and const.",
            )
        return AnswerForm(matcher, self._n_vocab)


class AnswerForm:
    """Where an answer is in its form."""

    def __init__(self, matcher: Any, n_vocab: int) -> None:
        self._matcher = matcher
        self._mask = np.zeros((1, (n_vocab + 31) // 32), dtype=np.int32)
        self._n_vocab = n_vocab

    def allowed(self) -> np.ndarray:
        """Which tokens may come next; bool of shape (n_vocab,)."""
        from llguidance.numpy import fill_next_token_bitmask

        fill_next_token_bitmask(self._matcher, self._mask)
        bits = np.unpackbits(self._mask[0].view(np.uint8), bitorder="little")
        allowed: np.ndarray = bits[: self._n_vocab].astype(bool)
        if self._matcher.is_error() or not allowed.any():
            raise GenerationError(
                "No word of the model fits the required form.",
                detail=self._matcher.get_error(),
            )
        return allowed

    def take(self, token: int) -> None:
        """The answer goes on with this token, which was allowed."""
        self._matcher.consume_token(token)


def _schema_grammar(schema: dict[str, Any]) -> str:
    from llguidance import LLMatcher

    try:
        return str(LLMatcher.grammar_from_json_schema(json.dumps(schema), defaults=_JSON))
    except (TypeError, ValueError) as error:
        raise BadRequestError(f"The JSON schema could not be understood: {error}.") from error


def _gbnf_grammar(text: str, hint: str) -> str:
    from llguidance import LLMatcher
    from llguidance.gbnf_to_lark import any_to_lark

    try:
        return str(LLMatcher.grammar_from_lark(any_to_lark(text)))
    except Exception as error:  # its parser raises plain ones
        raise BadRequestError(
            f"The grammar could not be understood: {_first_line(str(error))}.", hint=hint
        ) from error


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason was given"])[0].rstrip(".")
