"""Every word of the window has its Chinese, and counts are said properly in English."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from engine.paths import APP_ROOT
from engine.setting_texts import UnreadableTextError
from engine.settings import HIDDEN, Settings
from engine.text_tools import TEXT_TOOLS
from gui import translations
from gui.engine_strings import OPTIONS, TEXT_PROBLEMS
from gui.engine_strings import TEXT_TOOLS as TEXT_TOOL_STRINGS

CHINESE = translations.FOLDER / "carrel_zh_CN.ts"


def messages(path: Path) -> dict[tuple[str, str], list[str]]:
    """(context, source): its translations, none if it is unfinished."""
    found = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")]
            texts = forms or [translation.text or ""]
            key = (context.findtext("name") or "", message.findtext("source") or "")
            found[key] = [] if translation.get("type") else texts
    return found


@pytest.fixture
def speak(qapp: QApplication) -> Iterator[object]:
    installed = []

    def install(language: str) -> None:
        installed.extend(translations.install(language, qapp))

    yield install
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(QLocale.c())


def test_every_string_of_the_window_is_in_the_translation(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    if not tool.exists():
        tool = Path(PySide6.__file__).parent / "lupdate"
    sources = sorted(str(path) for path in (APP_ROOT / "gui").rglob("*.py"))
    subprocess.run([tool, *sources, "-ts", fresh], check=True, capture_output=True, cwd=APP_ROOT)
    missing = set(messages(fresh)) - set(messages(CHINESE))
    assert missing == set(), "run the commands that gui/translations.py names"


def test_every_string_is_translated_and_keeps_its_places() -> None:
    for (context, source), texts in messages(CHINESE).items():
        assert texts, f"{context}: {source!r} has no Chinese"
        for text in texts:
            assert text.strip(), f"{context}: {source!r} is empty in Chinese"
            places = re.compile(r"\{[^}]*\}|%n")
            assert sorted(places.findall(text)) == sorted(places.findall(source)), source


def test_every_word_of_the_engine_that_is_shown_is_marked() -> None:
    shown = set()
    for kind in (Settings, *(tool.Options for tool in TEXT_TOOLS)):
        for field in dataclasses.fields(kind):
            meta = field.metadata
            if kind is Settings and meta["group"] == HIDDEN:
                continue
            labels = [label for _, label in meta["choices"]]
            shown |= {meta["group"], meta["label"], meta["help"], meta["special"], *labels}
    assert shown - {""} <= set(OPTIONS)
    tools = {text for tool in TEXT_TOOLS for text in (tool.title, tool.description)}
    assert tools <= set(TEXT_TOOL_STRINGS)


def test_every_reason_why_a_text_cannot_be_read_is_marked() -> None:
    tree = ast.parse((APP_ROOT / "engine/setting_texts.py").read_text(encoding="utf-8"))
    told = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == UnreadableTextError.__name__
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(told) > 5
    assert told == set(TEXT_PROBLEMS)


def test_chinese_is_spoken_when_it_is_chosen(speak: object) -> None:
    speak("zh_CN")  # type: ignore[operator]
    assert QCoreApplication.translate("Pages", "Settings") == "设置"
    assert (
        QCoreApplication.translate("CoverageBar", "{read} of %n part(s)", "", 7)
        == "{read} / 7 部分"
    )


def test_english_counts_properly(speak: object) -> None:
    speak("en")  # type: ignore[operator]
    several = QCoreApplication.translate("CoverageBar", "{read} of %n part(s)", "", 7)
    one = QCoreApplication.translate("CoverageBar", "{read} of %n part(s)", "", 1)
    assert (several, one) == ("{read} of 7 parts", "{read} of 1 part")
    cut = "%n message(s) above are no longer seen by the model"
    assert [QCoreApplication.translate("ContextDivider", cut, "", n) for n in (1, 12)] == [
        "1 message above is no longer seen by the model",
        "12 messages above are no longer seen by the model",
    ]


def test_an_unknown_choice_is_the_systems_language() -> None:
    assert translations.language_of("system") in translations.LANGUAGES
    assert translations.language_of("zh_CN") == "zh_CN"
