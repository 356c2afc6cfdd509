"""Named entities: people, organizations, places and other names, or types that the user names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.options import option
from engine.text_tools.base import StepProgress, TextTool, TextToolResult, ToolContext
from engine.text_tools.entities_by_encoder import found_by_encoder
from engine.text_tools.entities_by_model import found_by_model
from engine.text_tools.entities_by_types import found_by_types, types_of
from engine.text_tools.readers import reader_option, reads_with_model
from engine.text_tools.results import EntitiesResult
from engine.types import Document

TITLES = {"PER": "People", "ORG": "Organizations", "LOC": "Places", "MISC": "Other names"}


@dataclass(frozen=True)
class EntitiesOptions:
    reader: str = reader_option()
    types: str = option(
        "",
        "Types of your own",
        "Separated by commas, such as: drug, side effect. The chat model looks for them.",
        check=types_of,
    )


class Entities(TextTool):
    tool_id = "entities"
    title = "Entities"
    description = "People, organizations, places and other names, with where they stand."
    Options = EntitiesOptions
    Result = EntitiesResult

    def run(
        self, context: ToolContext, documents: tuple[Document, ...], options: EntitiesOptions
    ) -> Iterator[StepProgress | TextToolResult]:
        if types := types_of(options.types):
            yield from found_by_types(context, documents, types)
        elif reads_with_model(context, documents, options.reader):
            yield from found_by_model(context, documents)
        else:
            yield from found_by_encoder(context, documents)

    def to_markdown(self, result: EntitiesResult, documents: tuple[Document, ...]) -> str:
        lines = []
        labels = dict.fromkeys((*TITLES, *(entity.label for entity in result.entities)))
        for label in labels:
            named = [entity for entity in result.entities if entity.label == label]
            if named:
                lines += [f"## {TITLES.get(label, label)}", ""]
                lines += [
                    f"- {entity.text} ({entity.count})"
                    + (f", also {', '.join(entity.forms)}" if entity.forms else "")
                    for entity in named
                ] + [""]
        lines = lines or ["No names were found.", ""]
        lines += [f"Note: {remark}" for remark in result.remarks]
        return "\n".join(lines) + "\n"
