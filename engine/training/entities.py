"""Train the entity adapter: `python -m engine.training.entities DATA --out FILE.safetensors`.

DATA has the files that `corpora.NAMES` lists. Dev files are only ever used to choose among averages of
the weights and to report.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from engine.encoders.adapted import AdaptedEncoder
from engine.encoders.adapter_file import AdapterFacts, write_adapter
from engine.encoders.batches import by_length, mask_of, padded
from engine.encoders.entity_tags import TAGS, best_tags, names, tags_of
from engine.encoders.pieces import Tokenizer, Words
from engine.training.calibration import best_temperature
from engine.training.corpora import NAMES, Corpus, Sentence, read_names
from engine.training.start import arguments, encoder_parts
from engine.training.trainer import NO_LABEL, Example, Plan, train

LOWER, UPPER = 0.06, 0.03  # sentences that are written so while training
SWAPPED = 0.25  # names that another one of their type takes the place of
JOINED = 4  # sentences of a running text that are read at once, at most
MOST_PIECES = 180
REPORTED = ("PER", "ORG", "LOC")
DEV = ("UNER-EWT", "Broad Twitter", "WNUT17")
_MISC = [TAGS.index("O"), TAGS.index("B-MISC"), TAGS.index("I-MISC")]

Prepared = tuple[Corpus, list[Sentence]]


def main() -> None:
    wanted = arguments(__doc__, passes=6.0, rate=2e-4)
    torch.set_num_threads(wanted.threads)
    started = time.monotonic()
    bert, tokenizer = encoder_parts()
    folder: Path = wanted.data / "ner"
    corpora = [(c, list(read_names(folder / c.train, c))) for c in NAMES.values()]
    dev = {
        name: (c, list(read_names(folder / c.dev, c))) for name, c in NAMES.items() if name in DEV
    }
    plan = Plan(passes=wanted.passes, rate=wanted.rate, seed=wanted.seed)
    model = AdaptedEncoder(bert, len(TAGS), is_whole=False)

    def figure(candidate: AdaptedEncoder) -> float:
        found = {name: f1(candidate, tokenizer, *prepared) for name, prepared in dev.items()}
        print(" ".join(f"{name} {value:.4f}" for name, value in found.items()), flush=True)
        return sum(found.values()) / len(found)

    best = train(
        model,
        lambda chance: list(_examples(tokenizer, corpora, chance)),
        entity_loss,
        figure,
        plan,
        lambda line: print(line, flush=True),
    )
    temperature = best_temperature(*_dev_words(best, tokenizer, dev.values()))
    facts = AdapterFacts("entities", TAGS, len(TAGS), is_whole=False, temperature=temperature)
    write_adapter(wanted.out, best, facts)
    print(f"temperature {temperature}, {time.monotonic() - started:.0f} s")


def _dev_words(
    model: AdaptedEncoder, tokenizer: Tokenizer, dev: Iterable[Prepared]
) -> tuple[np.ndarray, np.ndarray]:
    """Logits and right tags of all words; without MISC where it is not marked everywhere."""
    logits, tags = [], []
    for corpus, sentences in dev:
        words = tokenizer.words([sentence.text for sentence in sentences])
        for one, rows, sentence in zip(
            words, word_logits(model, tokenizer, corpus, words), sentences, strict=True
        ):
            logits.append(rows)
            tags += tags_of(one.starts, one.ends, sentence.spans)
    return np.concatenate(logits), np.array(tags)


def entity_loss(
    logits: torch.Tensor, labels: torch.Tensor, kinds: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Mean over the words. Where a corpus does not mark MISC, what is O there may be one."""
    logs = logits.log_softmax(-1)
    is_word = labels != NO_LABEL
    told = logs.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    perhaps = logs[..., _MISC].logsumexp(-1)
    told = torch.where((labels == 0) & (kinds == 0).unsqueeze(1), perhaps, told)
    return -told[is_word].mean()


def _examples(
    tokenizer: Tokenizer, corpora: Sequence[Prepared], chance: random.Random
) -> Iterator[Example]:
    pools = _pools(corpora)
    for corpus, sentences in corpora:
        texts = [_written(_swapped(sentence, pools, chance), chance) for sentence in sentences]
        words = tokenizer.words([sentence.text for sentence in texts])
        pieces = [
            (one.ids, one.shapes, _labels(one.words, tags_of(one.starts, one.ends, sentence.spans)))
            for one, sentence in zip(words, texts, strict=True)
        ]
        at = 0
        while at < len(pieces):
            count = chance.choice((1, 1, 2, JOINED)) if corpus.is_running else 1
            group = pieces[at : at + 1]
            for more in pieces[at + 1 : at + count]:
                if sum(len(ids) for ids, _, _ in [*group, more]) > MOST_PIECES:
                    break
                group.append(more)
            at += len(group)
            ids, shapes, labels = (
                [number for piece in group for number in piece[part]][: 2 * MOST_PIECES]
                for part in range(3)
            )
            yield Example(
                [tokenizer.start, *ids, tokenizer.end],
                [0, *shapes, 0],
                [NO_LABEL, *labels, NO_LABEL],
                int(corpus.has_misc),
            )


def _labels(words: Sequence[int], tags: Sequence[int]) -> list[int]:
    """The tag of a word at its first piece."""
    return [
        NO_LABEL if at and words[at - 1] == word else tags[word] for at, word in enumerate(words)
    ]


def _pools(corpora: Sequence[Prepared]) -> dict[str, list[str]]:
    pools: dict[str, list[str]] = {}
    for _, sentences in corpora:
        for sentence in sentences:
            for start, end, kind in sentence.spans:
                pools.setdefault(kind, []).append(sentence.text[start:end])
    return pools


def _swapped(sentence: Sentence, pools: dict[str, list[str]], chance: random.Random) -> Sentence:
    text, spans, moved = sentence.text, [], 0
    for start, end, kind in sentence.spans:
        start, end = start + moved, end + moved
        if kind != "MISC" and chance.random() < SWAPPED:
            other = chance.choice(pools[kind])
            text = text[:start] + other + text[end:]
            moved += len(other) - (end - start)
            end = start + len(other)
        spans.append((start, end, kind))
    return Sentence(text, tuple(spans))


def _written(sentence: Sentence, chance: random.Random) -> Sentence:
    drawn = chance.random()
    text = sentence.text
    if drawn < LOWER:
        text = text.lower()
    elif drawn < LOWER + UPPER:
        text = text.upper()
    return sentence if len(text) != len(sentence.text) else Sentence(text, sentence.spans)


def f1(
    model: AdaptedEncoder, tokenizer: Tokenizer, corpus: Corpus, sentences: Sequence[Sentence]
) -> float:
    """Exact spans and types of the three that all corpora mark."""
    words = tokenizer.words([sentence.text for sentence in sentences])
    hits = said = true = 0
    for one, logits, sentence in zip(
        words, word_logits(model, tokenizer, corpus, words), sentences, strict=True
    ):
        found = {
            (one.starts[first], one.ends[end - 1], kind)
            for first, end, kind in names(best_tags(logits))
            if kind in REPORTED
        }
        wanted = {span for span in sentence.spans if span[2] in REPORTED}
        hits += len(found & wanted)
        said += len(found)
        true += len(wanted)
    return 2 * hits / max(1, said + true)


@torch.inference_mode()
def word_logits(
    model: AdaptedEncoder, tokenizer: Tokenizer, corpus: Corpus, words: Sequence[Words]
) -> list[np.ndarray]:
    """Of each sentence, float32 of shape (words, tags); sentences of a text see their neighbours."""
    groups = _windows([len(one.ids) for one in words], JOINED if corpus.is_running else 1)
    ids = [
        [tokenizer.start, *(i for at in group for i in words[at].ids), tokenizer.end]
        for group in groups
    ]
    shapes = [[0, *(i for at in group for i in words[at].shapes), 0] for group in groups]
    found = [np.zeros((0, len(TAGS)), dtype=np.float32)] * len(words)
    for batch in by_length([len(row) for row in ids]):
        rows = [ids[number] for number in batch]
        logits = model(padded(rows), padded([shapes[number] for number in batch]), mask_of(rows))
        for row, number in enumerate(batch):
            begin = 1
            for at in groups[number]:
                one = words[at]
                firsts = np.searchsorted(np.asarray(one.words), np.arange(len(one.starts)))
                found[at] = logits[row, begin + firsts].float().numpy()
                begin += len(one.ids)
    return found


def _windows(lengths: Sequence[int], most: int) -> list[list[int]]:
    found: list[list[int]] = []
    for at, length in enumerate(lengths):
        last = found[-1] if found else []
        if last and len(last) < most and sum(lengths[i] for i in last) + length <= MOST_PIECES:
            last.append(at)
        else:
            found.append([at])
    return found


if __name__ == "__main__":
    main()
