"""Text comes out whole: never half a character, never a piece of a stop string."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.backends.llama.detokenizer import Detokenizer
from engine.backends.stop_text import StopText


class Bytes:
    """Stands in for a vocabulary: token n is the n-th piece of a byte string."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def bytes_of(self, token: int, *, special: bool = False) -> bytes:
        return self.pieces[token]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted(place % (len(data) + 1) for place in places)
    return [data[i:j] for i, j in zip([0, *ends], [*ends, len(data)], strict=True)]


def heard(pieces: list[bytes], stops: list[str]) -> tuple[list[str], bool]:
    """What is shown piece by piece, as a generation does it, and whether a stop was met."""
    detokenizer = Detokenizer(Bytes(pieces), stops)  # type: ignore[arg-type]
    shown = []
    for token in range(len(pieces)):
        shown.append(detokenizer.feed(token))
        if detokenizer.stopped:
            break
    return [*shown, detokenizer.finish()], detokenizer.stopped


texts = st.text(st.sampled_from("abcé中🙂👩‍👩 \n") | st.characters(exclude_categories=["Cs"]))
places = st.lists(st.integers(0, 10_000), max_size=30)
stops = st.lists(st.text("abcé中🙂", min_size=1, max_size=4), max_size=3)


@given(texts, places)
def test_whatever_the_split_the_text_is_whole(text: str, where: list[int]) -> None:
    shown, stopped = heard(cut(text.encode(), where), [])
    assert "".join(shown) == text
    assert not stopped


@given(texts.filter(lambda text: "\ufffd" not in text), places)
def test_no_half_character_is_ever_shown(text: str, where: list[int]) -> None:
    shown, _ = heard(cut(text.encode(), where), [])
    assert "\ufffd" not in "".join(shown)


@given(st.binary(), places)
def test_broken_bytes_become_replacement_characters(data: bytes, where: list[int]) -> None:
    shown, _ = heard(cut(data, where), [])
    assert "".join(shown) == data.decode("utf-8", errors="replace")


@given(texts, places, stops)
def test_a_stop_string_never_leaks_and_nothing_before_it_is_lost(
    text: str, where: list[int], stops: list[str]
) -> None:
    shown, stopped = heard(cut(text.encode(), where), stops)
    said = "".join(shown)
    assert text.startswith(said)
    assert not any(stop in said for stop in stops)
    assert stopped == any(stop in text for stop in stops)
    if not stopped:
        assert said == text
    else:
        assert any(text.startswith(stop, len(said)) for stop in stops)


def test_what_may_become_a_stop_string_is_held_back_no_longer_than_needed() -> None:
    stop = StopText(["\nUser:"])
    assert stop.feed("Hello\nUs") == "Hello"
    assert stop.feed("ers") == "\nUsers"
    assert stop.feed("\nUser") == ""
    assert stop.feed(": hi") == ""
    assert stop.stopped


def test_what_was_held_back_is_shown_when_the_model_ends_its_turn() -> None:
    assert heard([b"almost </", b"s"], ["</s>"]) == (["almost ", "", "</s"], False)
