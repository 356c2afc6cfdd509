"""Which sentences are taken for the most important ones."""

from __future__ import annotations

import numpy as np

from engine.contracts import AbortFlag
from engine.text_tools.key_sentences import LetterPairs, SourceSentence, chosen, worths
from engine.types import Passage

LONG = "These are quite enough words for one."


def sentences(*texts: str) -> list[SourceSentence]:
    return [SourceSentence(Passage(i, i + 1), text) for i, text in enumerate(texts)]


def keys(texts: tuple[str, ...], vectors: np.ndarray, count: int) -> list[int]:
    return chosen(worths(sentences(*texts), vectors), vectors, count)


def test_they_are_central_and_do_not_repeat_each_other() -> None:
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    found = keys((LONG,) * 5, vectors, 2)
    assert found == sorted(found)
    assert not {0, 1} <= set(found)
    assert 4 not in found


def test_headings_and_fragments_are_none_unless_there_is_nothing_else() -> None:
    vectors = np.ones((3, 2), dtype=np.float32) / np.sqrt(2)
    assert keys(("A heading", LONG, "3 | 4 | 5"), vectors, 3) == [1]
    assert keys(("A heading", "Two", "3"), vectors, 9) == [0, 1, 2]


def test_a_chinese_sentence_is_one_though_it_has_no_spaces() -> None:
    vectors = np.ones((2, 2), dtype=np.float32) / np.sqrt(2)
    assert keys(("标题", "这是一个足够长的句子，说明了很多事情。"), vectors, 2) == [1]


def test_no_more_are_taken_than_there_is_room_for() -> None:
    worth = np.array([3, 2, 1], np.float32)
    vectors = np.eye(3, dtype=np.float32)
    assert chosen(worth, vectors, 3, lengths=(10, 10, 5), room=15) == [0, 2]
    assert chosen(worth, vectors, 3, lengths=(99, 10, 5), room=15) == [0]


def test_what_is_asked_about_weighs_most() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    worth = worths(sentences(*[LONG] * 3), vectors, focus=vectors[2])
    assert int(worth.argmax()) == 2


def test_letter_pairs_bring_alike_texts_together_in_any_language() -> None:
    texts = ["大语言模型需要很多数据。", "训练大语言模型的数据很多。", "昨天里斯本下了一场雨。"]
    rows = LetterPairs(texts).encode(texts, AbortFlag())
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > 2 * rows[0] @ rows[2]
