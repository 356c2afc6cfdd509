"""The results of the text tools, apart from how they are made, so that the window can import them."""

from __future__ import annotations

import msgspec

from engine.text_tools.base import TextToolResult
from engine.types import Passage

SENTIMENT_LABELS = ("negative", "neutral", "positive")
UNSURE = "unsure"  # in place of a label that is less likely than the others together
ENTITY_LABELS = ("PER", "ORG", "LOC", "MISC")


class KeySentence(msgspec.Struct, frozen=True):
    """A sentence of the source itself, word for word, in the order of the document."""

    text: str
    passage: Passage
    score: float


class SummaryPoint(msgspec.Struct, frozen=True):
    """A sentence that the model wrote, and the passages it was made from, the nearest first.

    `unsupported` lists the numbers and names in it that its source does not contain.
    """

    text: str
    passages: tuple[Passage, ...]
    unsupported: tuple[str, ...] = ()


class SummaryHeading(msgspec.Struct, frozen=True):
    """In a summary by sections: from the point `first` on, up to the next heading."""

    title: str
    first: int


class DocumentSummary(msgspec.Struct, frozen=True):
    """Of one of several documents, by itself: the points before those of all together."""

    document: int
    points: tuple[SummaryPoint, ...]


class PartNote(msgspec.Struct, frozen=True):
    """What was noted of a part. `key` is a hash of the part's text, of what was asked for and of the
    model: a later run that meets the same key need not read that part again."""

    key: str
    sentences: tuple[str, ...]


class SummaryResult(TextToolResult, frozen=True, kw_only=True):
    """`key_sentences` are quotes and come first; `points` are the model's own words.

    `spans` marks the key sentences (label "key"). `headings` are those of a summary by sections,
    `each` has the summaries of several documents one by one (`points` speak of all together), and
    `notes` what a later run over a changed text goes on from.
    """

    key_sentences: tuple[KeySentence, ...] = ()
    points: tuple[SummaryPoint, ...] = ()
    checked_numbers: int = 0  # numbers in `points` that were found in the source
    checked_names: int = 0
    headings: tuple[SummaryHeading, ...] = ()
    each: tuple[DocumentSummary, ...] = ()
    notes: tuple[PartNote, ...] = ()


class TargetSentiment(msgspec.Struct, frozen=True):
    """How a text speaks of a name: the mean over what is said around its mentions.

    `name_label` is the name's type, `label` the sentiment or "unsure"; `sentences` are indexes into
    `spans`.
    """

    text: str
    name_label: str
    label: str
    score: float
    probabilities: dict[str, float]
    count: int
    sentences: tuple[int, ...]


class SentimentResult(TextToolResult, frozen=True, kw_only=True):
    """`label` of the whole, with the probability of each label; `spans` has one per sentence.

    `targets` are the names it speaks of, by count.
    """

    label: str = "neutral"
    score: float = 0.0
    probabilities: dict[str, float] = msgspec.field(default_factory=dict)
    counts: dict[str, int] = msgspec.field(default_factory=dict)  # sentences of each label
    targets: tuple[TargetSentiment, ...] = ()


class Entity(msgspec.Struct, frozen=True):
    """A name, however often and in whatever forms it stands in the text ("Ada Lovelace", "Lovelace").

    `mentions` are indexes into `spans`; `forms` has its other forms, the most frequent first.
    """

    text: str
    label: str
    count: int
    mentions: tuple[int, ...]
    forms: tuple[str, ...] = ()


class EntitiesResult(TextToolResult, frozen=True, kw_only=True):
    """`entities` by count; `spans` holds every mention in the order of the text."""

    entities: tuple[Entity, ...] = ()


class Quote(msgspec.Struct, frozen=True):
    """Words that stand in a document. `passage` is where, None if they were not found anywhere:
    such a quote is shown as one that failed its check, never as proof."""

    text: str
    passage: Passage | None
    score: float = 0.0


class AnswerResult(TextToolResult, frozen=True, kw_only=True):
    """An answer to a question about documents.

    `found` False: it is not in the documents, and `answer` is "". `answer` is in the model's own words
    (`model_name` says whose), `short` the few words of the source that answer it, if any do. `quotes`
    are the proof, the best first. `given` are the passages that the model was shown, `whole` says that
    these were the documents whole. `unsupported` lists numbers and names in `answer` that what it was
    shown does not contain. `spans` marks the quotes that were found (label "quote").
    """

    question: str = ""
    found: bool = False
    answer: str = ""
    short: str = ""
    short_passage: Passage | None = None
    quotes: tuple[Quote, ...] = ()
    given: tuple[Passage, ...] = ()
    whole: bool = False
    unsupported: tuple[str, ...] = ()
