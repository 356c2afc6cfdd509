"""Kills a process that writes conversations, again and again, and looks for what it had confirmed.

`python -m tests.proofs.kill_storage --kills 200` prints what was found and ends with 1 if anything
that had been acknowledged was lost. Some kills come while the database is being made or opened.
This shows what a killed process leaves; a power cut is another matter.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.records import MessageStatus
from engine.types import Role

ROOT = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        write_for_ever(options.write, random.Random(options.seed))
    with tempfile.TemporaryDirectory() as folder:
        counts = kill(Path(folder), options.kills, options.seed)
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    return 1 if counts["lost"] else 0


def write_for_ever(path: Path, chance: random.Random) -> None:
    """Write and print `id length digest` of each text once it should be safe."""

    def acknowledge(message_id: int, content: str) -> None:
        print(message_id, len(content), digest(content), flush=True)

    with Database.open(path) as database:
        conversations = Conversations(database)
        conversations.mark_interrupted()
        conversation = conversations.create("Kill me 谈话")
        while True:
            question = "问题 ? " * chance.choice((1, 10, 20_000))
            added = conversations.add_message(conversation.id, Role.USER, question, None)
            acknowledge(added.id, question)
            reply = conversations.start_reply(conversation.id, added.id)
            answer = ""
            for _ in range(5):
                answer += "word 字 " * chance.choice((1, 10, 5_000))
                conversations.flush_reply(reply.id, answer)
                acknowledge(reply.id, answer)
            conversations.finish_reply(reply.id, answer, MessageStatus.COMPLETE, {"seed": 1})


def kill(folder: Path, kills: int, seed: int = 0) -> dict[str, int]:
    """Start and kill that many writers; count what was acknowledged and what of it was lost."""
    chance = random.Random(seed)
    counts = {"kills": 0, "acknowledged": 0, "lost": 0, "interrupted": 0, "killed while opening": 0}
    for number in range(kills):
        # A new file for every fourth, so that making one is interrupted as well.
        path = folder / str(number // 4) / "carrel.sqlite3"
        lines = run_and_kill(path, chance)
        counts["kills"] += 1
        counts["killed while opening"] += not lines
        # The last line may have been cut off in the middle.
        whole = [line.split() for line in lines if line.endswith("\n")]
        newest = {int(message_id): (int(size), hash_) for message_id, size, hash_ in whole}
        counts["acknowledged"] += len(whole)
        with Database.open(path) as database:
            counts["lost"] += len(database.remarks)  # damage would be told here
            counts["lost"] += sum(
                not is_kept(database, message_id, *wanted) for message_id, wanted in newest.items()
            )
            counts["interrupted"] += Conversations(database).mark_interrupted()
    return counts


def run_and_kill(path: Path, chance: random.Random) -> list[str]:
    """What a writer had acknowledged when it was killed."""
    command = [sys.executable, "-m", __spec__.name, "--write", str(path)]
    writer = subprocess.Popen(
        [*command, "--seed", str(chance.randrange(2**31))],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    timer = threading.Timer(chance.uniform(0.1, 0.7), writer.kill)
    timer.start()
    with writer:
        assert writer.stdout
        lines = list(writer.stdout)  # read all the time: a full pipe would stop the writer
    timer.join()
    if writer.returncode != -signal.SIGKILL:
        raise RuntimeError(f"The writer ended by itself: {writer.returncode}")
    return lines


def is_kept(database: Database, message_id: int, size: int, hash_: str) -> bool:
    """Whether the text is there, or a later form of it, which begins in the same way."""
    row = database.row("SELECT content FROM messages WHERE id = ?", message_id)
    return row is not None and digest(row[0][:size]) == hash_


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
