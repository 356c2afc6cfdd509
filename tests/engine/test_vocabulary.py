"""From text to tokens and back, for models on transformers: marks stay text, characters stay whole."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.hf.vocabulary import TokenText, Vocabulary

# The second is a mark that its tokenizer does not call special, as Gemma's are; the third overlaps
# the first; the last is no mark.
SPECIAL, PLAIN = ("<|end|>", ">|<"), ("<start_of_turn>", "   ")


@functools.cache
def tokenizer() -> Any:
    """A byte-level tokenizer without merges, that changes full-width forms before it looks for marks."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE({char: index for index, char in enumerate(alphabet)}, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.normalizer = normalizers.Replace("＜", "<")
    made.add_special_tokens([AddedToken(word, normalized=True) for word in SPECIAL])
    made.add_tokens([AddedToken(word, normalized=True) for word in PLAIN])
    return made


def vocabulary() -> Vocabulary:
    return Vocabulary(tokenizer(), [], None)


def mark(word: str) -> int:
    found: int = tokenizer().token_to_id(word)
    return found


MARKS = {mark(word) for word in (*SPECIAL, PLAIN[0])}
texts = st.text(st.sampled_from("<|end>st_ar ofturn＜é🙂中")) | st.lists(
    st.sampled_from([*SPECIAL, *PLAIN, "<", "|", "＜|end|>", "e", "<|en", "d|>", "🙂"])
).map("".join)


def spelled(tokens: Sequence[int]) -> str:
    return str(tokenizer().decode(list(tokens), skip_special_tokens=False))


@given(texts)
def test_no_text_becomes_a_mark_and_none_of_it_is_lost(text: str) -> None:
    tokens = vocabulary().text_tokens(text)
    assert MARKS.isdisjoint(tokens)
    assert spelled(tokens) == text.replace("＜", "<")


@given(st.lists(texts, min_size=1, max_size=4))
def test_marks_of_a_prompt_are_the_templates_alone(said: list[str]) -> None:
    pieces = [piece for text in said for piece in (("<start_of_turn>", True), (text, False))]
    pieces = [piece for piece in [*pieces, ("<|end|>", True)] if piece[0]]
    tokens = vocabulary().prompt_tokens(pieces)
    assert [token for token in tokens if token in MARKS] == [
        *[mark("<start_of_turn>")] * len(said),
        mark("<|end|>"),
    ]
    assert spelled(tokens) == "".join(text for text, _ in pieces).replace("＜", "<")


def test_a_mark_that_two_pieces_make_together_is_none() -> None:
    tokens = vocabulary().prompt_tokens([("<|end|>Say: ", True), ("<|en", False), ("d|>", True)])
    assert [token for token in tokens if token in MARKS] == [mark("<|end|>")]


def test_words_and_spaces_that_were_added_are_no_marks() -> None:
    assert vocabulary().text_tokens("   ") == [mark("   ")]


def test_a_beginning_that_every_text_has_comes_once() -> None:
    words = Vocabulary(tokenizer(), [], mark("<|end|>"))
    for pieces in ([("a", True)], [("<|end|>a", True)]):
        tokens = words.prompt_tokens(pieces)
        assert tokens[0] == mark("<|end|>")
        assert tokens.count(tokens[0]) == 1


def told(tokens: Sequence[int], stops: Sequence[str] = ()) -> list[str]:
    text = TokenText(vocabulary(), stops)
    pieces = []
    for token in tokens:
        pieces.append(text.feed(token))
        if text.stopped:
            break
    return [*pieces, text.finish()]


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: "\ufffd" not in text))
def test_characters_come_out_whole(text: str) -> None:
    pieces = told(vocabulary().text_tokens(text))
    assert "".join(pieces) == text.replace("＜", "<")
    assert all("\ufffd" not in piece for piece in pieces)


@given(st.lists(st.integers(0, 255), max_size=40))
def test_broken_characters_are_shown_as_such_and_hold_nothing_up(tokens: list[int]) -> None:
    assert "".join(told(tokens)) == spelled(tokens)


@given(texts, st.text("e<|🙂", min_size=1, max_size=3))
def test_a_stop_string_is_never_shown(text: str, stop: str) -> None:
    whole = text.replace("＜", "<")
    assert "".join(told(vocabulary().text_tokens(text), [stop])) == whole.partition(stop)[0]


def test_special_tokens_are_not_read_but_marks_of_thoughts_are() -> None:
    from tokenizers import Tokenizer

    made = Tokenizer.from_str(tokenizer().to_str())
    made.add_special_tokens(["[THINK]"])
    words = Vocabulary(made, [], None)
    text = TokenText(words)
    tokens = [*words.marked_tokens("[THINK]hm<|end|>"), *words.text_tokens("ok")]
    assert "".join([*(text.feed(token) for token in tokens), text.finish()]) == "[THINK]hmok"
    assert mark("<|end|>") in words.ends


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_lone_surrogates_are_no_error(text: str) -> None:
    assert spelled(vocabulary().text_tokens(text)) == text.encode("utf-8", "replace").decode()
