"""Every setting, declared once: the form, the file and the checks follow from these fields.

To add a setting: one field in `Settings`, or in `AnswerSettings` if it is about answers. Unknown
keys in the file are kept, bad values are replaced by the default and reported, and the file is
written to a temporary name and renamed.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from engine.answer_settings import ADVANCED, ANSWERS, AnswerSettings
from engine.errors import BadRequestError, SettingsError
from engine.options import checked, option
from engine.types import ModelSpec

LOOK = "Look"
ENGINE = "Engine"
HIDDEN = ""  # kept in the file, set elsewhere than on the settings page
GROUPS = (LOOK, ANSWERS, ADVANCED, ENGINE)  # in the order in which they are shown
FOLDED = (ADVANCED,)  # for few, and not at once


@dataclasses.dataclass(frozen=True)
class Settings(AnswerSettings):
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
        "How many processor cores work on an answer; more is not always faster.",
        group=ENGINE,
        minimum=0,
        maximum=256,
        step=1,
        special="automatic",
    )
    n_batch: int = option(
        0,
        "Tokens read at once",
        "More reads prompts faster on a GPU and needs more memory.",
        group=ENGINE,
        minimum=0,
        maximum=8192,
        step=128,
        special="automatic",
    )
    kv_type: str = option(
        "",
        "Precision of the context",
        "8 bits need half the memory for a long conversation, at a loss that is hard to notice.",
        group=ENGINE,
        choices=(("", "automatic"), ("f16", "16 bits"), ("q8_0", "8 bits")),
    )
    flash_attention: str = option(
        "",
        "Flash attention",
        "A way of reading that needs less memory. Turn it off if a GPU has trouble with it.",
        group=ENGINE,
        choices=(("", "automatic"), ("on", "on"), ("off", "off")),
    )
    kv_disk_mb: int = option(
        2048,
        "Keep what was read on disk, in MB",
        "Conversations then reopen without being read again. It holds what was said in them, for "
        "you alone to read. 0 keeps nothing.",
        group=ENGINE,
        minimum=0,
        maximum=1_000_000,
        step=256,
        special="off",
    )
    model_path: str = option("", "Model file", group=HIDDEN)
    remote_model: str = option("", "Model on the server", group=HIDDEN)

    def model_spec(self) -> ModelSpec:
        return ModelSpec(
            path=self.model_path or None,
            n_ctx=self.n_ctx,
            gpu_layers=self.gpu_layers,
            n_threads=self.n_threads,
            kv_type=self.kv_type,
            flash_attention=self.flash_attention,
            n_batch=self.n_batch,
            remote_model=self.remote_model,
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
                told = error.message
                if not told.startswith(field.name):
                    told = f"{field.name}: {told}"
                remarks.append(f"{told} Using {field.default!r}.")
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
