"""Who may import what. A slow or risky library in the wrong process breaks promises unseen."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from engine.paths import APP_ROOT

HEAVY = (
    *("numpy", "torch", "transformers", "llama_cpp", "PySide6", "pypdfium2", "docx", "lxml"),
    *("httpx2", "keyring"),
)


@pytest.mark.parametrize(
    "module",
    [
        "engine.client",
        "engine.text_tools",
        "engine.text_tools.results",
        "engine.documents",
        "engine.settings",
        "engine.storage",
        "engine.storage.conversations",
        "engine.cli",
        "main",
    ],
)
def test_the_window_and_the_command_line_start_light(module: str) -> None:
    code = f"import sys, {module}; print(*set(sys.modules) & set({HEAVY!r}))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=APP_ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []


def test_the_import_contracts_are_kept() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=APP_ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def imports_of(package: str) -> set[str]:
    """Every module of Carrel that a file of `package` imports directly, from outside it."""
    found = set()
    for path in (APP_ROOT / package.replace(".", "/")).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module)
            elif isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
    ours = {name for name in found if name.split(".")[0] in ("engine", "gui")}
    return {name for name in ours if not f"{name}.".startswith(f"{package}.")}


def test_storage_knows_only_types_errors_and_text() -> None:
    assert imports_of("engine.storage") <= {"engine.types", "engine.errors", "engine.text"}


@pytest.mark.parametrize("package", ["engine.text_tools", "engine.documents", "engine.retrieval"])
def test_tools_documents_and_retrieval_know_no_model_and_no_storage(package: str) -> None:
    banned = ("engine.backends", "engine.encoders", "engine.storage", "engine.worker", "gui")
    assert [name for name in imports_of(package) if name.startswith(banned)] == []


def test_the_engine_knows_no_window() -> None:
    assert [name for name in imports_of("engine") if name.startswith("gui")] == []
    for path in (APP_ROOT / "engine").rglob("*.py"):
        if path.name != "selftest.py":  # it looks whether Qt is there
            assert "PySide6" not in path.read_text(encoding="utf-8"), path


def test_one_page_never_imports_another() -> None:
    pages = sorted((APP_ROOT / "gui/pages").glob("*.py"))
    for path in pages:
        names = {
            node.module
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        others = {
            f"gui.pages.{other.stem}"
            for other in pages
            if other.stem not in ("__init__", path.stem)
        }
        assert path.stem == "__init__" or not names & others, path
