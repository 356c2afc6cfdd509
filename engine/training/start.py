"""What every training starts from: the embedded encoder and its tokenizer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch

from engine.catalog import embedded_encoder
from engine.encoders.adapted import AdaptedEncoder
from engine.encoders.adapter_file import read_adapter
from engine.encoders.pieces import Tokenizer


def encoder_parts() -> tuple[Any, Tokenizer]:
    """A `BertModel` without pooling, and the tokenizer."""
    from transformers.models.bert.modeling_bert import BertModel
    from transformers.models.bert.tokenization_bert import BertTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()  # the pooling layer is left out on purpose
    folder = embedded_encoder()
    bert = BertModel.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, add_pooling_layer=False
    )
    tokenizer = BertTokenizer.from_pretrained(folder, local_files_only=True)
    return bert, Tokenizer(tokenizer.backend_tokenizer)


def fresh_or_from(file: Path | None, outputs: int, *, is_whole: bool) -> AdaptedEncoder:
    """The encoder with an untaught head, or with the adapter in `file`."""
    bert, _ = encoder_parts()
    if file is not None:
        return read_adapter(file, bert)[0]
    return AdaptedEncoder(bert, outputs, is_whole=is_whole)


def average_of(model: AdaptedEncoder, file: Path | None) -> AdaptedEncoder:
    """The mean of the weights with those that it started from: Wortsman et al., "Model soups" (2022)."""
    if file is None:
        return model
    before, _ = read_adapter(file, encoder_parts()[0])
    with torch.no_grad():
        for kept, other in zip(model.parameters(), before.parameters(), strict=True):
            kept.lerp_(other, 0.5)
    return model


def arguments(description: str | None, passes: float, rate: float) -> argparse.Namespace:
    """What every trainer asks for on the command line, with its own defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=float, default=passes)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=Path, help="go on from this adapter, and average with it")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()
