"""From logits to the next token: llama.cpp's own sampler chain, and a grammar beside it.

With a grammar the free choice is tried first and only checked, which costs one token; the whole
vocabulary is put through the grammar only when the free choice does not fit (as llama.cpp's
`common_sampler_sample` does).
"""

from __future__ import annotations

import ctypes
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp
import numpy as np

from engine.backends.llama.context import LlamaContext
from engine.backends.llama.sampler_chain import make_chain, make_grammar, token_biases
from engine.errors import GenerationError
from engine.types import GenerationParams, TokenChoice, TokenScore

_NO = -1e30


class Sampler:
    """One request's sampler. `seed` is the one that was used. Free with `close`.

    `tokenize` turns the texts of `logit_bias` into tokens, `text_of` a token into its text.
    """

    def __init__(
        self,
        vocab: llama_cpp.llama_vocab_p,
        params: GenerationParams,
        prompt: Sequence[int],
        tokenize: Callable[[str], list[int]],
        text_of: Callable[[int], str],
    ) -> None:
        self.seed = secrets.randbits(31) if params.seed is None else params.seed
        self.wants_scores = params.logprobs > 0
        self._alternatives = params.logprobs
        self._text_of = text_of
        self._n_vocab = llama_cpp.llama_vocab_n_tokens(vocab)
        self._grammar = make_grammar(vocab, params)
        # The likeliest token needs no chain, and NumPy finds it without copying the vocabulary.
        self._is_plain = _is_greedy(params) and not self._grammar
        self._chain = None
        try:
            if self._is_plain:
                biases = token_biases(params, tokenize)
                self._biased = np.array(list(biases), dtype=np.intp)
                self._biases = np.array(list(biases.values()), dtype=np.float32)
            else:
                self._chain = make_chain(vocab, params, self.seed, prompt, tokenize)
        except Exception:
            self.close()
            raise
        if self._grammar:
            self._candidates = _Candidates(self._n_vocab)
        self._scored: TokenScore | None = None

    def sample(self, context: LlamaContext, row: int) -> int:
        """Choose and accept the next token from the logits of `row` of the last batch."""
        if self._is_plain:
            token = self._likeliest(context.logits(row))
        elif self._grammar is None:
            token = llama_cpp.llama_sampler_sample(self._chain, context.handle, row)
        else:
            token = self._sample_in_grammar(context.logits(row))
        if self.wants_scores:
            self._scored = self._score(context.logits(row), token)
        return token

    def score(self, token: int) -> TokenScore:
        """Of the token that was sampled last."""
        assert self._scored is not None
        return self._scored

    def close(self) -> None:
        for sampler in (self._chain, self._grammar):
            if sampler:
                llama_cpp.llama_sampler_free(sampler)
        self._chain = self._grammar = None

    def _likeliest(self, logits: np.ndarray) -> int:
        if not len(self._biased):
            return int(logits.argmax())
        before = logits[self._biased]
        logits[self._biased] += self._biases
        token = int(logits.argmax())
        logits[self._biased] = before  # scores are told without them
        return token

    def _sample_in_grammar(self, logits: np.ndarray) -> int:
        token = self._candidates.choose(self._chain, logits)
        if not self._candidates.fits(self._grammar, token):
            token = self._candidates.choose(self._chain, logits, self._grammar)
            if token < 0:
                raise GenerationError("No word of the model fits the required form.")
        llama_cpp.llama_sampler_accept(self._grammar, token)
        llama_cpp.llama_sampler_accept(self._chain, token)
        return token

    def _score(self, logits: np.ndarray, token: int) -> TokenScore:
        values = logits.astype(np.float64)
        values -= values.max()
        values -= np.log(np.exp(values).sum())
        count = min(self._alternatives, len(values))
        best = np.argpartition(values, -count)[-count:]
        best = best[np.argsort(-values[best], kind="stable")]
        alternatives = tuple(
            TokenChoice(self._text_of(int(other)), round(float(values[other]), 5)) for other in best
        )
        return TokenScore(self._text_of(token), round(float(values[token]), 5), alternatives)


def _is_greedy(params: GenerationParams) -> bool:
    """Nothing but biases changes which token is the likeliest."""
    return (
        params.temperature <= 0.0
        and params.repeat_penalty == 1.0
        and not params.presence_penalty
        and not params.frequency_penalty
        and not params.dry_multiplier
    )


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
