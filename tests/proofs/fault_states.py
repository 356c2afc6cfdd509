"""What is kept of a conversation on disk is damaged: it is never used, it goes, and all works on.

Every damage is done to a file that the real model wrote. Each time the keeper of a model that has
just been started is asked for the conversation; every few times a model is really loaded and asked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.backends.llama.language_model import LlamaLanguageModel
from engine.backends.llama.state_keeper import StateKeeper
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.kept_state import StateStore, states_folder
from engine.types import GenerationParams, Message, ModelSpec, Role, Usage
from tests.engine.forced import is_what_it_says
from tests.proofs.soak_requests import GREEDY

MODEL = ModelSpec(n_ctx=512)
LIMIT = 1 << 30
CONVERSATION = "the harbour"
MESSAGES = [
    Message(Role.USER, "The harbour was quiet and the boats lay still. " * 12 + "What is a boat?")
]
PAGE = 4096


class States:
    """`wrong` has what should not be."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.wrong: list[str] = []
        self.counts: dict[str, int] = {}
        self._damages: dict[str, Callable[[bytearray], None]] = {
            "cut short": self._cut_short,
            "a bit flipped": lambda data: self._flip(data, 1),
            "many bits flipped": lambda data: self._flip(data, 64),
            "header changed": self._change_header,
            "a page of zeros": self._lose_page,
            "bytes put in": self._put_in,
            "empty": lambda data: data.clear(),
        }

    def run(self, damages: int, load_every: int) -> None:
        model = load()
        key, tokens = model._keeper._key, model.prompt_tokens(MESSAGES)
        usage, _ = ask(model)
        model.close()
        (path,) = states_folder().iterdir()
        sound = path.read_bytes()
        if StateKeeper(StateStore(states_folder(), LIMIT), key).offer(tokens, 0) is None:
            self.wrong.append("a sound file was not used")
        for number in range(damages):
            kind = list(self._damages)[number % len(self._damages)]
            path.write_bytes(self._damaged(sound, kind))
            self._count(kind)
            if number % load_every == load_every - 1:
                self._load_and_ask(kind, path, usage.prompt_tokens)
                path.unlink(missing_ok=True)
            else:
                keeper = StateKeeper(StateStore(states_folder(), LIMIT), key)
                if keeper.offer(tokens, 0) is not None:
                    self.wrong.append(f"{kind}: used")
                if path.exists():
                    self.wrong.append(f"{kind}: still there")
        path.write_bytes(sound)
        model = load()
        usage, answer = ask(model)
        if usage.cached_tokens < usage.prompt_tokens - 8:
            self.wrong.append(f"at the end, a sound file was not used: {usage}")
        if not is_what_it_says(model, MESSAGES, answer):
            self.wrong.append(f"at the end, from a sound file: {answer!r}")
        model.close()

    def _load_and_ask(self, kind: str, path: Path, prompt_tokens: int) -> None:
        damaged = path.read_bytes()
        model = load()
        try:
            usage, answer = ask(model)
            if usage.cached_tokens >= prompt_tokens // 2:
                self.wrong.append(f"{kind}: {usage.cached_tokens} tokens came from it")
            if not is_what_it_says(model, MESSAGES, answer):
                self.wrong.append(f"{kind}: answered {answer!r}")
            self._count("loaded and asked")
        finally:
            model.close()
        if path.exists() and path.read_bytes() == damaged:
            self.wrong.append(f"{kind}: still there")

    def _damaged(self, sound: bytes, kind: str) -> bytes:
        data = bytearray(sound)
        while data == sound:  # a page of zeros may have been one before
            self._damages[kind](data)
        return bytes(data)

    def _cut_short(self, data: bytearray) -> None:
        del data[self._chance.randrange(len(data)) :]

    def _flip(self, data: bytearray, count: int) -> None:
        for _ in range(count):
            data[self._chance.randrange(len(data))] ^= 1 << self._chance.randrange(8)

    def _change_header(self, data: bytearray) -> None:
        data[self._chance.randrange(600)] ^= self._chance.randrange(1, 256)

    def _lose_page(self, data: bytearray) -> None:
        """What a power cut may leave: the file is as long as it was, but not all of it was written."""
        start = self._chance.randrange(len(data) // PAGE) * PAGE
        data[start : start + PAGE] = bytes(len(data[start : start + PAGE]))

    def _put_in(self, data: bytearray) -> None:
        place = self._chance.randrange(len(data) + 1)
        data[place:place] = self._chance.randbytes(self._chance.choice((1, 4, PAGE)))

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def load() -> LlamaLanguageModel:
    """A model that has just been started."""
    model = LlamaCppBackend().load(MODEL, AbortFlag(), lambda *_: None)
    model.keep_states(LIMIT)
    return model


def ask(model: LlamaLanguageModel) -> tuple[Usage, str]:
    params = GenerationParams(max_tokens=8, **GREEDY)
    text, usage = "", Usage()
    for piece in model.stream(
        MESSAGES, params, AbortFlag(), urgent=True, conversation=CONVERSATION
    ):
        if isinstance(piece, TextPiece):
            text += piece.text
        elif isinstance(piece, GenerationEnd):
            usage = piece.usage
    return usage, text


def damage_states(damages: int, load_every: int = 10, seed: int = 0) -> dict[str, Any]:
    """So many damages; what was done, and under "wrong" what should not be."""
    run = States(seed)
    started = time.monotonic()
    run.run(damages, load_every)
    seconds = round(time.monotonic() - started, 1)
    return {"damages": damages, "seconds": seconds, "counts": run.counts, "wrong": run.wrong}
