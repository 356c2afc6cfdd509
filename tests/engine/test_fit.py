"""How a model is loaded follows from what is free: never more than that, and a person is told why."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.llama import facts
from engine.backends.llama.facts import ModelFacts, facts_of
from engine.backends.llama.fit import CONVERSATIONS, LoadPlan, load_plans
from engine.backends.llama.gguf import read_header
from engine.errors import BadRequestError, ModelLoadError
from engine.types import ModelSpec
from tests.engine.gguf_writer import gguf

GB = 10**9
SMALL = ModelFacts("Small", 98_362_432, 30, 8192, 11_520, 576, 1536, 9, 49_152)
LLAMA_8B = ModelFacts("Llama 8B", 4_900_000_000, 32, 131_072, 65_536, 4096, 14_336, 32, 128_256)
H200 = ("cuda", "NVIDIA H200", 139 * GB)


def card(free: float) -> list[tuple[str, str, int]]:
    return [("cuda", "RTX", int(free * GB))]


def best(
    model: ModelFacts,
    memory: float,
    gpus: list[tuple[str, str, int]] | None = None,
    **wishes: object,
) -> LoadPlan:
    spec = ModelSpec(**wishes)  # type: ignore[arg-type]
    return load_plans(model, spec, gpus or [], int(memory * GB), "No GPU was found.")[0]


def test_with_plenty_of_memory_several_conversations_have_their_context_at_once() -> None:
    plan = best(SMALL, 24)
    assert (plan.n_ctx, plan.n_cells) == (8192, CONVERSATIONS * 8192)
    assert (plan.kv_type, plan.gpu_layers, plan.remarks) == ("f16", 0, ())
    assert plan.reason == "No GPU was found."


def test_contexts_for_others_take_no_more_than_an_eighth_of_what_is_free() -> None:
    plan = best(SMALL, 2)
    assert 8192 < plan.n_cells < CONVERSATIONS * 8192
    assert plan.n_cells * SMALL.kv_bytes("f16") <= 2 * GB / 8


def test_where_memory_is_short_the_context_is_kept_in_8_bits_first() -> None:
    plan = best(SMALL, 0.55)
    assert (plan.n_ctx, plan.kv_type) == (8192, "q8_0")
    assert plan.remarks == (
        "The context was kept in 8 bits (q8_0) because only 0.6 GB of memory are free.",
    )


def test_then_it_is_made_smaller_and_the_reason_has_the_figures() -> None:
    plan = best(LLAMA_8B, 7, n_ctx=131_072, kv_type="f16")
    assert plan.n_ctx == 8192
    assert plan.remarks == (
        "The context was made smaller, 8,192 tokens, because only 7.0 GB of memory are free.",
    )


def test_what_does_not_fit_at_all_is_refused_with_both_figures_and_a_way_out() -> None:
    with pytest.raises(ModelLoadError) as caught:
        best(LLAMA_8B, 4)
    assert caught.value.message.startswith("Llama 8B needs 5.")
    assert caught.value.message.endswith("GB of memory, and 4.0 GB are free.")
    assert "smaller model" in caught.value.hint


def test_no_context_is_longer_than_what_the_model_was_trained_on() -> None:
    plan = best(SMALL, 24, n_ctx=1_000_000)
    assert plan.n_ctx == 8192
    assert plan.remarks == ("The context is 8,192 tokens: the model was trained on no more.",)
    assert best(SMALL, 24, n_ctx=3000).n_ctx == 3000


def test_everything_goes_to_a_gpu_that_has_room() -> None:
    plan = best(LLAMA_8B, 16, [H200])
    assert (plan.gpu_layers, plan.n_ctx, plan.n_cells) == (33, 8192, CONVERSATIONS * 8192)
    assert re.fullmatch(r"All 33 layers on NVIDIA H200: \d\.\d GB of 139\.0 GB\.", plan.reason)


def test_a_gpu_with_less_room_gets_all_layers_and_fewer_conversations() -> None:
    plan = best(LLAMA_8B, 16, card(7))
    assert plan.gpu_layers == 33
    assert 8192 <= plan.n_cells < CONVERSATIONS * 8192


def test_on_a_gpu_too_the_context_is_kept_in_8_bits_before_layers_stay_behind() -> None:
    plan = best(LLAMA_8B, 16, card(6.5))
    assert (plan.gpu_layers, plan.kv_type) == (33, "q8_0")
    assert plan.remarks == (
        "The context was kept in 8 bits (q8_0) because only 6.5 GB are free on RTX.",
    )


def test_a_small_gpu_takes_the_layers_that_fit() -> None:
    plan = best(LLAMA_8B, 16, card(4))
    assert 0 < plan.gpu_layers < 33
    assert plan.reason == f"{plan.gpu_layers} of 33 layers on RTX: no more fit into 4.0 GB."


def test_a_gpu_without_room_leaves_it_to_the_cpu_and_that_is_told() -> None:
    plan = best(LLAMA_8B, 16, card(0.8))
    assert plan.gpu_layers == 0
    assert plan.reason == "The model does not fit on RTX: 0.8 GB are free there."


def test_two_gpus_are_filled_together() -> None:
    plan = best(LLAMA_8B, 16, [*card(5), ("cuda", "GTX", 5 * GB)])
    assert plan.gpu_layers == 33
    assert "RTX and GTX" in plan.reason


def test_the_users_layers_are_kept_to() -> None:
    plan = best(LLAMA_8B, 16, [H200], gpu_layers=10)
    assert plan.gpu_layers == 10
    assert plan.reason == "10 of 33 layers on NVIDIA H200, as set in Settings."
    plan = best(LLAMA_8B, 16, [H200], gpu_layers=0)
    assert (plan.gpu_layers, plan.reason) == (0, "GPU layers are set to 0 in Settings.")


def test_an_8_bit_context_that_cannot_be_is_told() -> None:
    plan = best(SMALL, 24, kv_type="q8_0")
    assert (plan.kv_type, plan.remarks) == ("q8_0", ())
    plan = best(SMALL, 24, kv_type="q8_0", flash_attention="off")
    assert plan.kv_type == "f16"
    assert "flash attention" in plan.remarks[0]


def test_a_wish_that_means_nothing_is_refused() -> None:
    for wishes in ({"kv_type": "q4_0"}, {"flash_attention": "maybe"}):
        with pytest.raises(BadRequestError):
            best(SMALL, 24, **wishes)


def test_without_flash_attention_more_memory_is_reckoned_with() -> None:
    def least(flash: str) -> int:
        return next(
            memory
            for memory in range(100, 3000, 20)
            if _fits(ModelSpec(flash_attention=flash, n_ctx=8192, kv_type="f16"), memory * 10**6)
        )

    assert least("off") - least("on") > 100  # megabytes of scores, for 9 heads


def _fits(spec: ModelSpec, memory: int) -> bool:
    try:
        return load_plans(SMALL, spec, [], memory)[0].n_ctx == 8192
    except ModelLoadError:
        return False


@given(
    memory=st.integers(0, 64 * GB),
    free=st.none() | st.integers(0, 64 * GB),
    n_ctx=st.integers(0, 200_000),
    gpu_layers=st.integers(-1, 40),
    kv_type=st.sampled_from(("", "f16", "q8_0")),
    n_batch=st.sampled_from((0, 1, 512, 4096)),
    model=st.sampled_from((SMALL, LLAMA_8B)),
)
def test_no_plan_needs_more_than_there_is_and_each_next_one_needs_less(
    memory: int,
    free: int | None,
    n_ctx: int,
    gpu_layers: int,
    kv_type: str,
    n_batch: int,
    model: ModelFacts,
) -> None:
    spec = ModelSpec(n_ctx=n_ctx, gpu_layers=gpu_layers, kv_type=kv_type, n_batch=n_batch)
    gpus = [] if free is None else [("cuda", "RTX", free)]
    try:
        plans = load_plans(model, spec, gpus, memory, "No GPU.")
    except ModelLoadError:
        assert memory < model.size_bytes + 2 * GB
        return
    for plan in plans:
        assert 0 < plan.n_ctx <= model.n_ctx_train
        assert plan.n_ctx <= plan.n_cells <= max(CONVERSATIONS * plan.n_ctx, 256)
        assert 0 < plan.n_ubatch <= plan.n_batch <= max(plan.n_cells, 64)
        assert plan.reason
        context = model.context_bytes(plan.n_cells, plan.kv_type)
        if plan.gpu_layers == 0:
            assert model.size_bytes + context < memory
        else:
            share = plan.gpu_layers / (model.layers + 1)
            assert model.size_bytes * share + context * share * 0.99 < (free or 0)
    for before, after in pairwise(plans):
        assert after.gpu_layers <= before.gpu_layers
        if after.gpu_layers == before.gpu_layers:
            assert model.context_bytes(after.n_cells, after.kv_type) < model.context_bytes(
                before.n_cells, before.kv_type
            )


def facts_from(tmp_path: Path, **numbers: object) -> ModelFacts:
    path = tmp_path / "model.gguf"
    keys = {f"martian.{key.replace('__', '.')}": value for key, value in numbers.items()}
    path.write_bytes(gguf({"general.architecture": "martian", **keys}))  # type: ignore[dict-item]
    return facts_of(read_header(path), "Marvin", 1000)


def test_the_bytes_of_a_context_follow_from_the_header(tmp_path: Path) -> None:
    found = facts_from(
        tmp_path,
        block_count=30,
        context_length=8192,
        embedding_length=576,
        attention__head_count=9,
        attention__head_count_kv=3,
    )
    assert (found.layers, found.n_ctx_train) == (30, 8192)
    assert found.kv_bytes("f16") == 23_040  # of the embedded model, as llama.cpp allocates it
    assert found.kv_bytes("q8_0") == 12_240


def test_heads_may_differ_from_layer_to_layer_and_from_the_embedding(tmp_path: Path) -> None:
    heads = [4, 0, 0, 4] * 5
    found = facts_from(
        tmp_path,
        block_count=20,
        embedding_length=1024,
        attention__head_count=16,
        attention__head_count_kv=heads,
        attention__key_length=128,
        attention__value_length=256,
    )
    assert found.kv_width == sum(heads) * (128 + 256)


def test_a_recurrent_model_has_a_state_for_each_sequence_instead(tmp_path: Path) -> None:
    found = facts_from(
        tmp_path,
        block_count=24,
        embedding_length=768,
        attention__head_count=0,
        ssm__inner_size=1536,
        ssm__state_size=16,
        ssm__conv_kernel=4,
    )
    assert found.kv_width == 0
    assert found.state_bytes == 4 * 24 * facts.SEQUENCES * 1536 * (16 + 4)
    plan = best(found, 4)
    assert plan.n_cells == CONVERSATIONS * plan.n_ctx


def test_contexts_are_made_no_larger_than_is_reckoned_with_here() -> None:
    context = pytest.importorskip("engine.backends.llama.context")
    assert context.SLOTS <= facts.SEQUENCES
    assert context.MAX_OUTPUTS <= facts.OUTPUTS


def test_a_header_that_says_nothing_is_no_reason_to_fail(tmp_path: Path) -> None:
    plan = best(facts_from(tmp_path), 4)
    assert plan.n_ctx == 4096
