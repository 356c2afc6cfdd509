"""Kills a process that indexes, again and again, until the library is whole, and compares it with one
that was made without a kill.

`python -m tests.proofs.library_kills --kills 50` prints what was found and ends with 1 if a library was
damaged, lost a document that had been done, or ended as another than the one made at once.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from engine.contracts import TextEncoder
from engine.encoders.resident import ResidentEncoder
from tests.library.shelf import Shelf, write

ROOT = Path(__file__).parents[2]
DOCUMENTS = 40
WORDS = ("river", "stone", "garden", "winter", "letter", "music", "harbour", "copper", "forest")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.index:
        index_and_tell(options.index)
        return 0
    counts, encoder = {"kills": 0, "libraries": 0, "wrong": 0}, ResidentEncoder()
    while counts["kills"] < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            seed = options.seed + counts["libraries"]
            for name, count in kill_until_whole(Path(folder), encoder, seed).items():
                counts[name] += count
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    return 1 if counts["wrong"] else 0


def kill_until_whole(
    folder: Path, encoder: TextEncoder, seed: int, kills: int = 30, documents: int = DOCUMENTS
) -> dict[str, int]:
    """One library, indexed by processes that are killed, at most so many; then by one that is not."""
    chance = random.Random(seed)
    texts = {
        f"d{number:03}": "\n\n".join(
            " ".join(chance.choices(WORDS, k=60)) + f". Note {number}-{part}." for part in range(12)
        )
        for number in range(documents)
    }
    write(folder / "texts", **texts)
    counts, done = {"kills": 0, "libraries": 1, "wrong": 0}, set[str]()
    while counts["kills"] < kills and len(done) < documents:
        told, killed = run_and_kill(folder, chance)
        # What was done before is not read again.
        counts["wrong"] += len(done & set(told))
        counts["kills"] += killed
        # Each document that is begun says that the one before it is done.
        done |= set(told[:-1] if killed else told)
    shelf = Shelf(folder / "home", encoder)
    whole = Shelf(folder / "whole", encoder)
    for one in (shelf, whole):
        one.library.add([str(folder / "texts")])
        one.update()
        counts["wrong"] += bool(one.library.info().remark)
    counts["wrong"] += len(done & set(shelf.read))
    counts["wrong"] += _contents(shelf) != _contents(whole)
    for one in (shelf, whole):
        one.library.close()
    return counts


def index_and_tell(folder: Path) -> None:
    shelf = Shelf(folder / "home", ResidentEncoder())
    shelf.on_read = lambda path: print(Path(path).name, flush=True)
    shelf.library.add([str(folder / "texts")])
    shelf.update()
    shelf.library.close()


def run_and_kill(folder: Path, chance: random.Random) -> tuple[list[str], bool]:
    """Which documents were begun, and whether it was killed before it was done."""
    indexer = subprocess.Popen(
        [sys.executable, "-m", "tests.proofs.library_kills", "--index", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    timer: threading.Timer | None = None
    begun: list[str] = []
    with indexer:
        assert indexer.stdout
        for line in indexer.stdout:
            begun.append(line.strip())
            if timer is None:  # some kills come at once, some while it writes
                timer = threading.Timer(chance.choice((0, 0.05, 0.2, 0.8)), indexer.kill)
                timer.start()
    if timer is not None:
        timer.cancel()
        timer.join()
    if indexer.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"The indexer ended by itself: {indexer.returncode}")
    return begun, indexer.returncode != 0


def _contents(shelf: Shelf) -> object:
    """All that a search looks at."""
    file = shelf.library._opened()
    return (
        file.rows(
            "SELECT d.name, d.state, p.start, p.end, p.text_sha256, p.sentences, f.terms "
            "FROM documents d JOIN passages p ON p.document_id = d.id "
            "JOIN passages_fts f ON f.rowid = p.id ORDER BY d.name, p.start"
        ),
        file.rows("SELECT term, doc, cnt FROM passages_terms ORDER BY term"),
        file.rows("SELECT count(*) FROM encoded"),
    )


if __name__ == "__main__":
    sys.exit(main())
