"""What an answer keeps of the model that made it."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.types import ModelInfo


def brief(info: ModelInfo) -> dict[str, Any]:
    """As plain data, without what is long."""
    data: dict[str, Any] = msgspec.to_builtins(info)
    for name in ("chat_template", "metadata", "choices", "conversion"):
        del data[name]
    return data
