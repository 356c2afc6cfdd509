"""A process is killed while it indexes. Many more kills: `python -m tests.proofs.library_kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.encoders.resident import ResidentEncoder
from tests.proofs.library_kills import kill_until_whole


@pytest.mark.skipif("os.name == 'nt'", reason="there is no SIGKILL")
def test_indexing_goes_on_where_it_was_killed(
    tmp_path: Path, sentence_encoder: ResidentEncoder
) -> None:
    counts = kill_until_whole(tmp_path, sentence_encoder, seed=1, kills=3, documents=12)
    assert counts["wrong"] == 0
    assert counts["kills"] >= 1
