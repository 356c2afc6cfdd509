"""A folder of safetensors through Carrel, against `generate` of transformers itself.

The model has the embedded one's shape and random weights: speed does not depend on what they are.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine.bench import N_CTX, THREADS, Bench, NotMeasured
from benchmarks.engine.prompts import Vocabulary
from benchmarks.report import Row, against, at_least, interleaved, median_ratio
from engine.backends import BACKENDS
from engine.types import Message, ModelSpec

TOKENS = 96
PROMPT_TOKENS = 48


def transformers(bench: Bench) -> Iterator[Row]:
    """Tokens/s after the first one, the same prompt, greedy."""
    if "transformers" not in BACKENDS:
        raise NotMeasured("this engine has no backend for transformers")
    folder = bench.home / "transformers"
    write_folder(folder, bench.vocabulary)
    spec = ModelSpec(path=str(folder), n_ctx=N_CTX, gpu_layers=0, n_threads=THREADS)
    peer, tokens = Generate(folder), bench.size(TOKENS)
    with bench.carrel(spec=spec) as carrel:

        def ours(number: int) -> float:
            messages = bench.vocabulary.chat(PROMPT_TOKENS, seed=f"transformers {number}")
            return carrel.answer(messages, tokens).rate()

        def theirs(number: int) -> float:
            messages = bench.vocabulary.chat(PROMPT_TOKENS, seed=f"transformers {number}")
            return peer.rate(messages, tokens)

        arms = {"Carrel": ours, "generate": theirs}
        seen = interleaved("transformers", bench.rounds, arms)
    yield at_least(
        "transformers backend, streamed tokens/s",
        median_ratio(*seen.values()),
        1.0,
        "x",
        "transformers' model.generate",
        against("tokens/s", *seen.values()),
    )


class Generate:
    """`model.generate` as its users call it, in this process, and the times of its tokens."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(THREADS)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModelForCausalLM.from_pretrained(
            folder, dtype="auto", local_files_only=True
        ).eval()
        self._model.generation_config.eos_token_id = None  # the length is fixed

    def rate(self, messages: Sequence[Message], tokens: int) -> float:
        """Tokens per second after the first one."""
        from transformers.generation.streamers import BaseStreamer

        times: list[float] = []

        class Clock(BaseStreamer):
            def put(self, value: Any) -> None:
                times.append(time.perf_counter())

            def end(self) -> None:
                pass

        prompt = self._tokenizer.apply_chat_template(
            [{"role": str(m.role), "content": m.content} for m in messages],
            add_generation_prompt=True,
            return_tensors="pt",
        )
        options = {"max_new_tokens": tokens, "do_sample": False, "streamer": Clock()}
        made = self._model.generate(**prompt, **options)
        written = made.shape[1] - prompt["input_ids"].shape[1]
        if written != tokens:
            raise RuntimeError(f"generate wrote {written} tokens where {tokens} were due")
        # The first call of `put` brings the prompt.
        return (tokens - 1) / (times[-1] - times[1])


def write_folder(folder: Path, vocabulary: Vocabulary) -> None:
    """Weights, configuration and tokenizer as a model of this kind is published."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(0)
    shape = vocabulary.shape
    config = LlamaConfig(
        vocab_size=len(vocabulary.token_texts),
        hidden_size=shape["embedding_length"],
        intermediate_size=shape["feed_forward_length"],
        num_hidden_layers=shape["block_count"],
        num_attention_heads=shape["attention.head_count"],
        num_key_value_heads=shape["attention.head_count_kv"],
        max_position_embeddings=shape["context_length"],
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=vocabulary.eos,
        dtype="bfloat16",
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    _write_tokenizer(folder, vocabulary)


def _write_tokenizer(folder: Path, vocabulary: Vocabulary) -> None:
    """The file's tokens without its merges: each byte of a prompt is read as a token of its own."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    texts = vocabulary.token_texts
    tokenizer = Tokenizer(models.BPE({text: i for i, text in enumerate(texts)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    marks = [text for text in texts if text.startswith("<|") and text.endswith("|>")]
    tokenizer.add_special_tokens([AddedToken(text, normalized=False) for text in marks])
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": texts[vocabulary.eos],
        "chat_template": vocabulary.chat_template,
        "clean_up_tokenization_spaces": False,
    }
    text = json.dumps(settings, ensure_ascii=False)
    (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")
