"""What a GGUF's header says about the memory that its model will take. Bytes, from above.

It knows neither how much memory there is nor who wants what; `fit` does.
"""

from __future__ import annotations

import msgspec

from engine.backends.llama.gguf import GgufHeader

UNKNOWN_VOCABULARY = 262_144
OUTPUTS = 64  # rows of logits that a context reserves
SEQUENCES = 32  # that a context can tell apart: a recurrent model has a state for each
# Bytes for one value of a context's memory; q8_0 has 32 of them and a half-precision scale.
VALUE_BYTES = {"f16": 2.0, "q8_0": 34 / 32}
QUANTIZED_BLOCK = 32


class ModelFacts(msgspec.Struct, frozen=True):
    """`kv_width` is the count of values that all layers keep for one token."""

    name: str
    size_bytes: int
    layers: int
    n_ctx_train: int
    kv_width: int
    embedding: int
    feed_forward: int
    heads: int
    vocabulary: int
    state_bytes: int = 0  # of recurrent layers, whatever the context
    kv_in_blocks: bool = True  # its heads can be kept in q8_0

    def kv_bytes(self, kv_type: str) -> float:
        """For one token of the context."""
        return self.kv_width * VALUE_BYTES[kv_type]

    def context_bytes(self, n_cells: int, kv_type: str) -> int:
        return int(n_cells * self.kv_bytes(kv_type)) + self.state_bytes

    def compute_bytes(self, n_cells: int, n_ubatch: int, *, flash: bool) -> int:
        """What a decode works in: activations, the attention mask, logits.

        Checked against what llama.cpp reserves for models of the kinds Llama and Qwen.
        """
        activations = 4 * n_ubatch * (3 * self.feed_forward + 4 * self.embedding)
        mask = 2 * n_ubatch * n_cells
        scores = 0 if flash else 4 * n_ubatch * n_cells * self.heads
        return activations + mask + scores + 2 * 4 * OUTPUTS * self.vocabulary


def facts_of(header: GgufHeader, name: str, size_bytes: int) -> ModelFacts:
    """Read what counts from a header. Sliding windows are taken for whole contexts."""

    def number(key: str, default: int = 0) -> int:
        return max(header.numbers.get(f"{header.architecture}.{key}", (default,)))

    layers = max(number("block_count"), 1)
    embedding, heads = number("embedding_length"), number("attention.head_count")
    head = embedding // heads if heads else 0
    key, value = number("attention.key_length", head), number("attention.value_length", head)
    kv_heads = header.numbers.get(f"{header.architecture}.attention.head_count_kv", (heads,))
    kv_heads_in_all = sum(kv_heads) if len(kv_heads) >= layers else max(kv_heads) * layers
    feed_forward = number("feed_forward_length")
    experts = number("expert_feed_forward_length") * number("expert_used_count")
    return ModelFacts(
        name=name,
        size_bytes=size_bytes,
        layers=layers,
        n_ctx_train=max(number("context_length", 4096), 1),
        kv_width=kv_heads_in_all * (key + value),
        embedding=embedding,
        feed_forward=max(feed_forward, experts),
        heads=heads,
        vocabulary=number("vocab_size", UNKNOWN_VOCABULARY),
        state_bytes=4 * layers * SEQUENCES * _state_width(header, embedding),
        kv_in_blocks=key % QUANTIZED_BLOCK == 0 and value % QUANTIZED_BLOCK == 0,
    )


def _state_width(header: GgufHeader, embedding: int) -> int:
    """Values that a recurrent layer keeps for a sequence; 0 for transformers."""

    def number(key: str) -> int:
        return max(header.numbers.get(f"{header.architecture}.{key}", (0,)))

    inner, state = number("ssm.inner_size"), number("ssm.state_size")
    convolution = number("ssm.conv_kernel") * (inner + 2 * number("ssm.group_count") * state)
    return inner * state + convolution + embedding * number("wkv.head_size")
