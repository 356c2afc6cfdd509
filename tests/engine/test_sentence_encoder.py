"""The real sentence encoder: unit vectors that know what sentences mean."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.catalog import embedded_encoder
from engine.contracts import AbortFlag
from engine.errors import AbortedError, EncoderError

if TYPE_CHECKING:
    from engine.encoders.sentence_encoder import MiniLmEncoder

pytestmark = pytest.mark.model

SENTENCES = [
    "A cat sleeps on the sofa.",
    "The central bank raised interest rates.",
    "Heavy rain flooded the streets.",
]


def test_vectors_have_unit_length_whatever_the_text(sentence_encoder: MiniLmEncoder) -> None:
    texts = [*SENTENCES, "", "好" * 2000, "👩‍👩‍👧", "a\x00b", "word " * 5000, "مرحبا"]
    vectors = sentence_encoder.encode(texts, AbortFlag())
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("A kitten naps on a couch.", 0),
        ("Borrowing money became more expensive.", 1),
        ("The storm put roads under water.", 2),
    ],
)
def test_the_nearest_sentence_is_the_one_that_means_the_same(
    sentence_encoder: MiniLmEncoder, question: str, nearest: int
) -> None:
    vectors = sentence_encoder.encode([*SENTENCES, question], AbortFlag())
    assert int((vectors[:3] @ vectors[3]).argmax()) == nearest


def test_a_vector_does_not_depend_on_its_neighbours(sentence_encoder: MiniLmEncoder) -> None:
    many = [f"{text} Again, number {n}." for n in range(25) for text in SENTENCES]
    together = sentence_encoder.encode([*many, *SENTENCES], AbortFlag())[-3:]
    for row, text in zip(together, SENTENCES, strict=True):
        alone = sentence_encoder.encode([text], AbortFlag())[0]
        np.testing.assert_allclose(row, alone, atol=1e-4)


def test_nothing_to_encode_is_nothing(sentence_encoder: MiniLmEncoder) -> None:
    assert sentence_encoder.encode([], AbortFlag()).shape == (0, 384)


def test_a_stop_is_seen_between_batches(sentence_encoder: MiniLmEncoder) -> None:
    abort = AbortFlag()
    abort.set()
    with pytest.raises(AbortedError):
        sentence_encoder.encode(SENTENCES, abort)


def cut_short(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def overwrite(path: Path) -> None:
    path.write_bytes(b"this is no model" * 100)


def flip_a_weight(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 0xFF]))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("model.safetensors", flip_a_weight),
        ("model.safetensors", cut_short),
        ("model.safetensors", overwrite),
        ("model.safetensors", Path.unlink),
        ("config.json", cut_short),
        ("config.json", overwrite),
        ("tokenizer.json", cut_short),
        ("tokenizer.json", overwrite),
    ],
)
def test_a_damaged_encoder_is_told_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, damage: Callable[[Path], None]
) -> None:
    from engine.encoders import sentence_encoder

    folder = Path(shutil.copytree(embedded_encoder(), tmp_path / "encoder"))
    damage(folder / name)
    monkeypatch.setattr(sentence_encoder, "embedded_encoder", lambda: folder)
    with pytest.raises(EncoderError) as caught:
        sentence_encoder.MiniLmEncoder()
    assert caught.value.message == "The embedded sentence encoder cannot be read."
    assert "set-up again" in caught.value.hint
    assert caught.value.detail
