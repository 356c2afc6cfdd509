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
from engine.encoders.name_spans import name_spans, rescaled
from engine.encoders.pieces import Tokenizer, Words
from engine.encoders.windows import WINDOW, windows
from engine.training.calibration import (
    best_line,
    best_temperature,
    bins_of,
    reliability,
)
from engine.training.corpora import NAMES, Corpus, Sentence, read_names
from engine.training.rewriting import Rewriter
from engine.training.start import arguments, average_of, encoder_parts, fresh_or_from
from engine.training.trainer import NO_LABEL, Example, Plan, train

JOINED = (1, 2, 4, 8)  # sentences of a running text that are read at once
MASKED = 0.05  # pieces that are hidden while training, so that what stands around tells more
REPORTED = ("PER", "ORG", "LOC")
DEV = ("UNER-EWT", "Broad Twitter", "WNUT17")
_MISC = [TAGS.index("O"), TAGS.index("B-MISC"), TAGS.index("I-MISC")]

Prepared = tuple[Corpus, list[Sentence]]


def main() -> None:
    wanted = arguments(__doc__, passes=6.0, rate=2e-4)
    torch.set_num_threads(wanted.threads)
    started = time.monotonic()
    _, tokenizer = encoder_parts()
    folder: Path = wanted.data / "ner"
    corpora = [(c, list(read_names(folder / c.train, c))) for c in NAMES.values()]
    dev = {
        name: (c, list(read_names(folder / c.dev, c))) for name, c in NAMES.items() if name in DEV
    }
    plan = Plan(passes=wanted.passes, rate=wanted.rate, seed=wanted.seed)
    model = fresh_or_from(wanted.start, len(TAGS), is_whole=False)

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
    best = average_of(best, wanted.start)
    print(f"{figure(best):.4f} on dev in the end")
    temperature = best_temperature(*_dev_words(best, tokenizer, dev.values()))
    shares, is_right = _dev_names(best, tokenizer, dev.values(), temperature)
    slope, offset = best_line(shares, is_right)
    sure = [rescaled(share, slope, offset) for share in shares]
    print(reliability(bins_of(sure, is_right)))
    facts = AdapterFacts(
        *("entities", TAGS, len(TAGS)),
        is_whole=False,
        temperature=temperature,
        slope=slope,
        offset=offset,
    )
    write_adapter(wanted.out, best, facts)
    print(f"{temperature=} {slope=} {offset=}, {time.monotonic() - started:.0f} s")


def _dev_names(
    model: AdaptedEncoder, tokenizer: Tokenizer, dev: Iterable[Prepared], temperature: float
) -> tuple[list[float], list[bool]]:
    """The least share of a word of each name that was found, and whether the name is right."""
    shares, is_right = [], []
    for corpus, sentences in dev:
        words = tokenizer.words([sentence.text for sentence in sentences])
        for one, logits, sentence in zip(
            words, word_logits(model, tokenizer, corpus, words), sentences, strict=True
        ):
            raised = np.exp((logits - logits.max(-1, keepdims=True)) / temperature)
            for name in name_spans(one, raised / raised.sum(-1, keepdims=True)):
                if name.label in REPORTED:
                    shares.append(name.score)
                    is_right.append((name.start, name.end, name.label) in sentence.spans)
    return shares, is_right


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
    for corpus, sentences in corpora:
        rewrite = Rewriter(sentences)
        texts = [rewrite(sentence, chance) for sentence in sentences]
        words = tokenizer.words([sentence.text for sentence in texts])
        pieces = [
            (_masked(one.ids, tokenizer.mask, chance), one.shapes, _labels(one, sentence))
            for one, sentence in zip(words, texts, strict=True)
        ]
        at = 0
        while at < len(pieces):
            count = chance.choice(JOINED) if corpus.is_running else 1
            group = pieces[at : at + 1]
            for more in pieces[at + 1 : at + count]:
                if sum(len(ids) for ids, _, _ in [*group, more]) > WINDOW:
                    break
                group.append(more)
            at += len(group)
            ids, shapes, labels = (
                [number for piece in group for number in piece[part]][: 2 * WINDOW]
                for part in range(3)
            )
            yield Example(
                [tokenizer.start, *ids, tokenizer.end],
                [0, *shapes, 0],
                [NO_LABEL, *labels, NO_LABEL],
                int(corpus.has_misc),
            )


def _masked(ids: Sequence[int], mask: int, chance: random.Random) -> list[int]:
    return [mask if chance.random() < MASKED else number for number in ids]


def _labels(words: Words, sentence: Sentence) -> list[int]:
    """The tag of a word at its first piece; none where nobody knows it."""
    tags = tags_of(words.starts, words.ends, sentence.spans)
    for start, end, _ in sentence.unsure:
        for word, (begin, stop) in enumerate(zip(words.starts, words.ends, strict=True)):
            if begin < end and stop > start:
                tags[word] = NO_LABEL
    return [
        NO_LABEL if at and words.words[at - 1] == word else tags[word]
        for at, word in enumerate(words.words)
    ]


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
    """Of each sentence, float32 of shape (words, tags), read in the windows of a running text."""
    texts = [_together(words)] if corpus.is_running else words
    looks = [(text, look) for text in texts for look in windows(text.words)]
    ids = [
        [tokenizer.start, *text.ids[look.start : look.end], tokenizer.end] for text, look in looks
    ]
    shapes = [[0, *text.shapes[look.start : look.end], 0] for text, look in looks]
    found = [np.zeros((0, len(TAGS)), dtype=np.float32)] * len(looks)
    for batch in by_length([len(row) for row in ids]):
        rows = [ids[at] for at in batch]
        logits = model(padded(rows), padded([shapes[at] for at in batch]), mask_of(rows))
        for row, at in enumerate(batch):
            text, look = looks[at]
            numbers = np.arange(look.first, look.last)
            firsts = np.searchsorted(np.asarray(text.words), numbers) - look.start + 1
            found[at] = logits[row, firsts].float().numpy()
    ends = np.cumsum([len(one.starts) for one in words])
    return np.split(np.concatenate(found), ends[:-1])


def _together(words: Sequence[Words]) -> Words:
    """Sentences as one text; where they stand in it is nobody's question here."""
    found = Words([], [], [], [], [])
    for one in words:
        before = len(found.starts)
        found.words.extend(before + word for word in one.words)
        for name in ("starts", "ends", "ids", "shapes"):
            getattr(found, name).extend(getattr(one, name))
    return found


if __name__ == "__main__":
    main()
