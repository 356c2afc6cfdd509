"""What is asked of a server, and what its answers become."""

from __future__ import annotations

import math

import pytest

from engine.backends.remote.language_model import RemoteLanguageModel
from engine.contracts import AbortFlag
from engine.errors import BadRequestError
from engine.types import FinishReason, GenerationParams, Message, Role
from tests.engine.asking import HELLO, ask, load, status, text
from tests.engine.rude_server import MODEL, Answer, RudeServer, Talk


def test_a_good_answer_comes_with_its_usage_and_what_was_sent(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    pieces, end = ask(remote, seed=5)
    assert text(pieces) == "Well said."
    assert end.finish_reason is FinishReason.STOP
    assert (end.usage.prompt_tokens, end.usage.completion_tokens, end.seed) == (7, 2, 5)
    assert "世界 🙂" in end.prompt
    (asked,) = rude.asked()
    assert asked.json()["messages"] == [{"role": "user", "content": "Hello, 世界 🙂"}]
    assert (asked.json()["model"], asked.json()["seed"]) == (MODEL, 5)


def test_characters_may_be_cut_anywhere_on_the_way(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    def drip(talk: Talk) -> None:
        talk.begin()
        for byte in 'data: {"choices":[{"delta":{"content":"今天🙂"}}]}\n\n'.encode():
            talk.raw(bytes([byte]))
        talk.raw(b'data: {"choices":[{"delta":{"content":"\\ud83d"}}]}\n\n')
        talk.raw(b'data: {"choices":[{"delta":{"content":"\\ude00 \\udc00"}}]}\n\n')
        talk.end()

    rude.answers = [drip]
    assert text(ask(remote)[0]) == "今天🙂😀 \ufffd"


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thoughts_are_told_apart_from_the_answer(
    rude: RudeServer, remote: RemoteLanguageModel, name: str
) -> None:
    def think(talk: Talk) -> None:
        talk.begin()
        talk.say("Let me ", "see.", name=name)
        talk.say("It is ", "four.")
        talk.end()

    rude.answers = [think, lambda talk: talk.answer("<thi", "nk>Hm.</think>", "Four.")]
    for thought, answer in (("Let me see.", "It is four."), ("Hm.", "Four.")):
        pieces, _ = ask(remote)
        assert text(pieces, reasoning=True) == thought
        assert text(pieces) == answer


def test_a_server_that_knows_only_openais_own_fields_is_asked_without_the_others(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    rude.answers = [status(400, "Unrecognized request argument supplied: top_k")]
    assert text(ask(remote, top_k=7)[0]) == "Well said."
    ask(remote, top_k=7)
    first, second, third = (seen.json() for seen in rude.asked())
    assert (first["top_k"], first["repetition_penalty"]) == (7, 1.05)
    for later in (second, third):
        assert not {"top_k", "min_p", "repeat_penalty", "repetition_penalty"} & set(later)
        assert later["temperature"] == first["temperature"]


def test_a_server_that_counts_the_whole_answer_into_the_context_is_asked_without_a_limit(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    rude.answers = [
        status(400, "maximum context length is 4096 tokens, you requested 1024 output tokens"),
        lambda talk: talk.answer(*["word "] * 50),
    ]
    pieces, end = ask(remote, max_tokens=10)
    assert text(pieces) == "word " * 10
    assert end.finish_reason is FinishReason.LENGTH
    assert "max_tokens" not in rude.asked()[1].json()


@pytest.mark.parametrize(
    "params",
    [
        {"mirostat": 2},
        {"dry_multiplier": 0.8},
        {"xtc_probability": 0.5},
        {"grammar": "root ::= [a-z]"},
        {"logit_bias": (("yes", 5.0),)},
    ],
)
def test_what_a_server_cannot_do_is_said_before_anything_is_sent(
    rude: RudeServer, remote: RemoteLanguageModel, params: dict[str, object]
) -> None:
    with pytest.raises(BadRequestError) as caught:
        ask(remote, **params)
    assert "server" in caught.value.message
    assert rude.asked() == []


def test_parameters_arrive_under_the_names_of_the_api(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    ask(
        remote,
        temperature=0.0,
        top_p=0.5,
        top_k=0,
        max_tokens=9,
        stop=("\n", "END"),
        presence_penalty=0.3,
        frequency_penalty=-0.2,
        json_schema=schema,
        logprobs=3,
        seed=11,
    )
    body = rude.asked()[0].json()
    wanted = {
        "temperature": 0.0,
        "top_p": 0.5,
        "top_k": -1,
        "max_tokens": 9,
        "seed": 11,
        "stop": ["\n", "END"],
        "presence_penalty": 0.3,
        "frequency_penalty": -0.2,
        "logprobs": True,
        "top_logprobs": 3,
        "stream": True,
    }
    assert {name: body[name] for name in wanted} == wanted
    assert body["response_format"]["json_schema"]["schema"] == schema


def test_without_a_seed_one_is_picked_and_told(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    seeds = {ask(remote)[1].seed for _ in range(3)}
    assert seeds == {seen.json()["seed"] for seen in rude.asked()}
    assert len(seeds) == 3


def test_the_context_is_the_servers_and_the_settings_may_make_it_shorter(
    rude: RudeServer,
) -> None:
    for asked, told, n_ctx in ((0, 4096, 4096), (1024, 4096, 1024), (9999, 4096, 4096)):
        rude.models = lambda talk, told=told: talk.status(  # type: ignore[misc]
            200, {"data": [{"id": MODEL, "max_model_len": told}]}
        )
        model = load(rude, n_ctx=asked)
        assert model.info.n_ctx == n_ctx
        model.close()
    rude.models = lambda talk: talk.status(200, {"data": [{"id": MODEL}]})
    for asked, n_ctx in ((0, 8192), (2048, 2048)):
        model = load(rude, n_ctx=asked)
        assert model.info.n_ctx == n_ctx
        model.close()


@pytest.fixture
def vllm(rude: RudeServer) -> RudeServer:
    """What vLLM adds to the API: its tokenizer, its version, and the prompt as the model saw it."""
    entry = {"id": MODEL, "owned_by": "vllm", "max_model_len": 100}
    rude.models = lambda talk: talk.status(200, {"data": [entry]})
    rude.places = {
        "/version": lambda talk: talk.status(200, {"version": "0.14.1"}),
        "/tokenize": lambda talk: talk.status(200, {"count": 40, "tokens": [5]}),
    }

    def answer(talk: Talk) -> None:
        talk.begin()
        talk.event({"choices": [], "prompt_text": "<|user|>Hello<|assistant|>"})
        talk.say("Well", " said.")
        talk.end(prompt_tokens=40, completion_tokens=2)

    rude.otherwise = answer
    return rude


def test_vllm_counts_shows_the_prompt_and_takes_grammars_and_biases(vllm: RudeServer) -> None:
    model = load(vllm)
    assert model.info.engine_version == "vLLM 0.14.1"
    assert model.count_prompt_tokens(HELLO) == 40
    pieces, end = ask(
        model, max_tokens=1000, grammar="root ::= [a-z]", logit_bias=(("no", -200.0),)
    )
    model.close()
    assert text(pieces) == "Well said."
    assert end.prompt == "<|user|>Hello<|assistant|>"
    (asked,) = vllm.asked()
    body = asked.json()
    assert body["max_tokens"] == 60  # what is left of the context
    assert body["structured_outputs"] == {"grammar": "root ::= [a-z]"}
    assert body["logit_bias"] == {"5": -100.0}


def test_vllm_is_told_to_go_on_with_the_assistants_last_message(vllm: RudeServer) -> None:
    model = load(vllm)
    begun = (*HELLO, Message(Role.ASSISTANT, "Well, I"))
    list(model.stream(begun, GenerationParams(), AbortFlag()))
    model.close()
    for seen in (vllm.asked()[0], next(s for s in vllm.seen if "/tokenize" in s.line)):
        assert seen.json()["continue_final_message"] is True
        assert seen.json()["add_generation_prompt"] is False
        assert seen.json()["messages"][-1] == {"role": "assistant", "content": "Well, I"}


def test_a_tokenizer_that_fails_is_left_alone_and_tokens_are_estimated(vllm: RudeServer) -> None:
    vllm.places["/tokenize"] = lambda talk: talk.status(500)
    model = load(vllm)
    counts = [model.count_tokens("four" * 1000), model.count_prompt_tokens(HELLO)]
    model.close()
    assert counts == [1001, pytest.approx(18, abs=5)]
    assert len([seen for seen in vllm.seen if "/tokenize" in seen.line]) == 1


def test_shares_are_the_first_tokens_and_go_on_where_they_fit_several(vllm: RudeServer) -> None:
    def listed(*tokens: tuple[str, float]) -> Answer:
        told = [{"token": token, "logprob": math.log(share)} for token, share in tokens]
        entry = {"token": "x", "logprob": 0.0, "top_logprobs": told}
        choice = {"message": {"content": "x"}, "logprobs": {"content": [entry]}}
        return lambda talk: talk.status(200, {"choices": [choice]})

    vllm.answers = [
        listed(("positive", 0.5), ("ne", 0.4), ("The", 0.1)),
        listed(("utral", 0.75), ("gative", 0.25)),
    ]
    model = load(vllm)
    choices = ["negative", "neutral", "positive"]
    shares, _ = model.choose(HELLO, choices, AbortFlag())
    model.close()
    assert shares == pytest.approx([0.1 / 0.9, 0.3 / 0.9, 0.5 / 0.9])
    assert vllm.asked()[1].json()["messages"][-1] == {"role": "assistant", "content": "ne"}


def test_a_server_that_lists_no_tokens_is_asked_for_its_answer_from_then_on(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    rude.otherwise = lambda talk: talk.status(200, {"choices": [{"message": {"content": "no"}}]})
    for _ in range(3):
        assert remote.choose(HELLO, ["yes", "no"], AbortFlag())[0] == [0.0, 1.0]
    asked = ["logprobs" in seen.json() for seen in rude.asked()]
    assert asked == [True, False, False, False]
    form = rude.asked()[-1].json()["response_format"]["json_schema"]["schema"]
    assert form["enum"] == ["yes", "no"]
