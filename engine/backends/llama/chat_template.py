"""The model's own chat template, rendered in a sandbox.

A template comes with the model file and is a program by a stranger: Jinja's immutable sandbox keeps
it from attributes and from changing anything, and limits keep it from running away.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jinja2
import jinja2.exceptions
import jinja2.ext
import jinja2.sandbox

from engine.errors import ChatTemplateError
from engine.types import Message, Role

MAX_TEMPLATE = 200_000
MAX_PROMPT = 200_000_000
MAX_SECONDS = 2.0
_MARK = re.compile("\x02(\\d+)\x03")

# For models that carry no template: the ChatML form, which most understand.
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


class _Environment(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """Refuses what could make a template run for hours or fill the memory."""

    intercepted_binops = frozenset({"**", "*"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (_is_number(left) and _is_number(right)):
            raise jinja2.exceptions.SecurityError(f"'{operator}' is not allowed here")
        return super().call_binop(context, operator, left, right)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


class ChatTemplate:
    """`render(messages)` gives the prompt that ends where the assistant's answer begins."""

    def __init__(self, source: str, bos: str, eos: str) -> None:
        self.source = source or CHATML
        self._names = {"bos_token": bos, "eos_token": eos}
        if len(self.source) > MAX_TEMPLATE:
            raise ChatTemplateError("The model's chat template is too large to be one.")
        environment = _Environment(
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.loopcontrols"],
            undefined=jinja2.ChainableUndefined,
        )
        environment.filters["tojson"] = _to_json
        environment.globals["raise_exception"] = _refuse
        environment.globals["strftime_now"] = lambda form: datetime.datetime.now().strftime(form)
        try:
            self._template = environment.from_string(self.source)
        except (jinja2.TemplateError, RecursionError) as error:
            raise ChatTemplateError(f"The model's chat template is broken: {error}.") from error

    def render(self, messages: Sequence[Message]) -> str:
        """The prompt. A template that knows no system role gets it as part of the first message."""
        plain = [{"role": str(message.role), "content": message.content} for message in messages]
        try:
            return self._render(plain)
        except ChatTemplateError:
            if not messages or messages[0].role is not Role.SYSTEM or len(messages) < 2:
                raise
        first = {**plain[1], "content": f"{plain[0]['content']}\n\n{plain[1]['content']}"}
        return self._render([first, *plain[2:]])

    def pieces(self, messages: Sequence[Message]) -> list[tuple[str, bool]]:
        """The prompt in pieces, and of each whether it is the template's own text.

        Only there may `<|im_end|>` and the like be special tokens: the same characters typed by a
        user are text. So the messages are rendered as placeholders, wherever the template puts them.
        """
        marked = [Message(m.role, f"\x02{index}\x03") for index, m in enumerate(messages)]
        parts = _MARK.split(self.render(marked))
        if {int(index) for index in parts[1::2]} != set(range(len(messages))):
            # A template that changes or drops its messages can only be rendered as it is.
            return [(self.render(messages), True)]
        return [
            (messages[int(part)].content, False) if number % 2 else (part, True)
            for number, part in enumerate(parts)
            if part
        ]

    def _render(self, messages: list[dict[str, str]]) -> str:
        pieces, length = [], 0
        try:
            with _time_limit(MAX_SECONDS):
                for piece in self._template.generate(
                    messages=messages, add_generation_prompt=True, tools=None, **self._names
                ):
                    pieces.append(piece)
                    length += len(piece)
                    if length > MAX_PROMPT:
                        raise ChatTemplateError("The model's chat template does not end.")
        except ChatTemplateError:
            raise
        except Exception as error:  # whatever a stranger's program may raise
            raise ChatTemplateError(f"The model's chat template failed: {error}.") from error
        return "".join(pieces)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Ends this thread's Python code at its next line: a template may loop without writing."""
    end = time.monotonic() + seconds

    def trace(*_: Any) -> Any:
        if time.monotonic() > end:
            raise ChatTemplateError("The model's chat template does not end.")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(message: str) -> None:
    raise ChatTemplateError(f"The model's chat template refused: {message}.")
