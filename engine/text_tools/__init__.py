"""The text tools, in menu order. To add one: a file with a `TextTool`, and its line here."""

from __future__ import annotations

from engine.text_tools.ask import Ask
from engine.text_tools.base import TextTool
from engine.text_tools.entities import Entities
from engine.text_tools.sentiment import Sentiment
from engine.text_tools.summarize import Summarize

TEXT_TOOLS: tuple[TextTool, ...] = (Summarize(), Ask(), Sentiment(), Entities())
