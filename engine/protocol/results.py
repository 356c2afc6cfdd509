"""What requests come to: the `result` of `RequestFinished`, as plain data."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.errors import ErrorInfo
from engine.types import (
    ContextWindow,
    GenerationParams,
    Passage,
    Span,
    TokenScore,
)

LIBRARY_DOCUMENT = -1  # the `Passage.document` of a text that the library gave


class GivenText(msgspec.Struct, frozen=True):
    """A text that a chat model was given beside the conversation.

    `name` is the document's, `place` where in it the text stands as a person would say it ("p. 12,
    Methods"), "" for a document that was given `whole`. `passage.document` is an index into
    `Chat.documents`, or `LIBRARY_DOCUMENT`: then `path` says which document of the library it is.
    """

    name: str
    place: str
    text: str
    passage: Passage
    path: str | None = None
    whole: bool = False


class CheckedQuote(msgspec.Struct, frozen=True):
    """Characters `start` to `end` of an answer stand between quotation marks.

    `given` is the index of the text in `ChatResult.given` where they were found, and `passage` their
    place in its document; -1 and None if they stand in none.
    """

    start: int
    end: int
    given: int = -1
    passage: Passage | None = None


class ChatResult(msgspec.Struct, frozen=True):
    """A whole answer and what made it (`model` is a `ModelInfo` without template and metadata).

    `prompt` is the text that the model saw. `scores` has the answer's tokens if they were asked for.
    `given` are the texts that it was given of documents, `quotes` the answer's, checked against them;
    the text of an answer that was continued counts from its beginning.
    """

    text: str
    seed: int
    params: GenerationParams
    model: dict[str, Any]
    reasoning: str = ""
    prompt: str = ""
    window: ContextWindow = ContextWindow()
    scores: tuple[TokenScore, ...] = ()
    given: tuple[GivenText, ...] = ()
    quotes: tuple[CheckedQuote, ...] = ()


class KeptStateInfo(msgspec.Struct, frozen=True):
    """How much of the models' state is on disk."""

    files: int
    bytes: int


class Conversion(msgspec.Struct, frozen=True):
    """Speeds in tokens per second of a read prompt; perplexities on the same text, lower is better."""

    path: str
    quantization: str
    source_quantization: str
    size_bytes: int
    prompt_speed: float
    source_prompt_speed: float
    perplexity: float
    source_perplexity: float
    used: bool  # it is faster and as good: the next load takes it


class ServerLook(msgspec.Struct, frozen=True):
    """`address` as requests take it; `version` "" if the server does not say what it is."""

    address: str
    models: tuple[str, ...]
    version: str
    has_key: bool  # one is kept for it
    seconds: float


class KeptKey(msgspec.Struct, frozen=True):
    """`where` a key is kept now: keyring, session (the worker's memory), or "" for nowhere."""

    where: str


class LibrarySource(msgspec.Struct, frozen=True):
    """A file, folder or archive that the user chose; `is_there` now."""

    id: int
    path: str
    documents: int
    failed: int
    is_there: bool


class LibraryDocument(msgspec.Struct, frozen=True):
    """`state`: waiting, indexed, or failed with `error`. `path` leads into archives, too."""

    id: int
    source: int
    path: str
    name: str
    state: str
    characters: int
    error: ErrorInfo | None = None


class LibraryInfo(msgspec.Struct, frozen=True):
    """`remark` tells what was done to a damaged library, "" if nothing."""

    sources: tuple[LibrarySource, ...] = ()
    documents: tuple[LibraryDocument, ...] = ()
    passages: int = 0
    remark: str = ""


class LibraryHit(msgspec.Struct, frozen=True):
    """A passage that was found: characters `start` to `end` of the document, `place` as a person would
    say it ("p. 12, Methods"). `words` and `meaning` are what each kind of search says of it."""

    document: int
    name: str
    path: str
    start: int
    end: int
    text: str
    place: str
    score: float
    words: float
    meaning: float


class LibraryHits(msgspec.Struct, frozen=True):
    hits: tuple[LibraryHit, ...]


class RefusedFile(msgspec.Struct, frozen=True):
    path: str
    error: ErrorInfo


class FoundDocuments(msgspec.Struct, frozen=True):
    """`paths` in the order of their names, for `ReadDocument`: one inside an archive is the archive's
    path and the member's name behind it ("/x/letters.zip/1998/May.docx")."""

    paths: tuple[str, ...]
    refused: tuple[RefusedFile, ...] = ()


class TextToolOutcome(msgspec.Struct, frozen=True):
    """A text tool's `Result` as plain data, with what made it."""

    text_tool: str
    result: dict[str, Any]
    model: dict[str, Any] | None
    seconds: float


class LibraryAnswer(msgspec.Struct, frozen=True):
    """`outcome` is that of the text tool "ask"; its passages index `documents`, ids in the library."""

    outcome: TextToolOutcome
    documents: tuple[int, ...]
    names: tuple[str, ...]


class TextJudgement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found in one text: sentiment as `label`, `score` and `probabilities`, names as
    `spans`, or a `vector` of unit length. `error` says why nothing could be."""

    label: str = ""
    score: float | None = None
    probabilities: dict[str, float] = {}
    spans: tuple[Span, ...] = ()
    vector: tuple[float, ...] = ()
    error: ErrorInfo | None = None


class Judgements(msgspec.Struct, frozen=True):
    """One for each text, in their order; `made_by` names the encoder."""

    texts: tuple[TextJudgement, ...]
    made_by: str


class WordWeight(msgspec.Struct, frozen=True):
    """How much less likely the label is without the characters `start` to `end`, -1.0 to 1.0."""

    start: int
    end: int
    weight: float


class Explanation(msgspec.Struct, frozen=True):
    label: str
    score: float
    words: tuple[WordWeight, ...]
