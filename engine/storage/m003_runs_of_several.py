"""Runs of a text tool over several documents at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m003_runs_of_several(db: Database) -> None:
    """Which further documents a run read, beside `document_id`.

    - `further` is a JSON list of ids in their order, NULL for a run over one document, so that all
      runs of before are what they were.
    - No table of its own: who was read is asked for only as a whole, and such a run goes with its
      first document.
    - It stands after `result`, which may be long; whoever looks for a run compares it in a row that
      is read anyway.
    """
    db.execute("ALTER TABLE tool_runs ADD COLUMN further TEXT")
