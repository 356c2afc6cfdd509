"""Fixtures of the engine's tests. `pytest -m "not model and not worker"` runs the quick ones."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user may enter too, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="carrel-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def without_root() -> Iterator[None]:
    """As an ordinary user: root may read and write everything, so it sees no such error."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
