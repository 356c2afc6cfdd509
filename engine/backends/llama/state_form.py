"""A sequence's state as llama.cpp writes it, put from one form into another.

With flash attention a context keeps the values of a layer cell by cell, without it dimension by
dimension, and llama.cpp does not take the state of one into the other. All else is the same, so the
values are transposed here. The form is that of `llama_kv_cache::state_write` in llama.cpp; whatever
does not fit it to the last byte is not touched.
"""

from __future__ import annotations

import struct

import numpy as np

_F16 = 1  # ggml_type
_START = struct.Struct("<IiII")  # magic, sequence, streams, cells
_CELL = struct.Struct("<iI")  # position, sequences that have it; their numbers follow
_SEQUENCE = 4
_FORM = struct.Struct("<II")  # are the values transposed, layers
_ROWS = struct.Struct("<iQ")  # type, bytes of a row
_COLUMNS = struct.Struct("<iII")  # type, bytes of an element, dimensions: as long as the above


def transposed(state: bytes) -> bytearray | None:
    """The state for a context without flash attention, from one with it; None if that cannot be.

    Takes what one stream of 16-bit keys and values holds: no sliding windows, no recurrent layers.
    """
    try:
        return _transposed(state)
    except (struct.error, ValueError):
        return None


def _transposed(state: bytes) -> bytearray | None:
    _, _, streams, cells = _START.unpack_from(state)
    at = _START.size
    if streams != 1 or not cells:
        return None
    # Of one sequence alone, every cell is told in the same number of bytes.
    at += cells * (_CELL.size + _SEQUENCE)
    is_transposed, layers = _FORM.unpack_from(state, at)
    if is_transposed:
        return None
    form, keys = at, at + _FORM.size
    at = keys
    for _ in range(layers):
        _, row = _ROWS.unpack_from(state, at)
        at += _ROWS.size + cells * row
    # Both forms are equally long, so that the other one is written over a copy of this one.
    found = bytearray(state)
    _FORM.pack_into(found, form, 1, layers)
    for _ in range(layers):
        kind, row = _ROWS.unpack_from(state, at)
        if kind != _F16 or row % 2:
            return None
        _COLUMNS.pack_into(found, at, kind, 2, row // 2)
        at += _ROWS.size
        values = np.frombuffer(state, np.uint16, cells * row // 2, at)
        turned = np.frombuffer(found, np.uint16, cells * row // 2, at)
        turned.reshape(row // 2, cells)[:] = values.reshape(cells, row // 2).T
        at += cells * row
    return found if at == len(state) else None
