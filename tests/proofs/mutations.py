"""Files as they get damaged on their way: bits, gaps, torn ends, and changed members of packages."""

from __future__ import annotations

import io
import random
import zipfile

_MARKUP = b'<>/="&;{}[]\\,:|\n 0aZ\xff\x00'


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One of many damages, the same for the same `chance`."""
    if data.startswith(b"PK\x03\x04") and chance.random() < 0.6:
        return _changed_member(data, chance)
    return _changed(data, chance)


def _changed(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, left out, doubled or put in, and at times the end torn off."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if not out:
            break
        place = chance.randrange(len(out))
        length = chance.choice((1, 1, 2, 8, 64, 512))
        deed = chance.randrange(5)
        if deed == 0:
            out[place] ^= 1 << chance.randrange(8)
        elif deed == 1:
            del out[place : place + length]
        elif deed == 2:
            out[place:place] = out[place : place + length]
        elif deed == 3:
            out[place : place + length] = bytes(chance.choices(range(256), k=length))
        else:
            out[place : place + length] = bytes(chance.choices(_MARKUP, k=length))
    if chance.random() < 0.2:
        del out[chance.randrange(len(out) + 1) :]
    return bytes(out)


def _changed_member(data: bytes, chance: random.Random) -> bytes:
    """The package whole, and one or two of its members not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        hurt = set(chance.sample(names, min(len(names), chance.choice((1, 2)))))
        for name in names:
            content = old.read(name)
            if name in hurt and chance.random() < 0.1:
                continue
            new.writestr(name, _changed(content, chance) if name in hurt else content)
    return out.getvalue()
