"""A model file is checked before llama.cpp, which may abort the process, gets to see it."""

from __future__ import annotations

import os
import struct
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.backends.llama.gguf import MAX_ARRAY, MAX_ENTRIES, MAX_STRING, read_header
from engine.errors import ModelFileError
from tests.engine.conftest import without_root
from tests.engine.gguf_writer import MARTIAN, ONE_TENSOR, entry, gguf, header, pieces, text

METADATA = MARTIAN | {
    "general.file_type": 7,
    "general.size_label": "32",
    "martian.rope": 0.5,
    "tokenizer.ggml.add_bos_token": True,
    "tokenizer.ggml.tokens": [f"token{number}" for number in range(20)],
}
TENSORS = (("token_embd.weight", (4, 8)), ("output.weight", (8, 4)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.gguf"


def told(path: Path, content: bytes) -> str:
    """What the user is told about a file with this content."""
    path.write_bytes(content)
    with pytest.raises(ModelFileError) as caught:
        read_header(path)
    assert caught.value.hint
    assert caught.value.message.startswith(path.name)
    return caught.value.message


def test_a_sound_file_is_described(path: Path) -> None:
    path.write_bytes(gguf(METADATA, TENSORS))
    found = read_header(path)
    assert (found.architecture, found.name, found.quantization) == ("martian", "Marvin", "Q8_0")
    assert (found.parameter_count, found.tensor_count) == (64, 2)
    assert found.metadata["martian.rope"] == "0.5"
    assert found.metadata["tokenizer.ggml.add_bos_token"] == "True"
    assert "tokenizer.ggml.tokens" not in found.metadata


def test_numbers_and_the_types_of_weights_are_kept(path: Path) -> None:
    per_layer = {"martian.heads": [3] * 80, "martian.wide": list(range(5000)), "martian.on": True}
    path.write_bytes(gguf(METADATA | per_layer, TENSORS))
    found = read_header(path)
    assert found.numbers == {"general.file_type": (7,), "martian.heads": (3,) * 80}
    assert found.weights == {"F32": 64}
    assert "martian.heads" not in found.metadata  # too long to be shown


def test_a_model_without_a_name_is_called_like_its_file(path: Path) -> None:
    path.write_bytes(gguf({"general.architecture": "martian"}))
    assert read_header(path).name == "model"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"Dear diary,\nthis is no model.\n", "is not a GGUF model"),
        (b"GG", "is not a GGUF model"),
        (b"FUGG" + gguf()[4:], "is not a GGUF model"),
        (header(1, 1, version=99), "GGUF version 99"),
        (header(1, 1, version=1), "GGUF version 1"),
        (header(0, 1) + entry("general.architecture", "martian"), "holds no weights"),
        (header(2**60, 1), "impossible counts"),
        (header(1, MAX_ENTRIES + 1), "impossible counts"),
        (header(1, 1) + struct.pack("<Q", MAX_STRING + 1), "impossible text length"),
        (header(1, 1) + text("key") + struct.pack("<I", 13), "unknown value type"),
        (header(1, 1) + text("k") + struct.pack("<IIQ", 9, 4, MAX_ARRAY + 1), "impossible list"),
        (header(1, 1) + text("k") + struct.pack("<IIQ", 9, 9, 1), "impossible list"),
        (gguf({"general.name": "Nameless"}), "does not name its architecture"),
        (gguf({"general.architecture": 5}), "does not name its architecture"),
        (gguf(MARTIAN | {"general.alignment": 0}), "impossible alignment"),
        (gguf(MARTIAN | {"general.alignment": 2**31}), "impossible alignment"),
        (
            header(1, 1) + entry("general.architecture", "a") + text("t") + struct.pack("<I", 9),
            "impossible shape",
        ),
    ],
)
def test_a_bad_file_is_told_in_plain_words(path: Path, content: bytes, what: str) -> None:
    assert what in told(path, content)


def test_a_download_cut_off_at_any_boundary_is_named_as_one(path: Path) -> None:
    parts = pieces(METADATA, TENSORS)
    for length in list(accumulate(map(len, parts)))[:-1]:
        assert "cut short" in told(path, b"".join(parts)[:length])


def test_a_download_cut_off_anywhere_is_never_taken_for_a_model(path: Path) -> None:
    whole = gguf(METADATA, TENSORS)
    for length in range(len(whole)):
        told(path, whole[:length])


def test_weights_beyond_the_end_are_counted_in_the_message(path: Path) -> None:
    whole = gguf(MARTIAN, (("big.weight", (1000, 1000)),))
    message = told(path, whole[:1_000_000])
    assert "1,000,000 of at least 4,000," in message
    assert "download" in message


def test_a_missing_file_is_told_as_missing(path: Path) -> None:
    for missing in (path, path / "below", Path("/with\0nul.gguf")):
        with pytest.raises(ModelFileError) as caught:
            read_header(missing)
        assert caught.value.hint
    with pytest.raises(ModelFileError, match=r"model\.gguf does not exist"):
        read_header(path)


def test_what_is_no_file_is_not_even_opened(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ModelFileError, match="is a folder, not a model file"):
        read_header(path)
    pipe = path / "pipe.gguf"
    os.mkfifo(pipe)  # opening it would wait for ever
    with pytest.raises(ModelFileError, match="not a model file"):
        read_header(pipe)


def test_a_file_without_permission_is_told_as_such(public_folder: Path) -> None:
    path = public_folder / "secret.gguf"
    path.write_bytes(gguf())
    path.chmod(0)
    with without_root(), pytest.raises(ModelFileError, match="cannot be read: Permission denied"):
        read_header(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.none() | st.integers(0, 1000),
)
def test_no_damage_raises_anything_but_a_model_file_error(
    path: Path, flips: list[tuple[int, int]], cut: int | None
) -> None:
    data = bytearray(gguf(METADATA, TENSORS))
    for place, value in flips:
        data[place % len(data)] = value
    path.write_bytes(data[:cut])
    try:
        found = read_header(path)
    except ModelFileError:
        return
    assert found.architecture
    assert found.tensor_count >= 1


def test_the_first_part_of_a_split_model_may_hold_no_weights(path: Path) -> None:
    path.write_bytes(gguf({"general.architecture": "martian", "split.count": 2}, tensors=()))
    assert read_header(path).tensor_count == 0


def test_an_unknown_kind_of_weights_is_no_reason_to_refuse(path: Path) -> None:
    data = bytearray(gguf(MARTIAN, ONE_TENSOR))
    place = data.index(b"token_embd.weight") + len("token_embd.weight") + 4 + 16
    data[place : place + 4] = struct.pack("<I", 250)
    path.write_bytes(data)
    assert read_header(path).parameter_count == 32
