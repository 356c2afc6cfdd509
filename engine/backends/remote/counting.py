"""How many tokens a text has for a model elsewhere: asked for where that is worth it, else estimated."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec

from engine.backends.remote.connection import Connection
from engine.backends.remote.facts import LLAMA, OTHER, SGLANG, VLLM
from engine.backends.remote.request import conversation
from engine.contracts import AbortFlag
from engine.errors import EngineError
from engine.types import Message

WORTH_ASKING = 1500  # bytes: a shorter text is estimated, since parts are counted as a whole too
COUNT_SECONDS = 5.0
REMEMBERED = 512
TEMPLATE_TOKENS = 6  # about what a chat template adds to each message


class Prompt(msgspec.Struct, frozen=True):
    """A prompt's length, and its text as the model sees it, "" if the server does not show it."""

    tokens: int
    text: str = ""
    is_exact: bool = True


def estimated_tokens(text: str) -> int:
    """About four bytes of UTF-8 are a token in English, a little more than one sign in Chinese."""
    return len(text.encode("utf-8", "replace")) // 4 + 1


class TokenCounter:
    """Thread-safe. Estimates for good once the server could not count."""

    def __init__(self, connection: Connection, model: str, kind: str) -> None:
        self._connection, self._model, self._kind = connection, model, kind
        self._can_count = kind != OTHER
        self._lock = threading.Lock()
        self._counts: OrderedDict[Any, Prompt] = OrderedDict()

    def count(self, text: str) -> int:
        if not self._can_count or len(text.encode("utf-8", "replace")) < WORTH_ASKING:
            return estimated_tokens(text)
        found = self._remembered(text) or self._keep(text, self._asked(text))
        return found.tokens if found else estimated_tokens(text)

    def prompt(self, messages: Sequence[Message], room: int = 0) -> Prompt:
        """Of all `messages` in the model's template; asked for unless they fit `room` in any case."""
        key = tuple(messages)
        found = self._remembered(key)
        # No tokenizer of this field makes more tokens than there are bytes.
        most = sum(len(message.content.encode("utf-8", "replace")) + 64 for message in messages)
        if found is None and self._can_count and most > room:
            found = self._keep(key, self._asked_prompt(messages))
        if found is None:
            said = sum(estimated_tokens(message.content) for message in messages)
            found = Prompt(said + TEMPLATE_TOKENS * (len(messages) + 1), is_exact=False)
        return found

    def prompt_text(self, messages: Sequence[Message]) -> str:
        """What the model sees of `messages`, marks and all; "" if the server does not show it."""
        if self._kind != LLAMA:
            return ""
        text = self._post("/apply-template", conversation(self._kind, messages)).get("prompt")
        return text if isinstance(text, str) else ""

    def token_ids(self, text: str) -> list[int] | None:
        """The tokens of `text` by itself, or None where the server does not tell."""
        if self._kind == LLAMA:
            answer = self._post("/tokenize", {"content": text, "add_special": False})
        elif self._kind in (VLLM, SGLANG):
            body = {"model": self._model, "prompt": text, "add_special_tokens": False}
            answer = self._post("/tokenize", body)
        else:
            return None
        tokens = answer.get("tokens")
        known = isinstance(tokens, list) and all(type(token) is int for token in tokens)
        return tokens if known else None

    def _asked(self, text: str) -> Prompt | None:
        tokens = self.token_ids(text)
        return None if tokens is None else Prompt(len(tokens))

    def _asked_prompt(self, messages: Sequence[Message]) -> Prompt | None:
        said = conversation(self._kind, messages)
        if self._kind == LLAMA:
            if not (text := self.prompt_text(messages)):
                return None
            body = {"content": text, "add_special": True, "parse_special": True}
            tokens = self._post("/tokenize", body).get("tokens")
            return Prompt(len(tokens), text) if isinstance(tokens, list) else None
        if self._kind == VLLM:
            count = self._post("/tokenize", {"model": self._model, **said}).get("count")
            return Prompt(count) if type(count) is int else None
        return None  # SGLang counts texts only

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if not self._can_count:
            return {}
        try:
            return self._connection.post(path, body, AbortFlag(), root=True, seconds=COUNT_SECONDS)
        except EngineError:
            self._can_count = False
            return {}

    def _remembered(self, key: Any) -> Prompt | None:
        with self._lock:
            if key in self._counts:
                self._counts.move_to_end(key)
            return self._counts.get(key)

    def _keep(self, key: Any, prompt: Prompt | None) -> Prompt | None:
        if prompt is not None:
            with self._lock:
                self._counts[key] = prompt
                while len(self._counts) > REMEMBERED:
                    self._counts.popitem(last=False)
        return prompt
