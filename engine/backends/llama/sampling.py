"""From logits to the next token: llama.cpp's own sampler chain, and a grammar beside it.

With a grammar the free choice is tried first and only checked, which costs one token; the whole
vocabulary is put through the grammar only when the free choice does not fit (as llama.cpp's
`common_sampler_sample` does).
"""

from __future__ import annotations

import ctypes
import json
import secrets
from typing import Any

import llama_cpp
import numpy as np

from engine.errors import GenerationError
from engine.types import GenerationParams

PENALTY_LAST_N = 64
_NO = -1e30


class Sampler:
    """One request's sampler. `seed` is the one that was used. Free with `close`."""

    def __init__(
        self,
        vocab: llama_cpp.llama_vocab_p,
        params: GenerationParams,
        json_schema: dict[str, Any] | None = None,
    ) -> None:
        self.seed = secrets.randbits(31) if params.seed is None else params.seed
        self._n_vocab = llama_cpp.llama_vocab_n_tokens(vocab)
        self._chain = _chain(vocab, params, self.seed)
        self._grammar = _grammar(vocab, json_schema) if json_schema is not None else None
        if self._grammar:
            self._candidates = _Candidates(self._n_vocab)

    def sample(self, context: llama_cpp.llama_context_p, index: int) -> int:
        """Choose and accept the next token from the logits of output `index` (-1: the last)."""
        if self._grammar is None:
            return llama_cpp.llama_sampler_sample(self._chain, context, index)
        logits = np.ctypeslib.as_array(
            llama_cpp.llama_get_logits_ith(context, index), (self._n_vocab,)
        )
        token = self._candidates.choose(self._chain, logits)
        if not self._candidates.fits(self._grammar, token):
            token = self._candidates.choose(self._chain, logits, self._grammar)
            if token < 0:
                raise GenerationError("No word of the model fits the required form.")
        llama_cpp.llama_sampler_accept(self._grammar, token)
        llama_cpp.llama_sampler_accept(self._chain, token)
        return token

    def close(self) -> None:
        for sampler in (self._chain, self._grammar):
            if sampler:
                llama_cpp.llama_sampler_free(sampler)
        self._chain = self._grammar = None


class _Candidates:
    """llama.cpp's token_data_array over a NumPy buffer, so that filling it costs no Python loop."""

    def __init__(self, n_vocab: int) -> None:
        self._data = np.empty(n_vocab, dtype=[("id", "i4"), ("logit", "f4"), ("p", "f4")])
        self._ids = np.arange(n_vocab, dtype=np.int32)
        self._array = llama_cpp.llama_token_data_array()

    def _reset(self, size: int) -> None:
        # Samplers may point the array at a buffer of their own, so all of it is set every time.
        self._array.data = self._data.ctypes.data_as(llama_cpp.llama_token_data_p)
        self._array.size, self._array.selected, self._array.sorted = size, -1, False

    def _apply(self, sampler: Any) -> None:
        llama_cpp.llama_sampler_apply(sampler, ctypes.byref(self._array))

    def choose(self, chain: Any, logits: np.ndarray, grammar: Any = None) -> int:
        self._data["id"], self._data["logit"], self._data["p"] = self._ids, logits, 0.0
        self._reset(len(self._ids))
        if grammar is not None:
            self._apply(grammar)
            if not (self._data["logit"] > _NO).any():
                return -1
        self._apply(chain)
        return int(self._array.data[self._array.selected].id)

    def fits(self, grammar: Any, token: int) -> bool:
        self._data[0] = (token, 1.0, 0.0)
        self._reset(1)
        self._apply(grammar)
        return bool(self._data["logit"][0] > _NO)


def _chain(vocab: Any, params: GenerationParams, seed: int) -> Any:
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())

    def add(sampler: Any) -> None:
        llama_cpp.llama_sampler_chain_add(chain, sampler)

    if params.repeat_penalty != 1.0:
        n_vocab = llama_cpp.llama_vocab_n_tokens(vocab)
        add(
            llama_cpp.llama_sampler_init_penalties(
                n_vocab, PENALTY_LAST_N, params.repeat_penalty, 0.0, 0.0
            )
        )
    if params.temperature <= 0.0:
        add(llama_cpp.llama_sampler_init_greedy())
        return chain
    if params.top_k > 0:
        add(llama_cpp.llama_sampler_init_top_k(params.top_k))
    if params.top_p < 1.0:
        add(llama_cpp.llama_sampler_init_top_p(params.top_p, 1))
    if params.min_p > 0.0:
        add(llama_cpp.llama_sampler_init_min_p(params.min_p, 1))
    add(llama_cpp.llama_sampler_init_temp(params.temperature))
    add(llama_cpp.llama_sampler_init_dist(seed & 0xFFFFFFFF))
    return chain


def _grammar(vocab: Any, json_schema: dict[str, Any]) -> Any:
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    text = json_schema_to_gbnf(json.dumps(json_schema))
    grammar = llama_cpp.llama_sampler_init_grammar(vocab, text.encode(), b"root")
    if not grammar:
        raise GenerationError("The required form of the answer could not be understood.")
    return grammar
