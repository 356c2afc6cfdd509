"""From many notes to few points: by choosing the best, or by putting notes into new words.

A small model loses the source a little more each time it rewrites, so its notes are only chosen from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from engine.contracts import AbortFlag
from engine.text_tools import key_sentences
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.key_sentences import SourceSentence, Vectors
from engine.text_tools.results import SummaryPoint
from engine.text_tools.side_by_side import side_by_side
from engine.text_tools.summary_notes import Note, NoteWriter, Source
from engine.text_tools.summary_plan import SummaryPlan

GROUP_TOKENS = 900


def selected(
    notes: Sequence[Note], count: int, vectors_of: Vectors, only_supported: bool = False
) -> tuple[SummaryPoint, ...]:
    """The `count` points that say most without repeating each other, in the order of the text.

    `only_supported`: those with a number, name or quote that the source lacks are not taken.
    """
    points = [
        point
        for note in notes
        for point in note.points
        if not (only_supported and point.unsupported)
    ]
    if len(points) <= count:
        return tuple(points)
    sentences = [SourceSentence(point.passages[0], point.text) for point in points]
    vectors = vectors_of.encode([p.text for p in points], AbortFlag())
    worth = key_sentences.worths(sentences, vectors)
    worth[~np.isfinite(worth)] = -1e3  # no full sentences, but the model's
    return tuple(points[place] for place in key_sentences.chosen(worth, vectors, count))


def merged(
    notes: list[Note],
    plan: SummaryPlan,
    writer: NoteWriter,
    source_of: Callable[[tuple[int, ...], str], Source],
    context: ToolContext,
) -> Iterator[StepProgress | list[Note]]:
    """Puts neighbouring notes together until there are no more points than wanted; the last is it."""
    while sum(len(note.points) for note in notes) > plan.wanted:
        if len(notes) == 1:
            notes = [notes[0].shortened(plan.wanted)]
            break
        per_group = max(2, -(-len(notes) // max(1, plan.wanted // 2)))
        groups = [notes[i : i + per_group] for i in range(0, len(notes), per_group)]
        groups = [piece for group in groups for piece in _fitting(group, context)]
        if len(groups) == len(notes):  # nothing can get fewer: the first point of each
            notes = [note.shortened(1) for note in notes][: plan.wanted]
            break
        sentences = 1 if len(groups) * 2 > plan.wanted else 2
        together: list[Note] = [group[0] for group in groups]
        rewritten = [(n, group) for n, group in enumerate(groups) if len(group) > 1]

        def put(group: list[Note], sentences: int = sentences) -> Note:
            parts = tuple(part for note in group for part in note.parts)
            text = " ".join(note.text() for note in group)
            return writer.write(source_of(parts, text), sentences)

        work = ((lambda g=group: put(g)) for _, group in rewritten)
        width = plan.width(context.model.info)
        for done, (place, note) in enumerate(side_by_side(work, width, context.abort)):
            context.usage += note.usage
            number, group = rewritten[place]
            together[number] = note if note.points else group[0].shortened(1)
            yield StepProgress("merging", done + 1, len(rewritten))
        notes = together
    yield notes


def _fitting(group: list[Note], context: ToolContext) -> list[list[Note]]:
    """The group in as many pieces as each fit a prompt."""
    limit = min(GROUP_TOKENS, context.model.info.n_ctx // 2)
    pieces: list[list[Note]] = [[]]
    tokens = 0
    for note in group:
        count = context.model.count_tokens(note.text())
        if pieces[-1] and tokens + count > limit:
            pieces.append([])
            tokens = 0
        pieces[-1].append(note)
        tokens += count
    return pieces
