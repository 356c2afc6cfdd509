"""A model that repeats what it is told, for tests of everything around a model.

The last user message is answered word by word. A message that starts with a slash commands a fault:
`/slow N` sends N words at 20 a second, `/hang` ignores Stop, `/crash` ends the process,
`/fail` raises a known error, `/bug` an unknown one, `/long N` sends N words at once, `/think N` thinks
N words at 20 a second before it answers with three. A last message of the assistant's is continued.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine import __version__
from engine.contracts import AbortFlag, GenerationEnd, NameSpan, TextPiece
from engine.errors import GenerationError, ModelFileError
from engine.server_address import is_address, parse_address
from engine.types import (
    Device,
    FinishReason,
    GenerationParams,
    Message,
    ModelInfo,
    ModelSpec,
    Role,
    TokenChoice,
    TokenScore,
    Usage,
)

_CHANCES = (0.97, 0.62, 0.31, 0.08)  # of the answer's words, in turn
_CPU = Device("cpu", "Echo", reason="The echo model needs no device.")


# A word of the answer, the pause before it in seconds, and whether it is thought only.
Step = tuple[str, float, bool]


def _device(spec: ModelSpec) -> Device:
    """An address is echoed, too; nothing is sent there."""
    if not is_address(spec.path):
        return _CPU
    host = parse_address(spec.path or "").host
    return Device("remote", host, reason=f"Text is sent to {host}.")


class EchoBackend:
    name = "echo"

    def devices(self) -> tuple[Device, ...]:
        return (_CPU,)

    def check(self, spec: ModelSpec) -> None:
        if spec.path and not is_address(spec.path) and not os.path.exists(spec.path):
            raise ModelFileError(f"The model file {spec.path} does not exist.")

    def load(
        self, spec: ModelSpec, abort: AbortFlag, report: Callable[[str, float, float], None]
    ) -> EchoModel:
        for step in (0.0, 0.5, 1.0):
            abort.raise_if_set()
            report("loading", step, 1.0)
        return EchoModel(spec)

    def load_encoder(self) -> EchoEncoder:
        return EchoEncoder()


class EchoModel:
    def __init__(self, spec: ModelSpec) -> None:
        self.info = ModelInfo(
            name=spec.remote_model or "Echo",
            path=spec.path or "",
            sha256=hashlib.sha256(b"echo").hexdigest(),
            size_bytes=0,
            architecture="echo",
            quantization="none",
            parameter_count=0,
            n_ctx=spec.n_ctx or 4096,
            n_ctx_train=4096,
            device=_device(spec),
            backend="echo",
            engine_version=__version__,
            chat_template="{{ messages[-1].content }}",
            metadata={"general.name": "Echo"},
            embedded=spec.path is None,
            remote=is_address(spec.path),
        )

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def count_prompt_tokens(self, messages: Sequence[Message]) -> int:
        return sum(self.count_tokens(message.content) for message in messages)

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
        prompt_tokens = self.count_prompt_tokens(messages)
        prompt = "\n".join(f"{message.role}: {message.content}" for message in messages)
        if on_prompt:
            on_prompt(prompt_tokens, prompt_tokens)
        said = next((m.content for m in reversed(messages) if m.role is Role.USER), "")
        started, reason, count = time.monotonic(), FinishReason.STOP, 0
        for word, pause, is_reasoning in _continued(_script(said), messages[-1]):
            if abort.is_set():
                reason = FinishReason.ABORT
                break
            if count == params.max_tokens:
                reason = FinishReason.LENGTH
                break
            if pause:
                time.sleep(pause)
            count += 1
            scores = (_score(word, count, params.logprobs),) if params.logprobs else ()
            yield TextPiece(word, count, is_reasoning, scores)
        usage = Usage(prompt_tokens, count, 0, 0.0, time.monotonic() - started)
        yield GenerationEnd(reason, usage, params.seed or 0, prompt)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], abort: AbortFlag
    ) -> tuple[list[float], Usage]:
        abort.raise_if_set()
        said = messages[-1].content.lower()
        weights = [1.0 + 8.0 * said.count(choice.lower()) for choice in choices]
        return [weight / sum(weights) for weight in weights], Usage(self.count_tokens(said), 1)

    def close(self) -> None:
        pass


def _continued(script: Iterator[Step], last: Message) -> Iterator[Step]:
    """The script from where the assistant's last message left off."""
    skipped = 0
    for word, pause, is_reasoning in script:
        if last.role is Role.ASSISTANT and skipped < len(last.content):
            skipped += 0 if is_reasoning else len(word)
        else:
            yield word, pause, is_reasoning


def _score(word: str, number: int, alternatives: int) -> TokenScore:
    chance = _CHANCES[(number - 1) % len(_CHANCES)]
    others = [(f"other{i}", (1 - chance) / 2**i) for i in range(1, alternatives)]
    choices = sorted([(word, chance), *others], key=lambda choice: -choice[1])
    return TokenScore(
        word, math.log(chance), tuple(TokenChoice(text, math.log(p)) for text, p in choices)
    )


def _script(said: str) -> Iterator[Step]:
    command, _, rest = said.partition(" ")
    match command:
        case "/slow":
            yield from ((f"word{i} ", 0.05, False) for i in range(int(rest or 100)))
        case "/long":
            yield from ((f"word{i} ", 0.0, False) for i in range(int(rest or 1000)))
        case "/think":
            yield from ((f"thought{i} ", 0.05, True) for i in range(int(rest or 20)))
            yield from ((word, 0.05, False) for word in ("Having ", "thought, ", "yes."))
        case "/hang":
            yield "hanging ", 0.0, False
            time.sleep(3600)
        case "/crash":
            yield "falling ", 0.0, False
            time.sleep(0.2)
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        case "/fail":
            raise GenerationError("The echo model was told to fail.")
        case "/bug":
            raise ZeroDivisionError("The echo model was told to have a bug.")
        case _:
            words = said.split(" ")
            for word in words[:-1]:
                yield word + " ", 0.0, False
            yield words[-1], 0.0, False


class EchoEncoder:
    """Vectors by hashed words: equal words make near vectors; "good" is good, and what begins with a
    capital inside a sentence is a person. Deterministic and quick."""

    name = "Echo encoder"

    def encode(self, sentences: Sequence[str], abort: AbortFlag) -> Any:
        import numpy as np

        vectors = np.full((len(sentences), 64), 1e-3, dtype=np.float32)
        for row, sentence in enumerate(sentences):
            for word in sentence.lower().split():
                vectors[row, hashlib.md5(word.encode()).digest()[0] % 64] += 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def sentiment(self, texts: Sequence[str], abort: AbortFlag) -> Any:
        import numpy as np

        abort.raise_if_set()
        words = [set(re.findall(r"\w+", text.lower())) for text in texts]
        shares = [
            (0.8, 0.1, 0.1)
            if "bad" in one
            else (0.1, 0.1, 0.8)
            if "good" in one
            else (0.1, 0.8, 0.1)
            for one in words
        ]
        return np.array(shares, dtype=np.float32).reshape(len(texts), 3)

    def names(self, text: str, abort: AbortFlag, sentences: Sequence[int] = ()) -> list[NameSpan]:
        abort.raise_if_set()
        return [
            NameSpan(match.start(1), match.end(1), "PER", 0.9, {"PER": 0.9, "": 0.1})
            for match in re.finditer(r"[\w,;] ([A-Z]\w+)", text)
        ]

    def names_of_each(self, texts: Sequence[str], abort: AbortFlag) -> list[list[NameSpan]]:
        return [self.names(text, abort) for text in texts]
