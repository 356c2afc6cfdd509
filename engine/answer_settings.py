"""The settings that say how answers are written; `Settings` takes them over."""

from __future__ import annotations

import dataclasses

from engine import setting_texts
from engine.options import CHANGED, option
from engine.types import GenerationParams, OverflowPolicy

ANSWERS = "Answers"
ADVANCED = "Advanced sampling"
FREE, BY_SCHEMA, BY_GRAMMAR = "text", "json_schema", "grammar"


@dataclasses.dataclass(frozen=True)
class AnswerSettings:
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
    max_tokens: int = option(
        1024,
        "Longest answer, in tokens",
        "A token is about three quarters of an English word.",
        group=ANSWERS,
        minimum=1,
        maximum=32768,
        step=64,
    )
    overflow: str = option(
        OverflowPolicy.ROLL.value,
        "When a conversation gets too long",
        "A model sees only so much at once. What it no longer sees stays in the conversation, and a "
        "line shows where that begins.",
        group=ANSWERS,
        choices=(
            (OverflowPolicy.STOP.value, "Stop and say so"),
            (OverflowPolicy.ROLL.value, "Leave out the oldest turns"),
            (OverflowPolicy.SUMMARIZE.value, "Replace the oldest by a note"),
        ),
    )
    answer_form: str = option(
        FREE,
        "Form of the answers",
        "For answers that another program reads.",
        group=ANSWERS,
        choices=(
            (FREE, "Free text"),
            (BY_SCHEMA, "JSON by a schema"),
            (BY_GRAMMAR, "By a grammar"),
        ),
    )
    json_schema: str = option(
        "",
        "JSON schema",
        "Every answer is JSON that fits it. While it is empty, answers are free text.",
        group=ANSWERS,
        multiline=True,
        code=True,
        check=setting_texts.json_schema,
        shown_when=("answer_form", BY_SCHEMA),
    )
    grammar: str = option(
        "",
        "Grammar (GBNF)",
        "Every answer follows these rules, from the one named root. While there are none, answers "
        "are free text.",
        group=ANSWERS,
        multiline=True,
        code=True,
        check=setting_texts.grammar,
        shown_when=("answer_form", BY_GRAMMAR),
    )
    logprobs: int = option(
        0,
        "Keep word probabilities",
        "For every word, keep so many alternatives and how likely each was. An answer's menu shows "
        "them.",
        group=ANSWERS,
        minimum=0,
        maximum=10,
        step=1,
        special="off",
    )
    seed: int = option(
        -1,
        "Seed",
        "The same seed and prompt give the same answer.",
        group=ADVANCED,
        minimum=-1,
        maximum=2**31 - 1,
        step=1,
        special="random",
    )
    top_k: int = option(
        40,
        "Top-k",
        "At each step only so many of the likeliest words are considered.",
        group=ADVANCED,
        minimum=0,
        maximum=1000,
        step=1,
        special="off",
    )
    top_p: float = option(
        0.9,
        "Top-p",
        "Only the likeliest words are considered that together reach this share of the probability. "
        "1 is off; less is plainer and safer.",
        group=ADVANCED,
        minimum=0.05,
        maximum=1.0,
        step=0.05,
    )
    min_p: float = option(
        0.05,
        "Min-p",
        "Words are left out that are less likely than this share of the likeliest one.",
        group=ADVANCED,
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        special="off",
    )
    repeat_penalty: float = option(
        1.05,
        "Repeat penalty",
        "Above 1, words that were just used become less likely.",
        group=ADVANCED,
        minimum=1.0,
        maximum=2.0,
        step=0.05,
        special="off",
    )
    presence_penalty: float = option(
        0.0,
        "Presence penalty",
        "Above 0, a word that was used becomes less likely, however often that was. 0 is off.",
        group=ADVANCED,
        minimum=-2.0,
        maximum=2.0,
        step=0.1,
    )
    frequency_penalty: float = option(
        0.0,
        "Frequency penalty",
        "Above 0, a word becomes less likely each time it is used. 0 is off.",
        group=ADVANCED,
        minimum=-2.0,
        maximum=2.0,
        step=0.1,
    )
    repeat_last_n: int = option(
        64,
        "How far the penalties look back",
        "In tokens, for the three penalties above.",
        group=ADVANCED,
        minimum=0,
        maximum=32768,
        step=16,
        special="off",
    )
    dry_multiplier: float = option(
        0.0,
        "DRY: strength",
        "Keeps whole phrases from being repeated; 0.8 is usual.",
        group=ADVANCED,
        minimum=0.0,
        maximum=5.0,
        step=0.1,
        special="off",
    )
    dry_base: float = option(
        1.75,
        "DRY: growth",
        "How much stronger it gets with each further word of a repeated phrase.",
        group=ADVANCED,
        minimum=1.0,
        maximum=4.0,
        step=0.05,
        shown_when=("dry_multiplier", CHANGED),
    )
    dry_allowed_length: int = option(
        2,
        "DRY: length allowed",
        "Phrases of up to so many tokens may be repeated.",
        group=ADVANCED,
        minimum=1,
        maximum=100,
        step=1,
        shown_when=("dry_multiplier", CHANGED),
    )
    xtc_probability: float = option(
        0.0,
        "XTC: chance",
        "How often the most obvious words are left out, for texts that surprise.",
        group=ADVANCED,
        minimum=0.0,
        maximum=1.0,
        step=0.05,
        special="off",
    )
    xtc_threshold: float = option(
        0.1,
        "XTC: threshold",
        "Obvious are words more likely than this; the least likely of them always stays.",
        group=ADVANCED,
        minimum=0.0,
        maximum=0.5,
        step=0.05,
        shown_when=("xtc_probability", CHANGED),
    )
    mirostat: int = option(
        0,
        "Mirostat",
        "Keeps a text evenly surprising, in place of top-k, top-p and min-p; version 1 or 2.",
        group=ADVANCED,
        minimum=0,
        maximum=2,
        step=1,
        special="off",
    )
    mirostat_tau: float = option(
        5.0,
        "Mirostat: surprise",
        "Less is more focused, more is more varied.",
        group=ADVANCED,
        minimum=0.0,
        maximum=20.0,
        step=0.5,
        shown_when=("mirostat", CHANGED),
    )
    mirostat_eta: float = option(
        0.1,
        "Mirostat: speed",
        "How fast it corrects itself.",
        group=ADVANCED,
        minimum=0.0,
        maximum=1.0,
        step=0.05,
        shown_when=("mirostat", CHANGED),
    )
    prompt_lookup: bool = option(
        True,
        "Draft from the prompt",
        "Faster where an answer quotes what it was given; the answer stays the same. It is switched "
        "off by itself where it does not pay.",
        group=ADVANCED,
    )
    stop: str = option(
        "",
        "Stop at",
        "An answer ends before any of these texts. One per line; \\n stands for a line end.",
        group=ADVANCED,
        multiline=True,
        code=True,
    )
    logit_bias: str = option(
        "",
        "Likelier and less likely words",
        "One per line, as in: maybe = -5. The number is added to the word's score; -100 never takes "
        'it. Quotes keep a space before it, as in: " maybe" = -5.',
        group=ADVANCED,
        multiline=True,
        code=True,
        check=setting_texts.logit_bias,
    )

    def generation_params(self) -> GenerationParams:
        by_schema, by_grammar = self.answer_form == BY_SCHEMA, self.answer_form == BY_GRAMMAR
        same = {
            name: getattr(self, name)
            for name in GenerationParams.__struct_fields__
            if name not in ("seed", "stop", "logit_bias", "json_schema", "grammar")
        }
        return GenerationParams(
            seed=None if self.seed < 0 else self.seed,
            stop=setting_texts.stop_strings(self.stop),
            logit_bias=setting_texts.logit_bias(self.logit_bias),
            json_schema=setting_texts.json_schema(self.json_schema) if by_schema else None,
            grammar=setting_texts.grammar(self.grammar) if by_grammar else "",
            **same,
        )
