"""What files a drop brings: a model's or documents. Knows no widget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders in a drop; nothing from the network."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file() or path.is_dir()]


def is_model(path: Path) -> bool:
    """A GGUF file, or a folder of safetensors."""
    is_folder = path.is_dir() and next(path.glob("*.safetensors"), None) is not None
    return is_folder or path.suffix.lower() == ".gguf"
