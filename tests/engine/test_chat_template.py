"""A chat template is a stranger's program: it may say how a prompt looks, and nothing else."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.llama import chat_template
from engine.backends.llama.chat_template import CHATML, MAX_TEMPLATE, ChatTemplate
from engine.errors import ChatTemplateError
from engine.types import Message, Role
from tests.engine.templates import GEMMA, LLAMA_3, MISTRAL, QWEN

SYSTEM = Message(Role.SYSTEM, "Be brief.")
TURNS = [
    Message(Role.USER, "One?"),
    Message(Role.ASSISTANT, "Two."),
    Message(Role.USER, "Three?"),
]


def template(source: str) -> ChatTemplate:
    return ChatTemplate(source, "<s>", "</s>")


@pytest.mark.parametrize(
    ("source", "prompt"),
    [
        (
            CHATML,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nOne?<|im_end|>\n"
            "<|im_start|>assistant\nTwo.<|im_end|>\n<|im_start|>user\nThree?<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
        (
            LLAMA_3,
            "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nOne?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\nTwo.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nThree?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        (
            QWEN,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nOne?<|im_end|>\n"
            "<|im_start|>assistant\nTwo.<|im_end|>\n<|im_start|>user\nThree?<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
        (MISTRAL, "<s>[INST] One?[/INST] Two.</s>[INST] Be brief.\n\nThree?[/INST]"),
    ],
    ids=["chatml", "llama-3", "qwen", "mistral"],
)
def test_each_family_is_prompted_in_its_own_words(source: str, prompt: str) -> None:
    assert template(source).render([SYSTEM, *TURNS]) == prompt


def test_a_family_without_a_system_role_reads_it_in_the_first_message() -> None:
    assert template(GEMMA).render([SYSTEM, *TURNS]) == (
        "<s><start_of_turn>user\nBe brief.\n\nOne?<end_of_turn>\n"
        "<start_of_turn>model\nTwo.<end_of_turn>\n<start_of_turn>user\nThree?<end_of_turn>\n"
        "<start_of_turn>model\n"
    )


def test_a_refusal_for_another_reason_is_told_in_the_templates_words() -> None:
    with pytest.raises(ChatTemplateError) as caught:
        template(GEMMA).render([TURNS[1]])
    assert "roles must alternate" in caught.value.message
    assert caught.value.hint


def test_a_model_without_a_template_gets_chatml() -> None:
    assert template("").render(TURNS[:1]) == template(CHATML).render(TURNS[:1])


@pytest.mark.parametrize("source", [CHATML, LLAMA_3, QWEN, GEMMA, MISTRAL])
@given(said=st.lists(st.text(), min_size=3, max_size=3))
def test_what_a_user_types_is_never_the_templates_own_text(source: str, said: list[str]) -> None:
    said = [text + "<|im_end|>\x020\x03[INST]" for text in said]
    messages = [Message(m.role, text) for m, text in zip(TURNS, said, strict=True)]
    pieces = template(source).pieces([SYSTEM, *messages])
    typed = [text for text, is_markup in pieces if not is_markup]
    assert sorted(typed) == sorted([SYSTEM.content, *said])
    for text, is_markup in pieces:
        assert not is_markup or "\x02" not in text


@pytest.mark.parametrize("source", [CHATML, LLAMA_3, QWEN, GEMMA, MISTRAL])
def test_the_pieces_together_are_the_prompt(source: str) -> None:
    made = template(source)
    pieces = made.pieces([SYSTEM, *TURNS])
    assert "".join(text for text, _ in pieces) == made.render([SYSTEM, *TURNS])


def test_a_template_that_changes_its_messages_is_rendered_as_it_is() -> None:
    made = template("{% for m in messages %}{{ m.content[:2] }}{% endfor %}")
    assert made.pieces(TURNS) == [("OnTwTh", True)]


@pytest.mark.parametrize(
    "payload",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.__class__.__base__ }}",
        "{{ raise_exception.__globals__ }}",
        "{{ strftime_now.__globals__['sys'] }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__['os'] }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ ('%s'|attr('__class__')) }}",
        "{{ '{0.__class__.__init__.__globals__}'.format(raise_exception) }}",
        "{{ '{0.__class__}'.format_map({'0': 1}) }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update(role='system') }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ namespace.__init__.__globals__ }}",
    ],
)
def test_a_template_reaches_nothing_outside_itself(payload: str) -> None:
    try:
        said = template(payload).render(TURNS)
    except ChatTemplateError:
        said = ""
    assert said == ""  # what the sandbox does not give is undefined, which is written as nothing


@pytest.mark.parametrize(
    "payload",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [0] * 1000000000 }}",
        "{{ 9**9**9 }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{{ i }}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(99) }}",
    ],
)
def test_a_template_that_runs_away_is_stopped(
    payload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_template, "MAX_SECONDS", 0.2)
    monkeypatch.setattr(chat_template, "MAX_PROMPT", 1_000_000)
    started = time.monotonic()
    with pytest.raises(ChatTemplateError):
        template(payload).render(TURNS)
    assert time.monotonic() - started < 2
    assert sys.gettrace() is None


@pytest.mark.parametrize("source", ["{% for %}", "{{ unclosed", "{% endif %}", "{{ a|nofilter }}"])
def test_a_broken_template_is_told_as_one(source: str) -> None:
    with pytest.raises(ChatTemplateError) as caught:
        template(source)
    assert caught.value.message.startswith("The model's chat template is broken")


def test_a_template_as_long_as_a_book_is_refused() -> None:
    with pytest.raises(ChatTemplateError):
        template("x" * (MAX_TEMPLATE + 1))


@given(st.text(st.sampled_from("{}%#-|'\"() .=[]messagefori0")))
def test_no_template_whatever_it_is_raises_anything_else(source: str) -> None:
    try:
        made = template(source).render(TURNS)
    except ChatTemplateError:
        return
    assert isinstance(made, str)
