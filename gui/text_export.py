"""A text tool's result as Markdown or JSON, to copy or to keep in a file. Knows no widget."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from engine.errors import TextToolError
from engine.text_tools.row import text_tool_row
from engine.types import Document
from gui.file_names import safe_stem
from gui.text_run import RunState, text_tool


def as_markdown(documents: tuple[Document, ...], tool_id: str, state: RunState) -> str:
    """What a person would want to paste, under the documents' names."""
    tool = text_tool(tool_id)
    names = ", ".join(document.name for document in documents)
    return f"# {names}\n\n{tool.to_markdown(state.result, documents)}"


def as_json(documents: tuple[Document, ...], tool_id: str, state: RunState) -> str:
    """The fields of `carrel … --json --with-text`; over several documents, `input` and `source_text`
    are lists, and each span says of which of them it is."""
    assert state.outcome is not None
    row = text_tool_row(documents[0], state.outcome, state.usage, True)
    if len(documents) > 1:
        row["input"] = [document.path or document.name for document in documents]
        row["source_text"] = [document.text for document in documents]
        for plain, span in zip(row["spans"], state.outcome.result["spans"], strict=True):
            plain["document"] = span.get("document", 0)
    return json.dumps(row, ensure_ascii=False, indent=1) + "\n"


def file_name(documents: tuple[Document, ...], tool_id: str, suffix: str) -> str:
    """`report-summarize.md`, safe on every system."""
    stem = safe_stem(Path(documents[0].name).stem, "document")
    more = f"-and-{len(documents) - 1}-more" if len(documents) > 1 else ""
    return f"{stem}{more}-{tool_id}{suffix}"


def write_file(path: Path, content: str | bytes) -> None:
    """All of it or nothing, text as UTF-8; `TextToolError` says why not."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".carrel-")
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)  # like any file the user makes
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise TextToolError(
            f"“{path.name}” could not be written: {error.strerror or error}.",
            hint="Choose another folder, or free some space on the disk.",
        ) from error
