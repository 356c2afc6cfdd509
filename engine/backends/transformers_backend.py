"""Models on transformers: a folder of safetensors, or a GGUF of a kind that transformers reads.

torch and transformers are imported when the first such model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.backends.hf.model_files import hash_of, look_into
from engine.backends.llama.memory import available_memory
from engine.backends.passing_thread import in_a_passing_thread
from engine.contracts import AbortFlag, TextEncoder
from engine.types import Device, ModelSpec

if TYPE_CHECKING:
    from engine.backends.hf.language_model import HfLanguageModel


class TransformersBackend:
    """`memory` tells how many bytes are free for the CPU."""

    name = "transformers"

    def __init__(self, memory: Callable[[], int] = available_memory) -> None:
        self._memory = memory

    def devices(self) -> tuple[Device, ...]:
        from engine.backends.hf.placement import devices

        return devices()

    def check(self, spec: ModelSpec) -> None:
        look_into(spec)

    def load(
        self, spec: ModelSpec, abort: AbortFlag, report: Callable[[str, float, float], None]
    ) -> HfLanguageModel:
        files = look_into(spec)
        sha256 = hash_of(files, abort, report)
        from engine.backends.hf.opening import open_model

        memory = self._memory()
        return in_a_passing_thread(lambda: open_model(files, sha256, spec, memory, abort, report))

    def load_encoder(self) -> TextEncoder:
        from engine.encoders.resident import ResidentEncoder

        return ResidentEncoder()
