"""The quick form of `tests/proofs/soak_engine.py`."""

from __future__ import annotations

import pytest

from tests.proofs.soak_engine import quick_soak
from tests.proofs.soak_run import IN_FLIGHT

pytestmark = [pytest.mark.model, pytest.mark.worker]


def test_sixty_mixed_requests_all_end_once_with_their_own_answers() -> None:
    found = quick_soak()
    assert found["wrong"] == []
    assert found["requests"] == 60
    assert found["kinds"]["chat"] > 40
    assert found["kinds"]["stopped"] > 0
    assert found["most_at_once"] > IN_FLIGHT // 2  # some end before the last is sent
    assert found["alone"]["greedy"] > 3
    assert found["alone"]["mixed_up_noticed"] > 0
