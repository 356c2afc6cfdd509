"""Frames arrive whole or not at all."""

from __future__ import annotations

import io
import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import frames
from engine.errors import BadRequestError
from engine.frames import encode_frame, read_frame
from engine.protocol import Request, TextDelta
from tests.engine.recorder import chat, run_tool

sendable = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(sendable, max_size=5))
def test_every_request_comes_back_as_it_was_sent(texts: list[str]) -> None:
    requests = [chat(text) for text in texts] + [run_tool("summarize", *texts, points=3)]
    stream = io.BytesIO(b"".join(encode_frame(request) for request in requests))
    decoder = msgspec.msgpack.Decoder(Request)
    for request in requests:
        frame = read_frame(stream)
        assert frame is not None
        assert decoder.decode(frame) == request
    assert read_frame(stream) is None


def test_a_frame_cut_short_anywhere_is_the_end_of_the_pipe() -> None:
    frame = encode_frame(TextDelta("id", "some text", 2))
    for length in range(len(frame)):
        assert read_frame(io.BytesIO(frame[:length])) is None
    assert read_frame(io.BytesIO(frame)) == frame[4:]


def test_a_length_that_no_frame_has_is_not_waited_for() -> None:
    stream = io.BytesIO(struct.pack(">I", frames.MAX_FRAME_BYTES + 1) + b"x" * 100)
    assert read_frame(stream) is None
    assert stream.tell() == 4


@pytest.mark.parametrize("text", ["\ud800", "before \udfff after", "\udc80" * 3])
def test_lone_surrogates_are_refused_in_words(text: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        encode_frame(chat(text))
    assert "Unicode" in caught.value.message


def test_what_is_too_large_to_send_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MAX_FRAME_BYTES", 3_000_000)
    assert read_frame(io.BytesIO(encode_frame(chat("x" * 2_900_000)))) is not None
    with pytest.raises(BadRequestError) as caught:
        encode_frame(chat("x" * 3_000_000))
    assert "3 MB" in caught.value.message
    assert "smaller files" in caught.value.hint
