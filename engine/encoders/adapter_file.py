"""An adapter on disk: one safetensors file with what differs from the encoder, and what it is made for.

Nothing else than safetensors is ever read: pickled weights can run programs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from engine.catalog import ENCODER_SHA256
from engine.encoders.adapted import AdaptedEncoder
from engine.errors import EncoderError

FORMAT = "carrel-adapter-1"
_SHARED = "bert.embeddings.word_embeddings."  # the encoder's own, in every adapter the same


class AdapterFacts(msgspec.Struct, frozen=True):
    """`outputs` of the head; `labels` name the first of them; `temperature` divides the logits.

    `slope` and `offset` make of a name's share, in logits, how often such names are right
    (Platt 1999).
    """

    task: str
    labels: tuple[str, ...]
    outputs: int
    is_whole: bool
    temperature: float = 1.0
    slope: float = 1.0
    offset: float = 0.0


def write_adapter(file: Path, model: AdaptedEncoder, facts: AdapterFacts) -> None:
    tensors = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if not name.startswith(_SHARED)
    }
    about = {
        "format": FORMAT,
        "encoder_sha256": ENCODER_SHA256,
        "facts": msgspec.json.encode(facts).decode(),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, file, metadata=about)


def read_adapter(file: Path, bert: Any) -> tuple[AdaptedEncoder, AdapterFacts]:
    """The encoder with this adapter; `bert` is a fresh `BertModel` with the encoder's weights.

    Raises `EncoderError` naming the file if it is damaged or made for another encoder.
    """
    try:
        with safe_open(file, framework="pt") as opened:
            about = opened.metadata() or {}
            facts = _facts(file, about)
            tensors = {name: opened.get_tensor(name).float() for name in opened.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise EncoderError(
            f"The adapter {file.name} is damaged or missing.",
            hint="Install Carrel once more.",
            detail=repr(error),
        ) from error
    model = AdaptedEncoder(bert, facts.outputs, is_whole=facts.is_whole)
    expected = {
        name: tensor.shape
        for name, tensor in model.state_dict().items()
        if not name.startswith(_SHARED)
    }
    if {name: tensor.shape for name, tensor in tensors.items()} != expected or not all(
        bool(torch.isfinite(tensor).all()) for tensor in tensors.values()
    ):
        raise EncoderError(
            f"The adapter {file.name} does not fit the encoder.", hint="Install Carrel once more."
        )
    model.load_state_dict(tensors, strict=False)
    return model.eval(), facts


def _facts(file: Path, about: dict[str, str]) -> AdapterFacts:
    if about.get("format") != FORMAT or about.get("encoder_sha256") != ENCODER_SHA256:
        raise EncoderError(
            f"The adapter {file.name} was made for another encoder.",
            hint="Train it again with this version, or install Carrel once more.",
        )
    try:
        return msgspec.json.decode(about["facts"], type=AdapterFacts)
    except (KeyError, json.JSONDecodeError, msgspec.MsgspecError) as error:
        raise EncoderError(
            f"The adapter {file.name} does not say what it is.", detail=repr(error)
        ) from error
