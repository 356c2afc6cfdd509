"""A model of transformers as a `LanguageModel`: messages in, text out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from engine.backends.hf.answer_form import AnswerForms
from engine.backends.hf.runner import Runner, RunningSequence
from engine.backends.hf.sampling import Sampler
from engine.backends.hf.vocabulary import TokenText, Vocabulary
from engine.backends.llama.chat_template import ChatTemplate
from engine.backends.reasoning import ReasoningSplitter
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import AbortedError, ContextOverflowError
from engine.types import FinishReason, GenerationParams, Message, ModelInfo, Role, TokenScore, Usage


class HfLanguageModel:
    """Any thread may call; each computes itself, when it is its turn."""

    def __init__(
        self,
        runner: Runner,
        vocabulary: Vocabulary,
        template: ChatTemplate,
        forms: AnswerForms,
        info: ModelInfo,
    ) -> None:
        self.info = info
        self._runner, self._vocabulary = runner, vocabulary
        self._template, self._forms = template, forms

    def count_tokens(self, text: str) -> int:
        return len(self._vocabulary.text_tokens(text))

    def count_prompt_tokens(self, messages: Sequence[Message]) -> int:
        return len(self._vocabulary.prompt_tokens(self._pieces(messages)))

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
        abort.raise_if_set()
        pieces = self._pieces(messages)
        text = "".join(piece for piece, _ in pieces)
        prompt = self._fitting(self._vocabulary.prompt_tokens(pieces))
        sampler = Sampler(
            params,
            self._forms.of(params),
            self._vocabulary.marked_tokens,
            self._vocabulary.word,
        )
        answer = _Answer(self._vocabulary, sampler, params, text)
        limit = max(0, min(params.max_tokens, self.info.n_ctx - len(prompt)))
        with self._runner.sequence(
            prompt, abort, urgent=urgent, conversation=conversation
        ) as sequence:
            clock = _Clock(len(prompt), sequence.cached)
            token = sequence.read(
                prompt[sequence.cached :],
                lambda logits: sampler.sample(logits[-1]),
                on_read=lambda read: on_prompt(read, len(prompt)) if on_prompt else None,
            )
            clock.prompt_is_read()
            while not answer.is_over(token, limit):
                yield from answer.take(token)
                if answer.is_full(limit):
                    break
                try:
                    token = sequence.read([token], lambda logits: sampler.sample(logits[-1]))
                except AbortedError:
                    answer.reason = FinishReason.ABORT
                    break
            usage = clock.usage(answer.count)
        yield from answer.finish()
        yield GenerationEnd(answer.reason, usage, sampler.seed, text)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], abort: AbortFlag
    ) -> tuple[list[float], Usage]:
        abort.raise_if_set()
        answers = [self._vocabulary.text_tokens(choice) for choice in choices]
        shared = _common_length(answers)  # read once, with the prompt
        prompt = self._vocabulary.prompt_tokens(self._pieces(messages)) + answers[0][:shared]
        self._fitting(prompt)
        rests = [answer[shared:] for answer in answers]
        with self._runner.sequence(prompt, abort, urgent=False) as sequence:
            clock = _Clock(len(prompt), sequence.cached)
            first = sequence.read(prompt[sequence.cached :], _log_probabilities)[-1]
            scores = np.array([first[rest[0]] if rest else 0.0 for rest in rests])
            # Where the first tokens tell the answers apart, the rest of them adds little but time.
            if len({tuple(rest[:1]) for rest in rests}) < len(rests):
                for index, rest in enumerate(rests):
                    scores[index] += _rest_of(sequence, rest)
            clock.prompt_is_read()
        weights = np.exp(scores - scores.max())
        return [float(weight) for weight in weights / weights.sum()], clock.usage(1)

    def forget(self, conversations: Sequence[str] | None) -> None:
        """Nothing of these conversations, or of any, is kept in memory."""
        self._runner.forget(conversations)

    def close(self) -> None:
        self._runner.close()

    def _pieces(self, messages: Sequence[Message]) -> list[tuple[str, bool]]:
        """Text, and whether it is the template's. A last message of the assistant's is continued."""
        if len(messages) > 1 and messages[-1].role is Role.ASSISTANT:
            return [*self._template.pieces(messages[:-1]), (messages[-1].content, False)]
        return self._template.pieces(messages)

    def _fitting(self, tokens: list[int]) -> list[int]:
        if len(tokens) >= self.info.n_ctx:
            raise ContextOverflowError(
                f"This is {len(tokens):,} tokens long, but the model sees only "
                f"{self.info.n_ctx:,} at once."
            )
        return tokens


class _Answer:
    """What has been said so far, and why it ends."""

    def __init__(
        self, vocabulary: Vocabulary, sampler: Sampler, params: GenerationParams, prompt: str
    ) -> None:
        self.count = 0
        self.reason = FinishReason.LENGTH
        self._ends, self._sampler = vocabulary.ends, sampler
        self._text = TokenText(vocabulary, params.stop)
        self._splitter = ReasoningSplitter(prompt)
        self._scores: tuple[TokenScore, ...] = ()

    def is_over(self, token: int, limit: int) -> bool:
        """Before a token is taken."""
        if token in self._ends:
            self.reason = FinishReason.STOP
            return True
        return self.count >= limit

    def is_full(self, limit: int) -> bool:
        """After a token was taken."""
        if self._text.stopped:
            self.reason = FinishReason.STOP
        return self._text.stopped or self.count >= limit

    def take(self, token: int) -> Iterator[TextPiece]:
        self.count += 1
        if self._sampler.score is not None:
            self._scores += (self._sampler.score,)
        yield from self._pieces(self._splitter.feed(self._text.feed(token)))

    def finish(self) -> Iterator[TextPiece]:
        parts = self._splitter.feed(self._text.finish()) + self._splitter.finish()
        yield from self._pieces(parts or ([(False, "")] if self._scores else []))

    def _pieces(self, parts: list[tuple[bool, str]]) -> Iterator[TextPiece]:
        for is_reasoning, text in parts:
            scores, self._scores = self._scores, ()
            yield TextPiece(text, self.count, is_reasoning, scores)


class _Clock:
    def __init__(self, prompt: int, cached: int) -> None:
        self._prompt, self._cached = prompt, cached
        self._started = self._read_at = time.perf_counter()

    def prompt_is_read(self) -> None:
        self._read_at = time.perf_counter()

    def usage(self, completion: int) -> Usage:
        now = time.perf_counter()
        prompt_seconds = self._read_at - self._started
        return Usage(self._prompt, completion, self._cached, prompt_seconds, now - self._read_at)


def _log_probabilities(logits: torch.Tensor) -> np.ndarray:
    """Natural, float64, of shape (rows, vocabulary)."""
    found: Any = torch.log_softmax(logits.cpu().double(), dim=-1).numpy()
    return np.asarray(found)


def _rest_of(sequence: RunningSequence, answer: Sequence[int]) -> float:
    """Log-probability of all but the first token of `answer`."""
    if len(answer) < 2:
        return 0.0
    with sequence.branch() as branch:
        after = branch.read(answer[:-1], _log_probabilities, every=True)
    return float(sum(row[token] for row, token in zip(after, answer[1:], strict=True)))


def _common_length(answers: Sequence[Sequence[int]]) -> int:
    """Of the tokens that all answers begin with."""
    shortest = min(len(answer) for answer in answers)
    for index in range(shortest):
        if len({answer[index] for answer in answers}) > 1:
            return index
    return shortest
