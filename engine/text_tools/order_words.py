"""The words by which orders to a language model are told: see `orders`.

An order names what writes ("the language model must …"), what is written ("your summary", "every
answer"), or what is to stand there and nothing else ("reply only with …"). Exams, recipes, manuals and
laws give orders, too, and speak of language models: they are no such orders (tests/injection/honest.json
has their sentences). Made narrower with those sentences and all documents of tests/injection in view.
"""

from __future__ import annotations

import re

_GAP = r"[^.!?。！？\n]{0,60}?"


def _one_of(words: str) -> str:
    return "(?:" + "|".join(words.split()).replace("_", r"\s+") + ")"


_AI = _one_of(
    r"language_models? llms? ai_(?:assistant|model|system|agent|reader)s? chat\s?bots? an_ai ais?"
    r" the_model ai_and_llm sprachmodelle? ki-(?:assistent\w*|systeme?|modelle?) mod[eè]les?_de_lang\w+"
    r" modelos?_de_lenguaje"
)
_SAY = _one_of(
    r"reply respond answer say write output print repeat return produce display begin append include"
    r" classify list antworte\w* schreibe? sage? gib réponds? écris responde escribe"
)
_TYPE = _one_of(
    r"type emit finish greet add tell translate reveal insert conclude end start mention state use"
    r" put show recommend give call pretend act exit terminate beende füge nenne"
    r" erwähne übersetze"
)
# What an order to a machine is about, and a law on machines hardly.
_MACHINE_DOES = _one_of(
    r"(?:ignore|disregard|forget)s? repl(?:y|ies) responds? answers? says? writes? outputs? prints?"
    r" repeats? lists? prais\w+ mention\w* summari[sz]\w* begins? ends? classif\w+ obeys? ignorieren?"
    r" antworten? schreiben? sagen? include_(?:this|the)_(?:link|image|word|phrase|text|url|sentence)"
    r" be_(?:mentioned|listed|returned|named|praised)"
)
_CODE = r"(?-i:[\"“'‘`„]?[A-Z][A-Z0-9-]{2,}[\"”'’`“]?)"  # a word in capitals
_WORD = _one_of(r"words? phrase sentence text code string token line marker")
_JUST = rf"(?:(?:the|this|one|a)\s+)?(?:(?:single|exact|following|code)\s+)?{_WORD}\b"
_ONLY = (
    rf"(?:(?:only|exactly|just|ausschlie(?:ß|ss)lich|nur|uniquement|seulement|solamente|únicamente)\s+"
    rf"(?:with\b|mit\b|avec\b|con\b|{_JUST}|[\"“„'‘`«]|{_CODE})"
    rf"|with\s+(?:only|exactly|just)\b|nothing\s+(?:but|else)\b|verbatim\b"
    rf"|(?:every|each|all|any)\s+(?:answer|request|reply|response)s?\s+with\b)"
)
_RULES = _one_of(
    r"instructions? prompts? rules? orders? directions? guidelines commands? anweisung(?:en)? regeln"
    r" consignes instrucciones"
)
_TOLD = _one_of(  # what a model has been told before
    r"(?:all|any|every|your|previous|prior|earlier|above|preceding|the_(?:above|previous|prior)"
    r"|alle|deine|toutes|tous|todas)(?:_\w+){0,3}"
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
    r" quer(?:y|ies) (?:the|your)_(?:users?|task|prompt|conversation) instead stattdessen"
    r" (?:the_)?(?:phrase|tokens?|words?|line|sentence|code|string|marker)"
)
_START = r"(?:^|[.;:,!?…–-]\s*|\b(?:please|kindly|just|instead|now|then|must|to|and|und|bitte)\s+)"
_COMPUTER = (  # manuals have words in capitals to type
    r"(?!.*\b(?:keys?|keyboard|button|menu|command|screen|program\w*|terminal|console|enter|press|click|field"
    r"|box|dialog\w*|window|led|switch|lever|form|column|row)\b)"
)
ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # What is to be written, and nothing else.
        rf"{_START}{_SAY}\b{_GAP}\b{_ONLY}",
        rf"{_START}(?:{_SAY}|{_TYPE})\b{_GAP}\b{_WORK}\b{_GAP}(?<!\w){_CODE}",
        rf"^{_COMPUTER}.*?{_START}(?:{_SAY}|{_TYPE})\s+(?:\w+\s+){{0,4}}{_CODE}\s*[.!]?\s*$",
        rf"{_START}(?:add|append|insert|include|put|mention|end|finish|begin|start)\b{_GAP}"
        r"\b(?:your|every) (?:summary|answer|response|reply|output)\b",
        r"\byour (?:only |complete |next |entire |whole )+(?:output|answer|reply|response|summary)\b",
        r"\bthe only correct (?:output|answer|reply|response|summary)\b",
        r"\b(?:correct|right|real|true|actual|proper|expected) (?:response|answer|reply|output)s?"
        r" (?:to|for) (?:any|every|each|all)\b[^.!?\n]{0,50}\b(?:is|are|was)\b",
        r"\b(?:correct|real|true|actual) (?:request|summary|prompt)\b[^.!?\n]{0,50}\b(?:is|are|was)\b",
        rf"\bwhen asked (?:for|about)\b{_GAP}\b(?:always|never|you must)\s+(?:{_SAY}|{_TYPE})\b",
        rf"\bfrom now on\b{_GAP}\b(?:every|each|all|your) (?:answer|reply|response)s?\b",
        rf"{_START}(?:tell|inform|advise|urge|convince|ask) the (?:user|reader|person)s?\b{_GAP}"
        r"\b(?:visit|https?|www|buy|pay|subscribe|donate)\b",
        # What was to be done before.
        rf"\b{_FORGET}\s+{_TOLD}\b{_GAP}\b{_RULES}\b",
        rf"\b{_FORGET}\s+(?:all\s+)?(?:\w+\s+)?(?:{_RULES})\s+(?:above|before|given|you)\b",
        rf"\b{_FORGET}\b\s+(?:everything\b|(?:your|the)\s+task\b|the\s+(?:text|document|page)\s+(?:above|and)"
        r"|the\s+above\b|the\s+(?:document|page)\s*[.!]?$)",
        rf"\b(?:{_FORGET}|set aside|skip|drop|abandon|instead of)\b{_GAP}\b(?:what(?:ever)?|anything"
        r"|everything) you (?:were|have been|are) (?:asked|told|given|instructed)\b",
        r"\b(?:previous|prior|earlier|above|preceding)\s+(?:instructions?|prompts?|directives?)\b"
        rf"{_GAP}\b(?:void|cancel\w*|no longer|replaced|null|revoked|suspended)\b",
        rf"\bnew (?:{_RULES}|directives?) (?:is|are)\s*(?::|to\s+(?:{_SAY}|{_TYPE})\b)",
        r"\bnew (?:task|instructions?|system)\s*:",
        r"\byour (?:system prompt|original (?:task|instructions?|purpose)"
        r"|previous (?:task|instructions?))\b",
        r"\byour (?:developers?|creators?) (?:want|need|ask|require|told|order)\w* you\b",
        r"\bthis overrides (?:every|all|any)\b",
        r"\b(?:do not|don't|never|stop|refuse to) (?:summari[sz]\w*|analy[sz]\w*|process\w*)"
        r" (?:this|the|any) (?:text|document|file|page|article)\b",
        r"\b(?:vergiss|vergesst|ignorier\w*) (?:deine|eure|ihre|die) (?:aufgabe|rolle|bisherige\w*)\b",
        # Who is to do it.
        rf"^\W*(?:\w+\s)?{_RULES} (?:for|to) (?:the |an? |all )?{_AI}\W*:",
        rf"\b(?:note|notice|message|hinweis)\b{_GAP}\b(?:to|for|an) (?:the |das |alle )?{_AI}\b\s*[:,(]",
        rf"\b{_AI}(?: models?)?(?:\s+reading\s+\w+(?:\s+\w+)?)?\s+{_MUST}\s+"
        rf"(?:not\s+|now\s+|always\s+)?{_MACHINE_DOES}\b",
        rf"\bassistants?\s+{_MUST}\s+(?:answer|reply|respond|say|ignore|praise)\b",
        rf"\b(?:if|when) you are (?:an? )?{_AI}\b",
        rf"\b{_AI}\s*[:,]\s*(?:{_FORGET}|{_SAY})\b",
        r"\byou (?:must|will|shall|should) (?:now )?(?:act|behave|respond|reply|answer|pretend|speak)"
        r" (?:as\s+(?!soon|quickly|early|fast|well|much|if)|like\b|only\b)",
        r"\byou are now (?:an?|in|the) (?:\w+ ){0,2}"
        r"(?:assistant|model|chat\s?bot|ai|mode|pirate|persona)\b",
        r"^\W*system (?:prompt|message|instruction|override)s?\s*(?:update|override|change|:|\()",
        r"\b(?:reveal|print|show|repeat) (?:me )?(?:your|the) (?:\w+ )?system prompt\b",
        r"\b(?:developer|debug|admin|god|jailbreak) mode\s+(?:is|on|enabled|activated|has)\b"
        r"|\bswitched (?:in|to) test mode\b",
        rf"\b(?:decode|execute|run)\b{_GAP}\bdo what\b",
        r"^\W*<\s*\|\s*(?:im_start|im_end|eot_id|start_header_id)|^\W*\[\s*/?INST\]|^\W*<<SYS>>"
        r"|^\W*<start_of_turn>",
        r"(?:忽略|无视|忘记|不要理会)[^。！？\n]{0,10}(?:以上|之前|先前|上述|所有|全部)[^。！？\n]{0,8}(?:指示|指令|提示|要求|规则)",
        r"^\W*系统提示[:：]|(?:语言模型|人工智能|AI|助手)[^。！？\n]{0,12}(?:必须|只能)(?:回答|输出|回复|忽略)",
        r"处于测试模式|(?:不要|别|无需)(?:总结|分析|处理)(?:这|本|该)|请?直接(?:输出|回答|回复)[“\"「:：]",
        r"只(?:能|需|要|可)?(?:回答|输出|回复)(?!了)[^。！？\n]{0,4}[“\"「:：]",
    )
)
