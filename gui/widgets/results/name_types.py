"""What types of names are called and in which colours they are shown, those of the user among them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from engine.text_tools.results import ENTITY_LABELS

NONE = ""  # in a mention's alternatives: no name at all
TOKENS = {"PER": "people", "ORG": "organizations", "LOC": "places", "MISC": "other"}
# For the user's own types, in turn. Those of the known types come last: both seldom meet.
OWN_TOKENS = ("own_1", "own_2", "own_3", "own_4", *TOKENS.values())
LEAST_SHARE = 0.01  # of an alternative that is worth a word
LESS_SURE = 0.5  # a mention below is as likely something else


def tokens_of(labels: Iterable[str]) -> dict[str, str]:
    """The colour token of each label: the known ones first, then the others as they come."""
    own = [label for label in dict.fromkeys(labels) if label not in TOKENS]
    colors = {label: OWN_TOKENS[n % len(OWN_TOKENS)] for n, label in enumerate(own)}
    return TOKENS | colors


def in_order(labels: Iterable[str]) -> list[str]:
    """Each label once: the known ones in their order, then the others as they come."""
    found = dict.fromkeys(labels)
    known = [label for label in ENTITY_LABELS if label in found]
    return [*known, *(label for label in found if label not in TOKENS)]


def type_title(label: str) -> str:
    """Of one name; the user's own types are called as the user did."""
    titles = {
        "PER": QCoreApplication.translate("NameTypes", "Person"),
        "ORG": QCoreApplication.translate("NameTypes", "Organization"),
        "LOC": QCoreApplication.translate("NameTypes", "Place"),
        "MISC": QCoreApplication.translate("NameTypes", "Other name"),
        NONE: QCoreApplication.translate("NameTypes", "no name"),
    }
    return titles.get(label, label)


def types_title(label: str) -> str:
    """Of all names of a type."""
    titles = {
        "PER": QCoreApplication.translate("NameTypes", "People"),
        "ORG": QCoreApplication.translate("NameTypes", "Organizations"),
        "LOC": QCoreApplication.translate("NameTypes", "Places"),
        "MISC": QCoreApplication.translate("NameTypes", "Other"),
    }
    return titles.get(label, label)


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def alternatives_words(alternatives: dict[str, float]) -> str:
    """ "Person 71 %, Organization 20 %, no name 9 %"; "" where nothing is known."""
    ranked = sorted(alternatives.items(), key=lambda item: -item[1])
    worth = [(label, share) for label, share in ranked if share >= LEAST_SHARE]
    return QCoreApplication.translate("NameTypes", ", ", "between alternatives").join(
        f"{type_title(label)} {percent(share)}" for label, share in worth
    )
