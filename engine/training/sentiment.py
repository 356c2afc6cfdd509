"""Train the sentiment adapter: `python -m engine.training.sentiment DATA --out FILE.safetensors`.

The general labels are learned from film reviews, Reddit comments and tweets alike; the five degrees of
the reviews are a second task beside them, of which nothing is kept.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from engine.encoders.adapted import AdaptedEncoder
from engine.encoders.adapter_file import AdapterFacts, write_adapter
from engine.encoders.batches import by_length
from engine.encoders.pieces import Tokenizer
from engine.training.calibration import best_temperature, bins_of, reliability
from engine.training.corpora import (
    Labelled,
    read_goemotions,
    read_sst,
    read_sst_binary,
    read_tweets,
)
from engine.training.start import arguments, average_of, encoder_parts, fresh_or_from
from engine.training.trainer import Example, Plan, tensors, train

LABELS, DEGREES = 3, 5
REVIEWS = 3  # times that the reviews are read in a pass: they are few
TWEETS = 0.5  # of them, drawn anew for each pass
DEGREES_WEIGHT = 0.5
MOST_PIECES = 128


def main() -> None:
    wanted = arguments(__doc__, passes=3.0, rate=1.5e-4)
    torch.set_num_threads(wanted.threads)
    started = time.monotonic()
    _, tokenizer = encoder_parts()
    folder: Path = wanted.data / "sentiment"
    reviews = list(read_sst(folder / "sst_fine.train.txt"))
    comments = list(read_goemotions(folder / "goemotions_group.train.tsv"))
    tweets = list(read_tweets(folder / "tweets_2013_2016.train.tsv"))
    dev = {
        "SST-2": list(read_sst_binary(folder / "sst_binary.dev.txt")),
        "SST-3": list(read_sst(folder / "sst_fine.dev.txt")),
        "GoEmotions": list(read_goemotions(folder / "goemotions_group.dev.tsv")),
    }
    plan = Plan(passes=wanted.passes, rate=wanted.rate, seed=wanted.seed)
    model = fresh_or_from(wanted.start, LABELS + DEGREES, is_whole=True)

    def examples(chance: random.Random) -> list[Example]:
        drawn = comments + reviews * REVIEWS + chance.sample(tweets, int(TWEETS * len(tweets)))
        texts = [_as_written(text.text, chance) if text.fine >= 0 else text.text for text in drawn]
        return _examples(tokenizer, texts, drawn)

    def figure(candidate: AdaptedEncoder) -> float:
        found = {name: score(name, candidate, tokenizer, texts) for name, texts in dev.items()}
        print(" ".join(f"{name} {value:.4f}" for name, value in found.items()), flush=True)
        return sum(found.values()) / len(found)

    best = train(
        model, examples, sentiment_loss, figure, plan, lambda line: print(line, flush=True)
    )
    best = average_of(best, wanted.start)
    print(f"{figure(best):.4f} on dev in the end")
    three = [text for name in ("SST-3", "GoEmotions") for text in dev[name]]
    logits = label_logits(best, tokenizer, three)
    wanted_labels = np.array([text.label for text in three])
    temperature = best_temperature(logits, wanted_labels)
    raised = np.exp((logits - logits.max(1, keepdims=True)) / temperature)
    sure = (raised / raised.sum(1, keepdims=True)).max(1)
    print(reliability(bins_of(sure, logits.argmax(1) == wanted_labels)))
    labels = ("negative", "neutral", "positive")
    facts = AdapterFacts(
        "sentiment", labels, LABELS + DEGREES, is_whole=True, temperature=temperature
    )
    write_adapter(wanted.out, best, facts)
    print(f"temperature {temperature}, {time.monotonic() - started:.0f} s")


def sentiment_loss(
    logits: torch.Tensor, labels: torch.Tensor, kinds: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """`kinds` is 1 + the degree, or 0 where none is known."""
    loss = cross_entropy(logits[:, :LABELS], labels, reduction="none") * weights
    has_degree = kinds > 0
    if has_degree.any():
        degrees = cross_entropy(
            logits[has_degree, LABELS:], kinds[has_degree] - 1, reduction="none"
        )
        return loss.mean() + DEGREES_WEIGHT * degrees.sum() / len(loss)
    return loss.mean()


def _as_written(text: str, chance: random.Random) -> str:
    """The reviews are in lower case and split into words; half of the time as people write."""
    if chance.random() < 0.5:
        return text
    joined = re.sub(r" (n't|'[a-z]{1,2})\b", r"\1", text)
    joined = re.sub(r" ([.,;:!?%)\]])", r"\1", joined).replace("( ", "(")
    return joined[:1].upper() + joined[1:]


def _examples(
    tokenizer: Tokenizer, texts: Sequence[str], drawn: Sequence[Labelled]
) -> list[Example]:
    words = tokenizer.words(texts)
    return [
        Example(
            [tokenizer.start, *one.ids[:MOST_PIECES], tokenizer.end],
            [0, *one.shapes[:MOST_PIECES], 0],
            text.label,
            text.fine + 1,
        )
        for one, text in zip(words, drawn, strict=True)
    ]


@torch.inference_mode()
def label_logits(
    model: AdaptedEncoder, tokenizer: Tokenizer, texts: Sequence[Labelled]
) -> np.ndarray:
    """Float32 of shape (texts, 3)."""
    examples = _examples(tokenizer, [text.text for text in texts], texts)
    found = np.zeros((len(examples), LABELS), dtype=np.float32)
    for batch in by_length([len(example.ids) for example in examples]):
        ids, shapes, mask, *_ = tensors([examples[at] for at in batch])
        found[batch] = model(ids, shapes, mask)[:, :LABELS].float().numpy()
    return found


def score(
    name: str, model: AdaptedEncoder, tokenizer: Tokenizer, texts: Sequence[Labelled]
) -> float:
    """Accuracy of the nearer of two for the binary set, macro F1 for the others."""
    found = label_logits(model, tokenizer, texts)
    wanted = np.array([text.label for text in texts])
    if name == "SST-2":
        return float(((found[:, 2] > found[:, 0]) == (wanted == 2)).mean())
    return macro_f1(found.argmax(1), wanted)


def macro_f1(said: np.ndarray, wanted: np.ndarray) -> float:
    scores = []
    for label in range(LABELS):
        hits = int(((said == label) & (wanted == label)).sum())
        scores.append(2 * hits / max(1, int((said == label).sum() + (wanted == label).sum())))
    return sum(scores) / len(scores)


if __name__ == "__main__":
    main()
