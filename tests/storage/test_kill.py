"""The quick form of `tests/proofs/kill_storage.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.proofs.kill_storage import kill


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_ten_killed_writers_lose_nothing_that_they_confirmed(tmp_path: Path) -> None:
    counts = kill(tmp_path, kills=10)
    assert counts["lost"] == 0
    assert counts["acknowledged"] > 20
    assert counts["interrupted"] > 0
