"""What is said about a model in a form that this processor reads faster, before and after."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.protocol import Conversion
from engine.types import ModelInfo


def offer(info: ModelInfo) -> tuple[str, str]:
    """A sentence, and the button's word."""
    words = QCoreApplication.translate(
        "Conversion",
        "This processor would read faster with “{name}” as {quantization}. The file itself stays as"
        " it is.",
    )
    return (
        words.format(name=info.name, quantization=info.conversion),
        QCoreApplication.translate("Conversion", "Convert"),
    )


def outcome(conversion: Conversion) -> str:
    """What was measured, and whether the converted file is used."""
    if not conversion.used:
        words = QCoreApplication.translate(
            "Conversion",
            "Converted to {quantization}, but it did not pay: {speed} tokens/s read instead of"
            " {before}, perplexity {change}. The model stays as it was.",
        )
    else:
        words = QCoreApplication.translate(
            "Conversion",
            "Converted to {quantization}: prompts are read {gain} times as fast, {speed} tokens/s"
            " instead of {before}. Perplexity changed by {change}.",
        )
    return words.format(
        quantization=conversion.quantization,
        gain=f"{_ratio(conversion.prompt_speed, conversion.source_prompt_speed):.1f}",
        speed=f"{conversion.prompt_speed:,.0f}",
        before=f"{conversion.source_prompt_speed:,.0f}",
        change=f"{100 * (_ratio(conversion.perplexity, conversion.source_perplexity) - 1):+.2f} %",
    )


def _ratio(value: float, base: float) -> float:
    return value / base if base > 0 else 1.0
