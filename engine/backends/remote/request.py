"""What is sent for an answer: sampling parameters in the words of OpenAI's API and of its dialects.

https://platform.openai.com/docs/api-reference/chat/create; top_k, min_p and the penalties of
repeated words are extra fields of llama.cpp's server, vLLM, SGLang and others, who each ignore what
they do not know. What only llama.cpp can do is refused for all others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.backends.remote.facts import LLAMA, SGLANG, VLLM
from engine.errors import BadRequestError
from engine.types import GenerationParams, Message, Role

MOST_LOGPROBS = 20
_OFF = GenerationParams()
# llama.cpp's own: the same name there as here.
_LLAMA_ONLY = (
    *("dry_multiplier", "dry_base", "dry_allowed_length", "xtc_probability", "xtc_threshold"),
    *("mirostat", "mirostat_tau", "mirostat_eta"),
)
_SWITCHES = {
    "dry_multiplier": "DRY",
    "xtc_probability": "XTC",
    "mirostat": "Mirostat",
    "grammar": "grammars",
}
# Left out when a server refuses what OpenAI's own API does not have.
EXTRA = (
    *("top_k", "min_p", "repeat_penalty", "repetition_penalty", "repeat_last_n"),
    *("return_progress", "return_prompt_text"),
)


def conversation(kind: str, messages: Sequence[Message]) -> dict[str, Any]:
    """`messages`, and what makes this server go on with a last message of the assistant's.

    llama.cpp's server does so by itself, and others may; vLLM and SGLang want to be told.
    """
    plain = [{"role": str(message.role), "content": message.content} for message in messages]
    body: dict[str, Any] = {"messages": plain}
    if messages and messages[-1].role is Role.ASSISTANT and kind in (VLLM, SGLANG):
        body |= {"add_generation_prompt": False, "continue_final_message": True}
    return body


def chat_body(
    model: str,
    kind: str,
    messages: Sequence[Message],
    params: GenerationParams,
    seed: int,
    token_ids: Callable[[str], list[int] | None],
) -> dict[str, Any]:
    """The request for a streamed answer; `BadRequestError` for what this server cannot do."""
    _refuse_what_is_missing(kind, params)
    body: dict[str, Any] = {
        "model": model,
        **conversation(kind, messages),
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": params.temperature,
        "top_p": params.top_p,
        "max_tokens": params.max_tokens,
        "seed": seed,
        "top_k": params.top_k or -1,  # everywhere "all of them"
        "min_p": params.min_p,
        "repeat_penalty": params.repeat_penalty,
        "repetition_penalty": params.repeat_penalty,
    }
    if params.stop:
        body["stop"] = list(params.stop)
    for name in ("presence_penalty", "frequency_penalty"):
        if value := getattr(params, name):
            body[name] = value
    if params.json_schema is not None:
        body["response_format"] = json_format(params.json_schema)
    if params.logprobs:
        body |= {"logprobs": True, "top_logprobs": min(params.logprobs, MOST_LOGPROBS)}
    if params.logit_bias:
        body["logit_bias"] = _logit_bias(params, token_ids)
    if kind == LLAMA:
        body |= {"return_progress": True, "repeat_last_n": params.repeat_last_n}
        body |= {name: getattr(params, name) for name in _LLAMA_ONLY if _is_on(params, name)}
        if params.grammar:
            body["grammar"] = params.grammar
    elif kind == VLLM:
        body["return_prompt_text"] = True
        if params.grammar:
            body["structured_outputs"] = {"grammar": params.grammar}
    return body


def json_format(schema: dict[str, Any]) -> dict[str, Any]:
    """`response_format` for an answer of this form."""
    form = {"name": "answer", "strict": True, "schema": schema}
    return {"type": "json_schema", "json_schema": form}


def without_extras(body: dict[str, Any]) -> dict[str, Any]:
    """The same request in OpenAI's own words only."""
    return {name: value for name, value in body.items() if name not in EXTRA}


def _refuse_what_is_missing(kind: str, params: GenerationParams) -> None:
    if params.json_schema is not None and params.grammar:
        raise BadRequestError(
            "An answer has a JSON schema or a grammar, not both.", hint="Leave one of them out."
        )
    if kind == LLAMA:
        return
    for name, words in _SWITCHES.items():
        if kind == VLLM and name == "grammar":
            continue
        if getattr(params, name) != getattr(_OFF, name):
            raise BadRequestError(
                f"This server has no {words}.", hint="Switch it off in Settings, or use a file."
            )


def _is_on(params: GenerationParams, name: str) -> bool:
    return bool(getattr(params, name) != getattr(_OFF, name))


def _logit_bias(
    params: GenerationParams, token_ids: Callable[[str], list[int] | None]
) -> dict[str, float]:
    """OpenAI wants ids; only a server that can tokenize knows them."""
    found: dict[str, float] = {}
    for text, bias in params.logit_bias:
        ids = token_ids(text)
        if ids is None:
            raise BadRequestError(
                "This server does not tell the ids of tokens, which a logit bias needs.",
                hint="Leave the logit bias empty for this model.",
            )
        if len(ids) != 1:
            raise BadRequestError(
                f"{text!r} is {len(ids)} tokens of this model, and a logit bias is for one.",
                hint="Name a shorter piece of text.",
            )
        found[str(ids[0])] = max(-100.0, min(100.0, bias))
    return found
