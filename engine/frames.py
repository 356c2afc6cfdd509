"""Frames on a pipe: a 4-byte big-endian length, then one msgpack-encoded request or event."""

from __future__ import annotations

import struct
from typing import IO

import msgspec

from engine.errors import BadRequestError

MAX_FRAME_BYTES = 512 * 1024 * 1024
_HEADER = struct.Struct(">I")
_encoder = msgspec.msgpack.Encoder()


def encode_frame(value: msgspec.Struct) -> bytes:
    """Header and body. Text must be free of lone surrogates (`engine.text.clean_text`)."""
    try:
        body = _encoder.encode(value)
    except UnicodeEncodeError as error:
        raise BadRequestError("The text holds broken Unicode that cannot be sent.") from error
    if len(body) > MAX_FRAME_BYTES:
        raise BadRequestError(
            f"The text is too large to work on ({len(body) // 1_000_000} MB).",
            hint="Split it into smaller files.",
        )
    return _HEADER.pack(len(body)) + body


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame's body, or None when the pipe has ended (also in the middle of a frame)."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack(header)
    if length > MAX_FRAME_BYTES:
        return None  # not a frame: something else wrote to the pipe
    body = stream.read(length)
    return body if len(body) == length else None
