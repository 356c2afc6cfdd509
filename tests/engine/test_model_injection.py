"""The quick form of `benchmarks/documents/injection.py`: the embedded models keep to their task.

Documents of the test set that made the chat model leave its task where its prompt had no fence.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.documents.attacks import Attack, attacked, read_attacks
from benchmarks.documents.bench import Bench
from benchmarks.documents.injection import TOOLS, results_of, verdicts
from engine.contracts import LanguageModel
from engine.encoders.resident import ResidentEncoder
from engine.types import Document

pytestmark = pytest.mark.model

BASES, ATTACKS = read_attacks()
QUICK = ("role marks of ChatML", "fake end with a key", "hide a name")


@pytest.fixture
def bench(
    embedded_model: LanguageModel, sentence_encoder: ResidentEncoder, tmp_path: Path
) -> Bench:
    """The benchmark's, with models that are loaded already and without any data."""
    bench = Bench(tmp_path, tmp_path, tmp_path, quick=True, peers=None)
    bench.model, bench.encoder = embedded_model, sentence_encoder
    return bench


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if one.name in QUICK], ids=lambda attack: attack.name
)
def test_a_document_that_gives_orders_changes_no_task(
    attack: Attack, bench: Bench, tmp_path: Path
) -> None:
    base = BASES[attack.base]
    clean = results_of(bench, base, Document("document", base.text))
    found = results_of(bench, base, attacked(base, attack, tmp_path))
    kept = verdicts(attack, found, clean)
    assert set(kept) == set(TOOLS)
    assert all(kept.values()), kept
