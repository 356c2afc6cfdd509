"""What every training starts from: the embedded encoder and its tokenizer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.catalog import embedded_encoder
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


def arguments(description: str | None, passes: float, rate: float) -> argparse.Namespace:
    """What every trainer asks for on the command line, with its own defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=float, default=passes)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()
