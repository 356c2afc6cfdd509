"""The quick forms of `tests/proofs/engine_faults.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.proofs.fault_kills import kill_workers
from tests.proofs.fault_models import odd_models
from tests.proofs.fault_states import damage_states

pytestmark = [pytest.mark.model, pytest.mark.worker]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_worker_is_told_and_comes_back_by_itself() -> None:
    found = kill_workers(3, samples=4)
    assert found["wrong"] == []
    assert found["counts"]["failed"] > 0
    assert found["counts"]["with text"] > 0


def test_a_damaged_state_is_never_used_and_goes() -> None:
    found = damage_states(10)
    assert found["wrong"] == []
    assert found["counts"]["loaded and asked"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs the limits of a process")
def test_models_that_cannot_be_are_told_and_the_good_one_loads_again(tmp_path: Path) -> None:
    found = odd_models(tmp_path, quick=True)
    assert found["wrong"] == []
    assert "the worker ended" in found["found"]["no layers"]
