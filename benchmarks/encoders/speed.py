"""How fast, as ratios against what people use: transformers' pipelines and sentence-transformers.

All arms compute on the same thread with the same two threads of OpenMP, on the processor.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.encoders.bench import NEVER, TYPES, Bench
from benchmarks.encoders.entities import f1, find, spans_of
from benchmarks.report import Row, against, at_least, interleaved, median_ratio, plain, progress

SENTENCES = 320
LONG_WORDS = 4000
PIPELINE, BATCHED = "pipeline, one by one (its default)", "pipeline, batch_size=32"


def sentiment(bench: Bench) -> Iterator[Row]:
    from benchmarks.encoders.models import pipeline_of, write_classifier

    pipe = pipeline_of("text-classification", write_classifier(bench.home / "classifier"))
    texts = [text.text for text in bench.sentiment["SST-3"] + bench.sentiment["GoEmotions"]]

    def arm(read: Callable[[list[str]], object]) -> Callable[[int], float]:
        return lambda number: rate(read, _drawn(texts, bench.few(SENTENCES), number))

    arms = {
        "Carrel": arm(lambda drawn: bench.encoder.sentiment(drawn, NEVER)),
        PIPELINE: arm(lambda drawn: bench.thread.run(lambda: pipe(drawn))),
        BATCHED: arm(lambda drawn: bench.thread.run(lambda: pipe(drawn, batch_size=32))),
    }
    seen = interleaved("sentiment", bench.rounds, arms)
    same = "same layers, on SST and GoEmotions dev sentences"
    for peer, goal in ((PIPELINE, 4.0), (BATCHED, 1.8)):
        yield at_least(
            "sentiment sentences/s",
            median_ratio(seen["Carrel"], seen[peer]),
            goal,
            "x",
            peer,
            f"{against('sentences/s', seen['Carrel'], seen[peer])}; {same}",
        )
    alone = interleaved(
        "one sentence alone",
        bench.rounds,
        {
            "Carrel": lambda number: _alone(
                lambda text: bench.encoder.sentiment([text], NEVER), texts, number
            ),
            PIPELINE: lambda number: _alone(
                lambda text: bench.thread.run(lambda: pipe(text)), texts, number
            ),
        },
    )
    mine, theirs = (statistics.median(values) for values in alone.values())
    note = f"{mine:.1f} ms against {theirs:.1f} ms"
    yield plain("time to the sentiment of one sentence alone", mine / theirs, "x", PIPELINE, note)


def entities(bench: Bench) -> Iterator[Row]:
    """On one long text. The pipeline reads it whole only with `stride`; sentence by sentence it needs
    somebody to have found the sentences."""
    from benchmarks.encoders.models import pipeline_of, words_in, write_tagger
    from engine.encoders.windows import AROUND

    pipe = pipeline_of("token-classification", write_tagger(bench.home / "tagger"))
    long_pipe = pipe.__class__(
        model=pipe.model,
        tokenizer=pipe.tokenizer,
        device="cpu",
        aggregation_strategy="simple",
        stride=2 * AROUND,
    )
    corpus = bench.sentences("UNER-EWT")
    whole, by_sentence = (
        "pipeline with stride, the text whole",
        "pipeline, its sentences one by one",
    )

    def part(number: int) -> list[str]:
        """Sentences that follow each other, about `LONG_WORDS` words."""
        start = random.Random(f"entities {number}").randrange(len(corpus))
        turned = corpus[start:] + corpus[:start]
        found: list[str] = []
        while turned and words_in(found) < bench.few(LONG_WORDS):
            found.append(turned.pop(0))
        return found

    def words_rate(read: Callable[[list[str]], object]) -> Callable[[int], float]:
        def measured(number: int) -> float:
            texts = part(number)
            return rate(read, texts) / len(texts) * words_in(texts)

        return measured

    arms = {
        "Carrel": words_rate(lambda texts: bench.encoder.names(" ".join(texts), NEVER)),
        whole: words_rate(lambda texts: bench.thread.run(lambda: long_pipe(" ".join(texts)))),
        by_sentence: words_rate(lambda texts: bench.thread.run(lambda: pipe(texts))),
    }
    seen = interleaved("entities", bench.rounds, arms)
    layers = "same layers and head"
    yield at_least(
        "entities words/s on long text",
        median_ratio(seen["Carrel"], seen[by_sentence]),
        3.0,
        "x",
        by_sentence,
        f"{against('words/s', seen['Carrel'], seen[by_sentence])}; {layers}; by default the "
        "pipeline cuts a text off after 512 pieces",
    )
    yield plain(
        "entities words/s on long text, its peer with stride",
        median_ratio(seen["Carrel"], seen[whole]),
        "x",
        whole,
        f"{against('words/s', seen['Carrel'], seen[whole])}; {layers}; windows overlap by "
        f"{2 * AROUND} pieces in both",
    )


def change(bench: Bench) -> Iterator[Row]:
    """What half precision and batches cost, in points of span F1."""
    from benchmarks.encoders.models import Unbatched

    exact = bench.thread.run(Unbatched)
    for name, texts in bench.names.items():
        progress(f"float32, {name}")
        wanted = [one.names for one in texts]
        ours = f1([spans_of(names) for names in find(bench, texts)], wanted)
        peers = [bench.thread.run(lambda: exact.names(one.text, one.sentences)) for one in texts]  # noqa: B023
        theirs = f1([spans_of(names) for names in peers], wanted)
        note = f"{ours:.4f} against {theirs:.4f}; {', '.join(TYPES)}"
        yield at_least(
            f"entities, change of span F1, {name} dev",
            100 * (ours - theirs),
            -0.2,
            "points",
            "the same adapter in float32, window by window",
            note,
        )


def embeddings(bench: Bench) -> Iterator[Row]:
    bench.need_peers()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer

    from engine.catalog import embedded_encoder

    layers = Transformer(str(embedded_encoder()), max_seq_length=256)
    peer = SentenceTransformer(modules=[layers, Pooling(384)], device="cpu")
    texts = bench.sentences("UNER-EWT") + [text.text for text in bench.sentiment["SST-3"]]

    def theirs(drawn: list[str]) -> Any:
        return peer.encode(drawn, batch_size=32, show_progress_bar=False, normalize_embeddings=True)

    def arm(read: Callable[[list[str]], object]) -> Callable[[int], float]:
        return lambda number: rate(read, _drawn(texts, bench.few(SENTENCES), number))

    arms = {
        "Carrel": arm(lambda drawn: bench.encoder.encode(drawn, NEVER)),
        "encode": arm(lambda drawn: bench.thread.run(lambda: theirs(drawn))),
    }
    seen = interleaved("embeddings", bench.rounds, arms)
    yield at_least(
        "embeddings/s",
        median_ratio(*seen.values()),
        1.2,
        "x",
        "sentence-transformers' encode, batch_size=32",
        f"{against('sentences/s', *seen.values())}; the same files",
    )
    drawn = _drawn(texts, bench.few(SENTENCES), 0)
    cosines = (bench.encoder.encode(drawn, NEVER) * bench.thread.run(lambda: theirs(drawn))).sum(1)
    yield plain(
        "cosine of the two's vectors, the lowest",
        float(cosines.min()),
        "",
        "sentence-transformers",
        f"{float(cosines.mean()):.5f} on average over {len(drawn)} sentences",
    )


def rate(read: Callable[[list[str]], object], texts: list[str]) -> float:
    """Texts per second."""
    started = time.perf_counter()
    read(texts)
    return len(texts) / (time.perf_counter() - started)


def _alone(read: Callable[[str], object], texts: list[str], number: int) -> float:
    """Milliseconds, the median of twenty sentences asked for one after the other."""
    times = []
    for text in _drawn(texts, 20, number):
        started = time.perf_counter()
        read(text)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def _drawn(texts: list[str], count: int, number: int) -> list[str]:
    """Other texts in each round, the same for all arms."""
    return random.Random(number).sample(texts, min(count, len(texts)))
