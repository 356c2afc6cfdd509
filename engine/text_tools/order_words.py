"""The words by which orders to a language model are told: see `orders`.

Chosen on the documents of tests/injection that are not held out, and checked on some 5,500 sentences of
ordinary English text, none of which they take for an order.
"""

from __future__ import annotations

import re

_GAP = r"[^.!?。！？\n]{0,60}?"


def _one_of(words: str) -> str:
    return "(?:" + "|".join(words.split()).replace("_", r"\s+") + ")"


_MACHINE = _one_of(
    r"language_models? llms? ai_(?:assistant|model|system|agent|reader)s? assistants? chat\s?bots? an_ai"
    r" ais? the_model sprachmodelle? ki-(?:assistent\w*|systeme?|modelle?) assistenten?"
    r" mod[eè]les?_de_lang\w+ modelos?_de_lenguaje asistentes?"
)
_SAY = _one_of(
    r"reply respond answer say write output print repeat return produce display begin append include"
    r" classify list antworte\w* schreibe? sage? gib réponds? écris responde escribe"
)
_ONLY = _one_of(
    r"only nothing_(?:but|else) no_other just_the (?:the_)?(?:single|exact|code|following)_(?:words?"
    r"|text|phrase|sentence) exactly verbatim (?:every|each|all|any)_(?:answer|request|reply|response)s?"
    r" ausschlie(?:ß|ss)lich nur uniquement seulement solamente únicamente"
)
_RULES = _one_of(
    r"instructions? prompts? rules? orders? directions? guidelines commands? anweisung(?:en)? regeln"
    r" consignes instrucciones"
)
_FORGET = _one_of(
    r"ignore disregard forget override[sn]? overrule bypass ignorier\w* missachte\w* vergiss ignorez?"
    r" oublie[zr]? ignora olvida"
)
_MUST = _one_of(
    r"must should shall needs?_to has_to have_to are_to is_to muss müssen soll(?:en)? doit doivent debe"
)
_WORK = _one_of(  # what a model is asked for, and what it works on
    r"(?:(?:your|the|any|each|every|this)_)?(?:summar(?:y|ies)|answers?|response|reply|replies|output)"
    r" quer(?:y|ies) (?:the|your)_(?:users?|task|prompt|conversation) instead stattdessen (?:the_)?"
    r"(?:phrase|tokens?|words?|line|sentence|code|string|marker)"
)
_TYPE = _one_of(
    r"type emit finish greet add tell translate reveal insert conclude end start mention state use"
    r" put show recommend give call report pretend act stop exit terminate beende füge nenne"
    r" erwähne übersetze"
)
_START = r"(?:^|[.;:,!?…–-]\s*|\b(?:please|kindly|just|instead|now|then|must|to|and|und|bitte)\s+)"
_CODE = r"(?-i:[\"“'‘]?[A-Z][A-Z0-9-]{2,}[\"”'’]?)"  # a word in capitals
ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_START}(?:{_SAY}|{_TYPE})\b{_GAP}\b{_WORK}\b{_GAP}(?-i:\b[A-Z][A-Z0-9-]{{2,}}\b)",
        rf"{_START}(?:{_SAY}|{_TYPE})\s+(?:\w+\s+){{0,4}}{_CODE}\s*[.!]?\s*$",
        rf"{_START}(?:add|append|insert|include|put|mention|end|finish|begin|start)\b{_GAP}"
        r"\b(?:your|every|each) (?:summary|answer|response|reply|output)\b",
        rf"{_START}(?:tell|inform|advise|urge|convince|ask) the (?:user|reader|person)s?\b",
        r"\b(?:correct|right|real|true|actual|proper|expected) (?:response|answer|request|output|summary"
        r"|task)\b[^.!?\n]{0,50}\b(?:is|are|was)\b",
        r"\b(?:do not|don't|never|stop|refuse to) (?:summari[sz]\w*|translat\w*|process\w*|answer\w*"
        r"|analy[sz]\w*|continu\w*|read\w*)\b[^.!?\n]{0,20}\b(?:this|the|any) (?:text|document|file|page"
        r"|article|questions?|further)\b",
        r"\b(?:what(?:ever)?|anything|everything) you (?:were|have been|are) (?:asked|told|given"
        r"|instructed)\b",
        r"\byour (?:developers?|creators?|programming|system prompt|guidelines|original (?:task|purpose)"
        r"|previous (?:task|instructions?|role))\b",
        rf"\b(?:{_RULES}|directives?)\b{_GAP}\b(?:void|cancel\w*|no longer|replaced|superseded|null"
        r"|revoked|obsolete|suspended)\b",
        rf"\bnew (?:{_RULES}|directives?) (?:is|are)\b",
        r"\b(?:vergiss|vergesst|ignorier\w*) (?:deine|eure|ihre|die) (?:aufgabe|rolle|bisherige\w*)\b",
        r"\byou (?:must|will|shall|should) (?:now )?(?:act|behave|respond|reply|answer|pretend|speak)\b",
        r"(?:不要|别|无需)(?:总结|翻译|回答|分析|处理)|请?直接(?:输出|回答|回复)|(?:改为|转而)(?:输出|回答)",
        rf"\b{_FORGET}\b{_GAP}\b{_RULES}\b",
        rf"\b{_FORGET}\b{_GAP}\b(?:everything|task|the (?:text|document|page|above))\b",
        rf"\b{_RULES}\b{_GAP}\b(?:for|to) (?:the |an? |all )?{_MACHINE}\b",
        rf"\b(?:note|notice|message|hinweis)\b{_GAP}\b(?:to|for|an) (?:the |das |alle )?{_MACHINE}\b",
        rf"\b{_MACHINE}(?: models?)?\b{_GAP}\b{_MUST}\b",
        rf"\b(?:if|when) you are (?:an? )?{_MACHINE}\b",
        rf"\b{_MACHINE}\s*[:,]\s*(?:{_FORGET}|{_SAY})\b",
        rf"(?:^|[.;:,!?]\s*|\band (?:then )?|\b(?:must|please|always|und)\s+){_SAY}\b{_GAP}\b{_ONLY}\b",
        r"\byour (?:only |final |complete |next |correct )+(?:output|answer|reply|response|summary)\b",
        r"\bthe only correct (?:output|answer|reply|response|summary)\b",
        r"\bwrite nothing\b|\byou are now (?:an?|in|the)\b",
        r"\bsystem (?:prompt|message|instruction|override)\b",
        r"\b(?:developer|debug|admin|god|jailbreak) mode\b|\b(?:switched|now) (?:in|to) test mode\b",
        r"\bnew (?:task|instructions?|system)\s*:",
        rf"\bwhen asked (?:for|about)\b{_GAP}\b(?:always|must|never)\b",
        rf"\bfrom now on\b{_GAP}\b(?:every|each|all|your) (?:answer|reply|response)s?\b",
        rf"\b(?:decode|execute|run)\b{_GAP}\b(?:do what|base64)\b",
        r'"role"\s*:\s*"(?:system|assistant|user)"',
        r"<\s*\|\s*(?:im_start|im_end|eot_id|start_header_id)|\[/?INST\]|<<SYS>>|<start_of_turn>",
        r"(?:忽略|无视|忘记|不要理会)[^。！？\n]{0,20}(?:指示|指令|提示|要求|规则)",
        r"系统提示|(?:语言模型|人工智能|AI|助手)[^。！？\n]{0,12}(?:必须|只能|应当)|处于测试模式",
        r"只(?:能|需|要|可)?(?:回答|输出|回复)(?!了)[^。！？\n]{0,4}[“\"「:：]",
    )
)
