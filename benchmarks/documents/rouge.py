"""ROUGE (Lin 2004) by Google's rouge-score: F1 with stemming, the best of several references."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

KINDS = ("ROUGE-1", "ROUGE-2", "ROUGE-L")


class Rouge:
    def __init__(self) -> None:
        from rouge_score import rouge_scorer

        self._scorer: Any = rouge_scorer.RougeScorer(
            ["rouge1", "rouge2", "rougeL"], use_stemmer=True
        )

    def best(self, summary: str, references: Sequence[str]) -> np.ndarray:
        """Shape (3,): of each kind that of the reference it comes nearest to."""
        found = [self._scorer.score(reference, summary) for reference in references]
        return np.array(
            [[one[kind].fmeasure for kind in ("rouge1", "rouge2", "rougeL")] for one in found]
        ).max(axis=0)
