from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.encoders.resident import ResidentEncoder
from tests.library.shelf import BREAD, CHINESE, COMETS, REDWICK, Counting, Shelf, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four texts."""
    place = tmp_path / "texts"
    write(place, redwick=REDWICK, bread=BREAD, comets=COMETS, palace=CHINESE)
    return place


@pytest.fixture
def encoder(sentence_encoder: ResidentEncoder) -> Counting:
    return Counting(sentence_encoder)


@pytest.fixture
def shelf(tmp_path: Path, encoder: Counting) -> Iterator[Shelf]:
    """An empty library."""
    shelf = Shelf(tmp_path / "home", encoder)
    yield shelf
    shelf.library.close()


@pytest.fixture
def filled(shelf: Shelf, folder: Path) -> Shelf:
    """A library of the four texts, indexed."""
    shelf.library.add([str(folder)])
    shelf.update()
    return shelf
