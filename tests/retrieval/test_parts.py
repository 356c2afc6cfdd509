"""Parts: every sentence in exactly one, none too long, breaks where a reader would make them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.retrieval.parts import Part, split_parts
from engine.retrieval.sentences import split_sentences


def words(text: str) -> int:
    return len(text.split())


def parts_of(text: str, max_tokens: int) -> list[Part]:
    return split_parts(text, split_sentences(text), words, max_tokens)


def test_one_part_where_everything_fits() -> None:
    text = " One two. Three four.\n\nFive. "
    (part,) = parts_of(text, 100)
    assert text[part.start : part.end] == text.strip()
    assert part.sentences == tuple(split_sentences(text))


def test_nothing_makes_no_parts() -> None:
    assert parts_of("", 10) == []


def test_parts_are_full_but_not_over() -> None:
    text = "One two three four. " * 100
    parts = parts_of(text, 22)
    assert [words(text[part.start : part.end]) for part in parts] == [20] * 20


def test_a_part_ends_with_its_paragraph() -> None:
    first, second = "One two three. " * 5, "Four five six. " * 5
    text = f"{first.strip()}\n\n{second.strip()}"
    parts = parts_of(text, 20)
    assert [text[part.start : part.end] for part in parts] == [first.strip(), second.strip()]


def test_a_heading_goes_with_what_follows() -> None:
    body = "One two three four five. " * 4
    text = f"{body.strip()}\n\nMethods\n\n{body.strip()}"
    parts = parts_of(text, 23)
    assert text[parts[1].start :].startswith("Methods")


def test_a_sentence_that_is_too_long_is_cut() -> None:
    text = "short. " + "word " * 100 + "end. short."
    parts = parts_of(text, 10)
    assert all(words(text[part.start : part.end]) <= 10 for part in parts)
    assert " ".join(text[part.start : part.end] for part in parts).split() == text.split()


def test_tokens_are_counted_about_once_a_sentence() -> None:
    text = "One two three four. " * 1000
    calls = 0

    def count(piece: str) -> int:
        nonlocal calls
        calls += 1
        return words(piece)

    sentences = split_sentences(text)
    parts = split_parts(text, sentences, count, 100)
    assert calls <= len(sentences) + len(parts)


def test_a_counter_that_does_not_add_up() -> None:
    """Real tokenizers may need more tokens for two sentences together than for each alone."""

    def count(piece: str) -> int:
        return words(piece) + 2 * piece.count(". ")

    text = "One two. " * 50
    for part in split_parts(text, split_sentences(text), count, 12):
        assert count(text[part.start : part.end]) <= 12


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("ab A.\n中。!#-")), max_size=300),
    st.integers(min_value=1, max_value=40),
    st.sampled_from([len, words, lambda text: len(text.encode())]),
)
def test_every_sentence_is_in_exactly_one_part(text: str, limit: int, count: object) -> None:
    assert callable(count)
    parts = split_parts(text, split_sentences(text), count, limit)
    position = 0
    for part in parts:
        assert (part.start, part.end) == (part.sentences[0][0], part.sentences[-1][1])
        for start, end in part.sentences:
            assert position <= start < end
            assert not text[position:start].strip()
            position = end
        assert count(text[part.start : part.end]) <= limit or part.end - part.start == 1
    assert not text[position:].strip()
