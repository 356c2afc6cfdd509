"""How far a command is: one line on standard error that changes, if a person is looking."""

from __future__ import annotations

import sys

from engine.protocol import Event, Progress


class StatusLine:
    """`clear` it before anything else is printed."""

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._width = 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.tell(
                f"{event.stage} {event.done / event.total:.0%}" if event.total else event.stage
            )

    def tell(self, text: str) -> None:
        if self._shown:
            print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)

    def clear(self) -> None:
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
            self._width = 0
