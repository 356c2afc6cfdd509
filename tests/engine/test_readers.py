"""Who reads what: the encoder its own language, the chat model others, and nobody what nobody knows."""

from __future__ import annotations

import msgspec
import pytest

from engine.contracts import AbortFlag
from engine.errors import BadRequestError, LanguageError
from engine.language import language_of
from engine.text_tools.base import TextTool, TextToolResult, ToolContext
from engine.text_tools.entities import Entities
from engine.text_tools.entities_by_types import types_of
from engine.text_tools.results import EntitiesResult, SentimentResult
from engine.text_tools.sentiment import Sentiment
from engine.types import Document
from tests.engine.fake_model import FakeModel, results_of

ENGLISH = "The committee met in the afternoon and decided to postpone the vote until the next week."
GERMAN = "Der Ausschuss trat am Nachmittag zusammen und verschob die Abstimmung auf nächste Woche."
CHINESE = "委员会下午开会,决定把投票推迟到下周。"
RUSSIAN = "Комитет собрался после обеда."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (CHINESE, "zh"),
        (RUSSIAN, "ru"),
        ("Oslo", ""),
        ("Schön!", ""),
        ("", ""),
        ("🙂🙂 12:30 --", ""),
        ("https://example.org/ein/sehr/langer/pfad/mit/vielen/deutschen/worten/darin/und/so", ""),
        (f"{ENGLISH} 北京", "en"),
    ],
)
def test_languages_are_told_where_they_can_be(text: str, language: str) -> None:
    assert language_of(text) == language


def knowing(languages: str) -> FakeModel:
    model = FakeModel()
    model.info = msgspec.structs.replace(
        model.info, name="Small", metadata={"general.languages": languages}
    )
    return model


def test_english_does_not_even_load_the_chat_model() -> None:
    def load() -> FakeModel:
        raise AssertionError("the chat model was loaded")

    from engine.backends.echo_backend import EchoEncoder

    context = ToolContext(load, EchoEncoder, AbortFlag())
    for tool in (Sentiment(), Entities()):
        steps = tool.run(context, (Document("a", f"{ENGLISH} A good Anna."),), tool.Options())
        result = [step for step in steps if isinstance(step, TextToolResult)][-1]
        assert result.model_name == "Echo encoder"
        assert result.spans
    assert context.used_model is None


@pytest.mark.parametrize("tool", [Sentiment(), Entities()], ids=lambda tool: tool.tool_id)
def test_what_nobody_knows_is_said_plainly(tool: TextTool) -> None:
    with pytest.raises(LanguageError) as caught:
        results_of(tool, knowing("en"), CHINESE)
    assert caught.value.message == (
        "This text is in Chinese. The built-in reader knows English only,"
        " and Small does not know it either."
    )
    assert "chat model that knows" in caught.value.info().hint


@pytest.mark.parametrize("languages", ["['en', 'zh']", ""])
def test_the_chat_model_reads_what_the_encoder_cannot(languages: str) -> None:
    model = knowing(languages)
    result = results_of(Sentiment(), model, CHINESE)[-1]
    assert result.model_name == "Small"
    assert model.asked
    assert result.remarks == ()


def test_who_insists_on_the_chat_model_is_told_what_that_means() -> None:
    result = results_of(Sentiment(), knowing("en"), CHINESE, reader="model")[-1]
    assert result.remarks == (
        "Small does not know Chinese: what it says of this text is guesswork.",
    )


def test_a_text_without_words_has_no_sentiment() -> None:
    result = results_of(Sentiment(), FakeModel(), "🙂🙂🙂 !!! --")[-1]
    assert isinstance(result, SentimentResult)
    assert (result.label, result.probabilities, result.spans) == ("unsure", {}, ())
    assert result.remarks == ("There are no words to judge in this text.",)


def test_sentences_in_other_scripts_are_left_out_and_that_is_said() -> None:
    text = f"{ENGLISH} We met Anna, and it was good. {RUSSIAN} Here Bert stayed."
    for tool in (Sentiment(), Entities()):
        result = results_of(tool, FakeModel(), text)[-1]
        assert result.remarks == (
            "1 sentence(s) in other scripts were not read: the reader knows English only.",
        )
        assert not any(character >= "\u0400" for span in result.spans for character in span.text)
        assert any("Bert" in span.text for span in result.spans)


def test_names_are_spoken_of_clause_by_clause() -> None:
    text = "We met Anna and it was good, but the talk with Bert was bad. Nothing of Anna there."
    result = results_of(Sentiment(), FakeModel(), text)[-1]
    assert isinstance(result, SentimentResult)
    found = {target.text: target for target in result.targets}
    assert found["Bert"].label == "negative"
    assert found["Bert"].sentences == (0,)
    assert (found["Anna"].count, found["Anna"].sentences) == (2, (0, 1))
    assert found["Anna"].probabilities["positive"] > found["Anna"].probabilities["negative"]


def test_types_of_ones_own_are_looked_for_by_the_chat_model() -> None:
    model = FakeModel()
    model.enqueue('{"names": [{"text": "aspirin", "kind": "drug"}, {"text": "gold", "kind": "x"}]}')
    text = "She took aspirin. More aspirin did not help."
    result = results_of(Entities(), model, text, types=" drug , side effect,,drug")[-1]
    assert isinstance(result, EntitiesResult)
    assert [(e.text, e.label, e.count) for e in result.entities] == [("aspirin", "drug", 2)]
    assert '"drug", "side effect"' in model.asked[0][0].content
    assert "## drug" in Entities().to_markdown(result, (Document("a", text),))


@pytest.mark.parametrize("types", ["x" * 41, ",".join(map(str, range(13)))])
def test_too_many_types_are_refused_with_a_hint(types: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        types_of(types)
    assert caught.value.info().hint
