"""Brings the library up to date with its sources, document by document.

Every document is written in one transaction, so that a stop, a kill or a full disk costs the document
that is being read and no other; the next run goes on there. A file is read again if its size or time has
changed, and passages that were in it before keep their vectors.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.contracts import AbortFlag, TextEncoder
from engine.errors import DocumentError, ErrorInfo
from engine.library.file import LibraryFile
from engine.library.passages import CutPassage, cut
from engine.library.search import sentences_json
from engine.types import Document

AT_ONCE = 64  # texts that are encoded between two looks at who else waits
Find = Callable[[str], tuple[str, ...]]
Read = Callable[[str], Document]


class IndexStep(msgspec.Struct, frozen=True):
    """`done` of `total` documents are up to date; `name` is being read."""

    done: int
    total: int
    name: str


def list_files(file: LibraryFile, find: Find) -> None:
    """Note which files there are now: new and changed ones wait, missing ones leave.

    A source that cannot be looked into (a drive that is not there) keeps its documents.
    """
    known = {
        row[0]: row[1:] for row in file.rows("SELECT path, id, size, modified_ns FROM documents")
    }
    for source_id, source in file.rows("SELECT id, path FROM sources"):
        try:
            paths = find(source)
        except DocumentError:
            continue
        with file.transaction():
            for path in paths:
                size, modified = _stamp(path)
                if path not in known:
                    file.write(
                        "INSERT OR IGNORE INTO documents (source_id, path, name, size, modified_ns, "
                        "state) VALUES (?, ?, ?, ?, ?, 'waiting')",
                        *(source_id, path, os.path.basename(path), size, modified),
                    )
                elif known[path][1:] != (size, modified):
                    file.write(
                        "UPDATE documents SET state = 'waiting', error = NULL, size = ?, "
                        "modified_ns = ? WHERE id = ?",
                        *(size, modified, known[path][0]),
                    )
            gone = set(paths)
            for number, path in file.rows(
                "SELECT id, path FROM documents WHERE source_id = ?", source_id
            ):
                if path not in gone:
                    file.write("DELETE FROM documents WHERE id = ?", number)


def retry_failed(file: LibraryFile) -> None:
    file.write("UPDATE documents SET state = 'waiting', error = NULL WHERE state = 'failed'")


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
    _check_encoder(file, encoder)
    waiting = file.rows("SELECT id, path, name FROM documents WHERE state = 'waiting' ORDER BY id")
    ((total,),) = file.rows("SELECT count(*) FROM documents")
    done = total - len(waiting)
    for number, path, name in waiting:
        yield IndexStep(done, total, name)
        abort.raise_if_set()
        try:
            document = read(path)
        except DocumentError as error:
            _mark_failed(file, number, error.info())
        else:
            _write(file, number, document, encoder, abort, give_way)
        done += 1
    yield IndexStep(total, total, "")


def _check_encoder(file: LibraryFile, encoder: TextEncoder) -> None:
    """Vectors of another encoder mean nothing to this one."""
    known = file.rows("SELECT value FROM facts WHERE name = 'encoder'")
    if known and known[0][0] == encoder.name:
        return
    with file.transaction():
        if known:
            file.write("DELETE FROM passages")
            file.write("UPDATE documents SET state = 'waiting' WHERE state = 'indexed'")
        file.write("INSERT OR REPLACE INTO facts (name, value) VALUES ('encoder', ?)", encoder.name)


def _mark_failed(file: LibraryFile, number: int, error: ErrorInfo) -> None:
    with file.transaction():
        file.write("DELETE FROM passages WHERE document_id = ?", number)
        file.write(
            "UPDATE documents SET state = 'failed', error = ?, text = NULL, indexed_at = ? "
            "WHERE id = ?",
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
    vectors |= _encoded(encoder, document, new, abort, give_way)
    with file.transaction():
        file.write("DELETE FROM passages WHERE document_id = ?", number)
        for passage, sha in zip(passages, shas, strict=True):
            own, sentences = vectors[sha]
            cursor = file.write(
                "INSERT INTO passages (document_id, start, end, text_sha256, vector, sentences, "
                "sentence_vectors) VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(number, passage.start, passage.end, sha, own),
                *(sentences_json(passage.sentences), sentences),
            )
            file.write(
                "INSERT INTO passages_fts (rowid, terms) VALUES (?, ?)",
                *(cursor.lastrowid, passage.terms()),
            )
        file.write(
            "UPDATE documents SET state = 'indexed', error = NULL, name = ?, format = ?, text = ?, "
            "text_sha256 = ?, sections = ?, page_count = ?, remarks = ?, indexed_at = ? WHERE id = ?",
            *(document.name, document.format, document.text, _sha256(document.text)),
            *(_json(document.sections), document.page_count, _json(document.remarks)),
            *(_now(), number),
        )


def _known_vectors(file: LibraryFile, shas: list[str]) -> dict[str, tuple[bytes, bytes]]:
    """Of texts that are in the library already, here or in another document."""
    found: dict[str, tuple[bytes, bytes]] = {}
    for first in range(0, len(shas), 500):
        some = shas[first : first + 500]
        marks = ", ".join("?" * len(some))
        for sha, own, sentences in file.rows(
            f"SELECT text_sha256, vector, sentence_vectors FROM passages WHERE text_sha256 IN ({marks})",
            *some,
        ):
            found[sha] = own, sentences
    return found


def _encoded(
    encoder: TextEncoder,
    document: Document,
    passages: dict[str, CutPassage],
    abort: AbortFlag,
    give_way: Callable[[], None],
) -> dict[str, tuple[bytes, bytes]]:
    """The vectors of passages and of their sentences, as they are stored, by the passages' hashes."""
    texts: list[str] = []
    for passage in passages.values():
        texts.append(passage.text)
        texts += [document.text[start:end] for start, end in passage.sentences]
    rows = []
    for first in range(0, len(texts), AT_ONCE):
        give_way()
        abort.raise_if_set()
        found = encoder.encode(texts[first : first + AT_ONCE], abort)
        rows.append(np.asarray(found, np.float16))
    stored: dict[str, tuple[bytes, bytes]] = {}
    if rows:
        together, at = np.concatenate(rows), 0
        for sha, passage in passages.items():
            end = at + 1 + len(passage.sentences)
            stored[sha] = together[at].tobytes(), together[at + 1 : end].tobytes()
            at = end
    return stored


def _stamp(path: str) -> tuple[int, int]:
    """Size and time of the file, or of the archive that it is in."""
    place = Path(path)
    for one in (place, *place.parents):
        try:
            status = one.stat()
        except OSError:
            continue
        return status.st_size, status.st_mtime_ns
    return 0, 0


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
