"""The values that every part of Carrel speaks in. Plain, immutable, and free of behaviour.

Offsets are counted in Python characters (Unicode code points) of `Document.text`, end exclusive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class FinishReason(StrEnum):
    STOP = "stop"  # the model ended its turn, or a stop string was met
    LENGTH = "length"  # max_tokens, or the context is full
    ABORT = "abort"  # the user pressed Stop


class Message(msgspec.Struct, frozen=True):
    role: Role
    content: str


class GenerationParams(msgspec.Struct, frozen=True):
    """Sampling parameters, in llama.cpp's terms. `seed` None means: pick one and report it.

    A backend that lacks a sampler says so when it is asked for (`BadRequestError`), and leaves the
    defaults, which are all off from `presence_penalty` on, to mean what they mean there.
    """

    max_tokens: int = 1024
    temperature: float = 0.2  # 0 always takes the likeliest token
    top_k: int = 40  # 0 is off
    top_p: float = 0.9
    min_p: float = 0.05
    repeat_penalty: float = 1.05  # over the last `repeat_last_n` tokens
    seed: int | None = None
    stop: tuple[str, ...] = ()
    repeat_last_n: int = 64
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    dry_multiplier: float = 0.0  # 0 is off: "don't repeat yourself" for whole sequences
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    xtc_probability: float = 0.0  # 0 is off: leaves out the likeliest tokens now and then
    xtc_threshold: float = 0.1
    mirostat: int = 0  # 1 or 2 take the place of top-k, top-p and min-p
    mirostat_tau: float = 5.0
    mirostat_eta: float = 0.1
    logit_bias: tuple[tuple[str, float], ...] = ()  # text of a token, what is added to its logit
    json_schema: dict[str, Any] | None = None  # the answer's form; at most one of these two
    grammar: str = ""  # GBNF
    logprobs: int = 0  # that many alternatives are told for every token of the answer
    prompt_lookup: bool = False  # drafts from the prompt, for answers that quote it


class TokenChoice(msgspec.Struct, frozen=True):
    """A token that might have stood there. `logprob` is natural, before temperature."""

    text: str
    logprob: float


class TokenScore(msgspec.Struct, frozen=True):
    """A token of an answer with its log-probability and the likeliest ones in its place."""

    text: str
    logprob: float
    alternatives: tuple[TokenChoice, ...] = ()


class OverflowPolicy(StrEnum):
    """What happens when a conversation no longer fits the model's context."""

    STOP = "stop"  # nothing is sent, and the user is told
    ROLL = "roll"  # the oldest turns are left out
    SUMMARIZE = "summarize"  # the oldest turns are left out, a note of them takes their place


class ContextWindow(msgspec.Struct, frozen=True):
    """What the model does not see of a conversation: its first `unseen` messages (the system
    message is not counted and always seen), in whose place stands `note`, if there is one."""

    unseen: int = 0
    note: str = ""


class ModelSpec(msgspec.Struct, frozen=True):
    """Which model a request wants. `path` None is the embedded one; 0, -1 and "": choose for me.

    `path` is a GGUF file, a folder of safetensors, or the http(s) address of a server; `backend`
    names one of `BACKENDS` where the path leaves a choice.
    """

    path: str | None = None
    n_ctx: int = 0
    gpu_layers: int = -1
    n_threads: int = 0
    backend: str = ""
    kv_type: str = ""  # f16 or q8_0
    flash_attention: str = ""  # on or off
    n_batch: int = 0
    remote_model: str = ""  # the model's name on a server


class Device(msgspec.Struct, frozen=True):
    """Where a model runs, and why. `kind`: cpu, cuda, metal, vulkan, gpu or remote."""

    kind: str
    name: str
    gpu_layers: int = 0
    layers: int = 0
    reason: str = ""

    def label(self) -> str:
        """Short form for the window: `CPU`, `GPU 36/36`, or the server's host."""
        if self.kind == "remote":
            return self.name
        return f"GPU {self.gpu_layers}/{self.layers}" if self.gpu_layers else "CPU"


class ModelInfo(msgspec.Struct, frozen=True):
    """What is known of a loaded model. Sizes in bytes; `sha256` of the whole file."""

    name: str
    path: str
    sha256: str
    size_bytes: int
    architecture: str
    quantization: str
    parameter_count: int
    n_ctx: int
    n_ctx_train: int
    device: Device
    backend: str
    engine_version: str
    chat_template: str = ""
    metadata: dict[str, str] = {}
    embedded: bool = False
    choices: tuple[str, ...] = ()  # what was chosen for this machine, and why, a sentence each
    conversion: str = ""  # the quantization that this processor would read faster, "" if none
    remote: bool = False  # text leaves this machine

    def is_small(self) -> bool:
        """Below a billion parameters what a model writes needs checking all the more."""
        return self.parameter_count < 1_000_000_000


class Usage(msgspec.Struct, frozen=True):
    """Tokens and seconds of a request. `cached_tokens` of the prompt were not read again."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    prompt_seconds: float = 0.0
    generation_seconds: float = 0.0

    def tokens_per_second(self) -> float:
        """Generated tokens per second after the first token; 0.0 if nothing was measured."""
        return self.completion_tokens / self.generation_seconds if self.generation_seconds else 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            *(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__)
        )


class Section(msgspec.Struct, frozen=True):
    """A named stretch of a document: a page ("p. 12") or what stands under a heading."""

    start: int
    end: int
    label: str
    kind: str = "heading"  # "page" or "heading"
    level: int = 1  # 1-6 for headings, as in HTML; the title is level 1


class Document(msgspec.Struct, frozen=True):
    """A document as read: its text and what is known of its structure.

    `text` has "\\n" line ends and no NUL or lone surrogates; `remarks` tells the user what was
    changed or left out while reading.
    """

    name: str
    text: str
    format: str = "txt"  # an id of DOCUMENT_FORMATS, or "paste"
    path: str | None = None
    sections: tuple[Section, ...] = ()
    page_count: int | None = None
    remarks: tuple[str, ...] = ()


class Passage(msgspec.Struct, frozen=True):
    """A stretch of one of a text tool's documents: `document` is its index in the request."""

    start: int
    end: int
    document: int = 0


class Span(msgspec.Struct, frozen=True):
    """A labelled stretch: `text == documents[document].text[start:end]`, always.

    `alternatives` has the probability of each label that it might have had, "" for none at all.
    """

    start: int
    end: int
    text: str
    label: str
    score: float | None = None
    document: int = 0
    alternatives: dict[str, float] = {}


class Coverage(msgspec.Struct, frozen=True):
    """How much of the input was really read, in parts of about one prompt each."""

    parts_read: int
    parts: int
