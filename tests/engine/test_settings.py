"""Settings survive bad files, bad values and newer versions; options say what they may be."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadRequestError, SettingsError
from engine.options import checked, filled, option
from engine.setting_texts import grammar, json_schema, logit_bias, stop_strings
from engine.settings import Settings, load_settings, save_settings
from engine.types import GenerationParams, ModelSpec


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_what_is_saved_is_loaded(path: Path) -> None:
    settings = Settings(theme="dark", temperature=0.75, seed=7, system_prompt="简短回答。\n🙂")
    save_settings(settings, path)
    assert load_settings(path) == (settings, [])


def test_a_first_start_has_defaults_and_nothing_to_remark(path: Path) -> None:
    assert load_settings(path) == (Settings(), [])


@pytest.mark.parametrize(
    "content",
    ["", "{", "[1, 2]", "null", b"\xff\xfe\x00", '{"theme": ', "[" * 100_000, "9" * 5_000],
)
def test_a_file_that_holds_no_settings_gives_defaults_and_says_so(
    path: Path, content: str | bytes
) -> None:
    settings, remarks = load_settings(write(path, content))
    assert settings == Settings()
    assert len(remarks) == 1
    assert str(path) in remarks[0]
    assert "default" in remarks[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("theme", 3),
        ("temperature", "hot"),
        ("temperature", -0.1),
        ("temperature", 10**400),
        ("temperature", True),
        ("top_k", 1.5),
        ("max_tokens", 0),
        ("seed", 2**40),
        ("n_ctx", None),
        ("model_path", ["a"]),
    ],
)
def test_one_bad_value_costs_only_itself(path: Path, name: str, value: object) -> None:
    settings, remarks = load_settings(write(path, json.dumps({name: value, "top_p": 0.5})))
    assert settings == Settings(top_p=0.5)
    assert len(remarks) == 1
    assert remarks[0].startswith(name)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused(path: Path, text: str) -> None:
    settings, remarks = load_settings(write(path, f'{{"temperature": {text}}}'))
    assert settings == Settings()
    assert len(remarks) == 1


def test_what_a_newer_version_wrote_is_kept(path: Path) -> None:
    write(path, json.dumps({"telepathy": {"on": True}, "theme": "dark"}))
    settings, remarks = load_settings(path)
    assert remarks == []
    save_settings(dataclasses.replace(settings, theme="light"), path)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["telepathy"] == {"on": True}
    assert kept["theme"] == "light"


def test_a_model_path_of_broken_unicode_is_saved(path: Path) -> None:
    settings = Settings(model_path="/models/caf\udce9.gguf")
    save_settings(settings, path)
    assert load_settings(path) == (settings, [])


def test_a_folder_that_cannot_be_written_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    with pytest.raises(SettingsError) as caught:
        save_settings(Settings(), tmp_path / "config" / "settings.json")
    assert str(tmp_path / "config") in caught.value.message
    assert "permission" in caught.value.hint


def test_a_save_that_fails_leaves_no_litter(path: Path) -> None:
    path.mkdir(parents=True)  # a folder cannot be replaced by a file
    with pytest.raises(SettingsError):
        save_settings(Settings(), path)
    assert list(path.parent.iterdir()) == [path]


def test_every_setting_says_what_it_is_and_its_default_is_allowed() -> None:
    for field in dataclasses.fields(Settings):
        assert field.metadata["label"]
        assert checked(field, field.default) == field.default


def test_settings_become_what_the_engine_takes() -> None:
    settings = Settings(seed=-1, model_path="", n_ctx=2048)
    assert settings.generation_params().seed is None
    assert dataclasses.replace(settings, seed=5).generation_params().seed == 5
    assert settings.model_spec().path is None
    assert settings.model_spec().n_ctx == 2048


def test_every_sampling_parameter_can_be_set() -> None:
    settings = Settings(
        max_tokens=5,
        temperature=0.5,
        top_k=7,
        top_p=0.5,
        min_p=0.2,
        repeat_penalty=1.5,
        repeat_last_n=9,
        presence_penalty=-1.0,
        seed=3,
        frequency_penalty=1.5,
        dry_multiplier=0.8,
        dry_base=2.0,
        mirostat=2,
        dry_allowed_length=4,
        xtc_probability=0.5,
        xtc_threshold=0.2,
        logprobs=4,
        mirostat_tau=3.0,
        mirostat_eta=0.3,
        prompt_lookup=False,
        stop="END\n\\n\\n",
        logit_bias='yes = 2\n" no" = -100',
        answer_form="grammar",
        grammar='root ::= "a"\n',
        json_schema="{}",
    )
    params = settings.generation_params()
    default = GenerationParams(prompt_lookup=True)
    for name in GenerationParams.__struct_fields__:
        if name != "json_schema":
            assert getattr(params, name) != getattr(default, name), name
    assert params.stop == ("END", "\n\n")
    assert params.logit_bias == (("yes", 2.0), (" no", -100.0))
    assert (params.grammar, params.json_schema) == ('root ::= "a"', None)
    by_schema = dataclasses.replace(settings, answer_form="json_schema").generation_params()
    assert (by_schema.grammar, by_schema.json_schema) == ("", {})
    free = dataclasses.replace(settings, answer_form="text").generation_params()
    assert (free.grammar, free.json_schema) == ("", None)


def test_the_defaults_ask_for_nothing_that_a_backend_might_lack() -> None:
    assert Settings().generation_params() == GenerationParams(prompt_lookup=True)


def test_every_engine_setting_reaches_the_engine() -> None:
    spec = Settings(kv_type="q8_0", flash_attention="on", n_batch=256, n_threads=3).model_spec()
    assert spec == ModelSpec(kv_type="q8_0", flash_attention="on", n_batch=256, n_threads=3)


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (logit_bias, "maybe", "Line 1 is not of the form “text = number”."),
        (logit_bias, "a = 1\n\n= 3", "Line 3 is not of the form “text = number”."),
        (logit_bias, "a = much", "Line 1: “much” is not a number."),
        (logit_bias, "a = 1e9", "Line 1: the number must lie between -100 and 100."),
        (logit_bias, "a = nan", "Line 1: the number must lie between -100 and 100."),
        (logit_bias, '"" = 1', "Line 1 has no text before the “=”."),
        (json_schema, "{", "The schema is not valid JSON (line 1, column 2: expecting"),
        (json_schema, "[1]", "The schema must be a JSON object: it begins with “{”."),
        (json_schema, "[" * 100_000, "The schema is nested too deeply."),
        (json_schema, "9" * 5_000, "The schema is not valid JSON."),
        (grammar, 'answer ::= "yes"', "The grammar has no rule named root"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_with_its_line(
    read: Callable[[str], object], text: str, told: str
) -> None:
    with pytest.raises(BadRequestError) as caught:
        read(text)
    assert caught.value.message.startswith(told)


def test_texts_are_read_as_they_are_meant() -> None:
    assert logit_bias("a=b = -2\n\n  x =3") == (("a=b", -2.0), ("x", 3.0))
    assert logit_bias('"\\n" = 1\n"a"b" = 2') == (("\n", 1.0), ('a"b', 2.0))
    assert stop_strings("User:\n\n a\\tb \n\\\\n") == ("User:", " a\tb ", "\\n")
    assert (json_schema(" \n"), grammar(" \n"), logit_bias(""), stop_strings("")) == (
        *(None, "", (), ()),
    )


def test_a_bad_text_in_the_file_costs_only_itself(path: Path) -> None:
    data = {"logit_bias": "maybe", "json_schema": "{", "top_k": 9}
    settings, remarks = load_settings(write(path, json.dumps(data)))
    assert settings == Settings(top_k=9)
    assert sorted(remark.split(":")[0] for remark in remarks) == ["json_schema", "logit_bias"]


@dataclasses.dataclass(frozen=True)
class Some:
    size: int = option(3, "Size", minimum=1, maximum=9)
    share: float = option(0.5, "Share", minimum=0.0, maximum=1.0)
    kind: str = option("a", "Kind", choices=(("a", "A"), ("b", "B")))


def test_options_fill_in_what_is_missing_and_take_whole_numbers_for_shares() -> None:
    assert filled(Some, {"share": 1}) == Some(share=1.0)
    assert isinstance(filled(Some, {"share": 1}).share, float)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"size": 10}, "size must lie between 1 and 9, not 10."),
        ({"size": "3"}, "size must be a int, not '3'."),
        ({"kind": "c"}, "kind must be one of a, b, not 'c'."),
        ({"colour": 1}, "Unknown option 'colour'; there are: size, share, kind."),
    ],
)
def test_a_bad_option_is_told_with_what_it_may_be(values: dict[str, object], told: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        filled(Some, values)
    assert caught.value.message == told


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from([f.name for f in dataclasses.fields(Settings)]), json_values)
)
def test_no_file_whatever_it_holds_stops_the_start(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any settings.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    settings, _ = load_settings(path)
    for field in dataclasses.fields(Settings):
        assert checked(field, getattr(settings, field.name)) == getattr(settings, field.name)
