"""A loaded GGUF as a `LanguageModel`: messages in, text out. The work is done by the scheduler."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import llama_cpp
import numpy as np

from engine.backends.llama.chat_template import ChatTemplate
from engine.backends.llama.context import LlamaContext
from engine.backends.llama.detokenizer import Detokenizer, TokenPieces
from engine.backends.llama.drafts import PromptLookup
from engine.backends.llama.prompt_reader import PromptReader
from engine.backends.llama.sampling import Sampler
from engine.backends.llama.scheduler import Scheduler
from engine.backends.llama.sequences import Sequences
from engine.backends.llama.state_keeper import StateKeeper
from engine.backends.llama.tasks import End, Generation, Piece, Scoring, Task
from engine.backends.llama.thread_choice import ThreadChoice
from engine.backends.reasoning import MARK_WORDS, ReasoningSplitter
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import AbortedError, ContextOverflowError
from engine.kept_state import hashed
from engine.types import FinishReason, GenerationParams, Message, ModelInfo, Role, TokenScore, Usage

KNOWN_TEXTS = 256  # messages whose tokens are remembered
CLOSE_SECONDS = 0.6  # for saving what is not on disk yet, and as long again for writing it


class LlamaLanguageModel:
    """Owns the model and its context. Any thread may call; one thread does the work."""

    def __init__(
        self,
        model: Any,
        context: LlamaContext,
        threads: ThreadChoice,
        template: ChatTemplate,
        info: ModelInfo,
        keeper: StateKeeper,
        reader: PromptReader | None = None,
    ) -> None:
        self.info = info
        self._model, self._context, self._template = model, context, template
        self._keeper, self._reader = keeper, reader
        self._sequences = Sequences(context, keeper.keep, keeper.is_keeping)
        self._scheduler = Scheduler(context, self._sequences, threads, reader)
        self._vocab = llama_cpp.llama_model_get_vocab(model)
        # Each turn of a conversation has the same messages again, and one more.
        self._known_tokens = functools.lru_cache(KNOWN_TEXTS)(
            lambda text, is_markup: self.tokenize(text, special=is_markup)
        )
        self._pieces = TokenPieces(self._vocab, self._reasoning_marks())

    def _reasoning_marks(self) -> frozenset[int]:
        """Special tokens that mark thoughts: they must be seen to be told from the answer."""
        found = [self.tokenize(word, special=True) for word in MARK_WORDS]
        return frozenset(tokens[0] for tokens in found if len(tokens) == 1)

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
        return "".join(text for text, _ in self._prompt_pieces(messages))

    def count_prompt_tokens(self, messages: Sequence[Message]) -> int:
        return len(self._tokens_of(self._prompt_pieces(messages)))

    def _prompt_pieces(self, messages: Sequence[Message]) -> list[tuple[str, bool]]:
        """Text, and whether it is the template's. A last message of the assistant's is continued."""
        if len(messages) > 1 and messages[-1].role is Role.ASSISTANT:
            return [*self._template.pieces(messages[:-1]), (messages[-1].content, False)]
        return self._template.pieces(messages)

    def _tokens_of(self, pieces: Sequence[tuple[str, bool]]) -> list[int]:
        tokens: list[int] = []
        for text, is_markup in pieces:
            tokens += self._known_tokens(text, is_markup)
        if llama_cpp.llama_vocab_get_add_bos(self._vocab):
            bos = llama_cpp.llama_vocab_bos(self._vocab)
            if tokens[:1] != [bos]:
                tokens.insert(0, bos)
        return tokens

    def prompt_tokens(self, messages: Sequence[Message]) -> list[int]:
        """The prompt as the model sees it; `ContextOverflowError` when there is no room to answer."""
        return self._fitting(self._tokens_of(self._prompt_pieces(messages)))

    def _fitting(self, tokens: list[int]) -> list[int]:
        if len(tokens) >= self._context.n_ctx:
            raise ContextOverflowError(
                f"This is {len(tokens):,} tokens long, but the model sees only "
                f"{self._context.n_ctx:,} at once."
            )
        return tokens

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
        pieces = self._prompt_pieces(messages)
        prompt, text = self._fitting(self._tokens_of(pieces)), "".join(text for text, _ in pieces)
        sampler = Sampler(
            self._vocab,
            params,
            prompt,
            lambda word: self.tokenize(word, special=True),
            self._pieces.text_of,
        )
        task = Generation(
            prompt,
            abort,
            sampler,
            Detokenizer(self._pieces, params.stop),
            lambda token: bool(llama_cpp.llama_vocab_is_eog(self._vocab, token)),
            max(0, min(params.max_tokens, self._context.n_ctx - len(prompt))),
            PromptLookup(prompt, self._scheduler.step_times) if params.prompt_lookup else None,
            has_seed=params.seed is not None,
            urgent=urgent,
            conversation=hashed(conversation) if conversation else "",
        )
        splitter = ReasoningSplitter(text)
        scores: tuple[TokenScore, ...] = ()
        for event in self._events(task):
            if isinstance(event, Piece):
                scores += event.scores
                for is_reasoning, part in splitter.feed(event.text):
                    yield TextPiece(part, event.tokens, is_reasoning, scores)
                    scores = ()
            elif isinstance(event, End):
                for is_reasoning, part in splitter.finish():
                    yield TextPiece(part, event.usage.completion_tokens, is_reasoning, scores)
                yield GenerationEnd(_reason(event), event.usage, sampler.seed, text)
            elif on_prompt:
                on_prompt(*event)

    def _events(self, task: Task) -> Iterator[Any]:
        """What comes of a task, the `End` last; errors are raised, and so is a stop while reading."""
        if task.conversation:
            task.offered = self._keeper.offer(task.tokens, self._sequences.longest(task.tokens))
        try:
            self._scheduler.submit(task)
            while not isinstance(event := task.events.get(), End):
                yield event
        except BaseException:
            self._scheduler.cancel(task)  # nobody waits for it any more
            raise
        if event.error is not None and not _is_stop_while_writing(task, event):
            raise event.error
        yield event

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], abort: AbortFlag
    ) -> tuple[list[float], Usage]:
        abort.raise_if_set()
        answers = [self.tokenize(choice, special=False) for choice in choices]
        shared = _common_length(answers)  # read once, with the prompt
        prompt = self._fitting(self.prompt_tokens(messages) + answers[0][:shared])
        task = Scoring(prompt, [answer[shared:] for answer in answers], abort)
        usage = Usage()
        for event in self._events(task):
            if isinstance(event, End):
                usage = event.usage
        scores = np.array(task.scores)
        weights = np.exp(scores - scores.max())
        return [float(weight) for weight in weights / weights.sum()], usage

    def keep_states(self, limit: int) -> None:
        """What the model has read of conversations may take so many bytes on disk; 0 is nothing."""
        self._keeper.store.limit = limit

    def forget(self, conversations: Sequence[str] | None) -> None:
        """Nothing of these conversations, or of any, is kept in memory or on disk."""
        names = None if conversations is None else [hashed(name) for name in conversations]
        self._scheduler.call(lambda: self._forget_in_memory(names))
        self._keeper.forget(names)

    def _forget_in_memory(self, names: Sequence[str] | None) -> None:
        self._sequences.forget(names)
        if self._reader is not None:
            self._reader.forget()

    def close(self) -> None:
        self._scheduler.close(CLOSE_SECONDS)
        self._keeper.close(CLOSE_SECONDS)
        if self._reader is not None:
            self._reader.close()
        self._context.close()
        if self._model:
            llama_cpp.llama_model_free(self._model)
            self._model = None


def _reason(end: End) -> FinishReason:
    return FinishReason.ABORT if end.error is not None else end.reason


def _is_stop_while_writing(task: Task, end: End) -> bool:
    return isinstance(end.error, AbortedError) and task.read_at > 0


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
