"""Reads and encodes the documents that wait, one by one.

Every document is written in one transaction, so that a stop, a kill or a full disk costs no other; the
next run goes on there, and with a long document where it was in it. Passages that are in the library
already keep their vectors. Until it is read again, a changed document is found as it was.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np

from engine.contracts import AbortFlag, TextEncoder
from engine.errors import DocumentError, ErrorInfo
from engine.library.file import LibraryFile
from engine.library.passages import CutPassage, cut, search_terms
from engine.types import Document

AT_ONCE = 64  # texts that are encoded between two looks at who else waits
KEPT_AT_ONCE = 256  # passages of a long document that are kept before it is done
Read = Callable[[str], Document]
Kept = dict[str, tuple[bytes, bytes]]  # vectors of a passage and its sentences, by the text's hash


class IndexStep(msgspec.Struct, frozen=True):
    """`done` of `total` documents are up to date; `name` is being read."""

    done: int
    total: int
    name: str


def retry_failed(file: LibraryFile) -> None:
    file.write("UPDATE documents SET state = 'waiting', error = NULL WHERE state = 'failed'")


def read_again(file: LibraryFile) -> None:
    """All that is indexed; it is found as it was until then."""
    file.write("UPDATE documents SET state = 'waiting' WHERE state = 'indexed'")


def has_work(file: LibraryFile) -> bool:
    return bool(file.rows("SELECT 1 FROM documents WHERE state = 'waiting' LIMIT 1"))


def index(
    file: LibraryFile,
    encoder: TextEncoder,
    read: Read,
    abort: AbortFlag,
    give_way: Callable[[], None],
) -> Iterator[IndexStep]:
    """Read and encode what waits. `give_way` is called often: it may wait for others, or raise."""
    check_encoder(file, encoder)
    waiting = file.rows("SELECT id, path, name FROM documents WHERE state = 'waiting' ORDER BY id")
    ((total,),) = file.rows("SELECT count(*) FROM documents")
    done = total - len(waiting)
    for number, path, name in waiting:
        yield IndexStep(done, total, name)
        give_way()
        abort.raise_if_set()
        try:
            document = read(path)
        except DocumentError as error:
            _mark_failed(file, number, error.info())
        else:
            _write(file, number, document, encoder, abort, give_way)
        done += 1
    yield IndexStep(total, total, "")


def check_encoder(file: LibraryFile, encoder: TextEncoder) -> None:
    """Vectors of another encoder mean nothing to this one: all is read anew."""
    known = file.rows("SELECT value FROM facts WHERE name = 'encoder'")
    if known and known[0][0] == encoder.name:
        return
    with file.transaction():
        if known:
            file.write("DELETE FROM passages")
            file.write("DELETE FROM encoded")
            read_again(file)
        file.write("INSERT OR REPLACE INTO facts (name, value) VALUES ('encoder', ?)", encoder.name)


def _mark_failed(file: LibraryFile, number: int, error: ErrorInfo) -> None:
    with file.transaction():
        file.write("DELETE FROM passages WHERE document_id = ?", number)
        file.write(
            "UPDATE documents SET state = 'failed', error = ?, text = NULL, characters = 0, "
            "indexed_at = ? WHERE id = ?",
            *(msgspec.json.encode(error).decode(), _now(), number),
        )


def _write(
    file: LibraryFile,
    number: int,
    document: Document,
    encoder: TextEncoder,
    abort: AbortFlag,
    give_way: Callable[[], None],
) -> None:
    passages = cut(document, abort.raise_if_set)
    shas = [passage.sha256() for passage in passages]
    vectors = _known_vectors(file, shas)
    new = {sha: one for sha, one in zip(shas, passages, strict=True) if sha not in vectors}
    vectors |= _encoded(file, encoder, document, new, abort, give_way)
    with file.transaction():
        if not file.rows("SELECT 1 FROM documents WHERE id = ?", number):
            return  # removed meanwhile
        file.write("DELETE FROM passages WHERE document_id = ?", number)
        for passage, sha in zip(passages, shas, strict=True):
            own, sentences = vectors[sha]
            cursor = file.write(
                "INSERT INTO passages (document_id, start, end, text_sha256, vector, sentences, "
                "sentence_vectors) VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(number, passage.start, passage.end, sha, own),
                *(_json(passage.sentences), sentences),
            )
            file.write(
                "INSERT INTO passages_fts (rowid, terms) VALUES (?, ?)",
                *(cursor.lastrowid, " ".join(search_terms(passage.text))),
            )
        file.write(
            "UPDATE documents SET state = 'indexed', error = NULL, name = ?, format = ?, text = ?, "
            "characters = ?, text_sha256 = ?, sections = ?, page_count = ?, remarks = ?, "
            "indexed_at = ? WHERE id = ?",
            *(document.name, document.format, document.text, len(document.text)),
            *(_sha256(document.text), _json(document.sections), document.page_count),
            *(_json(document.remarks), _now(), number),
        )
        file.write("DELETE FROM encoded")


def _known_vectors(file: LibraryFile, shas: list[str]) -> Kept:
    """Of texts that are in the library already, here or in another document, or were encoded before
    a stop."""
    found: Kept = {}
    for table in ("passages", "encoded"):
        for first in range(0, len(shas), 500):
            some = shas[first : first + 500]
            marks = ", ".join("?" * len(some))
            for sha, own, sentences in file.rows(
                f"SELECT text_sha256, vector, sentence_vectors FROM {table} "
                f"WHERE text_sha256 IN ({marks})",
                *some,
            ):
                found[sha] = own, sentences
    return found


def _encoded(
    file: LibraryFile,
    encoder: TextEncoder,
    document: Document,
    passages: dict[str, CutPassage],
    abort: AbortFlag,
    give_way: Callable[[], None],
) -> Kept:
    """The vectors of passages and of their sentences. What is done of a long document is kept."""
    done: Kept = {}
    unkept: Kept = {}
    for some in _pieces(passages):
        give_way()
        abort.raise_if_set()
        texts = [
            document.text[start:end]
            for passage in some.values()
            for start, end in ((passage.start, passage.end), *passage.sentences)
        ]
        rows, at = np.asarray(encoder.encode(texts, abort), np.float16), 0
        for sha, passage in some.items():
            end = at + 1 + len(passage.sentences)
            unkept[sha] = rows[at].tobytes(), rows[at + 1 : end].tobytes()
            at = end
        if len(unkept) >= KEPT_AT_ONCE:
            _keep(file, unkept)
            done |= unkept
            unkept = {}
    return done | unkept


def _pieces(passages: dict[str, CutPassage]) -> Iterator[dict[str, CutPassage]]:
    """Of at most `AT_ONCE` texts, unless one passage has more sentences."""
    some: dict[str, CutPassage] = {}
    texts = 0
    for sha, passage in passages.items():
        more = 1 + len(passage.sentences)
        if some and texts + more > AT_ONCE:
            yield some
            some, texts = {}, 0
        some[sha] = passage
        texts += more
    if some:
        yield some


def _keep(file: LibraryFile, vectors: Kept) -> None:
    with file.transaction():
        for sha, (own, sentences) in vectors.items():
            file.write("INSERT OR IGNORE INTO encoded VALUES (?, ?, ?)", sha, own, sentences)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
