"""The real sentence encoder: unit vectors that know what sentences mean."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pytest

from engine.catalog import embedded_encoder
from engine.contracts import AbortFlag
from engine.errors import AbortedError, EncoderError

if TYPE_CHECKING:
    from engine.encoders.resident import ResidentEncoder

pytestmark = pytest.mark.model

SENTENCES = [
    "A cat sleeps on the sofa.",
    "The central bank raised interest rates.",
    "Heavy rain flooded the streets.",
]

# bfloat16 has eight binary places: sums of another order differ by that much in a vector's element.
HALF_PRECISION = 1e-3


def test_vectors_have_unit_length_whatever_the_text(sentence_encoder: ResidentEncoder) -> None:
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
    sentence_encoder: ResidentEncoder, question: str, nearest: int
) -> None:
    vectors = sentence_encoder.encode([*SENTENCES, question], AbortFlag())
    assert int((vectors[:3] @ vectors[3]).argmax()) == nearest


def test_a_vector_does_not_depend_on_its_neighbours(sentence_encoder: ResidentEncoder) -> None:
    many = [f"{text} Again, number {n}." for n in range(25) for text in SENTENCES]
    together = sentence_encoder.encode([*many, *SENTENCES], AbortFlag())[-3:]
    for row, text in zip(together, SENTENCES, strict=True):
        alone = sentence_encoder.encode([text], AbortFlag())[0]
        np.testing.assert_allclose(row, alone, atol=HALF_PRECISION)


def test_nothing_to_encode_is_nothing(sentence_encoder: ResidentEncoder) -> None:
    assert sentence_encoder.encode([], AbortFlag()).shape == (0, 384)


def test_a_stop_is_seen_between_batches(sentence_encoder: ResidentEncoder) -> None:
    abort = AbortFlag()
    abort.set()
    with pytest.raises(AbortedError):
        sentence_encoder.encode(SENTENCES, abort)


class StopsLater(AbortFlag):
    """Set when it is asked for the fourth time."""

    asked = 0

    def raise_if_set(self) -> None:
        self.asked += 1
        if self.asked == 4:
            self.set()
        super().raise_if_set()


def test_a_stop_is_seen_within_a_batch(sentence_encoder: ResidentEncoder) -> None:
    abort = StopsLater()
    with pytest.raises(AbortedError):
        sentence_encoder.encode(SENTENCES[:1], abort)
    assert abort.asked == 4
    # Whoever asks next is not stopped by it.
    assert sentence_encoder.encode(SENTENCES, AbortFlag()).shape == (3, 384)


def test_many_may_ask_at_once_and_one_thread_computes(sentence_encoder: ResidentEncoder) -> None:
    """Each thread that computes with torch keeps helpers of its own as long as it lives."""
    texts = [f"{text} Number {n}." for n in range(20) for text in SENTENCES]
    wanted = sentence_encoder.encode(texts, AbortFlag())
    process, before = psutil.Process(), psutil.Process().num_threads()
    done = threading.Barrier(5)
    found: list[np.ndarray] = []

    def ask() -> None:
        found.append(sentence_encoder.encode(texts, AbortFlag()))
        done.wait()  # all have computed
        done.wait()  # and have been counted

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    done.wait()
    during = process.num_threads()
    done.wait()
    for asker in askers:
        asker.join()
    assert during <= before + len(askers)
    for vectors in found:
        np.testing.assert_allclose(vectors, wanted, atol=HALF_PRECISION)


def test_half_precision_says_what_full_precision_says(sentence_encoder: ResidentEncoder) -> None:
    """transformers' own layers in float32 against ours as they are used."""
    import torch

    from engine.training.start import encoder_parts

    bert, tokenizer = encoder_parts()
    vectors = sentence_encoder.encode(SENTENCES, AbortFlag())
    for words, vector in zip(tokenizer.words(SENTENCES), vectors, strict=True):
        ids = torch.tensor([[tokenizer.start, *words.ids, tokenizer.end]])
        with torch.inference_mode():
            exact = bert.eval()(ids).last_hidden_state[0].mean(0).numpy()
        assert vector @ exact / np.linalg.norm(exact) > 0.9998


def test_our_layers_compute_what_those_of_transformers_do() -> None:
    import torch

    from engine.encoders.bert import read_bert
    from engine.training.start import encoder_parts

    own, bert = read_bert(embedded_encoder()), encoder_parts()[0].eval()
    ids = torch.randint(1000, 20000, (3, 40), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    mask[1, 25:] = 0
    with torch.inference_mode():
        words = own.embeddings.word_embeddings(ids)
        ours = own(inputs_embeds=words, attention_mask=mask).last_hidden_state
        theirs = bert(ids, attention_mask=mask).last_hidden_state
    is_read = mask.bool()
    torch.testing.assert_close(ours[is_read], theirs[is_read], atol=1e-4, rtol=1e-4)


def test_the_encoder_needs_no_transformers() -> None:
    """Which takes a second and 100 MB to load."""
    code = (
        "import sys; from engine.contracts import AbortFlag; "
        "from engine.encoders.resident import ResidentEncoder; "
        "ResidentEncoder().encode(['a'], AbortFlag()); print('transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


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
    from engine.encoders import resident

    folder = Path(shutil.copytree(embedded_encoder(), tmp_path / "encoder"))
    damage(folder / name)
    monkeypatch.setattr(resident, "embedded_encoder", lambda: folder)
    with pytest.raises(EncoderError) as caught:
        resident.ResidentEncoder()
    assert caught.value.message == "The embedded sentence encoder cannot be read."
    assert "set-up again" in caught.value.hint
    assert caught.value.detail


@pytest.fixture
def untaught(
    sentence_encoder: ResidentEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ResidentEncoder:
    """With adapters that know nothing: what they say is chance, where they say it is not."""
    import torch

    from engine.encoders import resident
    from engine.encoders.adapted import AdaptedEncoder
    from engine.encoders.adapter_file import AdapterFacts, write_adapter
    from engine.encoders.entity_tags import TAGS
    from engine.training.start import encoder_parts

    torch.manual_seed(3)
    for task, labels in (("entities", TAGS), ("sentiment", ("negative", "neutral", "positive"))):
        model = AdaptedEncoder(encoder_parts()[0], len(labels), is_whole=task == "sentiment")
        torch.nn.init.normal_(model.head.weight, std=0.5)
        facts = AdapterFacts(task, tuple(labels), len(labels), is_whole=task == "sentiment")
        write_adapter(tmp_path / f"{task}.safetensors", model, facts)
    monkeypatch.setattr(resident, "adapter_file", lambda task: tmp_path / f"{task}.safetensors")
    monkeypatch.setattr(sentence_encoder, "_adapters", {})
    return sentence_encoder


ODD_TEXTS = (
    "",
    "   \n\t ",
    "😀😀 Ada 👩‍👩‍👧 Lovelace",
    "艾达·洛夫莱斯住在伦敦。",
    "عاشت آدا في لندن",
    "Caf\u0065\u0301 Zo\u00eb\r\nin\u200bvisible \x00 \ufeffend",
    "<b>Ada</b> &amp; Co.",
    "x" * 5000,
    "Ada lived in London. " * 400,
)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_names_stand_where_they_are_said_to(untaught: ResidentEncoder, text: str) -> None:
    last = 0
    for name in untaught.names(text, AbortFlag()):
        assert last <= name.start < name.end <= len(text)
        assert text[name.start : name.end].strip()
        assert 0 <= name.score <= 1
        assert sum(name.alternatives.values()) == pytest.approx(1, abs=0.01)
        last = name.end


def test_a_word_is_judged_alike_however_long_the_text(untaught: ResidentEncoder) -> None:
    sentence = "Ada Lovelace lived in London, where she wrote letters. "
    spans = untaught.names(sentence * 100, AbortFlag())
    assert spans
    assert spans[-1].end > 90 * len(sentence)


def test_shares_of_labels_do_not_depend_on_neighbours(untaught: ResidentEncoder) -> None:
    together = untaught.sentiment([*SENTENCES, "", "word " * 900], AbortFlag())
    assert together.sum(axis=1) == pytest.approx(1, abs=1e-5)
    for row, text in zip(together, SENTENCES, strict=False):
        alone = untaught.sentiment([text], AbortFlag())[0]
        assert alone == pytest.approx(row, abs=10 * HALF_PRECISION)


def test_texts_of_all_lengths_leave_little_in_memory(sentence_encoder: ResidentEncoder) -> None:
    """Each length is a shape of its own, for which oneDNN and torch would keep what they made."""
    process = psutil.Process()
    for words in range(20, 40, 2):  # until the caches are as full as they get
        sentence_encoder.encode(["word " * words], AbortFlag())
    before = process.memory_info().rss
    for words in range(40, 140, 2):
        sentence_encoder.encode(["word " * words], AbortFlag())
    assert process.memory_info().rss - before < 40_000_000
