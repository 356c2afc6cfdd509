"""The corpora, one reader for each form of file, all as texts with spans or labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

# What each corpus calls its types. What is missing here is no name at all for us.
_WNUT = {
    "person": "PER",
    "location": "LOC",
    "corporation": "ORG",
    "group": "ORG",
    "creative-work": "MISC",
    "product": "MISC",
}
_PLAIN = {kind: kind for kind in ("PER", "ORG", "LOC", "MISC")}
_CROSS = {
    **dict.fromkeys(
        ("person", "politician", "writer", "musicalartist", "scientist", "researcher"), "PER"
    ),
    **dict.fromkeys(("location", "country"), "LOC"),
    **dict.fromkeys(("organisation", "politicalparty", "band", "university"), "ORG"),
    **dict.fromkeys(
        ("misc", "book", "album", "song", "poem", "event", "election", "award"), "MISC"
    ),
    **dict.fromkeys(("magazine", "academicjournal", "conference", "product"), "MISC"),
}


class Corpus(msgspec.Struct, frozen=True):
    """`has_misc`: other names than people, organisations and places are marked, too.
    `is_running`: its sentences follow each other as in a text."""

    train: str
    dev: str
    types: Mapping[str, str]
    has_misc: bool = False
    is_running: bool = False
    column: int = 0  # of the word; the tag stands in the next one
    dev_name: str = ""


NAMES = {
    "UNER-EWT": Corpus(
        "uner_en_ewt.train.iob2", "uner_en_ewt.dev.iob2", _PLAIN, is_running=True, column=1
    ),
    "Broad Twitter": Corpus("broad_twitter.train.conll", "broad_twitter.dev.conll", _PLAIN),
    "WNUT17": Corpus("wnut17.train.conll", "wnut17.dev.conll", _WNUT, has_misc=True),
    "Wikigold": Corpus("wikigold.train.conll", "", _PLAIN, has_misc=True, is_running=True),
    **{
        f"CrossNER {domain}": Corpus(
            f"crossner_{domain}.train.conll", f"crossner_{domain}.dev.conll", _CROSS, has_misc=True
        )
        for domain in ("ai", "literature", "music", "politics", "science")
    },
}


Span = tuple[int, int, str]  # first character, the one after the last, and type


class Sentence(msgspec.Struct, frozen=True):
    """`spans` are its names; of `unsure` ones ("@somebody" without a mark) nobody
    has said what they are."""

    text: str
    spans: tuple[Span, ...]
    unsure: tuple[Span, ...] = ()


def read_names(file: Path, corpus: Corpus) -> Iterator[Sentence]:
    """Sentences of a file of one word a line, an empty line after each; IOB1 and IOB2 tags."""
    words: list[str] = []
    tags: list[str] = []
    for line in [*file.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# ") and corpus.column:
            continue
        fields = re.split(r"[\t ]", line.rstrip("\n")) if line.strip() else []
        if fields:
            words.append(fields[corpus.column])
            tags.append(fields[corpus.column + 1] if corpus.column else fields[-1])
        elif words:
            yield _sentence(words, _with_signs(words, tags), corpus)
            words, tags = [], []


def _with_signs(words: list[str], tags: list[str]) -> list[str]:
    """The first half of Broad Twitter marks "somebody" in "@ somebody", the other half and dev the
    sign as well: it is a name of its own, of the same type. Here it always is."""
    return [
        tags[at + 1] if words[at] == "@" and tag == "O" and tags[at + 1 : at + 2] != [] else tag
        for at, tag in enumerate(tags)
    ]


def _sentence(words: list[str], tags: list[str], corpus: Corpus) -> Sentence:
    text, types = " ".join(words), corpus.types
    spans: list[Span] = []
    unsure: list[Span] = []
    at, last = 0, "O"
    for word, tag in zip(words, tags, strict=True):
        kind = tag[2:]
        goes_on = tag.startswith("I-") and last[2:] == kind and last != "O"
        if goes_on and kind in types:
            spans[-1] = (spans[-1][0], at + len(word), types[kind])
        elif tag != "O" and kind in types:
            spans.append((at, at + len(word), types[kind]))
        elif word.startswith("@") or text[max(0, at - 2) : at] == "@ ":
            unsure.append((at, at + len(word), ""))
        last = tag
        at += len(word) + 1
    return Sentence(text, tuple(spans), tuple(unsure))


class Labelled(msgspec.Struct, frozen=True):
    """`label`: 0 negative, 1 neutral, 2 positive; `fine` from 0 (very negative) to 4, or -1."""

    text: str
    label: int
    fine: int = -1


def read_sst(file: Path) -> Iterator[Labelled]:
    """Stanford Sentiment Treebank: a digit from 0 to 4 before each sentence."""
    for line in file.read_text(encoding="utf-8").splitlines():
        fine, text = int(line[0]), line[2:]
        yield Labelled(text, (0, 0, 1, 2, 2)[fine], fine)


def read_sst_binary(file: Path) -> Iterator[Labelled]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield Labelled(line[2:], 2 * int(line[0]))


def read_goemotions(file: Path) -> Iterator[Labelled]:
    """Those with one label that is not "ambiguous"."""
    for line in file.read_text(encoding="utf-8").splitlines():
        text, labels, _ = line.rsplit("\t", 2)
        if labels in {"1", "2", "3"}:
            yield Labelled(text, int(labels) - 1)


def read_tweets(file: Path) -> Iterator[Labelled]:
    """SemEval-2017: some commas and quotes are written as escapes."""
    kinds = {"negative": 0, "neutral": 1, "positive": 2}
    for line in file.read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition("\t")
        if kind in kinds:
            plain = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)
            yield Labelled(plain.replace('\\""', '"').strip(' "'), kinds[kind])
