"""Telling a model's thoughts from its answer, in the marks that the chat templates of this field use.

Thoughts come before the answer, or in turns with it; a mark in the middle of an answer is text that
the answer is about. Knows text only: who feeds it sees to it that marks which are special tokens
arrive as text (`MARK_WORDS`).
"""

from __future__ import annotations

# (what opens thoughts, what closes them), by the models that use it.
FORMS: tuple[tuple[str, str], ...] = (
    ("<think>", "</think>"),  # DeepSeek R1, Qwen 3, QwQ, GLM, SmolLM3, MiniMax
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),  # Seed-OSS
    ("[THINK]", "[/THINK]"),  # Magistral
    ("<|START_THINKING|>", "<|END_THINKING|>"),  # Command A
    ("<|channel|>analysis<|message|>", "<|end|>"),  # gpt-oss (Harmony)
    ("<|channel>thought\n", "<channel|>"),  # Gemma 4
    ("<|inner_prefix|>", "<|inner_suffix|>"),  # Apertus
)
# Marks around the answer itself, which are not for reading.
_FRAMES = (
    "<|start|>assistant",
    "<|channel|>final<|message|>",
    "<|channel|>commentary<|message|>",
    "<|START_RESPONSE|>",
    "<|END_RESPONSE|>",
    "<|START_TEXT|>",
    "<|END_TEXT|>",
)
MARK_WORDS = frozenset(
    {
        *("<think>", "</think>", "<seed:think>", "</seed:think>", "[THINK]", "[/THINK]"),
        *("<|START_THINKING|>", "<|END_THINKING|>", "<|START_RESPONSE|>", "<|END_RESPONSE|>"),
        *("<|START_TEXT|>", "<|END_TEXT|>", "<|channel|>", "<|message|>", "<|start|>", "<|end|>"),
        *("<|channel>", "<channel|>", "<|inner_prefix|>", "<|inner_suffix|>"),
    }
)
_OPENINGS = tuple(opening for opening, _ in FORMS) + _FRAMES
_CLOSINGS = dict(FORMS)


class ReasoningSplitter:
    """Feed text as it comes; get pieces of it as (is it reasoning, text), marks left out.

    `prompt` is what the model saw: some templates open the thoughts themselves.
    """

    def __init__(self, prompt: str = "") -> None:
        end = prompt.rstrip()
        self._closing = next((c for o, c in FORMS if end.endswith(o.rstrip())), "")
        self._held = ""
        self._in_answer = False

    def feed(self, text: str) -> list[tuple[bool, str]]:
        if self._in_answer:
            return [(False, text)] if text else []
        self._held += text
        pieces: list[tuple[bool, str]] = []
        while self._held:
            before = self._held
            pieces += self._inside() if self._closing else self._outside()
            if self._held == before:
                break
        return pieces

    def finish(self) -> list[tuple[bool, str]]:
        """What is still held back."""
        held, self._held = self._held, ""
        return [(bool(self._closing), held)] if held.strip() else []

    def _inside(self) -> list[tuple[bool, str]]:
        thought, closing, rest = self._held.partition(self._closing)
        if closing:
            self._closing, self._held = "", rest
        else:
            keep = _begun(thought, self._closing)
            self._held = thought[len(thought) - keep :]
            thought = thought[: len(thought) - keep]
        return [(True, thought)] if thought else []

    def _outside(self) -> list[tuple[bool, str]]:
        """Before the answer: white space and marks are taken away, the first word begins it."""
        text = self._held.lstrip()
        for mark in _OPENINGS:
            if text.startswith(mark):
                self._closing, self._held = _CLOSINGS.get(mark, ""), text[len(mark) :]
                return []
        if any(mark.startswith(text) for mark in _OPENINGS):
            return []  # may become a mark
        text, self._held, self._in_answer = self._held, "", True
        return [(False, text)]


def _begun(text: str, mark: str) -> int:
    """Length of the longest end of `text` with which `mark` begins."""
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if mark.startswith(text[-length:]):
            return length
    return 0
