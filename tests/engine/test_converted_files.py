"""Converted files lie in the cache: used while they fit, removed without a word when they do not."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import msgspec
import pytest

from engine.backends.llama import converted_files, library
from engine.backends.llama.converted_files import Converted
from engine.contracts import AbortFlag

SOURCE = "models/small.gguf"


def record(used: bool = True, content: bytes = b"weights", **changes: object) -> Converted:
    """A conversion that was kept, with its file."""
    name = converted_files.file_name(Path(SOURCE), "1" * 64, "Q8_0")
    values = {
        "file": name,
        "source": SOURCE,
        "source_sha256": "1" * 64,
        "source_quantization": "Q4_1",
        "sha256": hashlib.sha256(content).hexdigest(),
        "quantization": "Q8_0",
        "size_bytes": len(content),
        "build": library.build(),
        "prompt_speed": 850.0,
        "source_prompt_speed": 500.0,
        "decode_speed": 118.0,
        "source_decode_speed": 118.0,
        "perplexity": 17.08,
        "source_perplexity": 17.26,
        "used": used,
    }
    kept = Converted(**(values | changes))  # type: ignore[arg-type]
    converted_files.folder().mkdir(parents=True, exist_ok=True)
    part = converted_files.part_of(name)
    part.write_bytes(content)
    converted_files.keep(kept, part)
    return kept


def found(sha256: str = "1" * 64, source: str = SOURCE) -> Converted | None:
    return converted_files.find(Path(source), sha256, AbortFlag())


def files() -> list[str]:
    return sorted(path.name for path in converted_files.folder().iterdir())


def test_a_kept_conversion_is_found_again_under_any_name_of_the_source() -> None:
    kept = record()
    assert files() == ["small-111111111111-Q8_0.gguf", "small-111111111111-Q8_0.json"]
    assert found() == kept
    assert found(source="elsewhere/other.gguf") == kept
    assert kept.sentence() == (
        "A copy converted to Q8_0 is used: it reads prompts 1.7 times as fast as Q4_1, "
        "and its perplexity differs by -1.0%."
    )


def test_one_that_was_no_better_leaves_only_its_record() -> None:
    kept = record(used=False)
    assert files() == ["small-111111111111-Q8_0.json"]
    assert found() == kept


def test_a_damaged_file_is_ignored_and_removed() -> None:
    kept = record()
    kept.path.write_bytes(b"wreckage")
    assert found() is None
    assert files() == []


def test_a_missing_file_is_ignored_and_its_record_removed() -> None:
    record().path.unlink()
    assert found() is None
    assert files() == []


def test_a_changed_source_makes_it_stale() -> None:
    record()
    assert found(sha256="2" * 64) is None
    assert files() == []


def test_that_of_another_source_stays() -> None:
    kept = record()
    assert found(sha256="2" * 64, source="models/other.gguf") is None
    assert found() == kept


def test_one_of_another_build_is_removed() -> None:
    record(build="llama-cpp-python 0.1; CPU : AMX_INT8 = 1")
    assert found() is None
    assert files() == []


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"file": 5}'])
def test_a_broken_record_is_removed(content: bytes) -> None:
    kept = record()
    kept.path.with_suffix(".json").write_bytes(content)
    assert found() is None


def test_a_record_can_touch_no_file_but_its_own(tmp_path: Path) -> None:
    kept = record()
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"mine")
    for name in (f"../../{mine.name}", str(mine), "other.gguf"):
        foreign = msgspec.structs.replace(kept, file=name, build="another")
        kept.path.with_suffix(".json").write_bytes(msgspec.json.encode(foreign))
        assert found() is None
    assert mine.read_bytes() == b"mine"


def test_what_a_killed_process_left_is_cleaned_up_later() -> None:
    kept = record()
    folder = converted_files.folder()
    (folder / "old.gguf.7.part").write_bytes(b"half")
    (folder / "orphan.gguf").write_bytes(b"whole, but never measured")
    (folder / "fresh.gguf.8.part").write_bytes(b"somebody is writing this")
    long_ago = time.time() - 2 * converted_files.LEFT_BEHIND_SECONDS
    for path in folder.iterdir():
        if not path.name.startswith("fresh"):
            os.utime(path, (long_ago, long_ago))
    converted_files.clean()
    assert files() == ["fresh.gguf.8.part", kept.file, f"{kept.file[:-5]}.json"]
