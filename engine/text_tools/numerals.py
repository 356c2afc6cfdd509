"""Words that are numbers or belong to dates: of English, and the commonest of German and French."""

from __future__ import annotations

import re

_NUMBER_WORDS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    million billion trillion dozen half third quarter first second fourth fifth sixth seventh eighth
    ninth tenth once twice zero several
    ein eine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig hundert tausend
    deux trois quatre cinq sept huit neuf dix cent mille
    """.split()  # noqa: SIM905
)
MONTHS = frozenset(
    """
    january february march april may june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember
    """.split()  # noqa: SIM905
)


def is_numeric(word: str) -> bool:
    low = word.lower()
    return (
        word[:1].isdigit()
        or low in _NUMBER_WORDS
        or any(part in _NUMBER_WORDS for part in low.split("-"))
        or bool(re.search(r"\d", word))
    )


def is_date(text: str) -> bool:
    """A year, a month with a number, a decade, a century."""
    words = [word.strip(".,").lower() for word in text.split()]
    if any(
        re.fullmatch(r"(?:mid-|early-|late-)?(?:1[0-9]|20)\d\d(?:s|[/–-]\d+)?", word)
        for word in words
    ):
        return True
    has_month = any(word in MONTHS for word in words)
    return (
        (has_month and (len(words) > 1 or words[0] != "may"))
        or "century" in words
        or (any(word in ("bc", "ad", "bce", "ce") for word in words))
    )
