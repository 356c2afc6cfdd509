"""The openai backend with a real server: llama.cpp's, on loopback, with the embedded model."""

from __future__ import annotations

import json
import threading

import msgspec
import pytest

from engine import server_keys
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.backends.openai_backend import OpenAiBackend
from engine.backends.remote.language_model import RemoteLanguageModel
from engine.client import EngineClient
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import BadRequestError, ContextOverflowError, ServerError, ServerKeyError
from engine.protocol import KeepServerKey, LookAtServer, WorkerReady, new_request_id
from engine.server_address import parse_address
from engine.text_tools.results import SENTIMENT_LABELS
from engine.text_tools.sentiment_by_model import _EXAMPLES, _TASK
from engine.types import FinishReason, GenerationParams, Message, ModelSpec, Role
from tests.engine.model_server import ALIAS, CONTEXT, SERVER_KEY
from tests.engine.recorder import Recorder, chat, run_tool

pytestmark = pytest.mark.model

COLOURS = (Message(Role.USER, "Name three colours."),)


@pytest.fixture
def address(server_address: str) -> str:
    return server_address


@pytest.fixture
def model(server_model: RemoteLanguageModel) -> RemoteLanguageModel:
    return server_model


def ask(
    model: RemoteLanguageModel,
    messages: tuple[Message, ...] = COLOURS,
    abort: AbortFlag | None = None,
    **params: object,
) -> tuple[list[TextPiece], GenerationEnd]:
    given = GenerationParams(**({"max_tokens": 24, "seed": 3} | params))  # type: ignore[arg-type]
    *pieces, end = model.stream(messages, given, abort or AbortFlag())
    assert isinstance(end, GenerationEnd)
    return [piece for piece in pieces if isinstance(piece, TextPiece)], end


def text(pieces: list[TextPiece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_it_says_what_it_is_and_where_text_goes(model: RemoteLanguageModel, address: str) -> None:
    info = model.info
    host = parse_address(address).host
    assert (info.name, info.path, info.n_ctx) == (ALIAS, f"{address}/v1", CONTEXT)
    assert (info.device.kind, info.device.name) == ("remote", host)
    assert info.device.reason == f"Text is sent to {host}."
    assert info.remote
    assert info.engine_version.startswith("llama.cpp")
    assert info.parameter_count == 134_515_008
    assert len(info.sha256) == 64


def test_an_answer_streams_with_usage_and_the_prompt(model: RemoteLanguageModel) -> None:
    pieces, end = ask(model)
    assert len(pieces) > 3
    assert text(pieces).strip()
    assert end.finish_reason is FinishReason.LENGTH
    assert end.usage.completion_tokens == 24
    assert end.usage.prompt_tokens == model.count_prompt_tokens(COLOURS)
    assert end.usage.tokens_per_second() > 0
    assert "Name three colours." in end.prompt


def test_the_same_seed_answers_the_same(model: RemoteLanguageModel) -> None:
    one, other = (text(ask(model, temperature=0.9, seed=7)[0]) for _ in range(2))
    assert one == other
    seeds = {ask(model, seed=None, max_tokens=1)[1].seed for _ in range(3)}
    assert len(seeds) == 3


def test_the_prompt_is_counted_and_shown_as_the_model_sees_it(model: RemoteLanguageModel) -> None:
    tokens = model.count_prompt_tokens(COLOURS)
    _, end = ask(model)
    assert tokens == end.usage.prompt_tokens
    assert end.prompt.endswith("<|im_start|>assistant\n")
    long = "a wall of words " * 400
    assert model.count_tokens(long) == pytest.approx(1600, rel=0.05)
    assert model.count_tokens("short") == 2


def test_what_is_too_long_is_told_before_it_is_sent_and_after(model: RemoteLanguageModel) -> None:
    with pytest.raises(ContextOverflowError) as caught:
        ask(model, (Message(Role.USER, "word " * 3000),))
    assert "1,024" in caught.value.message


def test_the_answer_stops_where_the_context_ends(model: RemoteLanguageModel) -> None:
    messages = (Message(Role.USER, "Repeat for ever: " + "la " * 950),)
    _, end = ask(model, messages, max_tokens=5000)
    assert end.finish_reason in (FinishReason.LENGTH, FinishReason.STOP)
    assert end.usage.prompt_tokens + end.usage.completion_tokens <= CONTEXT


def test_a_stop_string_ends_the_answer(model: RemoteLanguageModel) -> None:
    whole = text(ask(model, temperature=0.0)[0])
    word = whole.split()[2]
    pieces, end = ask(model, temperature=0.0, stop=(word,))
    assert word not in text(pieces)
    assert end.finish_reason is FinishReason.STOP


def test_an_answer_has_the_form_of_its_schema(model: RemoteLanguageModel) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer"}},
        "required": ["colour", "count"],
    }
    pieces, _ = ask(model, json_schema=schema, max_tokens=100)
    answer = json.loads(text(pieces))
    assert answer["colour"] in ("red", "blue")
    assert isinstance(answer["count"], int)


def test_a_grammar_is_followed(model: RemoteLanguageModel) -> None:
    pieces, _ = ask(model, grammar='root ::= "sun" | "moon"')
    assert text(pieces) in ("sun", "moon")


def test_every_token_has_its_score(model: RemoteLanguageModel) -> None:
    pieces, end = ask(model, logprobs=3, max_tokens=8)
    scores = [score for piece in pieces for score in piece.scores]
    assert len(scores) == end.usage.completion_tokens == 8
    assert "".join(score.text for score in scores) == text(pieces)
    for score in scores:
        assert len(score.alternatives) == 3
        assert score.logprob <= 0
        assert score.alternatives[0].logprob >= score.alternatives[-1].logprob


def test_a_bias_is_for_one_token(model: RemoteLanguageModel) -> None:
    pieces, _ = ask(model, logit_bias=((" the", 90.0),), max_tokens=4)
    assert text(pieces) == " the" * 4
    with pytest.raises(BadRequestError) as caught:
        ask(model, logit_bias=(("a wall of words", 5.0),))
    assert "is 4 tokens" in caught.value.message


def test_llama_cpps_own_samplers_are_there(model: RemoteLanguageModel) -> None:
    for params in ({"mirostat": 2}, {"dry_multiplier": 0.8}, {"xtc_probability": 0.5}):
        assert text(ask(model, **params)[0])


def test_the_assistants_last_message_is_continued(model: RemoteLanguageModel) -> None:
    begun = (*COLOURS, Message(Role.ASSISTANT, "Red, green and blu"))
    pieces, _ = ask(model, begun, temperature=0.0, max_tokens=2)
    assert text(pieces).startswith("e")


def test_stop_ends_an_answer_and_frees_the_server(model: RemoteLanguageModel) -> None:
    abort, said = AbortFlag(), []
    for piece in model.stream(COLOURS, GenerationParams(max_tokens=900, seed=3), abort):
        said.append(piece)
        if len(said) == 4:
            abort.set()
    assert isinstance(said[-1], GenerationEnd)
    assert said[-1].finish_reason is FinishReason.ABORT
    assert 4 <= said[-1].usage.completion_tokens < 40
    assert text(ask(model)[0])


def test_many_are_answered_at_once_and_none_gets_anothers_answer(
    model: RemoteLanguageModel,
) -> None:
    answers: dict[int, str] = {}

    def count_from(number: int) -> None:
        grammar = f'root ::= "{number} is the number"'
        answers[number] = text(ask(model, grammar=grammar)[0])

    threads = [threading.Thread(target=count_from, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"{number} is the number" for number in range(8)}


@pytest.mark.parametrize(
    ("said", "choices"),
    [
        ("An excellent result that made everyone proud.", SENTIMENT_LABELS),
        ("I am very disappointed and want my money back.", SENTIMENT_LABELS),
        ("The shop is open.", [f'{{"mood": "{label}"}}' for label in SENTIMENT_LABELS]),
    ],
    ids=["proud", "disappointed", "shared beginning"],
)
def test_shares_are_those_of_the_same_model_in_this_process(
    model: RemoteLanguageModel, said: str, choices: list[str]
) -> None:
    messages = [Message(Role.SYSTEM, _TASK)]
    for example, label in _EXAMPLES:
        answer = next((c for c in choices if label in c), label)
        messages += [Message(Role.USER, example), Message(Role.ASSISTANT, answer)]
    messages.append(Message(Role.USER, said))
    shares, usage = model.choose(messages, choices, AbortFlag())
    here = LlamaCppBackend().load(ModelSpec(n_ctx=1024), AbortFlag(), lambda *_: None)
    expected, _ = here.choose(messages, choices, AbortFlag())
    here.close()
    assert sum(shares) == pytest.approx(1)
    assert shares == pytest.approx(expected, abs=0.05)
    assert usage.prompt_tokens > 0


def test_answers_that_no_probability_is_known_for_are_asked_for(
    model: RemoteLanguageModel,
) -> None:
    choices = ["☃ snow", "☂ rain"]
    shares, _ = model.choose([Message(Role.USER, "Which one?")], choices, AbortFlag())
    assert sorted(shares) == [0.0, 1.0]


def test_a_wrong_key_and_a_wrong_name_are_told(address: str) -> None:
    origin = parse_address(address).origin
    try:
        server_keys.keep_key(origin, "wrong", in_memory=True)
        with pytest.raises(ServerKeyError) as caught:
            OpenAiBackend().load(ModelSpec(path=address), AbortFlag(), lambda *_: None)
        assert "did not accept the key" in caught.value.message
        server_keys.keep_key(origin, SERVER_KEY, in_memory=True)
        spec = ModelSpec(path=address, remote_model="nobody")
        with pytest.raises(ServerError) as other:
            OpenAiBackend().load(spec, AbortFlag(), lambda *_: None)
        assert ALIAS in other.value.hint
    finally:
        server_keys.keep_key(origin, SERVER_KEY, in_memory=True)


@pytest.mark.worker
def test_a_worker_looks_at_it_keeps_its_key_chats_and_reads_documents(address: str) -> None:
    worker = Recorder(EngineClient())
    worker.client.start()
    worker.wait(WorkerReady)
    look = worker.finish(LookAtServer(new_request_id(), address, SERVER_KEY)).result
    assert look["models"] == [ALIAS]
    assert look["version"].startswith("llama.cpp")
    keep = KeepServerKey(new_request_id(), address, SERVER_KEY, in_memory=True)
    assert worker.finish(keep).result == {"where": "session"}
    spec = ModelSpec(path=look["address"], remote_model=ALIAS)
    answer = worker.finish(chat("Name three colours.", model=spec, max_tokens=12)).result
    assert answer["text"]
    assert answer["model"]["remote"]
    assert answer["model"]["device"]["kind"] == "remote"
    report = "Maria Lopez opened the museum in Lisbon. Visitors loved the rooms. It rained."
    for tool in ("summarize", "sentiment", "entities"):
        options = {} if tool == "summarize" else {"reader": "model"}
        outcome = worker.finish(run_tool(tool, report, model=spec, **options)).result
        assert outcome["model"]["name"] == ALIAS
        assert msgspec.to_builtins(outcome["result"])["coverage"]["parts_read"] == 1
    worker.client.close()
