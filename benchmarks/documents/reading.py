"""Reading files: all of a folder, how fast PDFs are, and how soon something useful is there.

Every file of the folder must be read, or be refused for the reason that `REFUSED` gives. Speed is that
of the shipped reader in its own process, against pypdf in this one, file by file in turn.
"""

from __future__ import annotations

import queue
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.documents.bench import NEVER, Bench
from benchmarks.report import Row, at_least, at_most, plain, progress
from engine.client import EngineClient
from engine.documents import find_documents
from engine.documents.apart.readers import DocumentReaders
from engine.errors import DocumentError
from engine.protocol import (
    Event,
    Partial,
    ReadDocument,
    RequestFailed,
    RequestFinished,
    RunTextTool,
    WorkerReady,
    new_request_id,
)
from engine.types import Document, ModelSpec

# What the reader has to find out about some files that people really have; all others are to be read.
REFUSED = {
    "MEDRPT-2024-PAT-3847_medical_report_scan.pdf": "DOCUMENT_NO_TEXT",  # unless OCR is installed
    "libreoffice-writer-password.pdf": "DOCUMENT_PASSWORD",
    "unreadablemetadata.pdf": "DOCUMENT_DAMAGED",  # its list of pages is missing
}
LONG = "GeoTopo-komprimiert.pdf"  # a book of 100 pages


def files(bench: Bench) -> Iterator[Row]:
    found = find_documents([str(bench.documents)])
    readers = DocumentReaders()
    wrong, read, refused = [], 0, 0
    try:
        for name in found.paths:
            path = Path(name)
            try:
                text = readers.ask(ReadDocument(new_request_id(), name), NEVER)
                assert isinstance(text, dict)
                read += 1
                is_expected = path.name not in REFUSED or "OCR" in " ".join(text["remarks"])
                told = "read"
            except DocumentError as error:
                refused += 1
                told = error.code
                is_expected = REFUSED.get(path.name) == error.code
            if not is_expected:
                wrong.append(f"{path.name}: {told}")
    finally:
        readers.close()
    total = len(found.paths)
    note = (
        f"{read} read, {refused} refused with the right reason" if not wrong else "; ".join(wrong)
    )
    yield at_least("files read or rightly refused", (total - len(wrong)) / total, 1, "x", "", note)


def speed(bench: Bench) -> Iterator[Row]:
    bench.need_peers()
    import pypdf

    readers = DocumentReaders()
    ratios, notes = [], []
    try:
        for path in sorted(bench.documents.rglob("*.pdf")):
            if path.name in REFUSED:
                continue
            progress(f"reading {path.name}")
            ours, theirs = [], []
            pages = 0
            for number in range(bench.rounds + 1):  # the first one warms up
                began = time.perf_counter()
                readers.ask(ReadDocument(new_request_id(), str(path)), NEVER)
                between = time.perf_counter()
                reader = pypdf.PdfReader(path)
                pages = len(reader.pages)
                for page in reader.pages:
                    page.extract_text()
                if number:
                    ours.append(between - began)
                    theirs.append(time.perf_counter() - between)
            ratio = statistics.median(theirs) / statistics.median(ours)
            notes.append(f"{path.name} ({pages}) {ratio:.1f}")
            ratios.append((ratio, pages, statistics.median(ours), statistics.median(theirs)))
    finally:
        readers.close()
    total = sum(one[3] for one in ratios) / sum(one[2] for one in ratios)
    yield at_least("PDF pages/s, all files together", total, 5, "x", "pypdf", "; ".join(notes))
    middle = statistics.median(one[0] for one in ratios)
    yield plain("PDF pages/s, the median file", middle, "x", "pypdf")


def first_result(bench: Bench) -> Iterator[Row]:
    """From the drop of a long book to its first key sentences, in a worker that has just started."""
    path = next(bench.documents.rglob(LONG))
    seconds = []
    for _ in range(3):
        client, events = EngineClient(), queue.SimpleQueue[Event]()
        client.set_listener(events.put)
        client.start()
        try:
            while not isinstance(events.get(), WorkerReady):
                pass
            began = time.perf_counter()
            client.send(ReadDocument(new_request_id(), str(path)))
            document = msgspec.convert(_ended(events), Document)
            request = RunTextTool(new_request_id(), ModelSpec(), "summarize", (document,))
            client.send(request)
            while True:
                event = events.get()
                if isinstance(event, RequestFailed):
                    raise RuntimeError(event.error.message)
                if isinstance(event, Partial) and event.result["key_sentences"]:
                    break
            seconds.append(time.perf_counter() - began)
        finally:
            client.close()
    note = ", ".join(f"{one:.1f}" for one in seconds) + " s; the worker has loaded nothing before"
    value = statistics.median(seconds)
    yield at_most("first result on a book of 100 pages", value, 3, "s", "", note)


def _ended(events: queue.SimpleQueue[Event]) -> object:
    while True:
        event = events.get()
        if isinstance(event, RequestFinished):
            return event.result
        if isinstance(event, RequestFailed):
            raise RuntimeError(event.error.message)
