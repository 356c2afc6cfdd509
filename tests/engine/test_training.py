"""The trainers on small corpora of their own: files are read right, and a pass teaches something."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.encoders.adapted import AdaptedEncoder
from engine.encoders.adapter_file import AdapterFacts, read_adapter, write_adapter
from engine.encoders.entity_tags import TAGS
from engine.errors import EncoderError
from engine.training.calibration import best_temperature, bins_of, expected_error
from engine.training.corpora import (
    NAMES,
    read_goemotions,
    read_names,
    read_sst,
    read_sst_binary,
    read_tweets,
)
from engine.training.entities import entity_loss
from engine.training.start import encoder_parts
from engine.training.trainer import NO_LABEL, Example, Plan, batches


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_corpora_of_names_are_read_with_offsets(tmp_path: Path) -> None:
    ewt = write(
        tmp_path / "a", "# text = x\n1\tAl\tB-ORG\t-\tx\n2\t-\tI-ORG\n3\tZaman\tI-ORG\n4\t:\tO\n\n"
    )
    (sentence,) = read_names(ewt, NAMES["UNER-EWT"])
    assert sentence.text == "Al - Zaman :"
    assert [(sentence.text[a:b], kind) for a, b, kind in sentence.spans] == [("Al - Zaman", "ORG")]
    wnut = write(tmp_path / "b", "Ann\tB-person\nand\tO\nEmacs\tB-product\n\nOslo\tB-location")
    first, second = read_names(wnut, NAMES["WNUT17"])
    assert first.spans == ((0, 3, "PER"), (8, 13, "MISC"))
    assert second.spans == ((0, 4, "LOC"),)
    iob1 = write(tmp_path / "c", "010 I-MISC\nis O\nAnn I-PER\nLee I-PER\nBo B-PER\n")
    (sentence,) = read_names(iob1, NAMES["Wikigold"])
    assert sentence.spans == ((0, 3, "MISC"), (7, 14, "PER"), (15, 17, "PER"))


def test_corpora_of_sentiment_are_read(tmp_path: Path) -> None:
    sst = write(tmp_path / "a", "4 a stirring film\n1 dull .\n2 a film\n")
    assert [(text.label, text.fine) for text in read_sst(sst)] == [(2, 4), (0, 1), (1, 2)]
    binary = write(tmp_path / "b", "0 dull .\n1 good .\n")
    assert [text.label for text in read_sst_binary(binary)] == [0, 2]
    emotions = write(tmp_path / "c", "Nice\t3\tx1\nHm\t2,3\tx2\nUnclear\t0\tx3\n")
    assert [(text.text, text.label) for text in read_goemotions(emotions)] == [("Nice", 2)]
    tweets = write(tmp_path / "d", "positive\tWon\\u002c at last\nother\tx\n")
    assert [(text.text, text.label) for text in read_tweets(tweets)] == [("Won, at last", 2)]


def test_where_misc_is_not_marked_it_is_no_mistake() -> None:
    logits = torch.zeros(1, 1, len(TAGS))
    logits[0, 0, TAGS.index("B-MISC")] = 9.0
    labels, weights = torch.tensor([[0]]), torch.ones(1)
    unmarked = entity_loss(logits, labels, torch.tensor([0]), weights)
    marked = entity_loss(logits, labels, torch.tensor([1]), weights)
    assert unmarked < 0.1 < 5 < marked


def test_batches_have_every_example_once_and_little_padding() -> None:
    chance = random.Random(1)
    examples = [Example([1] * chance.randint(3, 80), [], 0) for _ in range(500)]
    found = batches(examples, Plan(rows=600), chance)
    assert sorted(at for batch in found for at in batch) == list(range(500))
    assert all(len(b) * max(len(examples[at].ids) for at in b) <= 600 for b in found)
    padded = sum(len(b) * max(len(examples[at].ids) for at in b) for b in found)
    assert padded < 1.15 * sum(len(example.ids) for example in examples)


def test_a_temperature_takes_back_overconfidence() -> None:
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 3, 4000)
    honest = np.log(np.full((4000, 3), 0.2))
    shown = np.where(chance.random(4000) < 0.6, labels, (labels + 1) % 3)
    honest[np.arange(4000), shown] = np.log(0.6)
    assert best_temperature(honest * 3, labels) == pytest.approx(3, rel=0.15)
    right = (shown == labels).tolist()
    assert expected_error(bins_of([0.6] * 4000, right)) < 0.03
    assert expected_error(bins_of([0.95] * 4000, right)) > 0.3


def test_an_adapter_comes_back_and_a_foreign_or_damaged_one_is_refused(tmp_path: Path) -> None:
    bert, _ = encoder_parts()
    model = AdaptedEncoder(bert, 3, is_whole=True).eval()
    facts = AdapterFacts("sentiment", ("a", "b", "c"), 3, is_whole=True, temperature=1.5)
    file = tmp_path / "adapter.safetensors"
    write_adapter(file, model, facts)
    assert file.stat().st_size < 25_000_000
    again, told = read_adapter(file, encoder_parts()[0])
    assert told == facts
    ids, mask = torch.tensor([[101, 7592, 102]]), torch.ones(1, 3, dtype=torch.long)
    with torch.inference_mode():
        before, after = (one(ids, mask * 0, mask) for one in (model, again))
    assert torch.allclose(before, after, atol=0.02)
    data = file.read_bytes()
    foreign = data.replace(b"carrel-adapter-1", b"carrel-adapter-9", 1)
    for broken in (b"", data[:1000], data[:-7], foreign, b"\x80\x04pickle"):
        file.write_bytes(broken)
        with pytest.raises(EncoderError, match=r"adapter\.safetensors"):
            read_adapter(file, bert)


def test_labels_that_are_not_first_pieces_do_not_count() -> None:
    logits = torch.zeros(1, 2, len(TAGS))
    labels = torch.tensor([[TAGS.index("B-PER"), NO_LABEL]])
    loss = entity_loss(logits, labels, torch.tensor([1]), torch.ones(1))
    assert float(loss) == pytest.approx(float(np.log(len(TAGS))), rel=1e-5)
