"""Where things are kept. `CARREL_HOME` puts all of it in one folder (portable use, tests)."""

from __future__ import annotations

import os
from pathlib import Path

APP_ROOT = Path(__file__).resolve().parent.parent
RESOURCES = APP_ROOT / "resources"


def _folder(kind: str) -> Path:
    home = os.environ.get("CARREL_HOME")
    if home:
        return Path(home).expanduser() / kind
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_dir")("carrel", appauthor=False))


def data_folder() -> Path:
    """Conversations and everything else that must not be lost."""
    return _folder("data")


def config_folder() -> Path:
    return _folder("config")


def cache_folder() -> Path:
    """Only what can be made again."""
    return _folder("cache")


def log_folder() -> Path:
    return _folder("log")


def database_file() -> Path:
    return data_folder() / "carrel.sqlite3"


def library_file() -> Path:
    return data_folder() / "library.sqlite3"


def settings_file() -> Path:
    return config_folder() / "settings.json"
