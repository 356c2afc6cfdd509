"""Damaged files of every format, few of them here: the full form is tests/proofs/document_mutations."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents import read_document
from tests.documents.samples import samples
from tests.proofs.document_mutations import run

pytestmark = pytest.mark.worker


@pytest.mark.parametrize(("suffix", "data"), samples(), ids=[suffix for suffix, _ in samples()])
def test_the_samples_themselves_are_sound(suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    document = read_document(path)
    assert "rain" in document.text.casefold()
    assert f".{document.format}" == suffix


def test_damaged_files_are_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    found = run(200, seed=7, folder=tmp_path)
    assert found["wrong"] == []
    assert found["outcomes"]["read"] > 20
    assert found["outcomes"]["DOCUMENT_DAMAGED"] > 20
