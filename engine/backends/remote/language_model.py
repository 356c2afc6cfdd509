"""A chat model on a server, behind the same face as those that run here."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine.backends.remote.answer import AnswerReader
from engine.backends.remote.choosing import Chooser
from engine.backends.remote.connection import Connection
from engine.backends.remote.counting import TokenCounter
from engine.backends.remote.failures import broken_off, stream_error
from engine.backends.remote.request import chat_body, without_extras
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import AbortedError, ContextOverflowError, ServerError, ServerRefusedError
from engine.server_keys import read_key
from engine.types import FinishReason, GenerationParams, Message, ModelInfo, Usage

CHAT = "/chat/completions"


class RemoteLanguageModel:
    """Thread-safe; as many requests run at once as are asked for.

    `count_tokens` is exact only for long texts on llama.cpp's server, vLLM and SGLang; else it is
    an estimate of four bytes to a token. `GenerationEnd.prompt` is the text that the model saw if
    the server shows it (llama.cpp, vLLM), else the messages as they were sent, as JSON.
    """

    def __init__(self, connection: Connection, info: ModelInfo, model: str, kind: str) -> None:
        self.info = info
        self._connection = connection
        self._model, self._kind = model, kind
        self._counter = TokenCounter(connection, model, kind)
        self._takes_extras = self._lists_tokens = True  # until the server shows otherwise

    def count_tokens(self, text: str) -> int:
        return self._counter.count(text)

    def count_prompt_tokens(self, messages: Sequence[Message]) -> int:
        return self._counter.prompt(messages).tokens

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
        """As in `LanguageModel`; who goes first and what is kept is the server's own affair."""
        abort.raise_if_set()
        seed = secrets.randbelow(2**31) if params.seed is None else params.seed
        token_ids = self._counter.token_ids
        body = chat_body(self._model, self._kind, messages, params, seed, token_ids)
        if not self._takes_extras:
            body = without_extras(body)
        prompt = self._counter.prompt(messages, room=self.info.n_ctx - params.max_tokens)
        if prompt.is_exact:
            # vLLM refuses what would not fit if the answer became as long as it may.
            room = self.info.n_ctx - prompt.tokens
            if room < 1:
                raise _too_long(prompt.tokens, self.info.n_ctx)
            body["max_tokens"] = min(params.max_tokens, room)
        reader = AnswerReader(on_prompt)
        reason = FinishReason.ABORT
        try:
            for piece in self._pieces(body, reader, abort):
                yield piece
                if "max_tokens" not in body and reader.tokens >= params.max_tokens:
                    reader.finish_reason = "length"
                    break
            reason = reader.reason()
        except AbortedError:
            if not reader.tokens:
                raise
        yield from reader.finish()
        seen = reader.prompt or prompt.text
        if not seen and reason is not FinishReason.ABORT:
            seen = self._counter.prompt_text(messages)
        seen = seen or json.dumps(body["messages"], ensure_ascii=False)
        yield GenerationEnd(reason, reader.usage(prompt.tokens), seed, seen)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], abort: AbortFlag
    ) -> tuple[list[float], Usage]:
        """By log-probabilities where the server gives them; else its answer has the whole share."""

        def post(body: dict[str, Any]) -> dict[str, Any]:
            return self._connection.post(CHAT, body, abort)

        chooser = Chooser(self._model, self._kind, messages, post)
        shares = None
        if self._lists_tokens:
            try:
                shares = chooser.by_probability(choices)
            except ServerRefusedError:
                self._lists_tokens = False
            else:
                self._lists_tokens = chooser.lists_tokens
        return shares or chooser.by_answer(choices), chooser.usage

    def close(self) -> None:
        self._connection.close()

    def _pieces(
        self, body: dict[str, Any], reader: AnswerReader, abort: AbortFlag
    ) -> Iterator[TextPiece]:
        """The answer; what the server refuses before it begins is left out, and asked once more."""
        refused: ServerRefusedError | None = None
        while True:
            try:
                for piece in self._events(body, reader, abort):
                    # It answers: so it was the extra fields that it did not want.
                    self._takes_extras &= refused is None
                    yield piece
                return
            except ContextOverflowError:
                if reader.tokens or body.pop("max_tokens", None) is None:
                    raise
            except ServerRefusedError as error:
                plain = without_extras(body)
                if reader.tokens or refused or plain == body:
                    raise refused or error from None
                refused, body = error, plain

    def _events(
        self, body: dict[str, Any], reader: AnswerReader, abort: AbortFlag
    ) -> Iterator[TextPiece]:
        address = self._connection.address
        try:
            for event in self._connection.stream(CHAT, body, abort):
                if error := event.get("error"):
                    raise stream_error(error, address, read_key(address.origin))
                yield from reader.take(event)
        except ServerError:
            if not reader.finish_reason:  # else the answer is whole, and only its figures are lost
                raise
        if not reader.finish_reason:
            raise broken_off(address)


def _too_long(tokens: int, n_ctx: int) -> ContextOverflowError:
    return ContextOverflowError(
        f"This is {tokens:,} tokens long, but the model sees only {n_ctx:,} at once."
    )
