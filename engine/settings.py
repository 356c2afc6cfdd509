"""Every setting, declared once: the form, the file and the checks follow from these fields.

To add a setting: one field in `Settings`. Unknown keys in the file are kept, bad values are
replaced by the default and reported, and the file is written to a temporary name and renamed.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from engine.errors import BadRequestError, SettingsError
from engine.options import checked, option
from engine.types import GenerationParams, ModelSpec

LOOK = "Look"
ANSWERS = "Answers"
ENGINE = "Engine"
HIDDEN = ""  # kept in the file, set elsewhere than on the settings page


@dataclasses.dataclass(frozen=True)
class Settings:
    theme: str = option(
        "system",
        "Appearance",
        group=LOOK,
        choices=(("system", "Like the system"), ("light", "Light"), ("dark", "Dark")),
    )
    language: str = option(
        "system",
        "Language",
        "Takes effect at the next start.",
        group=LOOK,
        choices=(("system", "Like the system"), ("en", "English"), ("zh_CN", "简体中文")),
    )
    system_prompt: str = option(
        "",
        "Instructions for every new answer",
        "Sent before each conversation as the system message.",
        group=ANSWERS,
        multiline=True,
    )
    temperature: float = option(
        0.2,
        "Temperature",
        "0 always takes the likeliest word; higher values vary more.",
        group=ANSWERS,
        minimum=0.0,
        maximum=2.0,
        step=0.05,
    )
    top_p: float = option(0.9, "Top-p", "", group=ANSWERS, minimum=0.05, maximum=1.0, step=0.05)
    top_k: int = option(
        40, "Top-k", "", group=ANSWERS, minimum=0, maximum=1000, step=1, special="off"
    )
    min_p: float = option(0.05, "Min-p", "", group=ANSWERS, minimum=0.0, maximum=1.0, step=0.01)
    repeat_penalty: float = option(
        1.05, "Repeat penalty", "1 is off.", group=ANSWERS, minimum=1.0, maximum=2.0, step=0.05
    )
    max_tokens: int = option(
        1024, "Longest answer, in tokens", "", group=ANSWERS, minimum=1, maximum=32768, step=64
    )
    seed: int = option(
        -1,
        "Seed",
        "The same seed and prompt give the same answer.",
        group=ANSWERS,
        minimum=-1,
        maximum=2**31 - 1,
        step=1,
        special="random",
    )
    n_ctx: int = option(
        0,
        "Context length, in tokens",
        "How much of a conversation the model can see, at most what it was trained on. "
        "More needs more memory.",
        group=ENGINE,
        minimum=0,
        maximum=1_048_576,
        step=1024,
        special="automatic",
    )
    gpu_layers: int = option(
        -1,
        "GPU layers",
        "How many layers of the model run on the GPU; 0 is the CPU only.",
        group=ENGINE,
        minimum=-1,
        maximum=999,
        step=1,
        special="automatic",
    )
    n_threads: int = option(
        0,
        "Threads",
        group=ENGINE,
        minimum=0,
        maximum=256,
        step=1,
        special="automatic",
    )
    model_path: str = option("", "Model file", group=HIDDEN)

    def generation_params(self) -> GenerationParams:
        return GenerationParams(
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            top_k=self.top_k,
            top_p=self.top_p,
            min_p=self.min_p,
            repeat_penalty=self.repeat_penalty,
            seed=None if self.seed < 0 else self.seed,
        )

    def model_spec(self) -> ModelSpec:
        return ModelSpec(
            path=self.model_path or None,
            n_ctx=self.n_ctx,
            gpu_layers=self.gpu_layers,
            n_threads=self.n_threads,
        )


def load_settings(path: Path) -> tuple[Settings, list[str]]:
    """The settings in `path` and remarks on what could not be used. A missing file is no remark."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), []
    except (OSError, ValueError, RecursionError) as error:
        return Settings(), [
            f"The settings file {path} could not be read ({error}); using defaults."
        ]
    if not isinstance(data, dict):
        return Settings(), [f"The settings file {path} holds no settings; using defaults."]
    good, remarks = {}, []
    for field in dataclasses.fields(Settings):
        if field.name in data:
            try:
                good[field.name] = checked(field, data[field.name])
            except BadRequestError as error:
                remarks.append(f"{error.message} Using {field.default!r}.")
    return Settings(**good), remarks


def save_settings(settings: Settings, path: Path) -> None:
    """Write atomically, keeping keys that a newer version may have put there."""
    try:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            data = {}
        data = (data if isinstance(data, dict) else {}) | dataclasses.asdict(settings)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            # Escaped to ASCII: a path may hold broken Unicode.
            temporary.write_text(json.dumps(data, indent=1), encoding="ascii")
            os.replace(temporary, path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SettingsError(
            f"The settings could not be saved in {path.parent}: {error.strerror or error}.",
            hint="Give yourself write permission on that folder.",
        ) from error
