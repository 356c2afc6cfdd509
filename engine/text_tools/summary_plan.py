"""How much a summary is to say, and how many of its notes are written at once."""

from __future__ import annotations

import msgspec

from engine.types import ModelInfo

_WANTED = {"one line": 1, "short": 6, "detailed": 14}
_QUOTES = {"one line": 1, "short": 6, "detailed": 12}
_EACH = {"one line": 1, "short": 3, "detailed": 6}
_SENTENCES = {"one line": 1, "short": 2, "detailed": 3}
_CHOICE = 4  # sentences of all parts together, for each that the summary takes: more are not missed
SECTIONS = "sections"
# On a processor attention looks at everybody's prompts: while one is read another is written, and more
# than these two gain nothing.
_AT_ONCE_ON_CPU, _AT_ONCE_ON_GPU, _AT_ONCE_ON_SERVER = 2, 8, 4


class SummaryPlan(msgspec.Struct, frozen=True):
    """`points` 0: as many as the length says."""

    length: str = "short"
    form: str = "points"
    focus: str = ""
    language: str = ""
    points: int = 0

    @property
    def wanted(self) -> int:
        if self.points:
            return self.points
        return _WANTED["detailed"] if self.by_sections else _WANTED[self.length]

    @property
    def quotes(self) -> int:
        return self.points or _QUOTES[self.length]

    @property
    def each(self) -> int:
        """Points of one of several documents."""
        return min(self.points or 30, _EACH[self.length])

    @property
    def by_sections(self) -> bool:
        return self.form == SECTIONS

    def sentences_of_part(self, parts: int) -> int:
        """Fewer where there are many parts: there is enough to choose from."""
        few = self.length == "short" and parts < 3
        enough = -(-_CHOICE * self.wanted // max(1, parts))
        return min(_SENTENCES[self.length] + few, enough)

    def tries_again(self, parts: int) -> bool:
        """Whether a part whose note is of no use is missed."""
        return self.by_sections or parts <= _CHOICE * self.wanted // 2

    @staticmethod
    def width(info: ModelInfo) -> int:
        """Notes that are written at once."""
        if info.remote:
            return _AT_ONCE_ON_SERVER
        return _AT_ONCE_ON_GPU if info.device.gpu_layers else _AT_ONCE_ON_CPU
