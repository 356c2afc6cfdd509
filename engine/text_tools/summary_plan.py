"""How much a summary is to say, and how many of its notes are written at once."""

from __future__ import annotations

import msgspec

from engine.types import ModelInfo

_WANTED = {"one line": 1, "short": 6, "detailed": 14}
_QUOTES = {"one line": 1, "short": 6, "detailed": 12}
_EACH = {"one line": 1, "short": 3, "detailed": 6}
_SENTENCES = {"one line": 1, "short": 2, "detailed": 3}
SECTIONS = "sections"
# Prompts of their own share the time of attention on a processor: more than three gain nothing there.
_AT_ONCE_ON_CPU, _AT_ONCE_ON_GPU, _AT_ONCE_ON_SERVER = 3, 8, 4


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
        few = self.length == "short" and parts < 3
        return _SENTENCES[self.length] + few

    @staticmethod
    def width(info: ModelInfo) -> int:
        """Notes that are written at once."""
        if info.remote:
            return _AT_ONCE_ON_SERVER
        return _AT_ONCE_ON_GPU if info.device.gpu_layers else _AT_ONCE_ON_CPU
