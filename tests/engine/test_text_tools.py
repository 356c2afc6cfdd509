"""The text tools with a model that says what the test wants: offsets, coverage, doubts, stops."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import AbortedError, DocumentNoTextError
from engine.text import clean_text
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.ask import Ask
from engine.text_tools.base import TextTool, TextToolResult
from engine.text_tools.entities import Entities
from engine.text_tools.results import AnswerResult, EntitiesResult, SentimentResult, SummaryResult
from engine.text_tools.sentiment import Sentiment
from engine.types import Document, Passage
from tests.engine.fake_model import FakeModel, context_of, results_of

SCRIPTS = (
    "Anna Meyer met NATO in Oslo. It was 5 o'clock!\n\nNothing else happened. ",
    "他昨天在北京见了王小明。天气很好！",
    "ذهبت ليلى إلى القاهرة. كان الجو جميلا؟ ",
    "שלום עולם. דוד גר בירושלים. ",
    "👩‍👩‍👧 Emoji 🙂 in Paris. e\u0301! ",
    "\n\n\t# Heading\n- item one\n- Item Two\n",
)
OPTIONS = {
    "sentiment": {"reader": "model"},
    "entities": {"reader": "model"},
    "ask": {"question": "Who met Anna in Oslo, and what is in the text?"},
}
# Every text tool as the chat model does it, and those that the built-in encoder does, too.
BY_MODEL = tuple(
    pytest.param(tool, OPTIONS.get(tool.tool_id, {}), id=f"{tool.tool_id} by the model")
    for tool in TEXT_TOOLS
)
# A question is answered from all parts at once.
PART_BY_PART = tuple(param for param in BY_MODEL if param.id != "ask by the model")
BY_ENCODER = tuple(
    pytest.param(tool, {}, id=f"{tool.tool_id} by the encoder")
    for tool in TEXT_TOOLS
    if tool.tool_id in ("sentiment", "entities")
)
# A question to a text, and one about all of it, by the encoder and by a model that quotes.
QUESTIONS = tuple(
    pytest.param(Ask(), options, id=f"ask {' '.join(options.values())}")
    for options in (
        {"question": "Who met Anna in Oslo?", "reader": "quotes"},
        {"question": "What is it about?", "reader": "quotes"},
        {"question": "谁见了王小明？", "reader": "quotes"},
        {"question": "What is it about?"},
    )
)
texts = st.lists(st.sampled_from(SCRIPTS) | st.text(st.characters(), max_size=40), max_size=6).map(
    lambda parts: clean_text("".join(parts))[0]
)


def words() -> Iterator[str]:
    """aa, ab, ac …: no two alike, and none with a number or a capital to be checked."""
    return map("".join, itertools.product("abcdefghijklmnopqrstuvwxyz", repeat=2))


def passages_of(result: TextToolResult) -> list[tuple[int, int, int]]:
    found: list[Passage | None] = []
    if isinstance(result, SummaryResult):
        found += [key.passage for key in result.key_sentences]
        found += [passage for point in result.points for passage in point.passages]
    if isinstance(result, AnswerResult):
        found += [result.short_passage, *result.given, *(quote.passage for quote in result.quotes)]
    return [(one.document, one.start, one.end) for one in found if one is not None]


@pytest.mark.parametrize(("tool", "options"), BY_MODEL + BY_ENCODER + QUESTIONS)
@given(one=texts, two=texts)
def test_every_span_is_the_text_that_it_says_it_is(
    tool: TextTool, options: dict[str, str], one: str, two: str
) -> None:
    model = FakeModel()
    model.enqueue(*[one[:60] or "Nothing."] * 40)
    model.judge = lambda said, choices: [9.0, *[1.0] * (len(choices) - 1)]
    if not (one + two).strip():
        return
    result = results_of(tool, model, one, two, **options)[-1]
    for span in result.spans:
        assert span.text == (one, two)[span.document][span.start : span.end]
        assert span.text.strip()
    for document, start, end in passages_of(result):
        assert 0 <= start < end <= len((one, two)[document])
    assert result.coverage.parts_read == result.coverage.parts > 0


@pytest.mark.parametrize(("tool", "options"), PART_BY_PART)
def test_coverage_grows_part_by_part_to_the_whole(tool: TextTool, options: dict[str, str]) -> None:
    text = "\n\n".join(f"This is paragraph number {n}, and it says a little." for n in range(300))
    results = results_of(tool, FakeModel(), text, **options)
    read = [result.coverage.parts_read for result in results]
    # What is there before the first part was read cannot know how many there will be.
    parts = {result.coverage.parts for result in results if result.coverage.parts_read}
    assert read == sorted(read)
    assert parts == {read[-1]}
    assert set(read) >= set(range(1, read[-1] + 1))
    assert read[-1] > 3


@pytest.mark.parametrize(("tool", "options"), BY_ENCODER)
def test_the_encoder_tells_what_it_has_so_far_ever_more_rarely(
    tool: TextTool, options: dict[str, str]
) -> None:
    """A result carries all that was found: telling it after each part would be quadratic."""
    text = "\n\n".join(f"This is paragraph number {n}, and it says a little." for n in range(5000))
    results = results_of(tool, FakeModel(), text, **options)
    read = [result.coverage.parts_read for result in results]
    assert read == sorted(read)
    assert read[0] == 1
    assert read[-1] == results[-1].coverage.parts > 50
    assert 5 < len(read) < 40


@pytest.mark.parametrize(("tool", "options"), PART_BY_PART)
def test_a_part_never_takes_more_than_half_of_the_context(
    tool: TextTool, options: dict[str, str]
) -> None:
    text = "A sentence of some length, as there are many in a text. " * 500
    model = FakeModel(n_ctx=512)
    note = "A sentence of some length, as there are many in a text, " * 4
    model.enqueue(*[f"{note} and {word} ends." for word in itertools.islice(words(), 200)])
    results_of(tool, model, text, **options)
    longest = max(model.count_tokens(messages[-1].content) for messages in model.asked)
    assert longest <= 256


@pytest.mark.parametrize(("tool", "options"), BY_MODEL + BY_ENCODER + QUESTIONS)
@pytest.mark.parametrize("blank", ["", " \n\t\n "])
def test_a_text_without_text_is_refused_in_words(
    tool: TextTool, options: dict[str, str], blank: str
) -> None:
    with pytest.raises(DocumentNoTextError) as caught:
        results_of(tool, FakeModel(), blank, **options)
    assert "text 1 holds no text" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(("tool", "options"), BY_MODEL + BY_ENCODER + QUESTIONS)
def test_results_survive_the_pipe_and_read_as_markdown(
    tool: TextTool, options: dict[str, str]
) -> None:
    document = Document("text 1", "".join(SCRIPTS))
    model = FakeModel()
    model.enqueue("Anna met Bert in 1999.", "Again.")
    result = results_of(tool, model, document.text, **options)[-1]
    sent = msgspec.msgpack.decode(msgspec.msgpack.encode(msgspec.to_builtins(result)))
    assert msgspec.convert(sent, tool.Result) == result
    assert tool.to_markdown(result, (document,)).strip()


def shares_by_word(words: dict[str, str]) -> FakeModel:
    """A model that finds sentiment where one of these words stands, else answers evenly."""
    model = FakeModel()

    def judge(said: str, choices: Sequence[str]) -> list[float]:
        label = next((label for word, label in words.items() if word in said), "")
        return [20.0 if choice == label else 1.0 for choice in choices]

    model.judge = judge
    return model


def test_sentiment_is_told_for_each_sentence_and_weighed_by_length() -> None:
    model = shares_by_word({"hated": "negative", "loved": "positive"})
    text = "I loved it, truly and for a long, long time. I hated it. It is a thing."
    result = results_of(Sentiment(), model, text, reader="model")[-1]
    assert isinstance(result, SentimentResult)
    assert [span.label for span in result.spans] == ["positive", "negative", "unsure"]
    assert result.label == "positive"
    assert sum(result.probabilities.values()) == pytest.approx(1.0, abs=1e-3)
    assert sum(result.counts.values()) == len(result.spans) == 3
    assert result.counts == {"negative": 1, "neutral": 0, "positive": 1, "unsure": 1}
    assert result.score == result.probabilities["positive"]


def test_names_are_labelled_counted_and_pointed_to() -> None:
    model = FakeModel()
    kinds = {"Anna Meyer": "person", "NATO": "organization", "Oslo": "place", "Offer": "none"}

    def judge(said: str, choices: Sequence[str]) -> list[float]:
        kind = next((kind for name, kind in kinds.items() if f'"{name}"' in choices[0]), "")
        return [50.0 if f'"{kind}"' in choice else 1.0 for choice in choices]

    model.judge = judge
    text = "Anna Meyer met NATO. An Offer came from Oslo. Anna Meyer left Oslo. Anna Meyer again."
    result = results_of(Entities(), model, text, reader="model")[-1]
    assert isinstance(result, EntitiesResult)
    assert [(entity.text, entity.label, entity.count) for entity in result.entities] == [
        ("Anna Meyer", "PER", 3),
        ("Oslo", "LOC", 2),
        ("NATO", "ORG", 1),
    ]
    for entity in result.entities:
        assert [result.spans[index].text for index in entity.mentions] == [
            entity.text
        ] * entity.count


@pytest.mark.parametrize(
    "answer",
    [
        '{"names": [{"text": "北京", "kind": "place"}, {"text": "上海", "kind": "place"}]}',
        '{"names": [{"text": "北京", "kind": "place"}, {"text": "", "kind": "person"}]}',
    ],
)
def test_in_chinese_only_names_that_stand_in_the_text_are_kept(answer: str) -> None:
    model = FakeModel()
    model.enqueue(answer)
    result = results_of(Entities(), model, "他在北京，明天也在北京。")[-1]
    assert [(span.start, span.text, span.label) for span in result.spans] == [
        (2, "北京", "LOC"),
        (9, "北京", "LOC"),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        '{"names": [{"text": "北',
        "[]",
        '"北京"',
        '{"names": 5}',
        '{"names": [5]}',
        '{"names": [{}]}',
    ],
)
def test_an_answer_that_is_no_list_of_names_finds_nothing(answer: str) -> None:
    model = FakeModel()
    model.enqueue(answer)
    result = results_of(Entities(), model, "他在北京。")[-1]
    assert result.spans == ()


@pytest.mark.parametrize(("tool", "options"), PART_BY_PART)
def test_splitting_a_long_text_sees_a_stop(tool: TextTool, options: dict[str, str]) -> None:
    context = context_of(FakeModel())
    counted = 0

    def count(text: str) -> int:
        nonlocal counted
        counted += 1
        context.abort.set()
        return 1

    context.model.count_tokens = count  # type: ignore[method-assign]
    documents = (Document("long", "A sentence. " * 1000),)
    with pytest.raises(AbortedError):
        for _ in tool.run(context, documents, tool.Options(**options)):
            pass
    assert counted == 1
