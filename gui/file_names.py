"""Names for files that every system takes. Knows no widget."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
LONGEST = 80


def safe_stem(words: str, otherwise: str) -> str:
    """The words as the name of a file, without a suffix; `otherwise` where nothing is left of them."""
    return " ".join(_UNSAFE.sub(" ", words).split())[:LONGEST].strip(" .…") or otherwise
