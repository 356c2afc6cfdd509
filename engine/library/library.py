"""The library as the worker's handlers use it: sources, indexing, search, and the texts themselves."""

from __future__ import annotations

import datetime
import json
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import msgspec

from engine.contracts import AbortFlag, TextEncoder
from engine.errors import ErrorInfo, LibraryError
from engine.library import indexing
from engine.library.file import LibraryFile
from engine.library.search import Found, Vectors, search
from engine.protocol import LibraryDocument, LibraryHit, LibraryInfo, LibrarySource
from engine.retrieval.naming import name_passage
from engine.types import Document, Section


class Library:
    """Thread-safe. The file is opened when it is first needed."""

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: LibraryFile | None = None
        self._vectors: Vectors | None = None
        self._version = 0  # counts what changed, so that vectors are loaded anew

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = self._vectors = None

    def info(self) -> LibraryInfo:
        file = self._opened()
        failed = dict(
            file.rows(
                "SELECT source_id, count(*) FROM documents WHERE state = 'failed' GROUP BY source_id"
            )
        )
        sources = tuple(
            LibrarySource(number, path, documents, failed.get(number, 0), Path(path).exists())
            for number, path, documents in file.rows(
                "SELECT s.id, s.path, count(d.id) FROM sources s LEFT JOIN documents d "
                "ON d.source_id = s.id GROUP BY s.id ORDER BY s.id"
            )
        )
        documents = tuple(
            LibraryDocument(
                *(number, source, path, name, state, characters),
                error=msgspec.json.decode(error, type=ErrorInfo) if error else None,
            )
            for number, source, path, name, state, characters, error in file.rows(
                "SELECT id, source_id, path, name, state, coalesce(length(text), 0), error "
                "FROM documents ORDER BY id"
            )
        )
        ((passages,),) = file.rows("SELECT count(*) FROM passages")
        return LibraryInfo(sources, documents, passages, file.remark)

    def add(self, paths: Collection[str]) -> None:
        """Files, folders that are watched from now on, and archives."""
        file, now = (
            self._opened(),
            datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        )
        for path in paths:
            if not Path(path).exists():
                raise LibraryError(
                    f"“{Path(path).name}” is not there.",
                    hint="Check that it has not been moved, renamed or deleted.",
                )
            file.write("INSERT OR IGNORE INTO sources (path, added_at) VALUES (?, ?)", path, now)

    def remove(self, sources: Collection[int]) -> None:
        """With all that was indexed of them. The files stay as they are."""
        file = self._opened()
        with file.transaction():
            for source in sources:
                file.write("DELETE FROM documents WHERE source_id = ?", source)
                file.write("DELETE FROM sources WHERE id = ?", source)
        self._changed()

    def update(
        self,
        encoder: Callable[[], TextEncoder],
        find: indexing.Find,
        read: indexing.Read,
        abort: AbortFlag,
        give_way: Callable[[], None],
        retry: bool = False,
    ) -> Iterator[indexing.IndexStep]:
        """Index what is new or changed; `retry` also what failed before.

        Where there is nothing to do, no encoder is loaded.
        """
        file = self._opened()
        indexing.list_files(file, find)
        if retry:
            indexing.retry_failed(file)
        if not indexing.has_work(file):
            return
        try:
            for step in indexing.index(file, encoder(), read, abort, give_way):
                self._changed()
                yield step
        finally:
            self._changed()

    def search(
        self,
        encoder: TextEncoder,
        query: str,
        count: int,
        abort: AbortFlag,
        documents: Collection[int] = (),
    ) -> tuple[LibraryHit, ...]:
        """The best passages, the best first."""
        file = self._opened()
        found = search(file, self._loaded(), encoder, query, count, abort, documents)
        texts = {number: self.document(number) for number in {one.document for one in found}}
        return tuple(_hit(one, texts[one.document]) for one in found)

    def document(self, number: int) -> Document:
        """As it was indexed, whatever has become of the file."""
        rows = self._opened().rows(
            "SELECT name, text, format, path, sections, page_count, remarks FROM documents "
            "WHERE id = ? AND state = 'indexed'",
            number,
        )
        if not rows:
            raise LibraryError(
                "This document is no longer in the library.", hint="Search once more."
            )
        name, text, format_id, path, sections, page_count, remarks = rows[0]
        return Document(
            *(name, text, format_id, path),
            msgspec.convert(json.loads(sections), tuple[Section, ...]),
            page_count,
            tuple(json.loads(remarks)),
        )

    def forget(self) -> None:
        """Everything: sources, texts and vectors; the space is given back."""
        file = self._opened()
        with file.transaction():
            file.write("DELETE FROM documents")
            file.write("DELETE FROM sources")
        file.write("VACUUM")
        self._changed()

    def _opened(self) -> LibraryFile:
        with self._lock:
            if self._file is None:
                self._file = LibraryFile(self._path())
            return self._file

    def _loaded(self) -> Vectors:
        file = self._opened()
        with self._lock:
            vectors, version = self._vectors, self._version
        if vectors is None:
            vectors = Vectors(file)
            with self._lock:
                if version == self._version:
                    self._vectors = vectors
        return vectors

    def _changed(self) -> None:
        with self._lock:
            self._version += 1
            self._vectors = None


def _hit(found: Found, document: Document) -> LibraryHit:
    start, end = found.start, found.end
    return LibraryHit(
        *(found.document, document.name, document.path or "", start, end),
        *(document.text[start:end], name_passage(document, start, end)),
        *(found.score, found.words, found.meaning),
    )


def waiting(is_busy: Callable[[], bool], seconds: float = 0.15) -> Callable[[], None]:
    """A `give_way` that lets whoever is at work go on for a moment."""

    def give_way() -> None:
        if is_busy():
            time.sleep(seconds)

    return give_way
