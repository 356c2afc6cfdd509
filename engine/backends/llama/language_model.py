"""A loaded GGUF as a `LanguageModel`: messages in, text out."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import llama_cpp
import numpy as np

from engine.backends.llama.chat_template import ChatTemplate
from engine.backends.llama.detokenizer import Detokenizer, TokenPieces
from engine.backends.llama.sampling import Sampler
from engine.backends.llama.session import Session
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import AbortedError, ContextOverflowError
from engine.types import FinishReason, GenerationParams, Message, ModelInfo, Usage


class LlamaLanguageModel:
    """Owns the model and its one context; used by one thread."""

    def __init__(
        self, model: Any, session: Session, template: ChatTemplate, info: ModelInfo
    ) -> None:
        self.info = info
        self._model, self._session, self._template = model, session, template
        self._vocab = llama_cpp.llama_model_get_vocab(model)
        self._n_vocab = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self._pieces = TokenPieces(self._vocab)

    def count_tokens(self, text: str) -> int:
        return len(self.tokenize(text, special=False))

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Token ids; `special` lets markers such as `<|im_start|>` in `text` become their tokens."""
        data = text.encode("utf-8", errors="replace")
        size = len(data) + 8
        tokens = (llama_cpp.llama_token * size)()
        count = llama_cpp.llama_tokenize(self._vocab, data, len(data), tokens, size, False, special)
        return tokens[: max(count, 0)]

    def render(self, messages: Sequence[Message]) -> str:
        """The prompt as text, as the model's template makes it."""
        return self._template.render(messages)

    def prompt_tokens(self, messages: Sequence[Message]) -> list[int]:
        """The prompt as the model sees it; `ContextOverflowError` when there is no room to answer."""
        tokens: list[int] = []
        for text, is_markup in self._template.pieces(messages):
            tokens += self.tokenize(text, special=is_markup)
        if llama_cpp.llama_vocab_get_add_bos(self._vocab):
            bos = llama_cpp.llama_vocab_bos(self._vocab)
            if tokens[:1] != [bos]:
                tokens.insert(0, bos)
        if len(tokens) >= self._session.n_ctx:
            raise ContextOverflowError(
                f"This is {len(tokens):,} tokens long, but the model sees only "
                f"{self._session.n_ctx:,} at once."
            )
        return tokens

    def count_prompt_tokens(self, messages: Sequence[Message]) -> int:
        return len(self.prompt_tokens(messages))

    def stream(
        self,
        messages: Sequence[Message],
        params: GenerationParams,
        abort: AbortFlag,
        *,
        on_prompt: Callable[[int, int], None] | None = None,
        urgent: bool = False,
        conversation: str = "",
    ) -> Iterator[TextPiece | GenerationEnd]:
        prompt = self.prompt_tokens(messages)
        session = self._session
        session.watch(abort)
        sampler = Sampler(self._vocab, params, params.json_schema)
        try:
            abort.raise_if_set()
            started = time.perf_counter()
            cached = session.read_prompt(
                prompt, abort, lambda read: on_prompt(read, len(prompt)) if on_prompt else None
            )
            read_at = time.perf_counter()
            text = Detokenizer(self._pieces, params.stop)
            reason, count = FinishReason.LENGTH, 0
            limit = min(params.max_tokens, session.n_ctx - len(prompt))
            while count < limit:
                if abort.is_set():
                    reason = FinishReason.ABORT
                    break
                token = sampler.sample(session.context, -1)
                if llama_cpp.llama_vocab_is_eog(self._vocab, token):
                    reason = FinishReason.STOP
                    break
                count += 1
                yield TextPiece(text.feed(token), count)
                if text.stopped:
                    reason = FinishReason.STOP
                    break
                if count < limit:
                    try:
                        session.decode_next(token, abort)
                    except AbortedError:
                        reason = FinishReason.ABORT
                        break
            if rest := text.finish():
                yield TextPiece(rest, count)
            usage = Usage(
                prompt_tokens=len(prompt),
                completion_tokens=count,
                cached_tokens=cached,
                prompt_seconds=read_at - started,
                generation_seconds=time.perf_counter() - read_at,
            )
            yield GenerationEnd(reason, usage, sampler.seed, self.render(messages))
        finally:
            sampler.close()

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], abort: AbortFlag
    ) -> tuple[list[float], Usage]:
        prompt = self.prompt_tokens(messages)
        answers = [self.tokenize(choice, special=False) for choice in choices]
        shared = _common_length(answers)  # read once, with the prompt
        prompt += answers[0][:shared]
        self._session.watch(abort)
        started = time.perf_counter()
        cached = self._session.read_prompt(prompt, abort, lambda read: None)
        first = self._log_probabilities()
        rests = [answer[shared:] for answer in answers]
        scores = np.array([first[rest[0]] if rest else 0.0 for rest in rests])
        if len({tuple(rest[:1]) for rest in rests}) < len(rests):
            for index, rest in enumerate(rests):
                scores[index] += self._rest_log_probability(len(prompt), rest, abort)
        weights = np.exp(scores - scores.max())
        usage = Usage(len(prompt), 1, cached, time.perf_counter() - started, 0.0)
        return [float(weight) for weight in weights / weights.sum()], usage

    def _log_probabilities(self) -> np.ndarray:
        logits = self._session.logits(self._n_vocab).astype(np.float64)
        top = logits.max()
        return logits - (top + np.log(np.exp(logits - top).sum()))

    def _rest_log_probability(self, length: int, answer: Sequence[int], abort: AbortFlag) -> float:
        """Of all but the first token of `answer`, which follows the first `length` tokens."""
        total = 0.0
        for position, token in enumerate(answer[:-1]):
            self._session.decode((token,), abort)
            total += float(self._log_probabilities()[answer[position + 1]])
        self._session.rewind(length)
        return total

    def close(self) -> None:
        self._session.close()
        if self._model:
            llama_cpp.llama_model_free(self._model)
            self._model = None


def _common_length(answers: Sequence[Sequence[int]]) -> int:
    """Of the tokens that all answers begin with."""
    shortest = min(len(answer) for answer in answers)
    for index in range(shortest):
        if len({answer[index] for answer in answers}) > 1:
            return index
    return shortest


def model_string(function: Callable[..., int], *arguments: Any) -> str:
    """Text from one of llama.cpp's functions that fill a buffer."""
    buffer = ctypes.create_string_buffer(1024)
    function(*arguments, buffer, len(buffer))
    return buffer.value.decode("utf-8", errors="replace")
