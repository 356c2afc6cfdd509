"""What kind of answer a question asks for: a person, a date, a number …; and the noun it asks about.

By its first question word, and by the noun behind "what" and "which". Words of English, German, French
and Chinese; in another language every answer is as good ("any").
"""

from __future__ import annotations

import re

PERSON, DATE, NUMBER, MEASURE, PLACE, GROUP, REASON, MANNER, ANY = (
    *("person", "date", "number", "measure", "place", "group", "reason", "manner", "any"),
)
_NUMBERS = (
    "number|percent|percentage|amount|population|rank|ratio|share|score|price|cost|fraction|average|total"
    "|rate|size|height|length|width|depth|speed|temperature|distance|age|weight|estimate"
)
_PEOPLE = (
    "player|person|people|general|king|queen|emperor|president|author|writer|singer|artist|architect"
    "|engineer|scientist|physicist|chemist|mathematician|philosopher|historian|leader|director|actor"
    "|actress|quarterback|coach|pope|bishop|prince|princess|duke|minister|inventor|founder|composer"
    "|man|woman|men|women|professor|theologian|explorer|pilot|astronaut|doctor|lawyer|judge|officer"
)
_PLACES = (
    "city|cities|country|countries|state|states|town|place|places|region|location|continent|county"
    "|river|village|island|district|province|capital|ocean|sea|area|site|stadium|street"
)
_GROUPS = (
    "team|company|companies|university|college|school|organization|organisation|agency|party|group"
    "|institution|institute|firm|church|network|newspaper|army|band|club|committee|government"
)
# "What player", "What young player", not "What did the player".
_NOT_VERB = r"(?!(?:did|do|does|is|was|were|are|has|had|have|can|could|will|would|should)\b)"
_TIMES = "years?|dates?|days?|months?|century|centuries|decades?|season|era"
# What stands at the first question word decides; the first that matches.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            DATE,
            rf"when\b|(?:what|which)\s+{_NOT_VERB}(?:\w+\s+)?(?:{_TIMES})\b|wann\b|welche[smnr]?\s+(?:jahr|tag|monat)"
            r"|quand\b|quelle\s+(?:année|date)|什么时候|何时|哪一?年|哪个?月|哪一?天|几月|什么年代",
        ),
        (
            NUMBER,
            rf"how\s+(?:many|much)\b|(?:what|which)\s+{_NOT_VERB}(?:\w+\s+)?(?:{_NUMBERS})\b"
            rf"|what\s+(?:is|was|were)\s+the\s+(?:\w+\s+)?(?:{_NUMBERS})\b"
            r"|wie\s+viele?\b|combien\b|多少|几个|几次|几名|几位|百分之几",
        ),
        (
            MEASURE,
            r"how\s+(?:long|far|tall|big|large|old|high|deep|wide|fast|often|heavy|hot|cold|late|early)\b"
            r"|wie\s+(?:lange?|weit|hoch|groß|alt|tief|breit|schnell|oft|schwer)\b"
            r"|多长|多久|多远|多高|多大|多深|多快",
        ),
        (
            PERSON,
            rf"(?:who|whom|whose)\b|(?:what|which)\s+{_NOT_VERB}(?:\w+\s+){{0,2}}(?:{_PEOPLE})s?\b"
            rf"|what\s+(?:is|was|were)\s+the\s+names?\s+of\s+(?:\w+\s+){{0,2}}(?:{_PEOPLE})s?\b"
            r"|(?:wer|wen|wem|wessen|qui)\b|谁|何人|哪位",
        ),
        (
            PLACE,
            rf"where\b|(?:what|which)\s+{_NOT_VERB}(?:\w+\s+)?(?:{_PLACES})\b|(?:wo|woher|wohin|où)\b"
            r"|哪里|哪儿|何处|什么地方|哪个(?:国家|城市|州|省|地区)",
        ),
        (
            GROUP,
            rf"(?:what|which)\s+{_NOT_VERB}(?:\w+\s+){{0,2}}(?:{_GROUPS})\b|哪个(?:公司|组织|团队|大学)",
        ),
        (
            REASON,
            r"why\b|(?:what|which)\s+(?:\w+\s+)?(?:reason|caused?)\b|(?:warum|weshalb|wieso|pourquoi)\b"
            r"|为什么|为何",
        ),
        (MANNER, r"how\b|(?:wie|comment)\b|怎么|怎样|如何"),
    )
)
QUESTION_WORD = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|wann|wie|wer|wen|wem|wessen|wo|woher|wohin|warum"
    r"|weshalb|wieso|welche[smnr]?|was|quand|quelle?|combien|qui|où|pourquoi|comment)\b"
    r"|什么|何|哪|几|谁|多|为|怎|如何|百分之几",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset(
    "is are was were do does did has have had can could will would s else other".split()  # noqa: SIM905
)


def question_type(question: str) -> str:
    for word in QUESTION_WORD.finditer(question):
        for kind, pattern in _KINDS:
            if pattern.match(question, word.start()):
                return kind
        if word[0].isascii():  # "was" is German for "what", but no question word of English
            break
    return ANY


def asked_noun(question: str) -> str:
    """The word behind "what" or "which": "theatre" of "What theatre was …", "" if there is none."""
    match = re.search(r"\b(?:what|which)\s+(\w+)(?:\s+(\w+))?", question, re.IGNORECASE)
    if not match or match[1].lower() in _AUXILIARIES:
        return ""
    return match[1]
