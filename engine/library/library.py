"""The library as the worker's handlers use it: sources, indexing, search, and the texts themselves."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import msgspec

from engine.contracts import AbortFlag, TextEncoder
from engine.errors import ErrorInfo, LibraryError
from engine.library import indexing
from engine.library.file import LibraryFile
from engine.library.listing import Find, list_files
from engine.library.opening import remove_files
from engine.library.search import Found, Vectors, query_vector, search
from engine.library.sources import add_sources, remove_all, remove_sources
from engine.protocol import LibraryDocument, LibraryHit, LibraryInfo, LibrarySource
from engine.retrieval.naming import name_passage
from engine.types import Document, Section


class Library:
    """Thread-safe. The file is opened when it is first needed."""

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: LibraryFile | None = None
        self._refused: tuple[str, ...] = ()  # sources that could not be looked into
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
            LibrarySource(number, path, documents, failed.get(number, 0), os.path.exists(path))
            for number, path, documents in file.rows(
                "SELECT s.id, s.path, count(d.id) FROM sources s LEFT JOIN documents d "
                "ON d.source_id = s.id GROUP BY s.id ORDER BY s.id"
            )
        )
        with file.trusted():
            documents = tuple(
                LibraryDocument(
                    *(number, source, path, name, state, characters),
                    error=msgspec.json.decode(error, type=ErrorInfo) if error else None,
                )
                for number, source, path, name, state, characters, error in file.rows(
                    "SELECT id, source_id, path, name, state, characters, error "
                    "FROM documents ORDER BY id"
                )
            )
        ((passages,),) = file.rows("SELECT count(*) FROM passages")
        remarks = [file.remark, *self._refused]
        return LibraryInfo(sources, documents, passages, "\n".join(filter(None, remarks)))

    def add(self, paths: Collection[str]) -> None:
        """Files, folders that are watched from now on, and archives."""
        add_sources(self._opened(), paths)

    def remove(self, sources: Collection[int]) -> None:
        """With all that was indexed of them. The files stay as they are."""
        remove_sources(self._opened(), sources)
        self._changed()

    def forget(self) -> None:
        """Everything: sources, texts and vectors; the space is given back."""
        file = self._opened()
        try:
            remove_all(file)
        except LibraryError:  # a full disk, or damage: then the file goes as it is
            with self._lock:
                file.close()
                self._file = None
                remove_files(file.path)
        self._changed()

    def update(
        self,
        encoder: Callable[[], TextEncoder],
        find: Find,
        read: indexing.Read,
        abort: AbortFlag,
        give_way: Callable[[], None],
        retry: bool = False,
    ) -> Iterator[indexing.IndexStep]:
        """Index what is new or changed; `retry` also what failed before.

        Where there is nothing to do, no encoder is loaded.
        """
        file = self._opened()
        listing = list_files(file, find)
        self._refused = listing.refused
        if listing.is_less:
            self._changed()
        if retry:
            indexing.retry_failed(file)
        if not indexing.has_work(file):
            return
        try:
            for step in indexing.index(file, encoder(), read, abort, give_way):
                self._changed()
                yield step
        finally:
            self._changed()  # of a document that was stopped in the middle, too

    def search(
        self,
        encoder: TextEncoder,
        query: str,
        count: int,
        abort: AbortFlag,
        documents: Collection[int] = (),
    ) -> tuple[LibraryHit, ...]:
        """The best passages, the best first."""
        if not query.strip() or count < 1:
            return ()
        file = self._opened()
        with file.trusted():
            vectors = self._loaded()
        if vectors.encoder != encoder.name:
            indexing.read_again(file)
        asked = query_vector(vectors, encoder, query, abort)  # before anybody has to wait
        with file.held(), file.trusted():
            found = search(file, vectors, query, asked, count, documents)
            texts = {number: self.document(number) for number in {one.document for one in found}}
        return tuple(_hit(one, texts[one.document]) for one in found)

    def document(self, number: int) -> Document:
        """As it was indexed, whatever has become of the file."""
        file = self._opened()
        rows = file.rows(
            "SELECT name, text, format, path, sections, page_count, remarks FROM documents "
            "WHERE id = ? AND text IS NOT NULL",
            number,
        )
        if not rows:
            raise LibraryError(
                "This document is no longer in the library.", hint="Search once more."
            )
        name, text, format_id, path, sections, page_count, remarks = rows[0]
        with file.trusted():
            return Document(
                *(name, text, format_id, path),
                msgspec.convert(json.loads(sections), tuple[Section, ...]),
                page_count,
                tuple(json.loads(remarks)),
            )

    def _opened(self) -> LibraryFile:
        with self._lock:
            if self._file is not None and self._file.is_damaged:
                self._file.close()
                self._file = self._vectors = None
                self._file = LibraryFile(self._path(), anew=True)
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
