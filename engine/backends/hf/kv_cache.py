"""What a model remembers of the tokens it has read (KV), in transformers' own cache classes.

transformers' layers copy everything for each new token; here the room grows ahead of what is said.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from transformers import DynamicCache, PreTrainedConfig
from transformers.cache_utils import DummyLayer, DynamicLayer, DynamicSlidingWindowLayer

STEP = 256  # tokens


class GrowingLayer(DynamicLayer):
    """Keys and values of one layer, each of shape (1, heads, tokens, width).

    It also takes the place of a sliding window's layer: the window is in the attention mask, and
    only a layer that keeps everything can go back to where another question branched off.
    """

    def __init__(self) -> None:
        super().__init__()
        self._room: tuple[torch.Tensor, torch.Tensor] | None = None
        self._length = 0

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        end = self._length + key_states.shape[-2]
        if self._room is None or end > self._room[0].shape[-2]:
            self._grow(end, key_states, value_states)
        assert self._room is not None
        for room, states in zip(self._room, (key_states, value_states), strict=True):
            room[:, :, self._length : end] = states
        return self._show(end)

    def get_seq_length(self) -> int:
        return self._length

    def cut(self, length: int) -> None:
        """Forget all but the first `length` tokens."""
        if length < self._length:
            self._show(length)

    def copy(self, length: int) -> GrowingLayer:
        """A layer of its own with the first `length` tokens of this one."""
        other = GrowingLayer()
        if self._room is not None:
            keys, values = (room[:, :, :length] for room in self._room)
            other.update(keys, values)
        return other

    def _grow(self, end: int, keys: torch.Tensor, values: torch.Tensor) -> None:
        size = -(-max(end, self._length * 3 // 2) // STEP) * STEP
        rooms = []
        for index, states in enumerate((keys, values)):
            room = states.new_empty((*states.shape[:-2], size, states.shape[-1]))
            if self._room is not None:
                room[:, :, : self._length] = self._room[index][:, :, : self._length]
            rooms.append(room)
        self._room = (rooms[0], rooms[1])
        self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True

    def _show(self, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        self._length = length
        if self._room is not None:
            self.keys, self.values = (room[:, :, :length] for room in self._room)
        return self.keys, self.values


class KvCache:
    """One sequence's memory. `can_cut`: recurrent layers cannot go back, attention can."""

    def __init__(self, config: PreTrainedConfig) -> None:
        self.states = DynamicCache(config=config)
        plain = (DynamicLayer, DynamicSlidingWindowLayer)
        self.states.layers = [
            GrowingLayer() if type(layer) in plain else layer for layer in self.states.layers
        ]
        self.can_cut = all(
            isinstance(layer, (GrowingLayer, DummyLayer)) for layer in self.states.layers
        )

    def cut(self, length: int) -> None:
        for layer in self.states.layers:
            if isinstance(layer, GrowingLayer):
                layer.cut(length)

    def copy(self, length: int) -> KvCache:
        """Of the first `length` tokens, which are all where `can_cut` is false."""
        other = copy.copy(self)
        if not self.can_cut:
            other.states = copy.deepcopy(self.states)
            return other
        other.states = copy.copy(self.states)
        other.states.layers = [
            layer.copy(length) if isinstance(layer, GrowingLayer) else layer
            for layer in self.states.layers
        ]
        return other
