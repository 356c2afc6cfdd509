"""The encoder with an adapter: word shapes added to its embeddings, and a head over each piece or over
the whole text. One module for training and for use.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from engine.encoders.word_shapes import SHAPES


class AdaptedEncoder(nn.Module):
    """`bert` is transformers' `BertModel` without pooling, for training, or our `Bert`, for use; its
    layers become this one's own.

    Logits of shape (texts, pieces, outputs), or (texts, outputs) if `is_whole`: then the head sees the
    mean over the pieces beside the first one's vector.
    """

    def __init__(self, bert: Any, outputs: int, *, is_whole: bool, dropout: float = 0.1) -> None:
        super().__init__()
        self.bert, self.is_whole = bert, is_whole
        width = bert.config.hidden_size
        self.shapes = nn.Embedding(SHAPES, width)
        nn.init.normal_(self.shapes.weight, std=0.005)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * width if is_whole else width, outputs)

    def forward(self, ids: torch.Tensor, shapes: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """All of shape (texts, pieces); `mask` is 1 where there is a piece."""
        embedded = self.bert.embeddings.word_embeddings(ids) + self.shapes(shapes)
        states = self.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        if not self.is_whole:
            logits: torch.Tensor = self.head(self.dropout(states))
            return logits
        weights = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        whole: torch.Tensor = self.head(self.dropout(torch.cat((states[:, 0], mean), dim=-1)))
        return whole
