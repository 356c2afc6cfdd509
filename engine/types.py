"""The values that every part of Carrel speaks in. Plain, immutable, and free of behaviour.

Offsets are counted in Python characters (Unicode code points) of `Document.text`, end exclusive.
"""

from __future__ import annotations

from enum import StrEnum

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
    """Sampling parameters, in llama.cpp's terms. `seed` None means: pick one and report it."""

    max_tokens: int = 1024
    temperature: float = 0.2
    top_k: int = 40
    top_p: float = 0.9
    min_p: float = 0.05
    repeat_penalty: float = 1.05
    seed: int | None = None
    stop: tuple[str, ...] = ()


class ModelSpec(msgspec.Struct, frozen=True):
    """Which model a request wants. `path` None is the embedded one; 0 and -1: choose for me."""

    path: str | None = None
    n_ctx: int = 0
    gpu_layers: int = -1
    n_threads: int = 0


class Device(msgspec.Struct, frozen=True):
    """Where a model runs, and why. `kind`: cpu, cuda, metal, vulkan or gpu."""

    kind: str
    name: str
    gpu_layers: int = 0
    layers: int = 0
    reason: str = ""

    def label(self) -> str:
        """Short form for the window: `CPU`, or `GPU 36/36`."""
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
    """A labelled stretch: `text == documents[document].text[start:end]`, always."""

    start: int
    end: int
    text: str
    label: str
    score: float | None = None
    document: int = 0


class Coverage(msgspec.Struct, frozen=True):
    """How much of the input was really read, in parts of about one prompt each."""

    parts_read: int
    parts: int
