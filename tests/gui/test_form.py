"""A form shows what a dataclass of options says, and gives back nothing that it forbids."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import BadRequestError
from engine.options import CHANGED, option
from engine.settings import HIDDEN, Settings
from engine.text_tools import TEXT_TOOLS
from gui.widgets.form import Form


@dataclasses.dataclass(frozen=True)
class Sample:
    count: int = option(0, "Count", minimum=0, maximum=30, step=1, special="automatic")
    share: float = option(0.5, "Share", minimum=0.0, maximum=1.0, step=0.1)
    kind: str = option("a", "Kind", choices=(("a", "First"), ("b", "Second")))
    note: str = option("", "Note", "A few words.", multiline=True)
    name: str = option("", "Name")
    on: bool = option(False, "On")


def no_blanks(text: str) -> None:
    if " " in text:
        raise BadRequestError("There is a blank in it.")


@dataclasses.dataclass(frozen=True)
class Choosy:
    kind: str = option("a", "Kind", choices=(("a", "First"), ("b", "Second")))
    text: str = option("", "Text", multiline=True, code=True, check=no_blanks)
    only_b: int = option(1, "Only for b", shown_when=("kind", "b"))
    strength: float = option(0.0, "Strength", special="off", minimum=0.0, maximum=1.0)
    growth: float = option(0.5, "Growth", shown_when=("strength", CHANGED))


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[Form]:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = Form(dataclasses.fields(Sample), dataclasses.asdict(Sample()), parent)
    parent.show()
    yield made
    parent.hide()


def test_it_holds_exactly_the_values_it_was_given(form: Form) -> None:
    assert form.values() == dataclasses.asdict(Sample())
    values = {"count": 7, "share": 0.25, "kind": "b", "note": "x\ny", "name": "n", "on": True}
    form.set_values(values)
    assert form.values() == values


def test_setting_values_is_silent_but_a_person_is_heard(form: Form, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.changed, wait=50):
        form.set_values({"count": 5, "kind": "b"})
    choice, number = form.editor("kind"), form.editor("count")
    assert isinstance(choice, QComboBox)
    assert isinstance(number, QSpinBox)
    with qtbot.waitSignal(form.changed) as heard:
        choice.setCurrentIndex(0)
    assert heard.args == ["kind", "a"]
    with qtbot.waitSignal(form.changed) as heard:
        number.setFocus()
        number.stepUp()
    assert heard.args == ["count", 6]


def test_a_value_out_of_bounds_cannot_be_entered(form: Form) -> None:
    form.set_values({"count": 1000, "share": -3.0})
    assert form.values()["count"] == 30
    assert form.values()["share"] == 0.0


def test_typing_is_told_once_after_a_pause(form: Form, qtbot: QtBot) -> None:
    note = form.editor("note")
    assert isinstance(note, QPlainTextEdit)
    heard: list[tuple[str, object]] = []
    form.changed.connect(lambda name, value: heard.append((name, value)))
    qtbot.keyClicks(note, "abc")
    qtbot.waitUntil(lambda: bool(heard), timeout=3000)
    assert heard == [("note", "abc")]


def test_the_wheel_over_a_number_scrolls_the_page_and_not_the_number(form: Form) -> None:
    number = form.editor("count")
    form.set_values({"count": 3})
    number.clearFocus()
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(number.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(number, wheel)
    assert form.values()["count"] == 3


@pytest.fixture
def choosy(qtbot: QtBot) -> Iterator[Form]:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = Form(dataclasses.fields(Choosy), dataclasses.asdict(Choosy()), parent)
    parent.show()
    yield made
    parent.hide()


def test_a_text_that_means_nothing_is_remarked_and_not_told(choosy: Form, qtbot: QtBot) -> None:
    text = choosy.editor("text")
    assert isinstance(text, QPlainTextEdit)
    heard: list[tuple[str, object]] = []
    choosy.changed.connect(lambda name, value: heard.append((name, value)))
    qtbot.keyClicks(text, "a b")
    qtbot.waitUntil(lambda: bool(choosy.remark("text")), timeout=3000)
    assert choosy.remark("text").startswith("There is a blank in it.")
    assert heard == []
    # Another setting changes and all are shown anew: what is being mended stays.
    choosy.set_values(dataclasses.asdict(Choosy(kind="b")))
    assert text.toPlainText() == "a b"
    qtbot.keyClick(text, Qt.Key.Key_Backspace)
    qtbot.keyClick(text, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: bool(heard), timeout=3000)
    assert heard == [("text", "a")]
    assert choosy.remark("text") == ""
    choosy.set_values(dataclasses.asdict(Choosy(text="undone")))
    assert text.toPlainText() == "undone"


def test_what_does_not_matter_is_not_shown(choosy: Form) -> None:
    def is_shown(name: str) -> bool:
        return choosy.editor(name).isVisible()

    kind = choosy.editor("kind")
    assert isinstance(kind, QComboBox)
    assert not is_shown("only_b")
    kind.setCurrentIndex(1)
    assert is_shown("only_b")
    choosy.set_values({"kind": "a"})
    assert not is_shown("only_b")
    assert not is_shown("growth")
    choosy.set_values({"strength": 0.8})
    assert is_shown("growth")


def test_a_switch_is_turned_by_key_and_mouse(form: Form, qtbot: QtBot) -> None:
    switch = form.editor("on")
    with qtbot.waitSignal(form.changed) as heard:
        qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert heard.args == ["on", True]
    with qtbot.waitSignal(form.changed) as heard:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert heard.args == ["on", False]


def test_every_editor_has_a_name_for_screen_readers(form: Form) -> None:
    names = [form.editor(field.name).accessibleName() for field in dataclasses.fields(Sample)]
    assert names == ["Count", "Share", "Kind", "Note", "Name", "On"]


def test_settings_and_every_text_tool_fit_a_form(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    shown = [f for f in dataclasses.fields(Settings) if f.metadata["group"] != HIDDEN]
    values = dataclasses.asdict(Settings())
    assert Form(shown, values, parent).values() == {f.name: values[f.name] for f in shown}
    for tool in TEXT_TOOLS:
        defaults = dataclasses.asdict(tool.Options())
        assert Form(dataclasses.fields(tool.Options), defaults, parent).values() == defaults
