"""Pictures of the settings page: its groups, what is folded away, and a text that cannot be read."""

from __future__ import annotations

from typing import Any

from engine.protocol import KeptStateInfo
from gui.widgets.kept_state_row import KeptStateRow
from tests.screenshots import Shot, Stage


def opened(stage: Stage) -> Any:
    stage.window.open_page("settings")
    stage.wait(0.1)
    return stage.window.page("settings")


def scroll_to(page: Any, name: str) -> None:
    """Bring a setting near the top of the page."""
    bar = page.column.verticalScrollBar()
    editor = page.form_with(name).editor(name)
    bar.setValue(editor.mapTo(page.column.widget(), editor.rect().topLeft()).y() - 60)


def answers(stage: Stage) -> None:
    stage.window.resize(1280, 1180)
    opened(stage)


def form(stage: Stage) -> None:
    page = opened(stage)
    stage.services.settings.change(answer_form="json_schema")
    editor = page.form_with("json_schema").editor("json_schema")
    editor.setPlainText('{"type": "object",\n "properties": {"name": {"type": "string"}')
    stage.wait(0.8)
    scroll_to(page, "overflow")


def advanced(stage: Stage) -> None:
    stage.window.resize(1280, 1400)
    page = opened(stage)
    page.fold_with("top_k").button.setChecked(True)
    stage.services.settings.change(dry_multiplier=0.8)
    stage.wait(0.1)
    scroll_to(page, "logprobs")


def advanced_end(stage: Stage) -> None:
    stage.window.resize(1280, 1000)
    page = opened(stage)
    page.fold_with("top_k").button.setChecked(True)
    page.form_with("logit_bias").editor("logit_bias").setPlainText("maybe = -5\nperhaps = much")
    stage.wait(0.8)
    scroll_to(page, "mirostat")


def engine(stage: Stage) -> None:
    stage.window.resize(1280, 1180)
    page = opened(stage)
    page.findChild(KeptStateRow).show_kept(KeptStateInfo(14, 312_400_000))
    scroll_to(page, "n_ctx")


def narrow(stage: Stage) -> None:
    stage.window.resize(640, 900)
    scroll_to(opened(stage), "temperature")


SHOTS: list[Shot] = [
    ("settings_answers", answers),
    ("settings_form", form),
    ("settings_advanced", advanced),
    ("settings_advanced_end", advanced_end),
    ("settings_engine", engine),
    ("settings_small", narrow),
]
