"""The probability of each of a few answers, from a server that only lists the likeliest tokens.

The answers are walked down as a tree: at each step the server names the 20 likeliest next tokens,
and where a token still fits several answers, it is asked again after it. What all answers begin with
is put into the model's mouth (llama.cpp, vLLM and SGLang continue a last assistant message). Where no
probabilities can be had the model is asked to answer, and its answer gets all of the share.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from engine.backends.remote.answer import answer_text, first_choice, token_scores, usage_of
from engine.backends.remote.facts import LLAMA, SGLANG, VLLM
from engine.backends.remote.request import MOST_LOGPROBS, conversation, json_format
from engine.errors import ServerError, ServerRefusedError
from engine.types import Message, Role, TokenChoice, Usage

Post = Callable[[dict[str, Any]], dict[str, Any]]
MOST_STEPS = 12  # requests for one choice
LLAMA_LISTED = 300  # its server names as many tokens as it is asked for
WORTH_A_STEP = 0.01  # of all answers together
ANSWER_TOKENS = 1024  # with thoughts before it, where a model has them
UNLISTED = 0.1  # of the least listed token: an answer that is not listed is less likely than that


class Chooser:
    """One choice between answers. `post` sends a chat request that is not streamed."""

    def __init__(self, model: str, kind: str, messages: Sequence[Message], post: Post) -> None:
        self._model, self._kind, self._post = model, kind, post
        self._messages = list(messages)
        self._can_continue = kind in (LLAMA, VLLM, SGLANG)
        self._listed = LLAMA_LISTED if kind == LLAMA else MOST_LOGPROBS
        self._steps = 0
        self.lists_tokens = True  # does the server give log-probabilities?
        self.usage = Usage()

    def by_probability(self, choices: Sequence[str]) -> list[float] | None:
        """Shares that sum to 1, or None if the server gives no probabilities for these answers."""
        shared = _common_beginning(choices)
        if shared and not self._can_continue:
            return None
        weights = self._walk(shared, list(choices), 1.0)
        if weights is None or not any(weight > 0 for weight in weights):
            return None
        return [weight / sum(weights) for weight in weights]

    def by_answer(self, choices: Sequence[str]) -> list[float]:
        """The answer that the model gives under a schema has the whole share."""
        schema = {"type": "string", "enum": list(choices)}
        body = self._body(self._messages, max_tokens=ANSWER_TOKENS)
        try:
            answer = self._ask(body | {"response_format": json_format(schema)})
        except ServerRefusedError:
            answer = self._ask(body)  # it knows no schemas
        said = answer_text(answer).strip()
        for choice in choices:
            if said in (choice, json.dumps(choice), json.dumps(choice, ensure_ascii=False)):
                return [1.0 if other == choice else 0.0 for other in choices]
        # A server without schemas answers freely: what stands first in its answer counts.
        places = [said.lower().find(choice.lower()) for choice in choices]
        found = [place for place in places if place >= 0]
        if not found:
            raise ServerError(
                "The server's model gave none of the answers that it was asked to choose from.",
                hint="Use a server that gives log-probabilities, or another model.",
            )
        best = places.index(min(found))
        return [1.0 if index == best else 0.0 for index in range(len(choices))]

    def _walk(self, said: str, choices: list[str], share: float) -> list[float] | None:
        """Of each of `choices`, all of which begin with `said`; None if nothing can be known."""
        listed = self._next_tokens(said)
        if not listed:
            return None
        weights = [0.0] * len(choices)
        several: dict[str, float] = {}
        for token in listed:
            text = token.text if said else token.text.lstrip()
            fitting = [i for i, choice in enumerate(choices) if _fits(choice, said, text)]
            if len(fitting) == 1:
                weights[fitting[0]] += math.exp(token.logprob)
            elif len(fitting) > 1:
                several[said + text] = several.get(said + text, 0.0) + math.exp(token.logprob)
        self._go_on(several, choices, weights, share)
        least = UNLISTED * math.exp(min(token.logprob for token in listed))
        if said in choices:  # the model may end here as well
            weights[choices.index(said)] = max(least, 1.0 - sum(weights))
        if any(weights):
            weights = [weight or least for weight in weights]
        return weights

    def _go_on(
        self, several: dict[str, float], choices: list[str], weights: list[float], share: float
    ) -> None:
        """Add to `weights` what lies behind tokens that fit more than one answer."""
        for begun, chance in several.items():
            inside = [i for i, choice in enumerate(choices) if choice.startswith(begun)]
            rest = None
            if self._can_continue and self._steps < MOST_STEPS and share * chance > WORTH_A_STEP:
                rest = self._walk(begun, [choices[i] for i in inside], share * chance)
            total = sum(rest) if rest else 0.0
            for place, i in enumerate(inside):
                part = rest[place] / total if rest and total else 1 / len(inside)
                weights[i] += chance * part

    def _next_tokens(self, said: str) -> tuple[TokenChoice, ...]:
        self._steps += 1
        messages = [*self._messages, Message(Role.ASSISTANT, said)] if said else self._messages
        body = self._body(messages, max_tokens=1)
        answer = self._ask(body | {"logprobs": True, "top_logprobs": self._listed})
        scores = token_scores(first_choice(answer))
        self.lists_tokens = bool(scores)
        return scores[0].alternatives if scores else ()

    def _body(self, messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
        body = {"model": self._model, "max_tokens": max_tokens, "temperature": 0.0}
        return body | conversation(self._kind, messages)

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._post(body)
        self.usage += usage_of(answer)
        return answer


def _common_beginning(texts: Sequence[str]) -> str:
    """Up to the last whole word: a model would hardly have cut its words there."""
    first, last = min(texts), max(texts)
    length = next((i for i, sign in enumerate(first) if last[i : i + 1] != sign), len(first))
    return re.sub(r"\w+$", "", first[:length]).rstrip()


def _fits(choice: str, said: str, token: str) -> bool:
    return bool(token) and choice.startswith(said + token)
