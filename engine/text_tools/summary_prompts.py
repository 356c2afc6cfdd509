"""What a chat model is asked for when it notes a part of a document, or puts notes together."""

from __future__ import annotations

from engine.text_tools.fence import RULE, fenced
from engine.types import Message, Role

VERSION = 4  # of these words: a note that older ones asked for is not taken for a new one
# The instruction that SmolLM2's own training data uses; larger models follow it as well.
_TASK = (
    "Provide a concise, objective summary of the input text in up to {count}, focusing "
    "on {focus} without using second or third person pronouns."
)
_COUNTS = {1: "one sentence", 2: "two sentences", 3: "three sentences", 4: "four sentences"}
NOTHING = "NOTHING"


def messages(text: str, sentences: int, focus: str, language: str) -> list[Message]:
    task = _TASK.format(
        count=_COUNTS.get(sentences, f"{sentences} sentences"),
        focus=f"what it says about {focus}" if focus else "key actions and intentions",
    )
    if focus:
        task += f" If it says nothing about that, answer {NOTHING}."
    if language:
        task += f" Write in {language}."
    return [Message(Role.SYSTEM, f"{task} {RULE}"), Message(Role.USER, fenced(text))]
