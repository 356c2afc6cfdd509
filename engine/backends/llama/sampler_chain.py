"""llama.cpp's samplers in the order in which llama.cpp itself puts them, from `GenerationParams`."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp

from engine.errors import BadRequestError
from engine.types import GenerationParams

DRY_BREAKERS = (b"\n", b":", b'"', b"*")
MIROSTAT_M = 100  # as the paper (arXiv 2007.14966) and llama.cpp have it


def make_chain(
    vocab: Any,
    params: GenerationParams,
    seed: int,
    prompt: Sequence[int],
    tokenize: Callable[[str], list[int]],
) -> Any:
    """To be freed by the caller. `BadRequestError` for a bias on no token."""
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())

    def add(sampler: Any) -> None:
        llama_cpp.llama_sampler_chain_add(chain, sampler)

    n_vocab, seed = llama_cpp.llama_vocab_n_tokens(vocab), seed & 0xFFFFFFFF
    try:
        if params.logit_bias:
            add(_logit_bias(n_vocab, token_biases(params, tokenize)))
    except BadRequestError:
        llama_cpp.llama_sampler_free(chain)
        raise
    if params.repeat_penalty != 1.0 or params.presence_penalty or params.frequency_penalty:
        add(
            llama_cpp.llama_sampler_init_penalties(
                *(n_vocab, params.repeat_last_n, params.repeat_penalty),
                *(params.frequency_penalty, params.presence_penalty),
            )
        )
    if params.dry_multiplier:
        add(_dry(vocab, params, prompt))
    if params.temperature <= 0.0:
        add(llama_cpp.llama_sampler_init_greedy())
        return chain
    if params.mirostat:
        add(llama_cpp.llama_sampler_init_temp(params.temperature))
        tau, eta = params.mirostat_tau, params.mirostat_eta
        if params.mirostat == 1:
            add(llama_cpp.llama_sampler_init_mirostat(n_vocab, seed, tau, eta, MIROSTAT_M))
        else:
            add(llama_cpp.llama_sampler_init_mirostat_v2(seed, tau, eta))
        return chain
    if params.top_k > 0:
        add(llama_cpp.llama_sampler_init_top_k(params.top_k))
    if params.top_p < 1.0:
        add(llama_cpp.llama_sampler_init_top_p(params.top_p, 1))
    if params.min_p > 0.0:
        add(llama_cpp.llama_sampler_init_min_p(params.min_p, 1))
    if params.xtc_probability > 0.0:
        probability, threshold = params.xtc_probability, params.xtc_threshold
        add(llama_cpp.llama_sampler_init_xtc(probability, threshold, 1, seed))
    add(llama_cpp.llama_sampler_init_temp(params.temperature))
    add(llama_cpp.llama_sampler_init_dist(seed))
    return chain


def make_grammar(vocab: Any, params: GenerationParams) -> Any:
    """The grammar of the required form, or None; `BadRequestError` if it cannot be understood."""
    if params.json_schema is not None and params.grammar:
        raise BadRequestError(
            "An answer can have one required form only.",
            hint="Give a JSON schema or a grammar, not both.",
        )
    if params.json_schema is not None:
        from llama_cpp.llama_grammar import json_schema_to_gbnf

        try:
            text = json_schema_to_gbnf(json.dumps(params.json_schema))
        except Exception as error:  # whatever it stumbles over in a schema that it does not know
            raise BadRequestError(
                f"The JSON schema could not be understood: {error}.",
                hint="Use the keywords type, properties, required, items, enum and const.",
            ) from error
    elif params.grammar:
        text = params.grammar
    else:
        return None
    grammar = llama_cpp.llama_sampler_init_grammar(vocab, text.encode(), b"root")
    if not grammar:
        raise BadRequestError(
            "The required form of the answer could not be understood.",
            hint="A grammar is written in GBNF and has a rule named root.",
        )
    return grammar


def token_biases(
    params: GenerationParams, tokenize: Callable[[str], list[int]]
) -> dict[int, float]:
    """What is added to the logit of which token; `BadRequestError` for a bias on nothing."""
    biases: dict[int, float] = {}
    for text, bias in params.logit_bias:
        tokens = tokenize(text)
        if not tokens:
            raise BadRequestError(
                "There is a bias on an empty text.", hint="Name the word that it is for."
            )
        for token in tokens:
            biases[token] = biases.get(token, 0.0) + bias
    return biases


def _logit_bias(n_vocab: int, biases: dict[int, float]) -> Any:
    array = (llama_cpp.llama_logit_bias * len(biases))()
    for entry, (token, bias) in zip(array, biases.items(), strict=True):
        entry.token, entry.bias = token, bias
    return llama_cpp.llama_sampler_init_logit_bias(n_vocab, len(biases), array)


def _dry(vocab: Any, params: GenerationParams, prompt: Sequence[int]) -> Any:
    breakers = (ctypes.c_char_p * len(DRY_BREAKERS))(*DRY_BREAKERS)
    last_n = max(params.repeat_last_n, 256)
    sampler = llama_cpp.llama_sampler_init_dry(
        *(vocab, params.dry_multiplier, params.dry_base, params.dry_allowed_length, last_n),
        *(ctypes.cast(breakers, ctypes.POINTER(ctypes.c_char_p)), len(DRY_BREAKERS)),
    )
    for token in prompt[-last_n:]:  # repeating the question is repeating, too
        llama_cpp.llama_sampler_accept(sampler, token)
    return sampler
