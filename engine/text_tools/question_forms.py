"""Questions that no few words of a text answer, and what a definition looks like.

Told by their form: "yes or no", "what is it about", "what is X". Words of English, German, French and
Chinese; a question in another language has none of these forms.
"""

from __future__ import annotations

import re

_YES_NO = re.compile(
    r"(?:was\s+(?=(?:the|an?|he|she|it|there|th[ie]s|th[ao]se|that|his|her|their|its|any|all|every)\b"
    r"|(?-i:[A-Z]))(?!.*\bor\b))"  # and not German for "what"
    r"|(?:is|are|were|am|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would)"
    r"(?:n['’]t)?\s(?!.*\bor\b)"
    r"|(?:ist|sind|war|waren|hat|haben|kann|können|darf|dürfen|muss|müssen|soll|sollte|wird|werden|gibt)\s"
    r"|(?:est|sont|peut|doit)(?:-ce\b|-on\b|-ils?\b|-elles?\b|\s)"
    r"|.*(?:[吗嘛]\s*[?？]?|是否.*|是不是.*|能不能.*|有没有.*|可不可以.*)$",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE = "document|text|article|file|paper|book|page|pdf|report|story|script|e-?mail|letter|it|all"
_ABOUT_ALL = re.compile(
    rf"what(?:['’]s|\s+(?:is|are|does|do))\s+(?:this|these|the|it)?\s*(?:{_WHOLE})?s?\s*(?:all\s+)?"
    r"(?:about|deal\s+with|say|contain)\s*$"
    rf"|(?:what|which)\s.*\b(?:main|key|most\s+important|central)\s+(?:points?|ideas?|topics?|messages?"
    rf"|findings?|conclusions?|theme|subject)(?:\s+(?:of|in|here)\b(?:\s+(?:this|the|{_WHOLE}))*)?\s*$"
    rf"|(?:please\s+)?summari[sz]e(?:\s+(?:this|the|{_WHOLE}))*\s*$"
    r"|(?:worum|wovon)\s+(?:geht|handelt)\b.{0,30}$|was\s+ist\s+das\s+thema\b.{0,30}$"
    r"|de\s+quoi\s+(?:parle|s['’]agit)\b.{0,30}$"
    r"|.*(?:讲了?(?:些|的是)?什么|说了?(?:些|的是)?什么|(?:主要)?内容是什么|主题是什么|关于什么)(?:内容)?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_DEFINED = re.compile(
    r"(?:what\s+(?:is|are)|was\s+(?:ist|sind))(?:\s+(?:an?|the|ein|eine|der|die|das))?\s+(\w[\w\s-]{1,40})$"
    r"|什么是([^？?]{1,20})$|([^？?]{1,20})是什么$",
    re.IGNORECASE,
)

_COUNTED = re.compile(r"how\s+many\s+(\w{3,})\b", re.IGNORECASE)


def is_yes_no(question: str) -> bool:
    """Whether "yes" or "no" would answer it: no words of a text do."""
    return _YES_NO.match(question.strip()) is not None


def is_about_all(question: str) -> bool:
    """Whether it asks what a document is about, so that no single place answers it."""
    return _ABOUT_ALL.match(question.strip(" ?？.。!！")) is not None


def said_as(question: str) -> re.Pattern[str] | None:
    """How a text says what is asked: "X is a …" for "What is X?", "number of X" for "How many X …?".

    None for any other question.
    """
    if counted := _COUNTED.match(question.strip()):
        return re.compile(
            rf"\b(?:total|number\s+of)\s+(?:\w+\s+)?{re.escape(counted[1])}", re.IGNORECASE
        )
    match = _DEFINED.match(question.strip(" ?？"))
    if match is None:
        return None
    if match[1] is None:
        return re.compile(rf"{re.escape(match[2] or match[3])}(?:是|指|为)", re.IGNORECASE)
    words = r"\s+".join(map(re.escape, match[1].split()))
    return re.compile(
        rf"\b{words}s?\s+(?:\([^)]{{1,40}}\)\s+)?(?:is|are|means|refers\s+to|ist|sind|heißt|bezeichnet)\s+"
        r"(?:an?|the|any|ein|eine|einen|der|die|das|defined)\b",
        re.IGNORECASE,
    )
