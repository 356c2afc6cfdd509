"""BERT's layers for reading alone, under the names that its files use: no dropout, no training.

Devlin et al., "BERT" (2019). transformers' module does the same; this one loads without that library,
keeps full precision between the products, and can be stopped between two layers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional


class Config(msgspec.Struct, frozen=True):
    """What config.json says of the shape."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float
    hidden_act: str


class States(NamedTuple):
    """Float32 of shape (texts, pieces, width)."""

    last_hidden_state: torch.Tensor


class Bert(nn.Module):
    """`watch` is called before each layer; what it raises ends the reading."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        if config.hidden_act != "gelu":
            raise ValueError(f"layers with {config.hidden_act} are not known")
        self.config = config
        self.watch: Callable[[], None] = lambda: None
        self.embeddings = _Embeddings(config)
        self.encoder = nn.ModuleDict(
            {"layer": nn.ModuleList(_Layer(config) for _ in range(config.num_hidden_layers))}
        )

    def forward(self, *, inputs_embeds: torch.Tensor, attention_mask: torch.Tensor) -> States:
        """Words without places, float of shape (texts, pieces, width); the mask is 1 at a piece."""
        states = self.embeddings(inputs_embeds.float())
        hidden = None
        if not attention_mask.all():
            hidden = attention_mask.bool()[:, None, None, :]
        for layer in self._layers():
            self.watch()
            states = layer(states, hidden)
        return States(states)

    def _layers(self) -> Any:
        return self.encoder["layer"]

    def compute_in(self, kind: torch.dtype) -> None:
        """The products, not what stands between them; the table of words takes half as much memory."""
        for layer in self._layers():
            for module in layer.modules():
                if isinstance(module, nn.Linear):
                    module.to(kind)
        if kind != torch.float32:
            self.embeddings.word_embeddings.to(torch.float16)  # finer than bfloat16, and only read


class _Embeddings(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config.hidden_size
        self.word_embeddings = nn.Embedding(config.vocab_size, width)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, width)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, width)
        self.LayerNorm = nn.LayerNorm(width, config.layer_norm_eps)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        places = self.position_embeddings.weight[: words.shape[1]]
        states: torch.Tensor = self.LayerNorm(words + places + self.token_type_embeddings.weight[0])
        return states


class _Layer(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config.hidden_size
        self.heads = config.num_attention_heads
        products = {name: nn.Linear(width, width) for name in ("query", "key", "value")}
        self.attention: Any = nn.ModuleDict(
            {"self": nn.ModuleDict(products), "output": _output(width, config)}
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, config.intermediate_size)})
        self.output = _output(config.intermediate_size, config)

    def forward(self, states: torch.Tensor, is_read: torch.Tensor | None) -> torch.Tensor:
        own, out, wide = (
            self.attention["self"],
            self.attention["output"],
            self.intermediate["dense"],
        )
        given = states.to(own["query"].weight.dtype)
        shape = (*given.shape[:2], self.heads, -1)
        query, key, value = (
            own[name](given).view(shape).transpose(1, 2) for name in ("query", "key", "value")
        )
        seen = functional.scaled_dot_product_attention(query, key, value, is_read)
        joined = seen.transpose(1, 2).reshape(given.shape)
        states = out["LayerNorm"](states + out["dense"](joined))
        inner = functional.gelu(wide(states.to(given.dtype)))
        found: torch.Tensor = self.output["LayerNorm"](states + self.output["dense"](inner))
        return found


def _output(width: int, config: Config) -> nn.ModuleDict:
    norm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
    return nn.ModuleDict({"dense": nn.Linear(width, config.hidden_size), "LayerNorm": norm})


def read_bert(folder: Path) -> Bert:
    """From config.json and model.safetensors; raises whatever a damaged file makes of it."""
    config = msgspec.json.decode((folder / "config.json").read_bytes(), type=Config)
    with torch.device("meta"):  # the random weights of new layers would be made for nothing
        bert = Bert(config)
    with safe_open(folder / "model.safetensors", framework="pt") as opened:
        # Copies: what is only mapped keeps the whole file in memory, as long as a part of it is used.
        weights = {name: opened.get_tensor(name).clone() for name in bert.state_dict()}
    bert.load_state_dict(weights, assign=True)
    return bert.eval()
