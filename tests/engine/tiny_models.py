"""Model folders for tests, written by transformers: the starter model's, and tiny ones at random."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def write_folder(loaded: Any, folder: Path) -> None:
    """The weights (as F32) and the tokenizer of a model that transformers has read from a GGUF."""
    import torch
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

    model = loaded._runner.steps._there()
    config = type(model.config)(**_plain(model.config.to_dict()))
    plain = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    plain.load_state_dict(model.state_dict())
    plain.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=loaded._vocabulary._tokenizer,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        chat_template=loaded.info.chat_template,
    )
    tokenizer.save_pretrained(folder)


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name != "quantization_config"}


# Models of a few thousand weights, one for each way in which transformers remembers what it read.
TINY: dict[str, dict[str, Any]] = {
    "llama": {"num_key_value_heads": 2},
    "qwen2": {"num_key_value_heads": 2},
    "mistral": {"num_key_value_heads": 2, "sliding_window": 48, "head_dim": 16},
    "gemma3_text": {"num_key_value_heads": 2, "sliding_window": 48, "head_dim": 16},
    "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 2048},
    "mistral3": {  # sees pictures, too
        "text_config": {"model_type": "mistral", "num_key_value_heads": 2, "head_dim": 16},
        "vision_config": {"model_type": "pixtral", "hidden_size": 32, "num_hidden_layers": 1},
    },
    "qwen3_vl": {
        "text_config": {
            "num_key_value_heads": 2,
            "head_dim": 16,
            "rope_parameters": {"rope_type": "default", "mrope_section": [4, 2, 2]},
        },
        "vision_config": {"depth": 1, "hidden_size": 32, "num_heads": 2, "out_hidden_size": 64},
    },
    "lfm2": {"num_key_value_heads": 2, "layer_types": ["conv", "full_attention"]},
    "qwen3_next": {
        "num_key_value_heads": 2,
        "layer_types": ["linear_attention", "full_attention"],
        "head_dim": 16,
        "linear_num_value_heads": 4,
        "linear_num_key_heads": 2,
        "linear_key_head_dim": 16,
        "linear_value_head_dim": 16,
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 32,
        "shared_expert_intermediate_size": 32,
    },
    "mamba": {"state_size": 16},
    "mamba2": {"num_heads": 8, "head_dim": 16, "state_size": 16, "n_groups": 1, "chunk_size": 32},
}
_COMMON = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 2048,
    "initializer_range": 0.4,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
    "tie_word_embeddings": False,
}


def write_tiny(kind: str, folder: Path, tokenizer_of: Path) -> None:
    """A model with weights at random that speaks the words of another folder's tokenizer."""
    import torch
    from transformers import AutoConfig, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tokenizer_of, local_files_only=True)
    options = {**TINY[kind]}
    text = {**_COMMON, "vocab_size": len(tokenizer)}
    if "text_config" in options:
        options["text_config"] = {**text, **options["text_config"]}
    else:
        options = {**text, **options}
    config = AutoConfig.for_model(kind, **options)
    torch.manual_seed(7)
    auto_class(config).from_config(config, dtype=torch.float32).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def auto_class(config: Any) -> Any:
    """transformers' class for models that write text."""
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

    writes = type(config) in AutoModelForCausalLM._model_mapping
    return AutoModelForCausalLM if writes else AutoModelForImageTextToText
