"""From logits to the next token, with llama.cpp's samplers in llama.cpp's order.

Logit bias, penalties, (DRY), then either mirostat or top-k, top-p, min-p, XTC and temperature. The
same seed gives the same answer for the same logits on every device, since chance is NumPy's PCG64.
"""

from __future__ import annotations

import collections
import secrets
from collections.abc import Callable

import numpy as np
import torch

from engine.backends.hf.answer_form import AnswerForm
from engine.errors import BadRequestError
from engine.types import GenerationParams, TokenChoice, TokenScore

_NO = float("-inf")


class Sampler:
    """One request's. `seed` is the one that was used.

    `tokens_of` turns the texts of `logit_bias` into tokens; `word(token, before)` a token into text.
    """

    def __init__(
        self,
        params: GenerationParams,
        form: AnswerForm | None,
        tokens_of: Callable[[str], list[int]],
        word: Callable[[int, int | None], str],
    ) -> None:
        _refuse_unknown(params)
        self.seed = secrets.randbits(31) if params.seed is None else params.seed
        self._params, self._form, self._word = params, form, word
        self._random = np.random.default_rng(self.seed & 0xFFFFFFFF)
        self._bias = _biases(params, tokens_of)
        self._recent: collections.deque[int] = collections.deque(
            maxlen=max(params.repeat_last_n, 0)
        )
        self._last: int | None = None
        self._surprise = 2 * params.mirostat_tau
        self.score: TokenScore | None = None

    def sample(self, logits: torch.Tensor) -> int:
        """Choose the next token from float32 logits of shape (vocabulary,); they may be changed."""
        scored = torch.log_softmax(logits, dim=-1) if self._params.logprobs else None
        self._change(logits)
        is_greedy = self._params.temperature <= 0.0
        token = int(logits.argmax()) if is_greedy else self._by_chance(logits)
        if scored is not None:
            self.score = self._scored(scored, token)
        self._recent.append(token)
        self._last = token
        if self._form is not None:
            self._form.take(token)
        return token

    def _change(self, logits: torch.Tensor) -> None:
        params = self._params
        for token, bias in self._bias.items():
            logits[token] += bias
        if self._recent and (
            params.repeat_penalty != 1.0 or params.presence_penalty or params.frequency_penalty
        ):
            counts = collections.Counter(self._recent)
            tokens = torch.tensor(list(counts), device=logits.device)
            often = torch.tensor(list(counts.values()), device=logits.device, dtype=logits.dtype)
            old = logits[tokens]
            new = torch.where(old <= 0, old * params.repeat_penalty, old / params.repeat_penalty)
            logits[tokens] = new - often * params.frequency_penalty - params.presence_penalty
        if self._form is not None:
            allowed = torch.from_numpy(self._form.allowed()).to(logits.device)
            logits[: len(allowed)].masked_fill_(~allowed, _NO)
            logits[len(allowed) :] = _NO

    def _by_chance(self, logits: torch.Tensor) -> int:
        params = self._params
        if params.mirostat:
            return self._mirostat(logits)
        count = min(params.top_k, len(logits)) if params.top_k > 0 else len(logits)
        values, tokens = _likeliest(logits, count)
        shares = _softmax(values)
        if params.top_p < 1.0:
            kept = int(np.searchsorted(np.cumsum(shares), params.top_p)) + 1
            shares, values = shares[:kept], values[:kept]
        if params.min_p > 0.0:
            kept = max(1, int((shares >= params.min_p * shares[0]).sum()))
            values = values[:kept]
        first = 0
        if params.xtc_probability > 0.0 and self._random.random() <= params.xtc_probability:
            over = int((_softmax(values) >= params.xtc_threshold).sum())
            first = max(0, over - 1)  # of the likely ones, the least likely stays
        return self._draw(values[first:] / params.temperature, tokens[first:])

    def _mirostat(self, logits: torch.Tensor) -> int:
        """Basu et al. 2020 (arXiv 2007.14966), in the second, simpler form that llama.cpp has."""
        params = self._params
        values, tokens = _likeliest(logits, len(logits))
        values = values / params.temperature
        surprises = -np.log2(np.maximum(_softmax(values), 1e-300))
        kept = max(1, int((surprises <= self._surprise).sum()))
        token = self._draw(values[:kept], tokens[:kept])
        shares = _softmax(values[:kept])
        observed = -float(np.log2(shares[int(np.flatnonzero(tokens[:kept] == token)[0])]))
        self._surprise -= params.mirostat_eta * (observed - params.mirostat_tau)
        return token

    def _draw(self, values: np.ndarray, tokens: np.ndarray) -> int:
        total = np.cumsum(_softmax(values))
        place = int(np.searchsorted(total, self._random.random() * total[-1], side="right"))
        return int(tokens[min(place, len(total) - 1)])

    def _scored(self, scored: torch.Tensor, token: int) -> TokenScore:
        values, tokens = _likeliest(scored, min(self._params.logprobs, len(scored)))
        return TokenScore(
            self._word(token, self._last),
            float(scored[token]),
            tuple(
                TokenChoice(self._word(int(other), self._last), float(value))
                for value, other in zip(values, tokens, strict=True)
            ),
        )


def _likeliest(logits: torch.Tensor, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(values as float64, tokens), falling."""
    found = (
        torch.topk(logits, count) if count < len(logits) else torch.sort(logits, descending=True)
    )
    return found[0].cpu().double().numpy(), found[1].cpu().numpy()


def _softmax(values: np.ndarray) -> np.ndarray:
    powers: np.ndarray = np.exp(values - values.max())
    return powers / powers.sum()


def _biases(params: GenerationParams, tokens_of: Callable[[str], list[int]]) -> dict[int, float]:
    biases: dict[int, float] = {}
    for text, bias in params.logit_bias:
        tokens = tokens_of(text)
        if not tokens:
            raise BadRequestError(
                "There is a bias on an empty text.", hint="Name the word that it is for."
            )
        for token in tokens:
            biases[token] = biases.get(token, 0.0) + bias
    return biases


def _refuse_unknown(params: GenerationParams) -> None:
    hint = "Turn it off in Settings, or use a GGUF file with llama.cpp."
    if params.dry_multiplier:
        raise BadRequestError("DRY sampling is not there for models of this kind.", hint=hint)
    if params.mirostat not in (0, 2):
        raise BadRequestError(
            f"Mirostat {params.mirostat} is not there for models of this kind, only version 2.",
            hint=hint,
        )
