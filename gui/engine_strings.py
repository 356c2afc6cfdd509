"""Words of the engine that the window shows, marked so that they are translated.

The engine knows no Qt and cannot mark them itself. To add a setting or a text tool: its words here
as well; a test says which are missing.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

OPTIONS = (
    QT_TRANSLATE_NOOP("options", "Look"),
    QT_TRANSLATE_NOOP("options", "Appearance"),
    QT_TRANSLATE_NOOP("options", "Like the system"),
    QT_TRANSLATE_NOOP("options", "Light"),
    QT_TRANSLATE_NOOP("options", "Dark"),
    QT_TRANSLATE_NOOP("options", "Language"),
    QT_TRANSLATE_NOOP("options", "Takes effect at the next start."),
    QT_TRANSLATE_NOOP("options", "English"),
    QT_TRANSLATE_NOOP("options", "简体中文"),
    QT_TRANSLATE_NOOP("options", "Answers"),
    QT_TRANSLATE_NOOP("options", "Instructions for every new answer"),
    QT_TRANSLATE_NOOP("options", "Sent before each conversation as the system message."),
    QT_TRANSLATE_NOOP("options", "Temperature"),
    QT_TRANSLATE_NOOP("options", "0 always takes the likeliest word; higher values vary more."),
    QT_TRANSLATE_NOOP("options", "Top-p"),
    QT_TRANSLATE_NOOP("options", "Top-k"),
    QT_TRANSLATE_NOOP("options", "off"),
    QT_TRANSLATE_NOOP("options", "Min-p"),
    QT_TRANSLATE_NOOP("options", "Repeat penalty"),
    QT_TRANSLATE_NOOP("options", "1 is off."),
    QT_TRANSLATE_NOOP("options", "Longest answer, in tokens"),
    QT_TRANSLATE_NOOP("options", "Seed"),
    QT_TRANSLATE_NOOP("options", "The same seed and prompt give the same answer."),
    QT_TRANSLATE_NOOP("options", "random"),
    QT_TRANSLATE_NOOP("options", "Engine"),
    QT_TRANSLATE_NOOP("options", "Context length, in tokens"),
    QT_TRANSLATE_NOOP(
        "options",
        "How much of a conversation the model can see, at most what it was trained on. "
        "More needs more memory.",
    ),
    QT_TRANSLATE_NOOP("options", "automatic"),
    QT_TRANSLATE_NOOP("options", "GPU layers"),
    QT_TRANSLATE_NOOP("options", "How many layers of the model run on the GPU; 0 is the CPU only."),
    QT_TRANSLATE_NOOP("options", "Threads"),
    QT_TRANSLATE_NOOP("options", "Points at most"),
    QT_TRANSLATE_NOOP("options", "How many sentences of summary, and as many key sentences."),
)

TEXT_TOOLS = (
    QT_TRANSLATE_NOOP("TextTools", "Summary"),
    QT_TRANSLATE_NOOP(
        "TextTools", "The whole document in a few sentences, each linked to its passages."
    ),
    QT_TRANSLATE_NOOP("TextTools", "Sentiment"),
    QT_TRANSLATE_NOOP(
        "TextTools", "Negative, neutral or positive: the whole, and sentence by sentence."
    ),
    QT_TRANSLATE_NOOP("TextTools", "Entities"),
    QT_TRANSLATE_NOOP(
        "TextTools", "People, organizations, places and other names, with where they stand."
    ),
)
