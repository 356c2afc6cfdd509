"""Prompts of a wanted length out of Carrel's own documents, and their tokens for the peers."""

from __future__ import annotations

import ctypes
import random
import re
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from engine.paths import APP_ROOT
from engine.types import Message, Role

_TEXTS = ("README.md", "docs/architecture.md", "docs/install.md", "LICENSE")


def sentences() -> list[str]:
    """English sentences of Carrel's documents, without their Markdown."""
    text = "\n\n".join((APP_ROOT / name).read_text(encoding="utf-8") for name in _TEXTS)
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    prose = [part for part in paragraphs if part and part[0] not in "|#!"]
    found = [s for part in prose for s in re.split(r"(?<=[.!?:]) ", part) if len(s) > 20]
    # Carrel takes a typed mark of the template for text, and the peers would not.
    return [sentence for sentence in found if "<|" not in sentence]


class Vocabulary:
    """The tokenizer and the chat template of a GGUF file, as llama-cpp-python has them."""

    def __init__(self, file: Path) -> None:
        import llama_cpp
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        silence_llama()
        self._model: Any = llama_cpp.Llama(str(file), vocab_only=True, verbose=False)
        vocab = self._model._model.vocab
        self.ends = [
            token
            for token in range(self._model.n_vocab())
            if llama_cpp.llama_vocab_is_eog(vocab, token)
        ]
        texts = [self._model.detokenize([token], special=True) for token in self.ends]
        self.end_texts = [text.decode("utf-8") for text in texts]
        self.eos = self._model.token_eos()
        self.weight_bytes = file.stat().st_size
        self.chat_template: str = self._model.metadata["tokenizer.chat_template"]
        self._formatter = Jinja2ChatFormatter(self.chat_template, eos_token="", bos_token="")

    @cached_property
    def shape(self) -> dict[str, int]:
        """The file's whole numbers for its architecture: `block_count` and so on."""
        prefix = f"{self._model.metadata['general.architecture']}."
        return {
            name.removeprefix(prefix): int(value)
            for name, value in self._model.metadata.items()
            if name.startswith(prefix) and value.isdecimal()
        }

    @property
    def kv_bytes(self) -> int:
        """Of the state per token: keys and values of every layer, two bytes each."""
        width = self.shape["embedding_length"] // self.shape["attention.head_count"]
        return 4 * self.shape["block_count"] * self.shape["attention.head_count_kv"] * width

    @cached_property
    def token_texts(self) -> list[str]:
        """Every token as the file writes it."""
        import llama_cpp

        vocab = self._model._model.vocab
        count = self._model.n_vocab()
        return [llama_cpp.llama_vocab_get_text(vocab, token).decode() for token in range(count)]

    def count(self, text: str) -> int:
        return len(self._model.tokenize(text.encode("utf-8"), add_bos=False))

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of the whole prompt, as the template makes it."""
        plain: Any = [{"role": str(m.role), "content": m.content} for m in messages]
        text = self._formatter(messages=plain).prompt
        tokens: list[int] = self._model.tokenize(text.encode("utf-8"), add_bos=False, special=True)
        return tokens

    def prose(self, tokens: int, seed: str) -> str:
        """About so many tokens of sentences, in an order of its own from the first one on."""
        source = random.Random(seed)
        words, left = [f"Note {seed}."], tokens - self.count(f"Note {seed}.")
        while left > 0:
            for sentence, length in source.sample(self._sentences, len(self._sentences)):
                if length <= left:
                    words.append(sentence)
                    left -= length
            if left < self._shortest:
                break
        return " ".join(words)

    @cached_property
    def _sentences(self) -> list[tuple[str, int]]:
        return [(text, self.count(f" {text}")) for text in sentences()]

    @cached_property
    def _shortest(self) -> int:
        return min(length for _, length in self._sentences)

    def chat(self, tokens: int, seed: str, question: str = "") -> tuple[Message, ...]:
        """Messages whose whole prompt is about so many tokens; no two seeds begin alike."""
        question = question or "Tell a long story about what is written above."
        around = len(self.prompt((Message(Role.SYSTEM, ""), Message(Role.USER, question))))
        text = self.prose(tokens - around, seed)
        return Message(Role.SYSTEM, text), Message(Role.USER, question)


def silence_llama() -> None:
    """llama.cpp's remarks on each context are no results."""
    import llama_cpp

    llama_cpp.llama_log_set(_deaf(), ctypes.c_void_p(0))


@cache  # llama.cpp keeps only the address
def _deaf() -> Any:
    import llama_cpp

    return llama_cpp.llama_log_callback(lambda level, text, data: None)
