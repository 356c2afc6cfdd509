"""Which language a text is in, offline: by its letters, and by a small classifier.

py3langid: Lui and Baldwin, "langid.py" (2012), with its model of 97 languages, of which those are
asked for that many people write. Short texts in Latin letters are left undecided: it errs on them.
"""

from __future__ import annotations

import functools
import re
from typing import Any

LOOKED_AT = 20_000  # characters
ENOUGH = 60  # Latin letters to tell languages apart by
SURE = 0.98

NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kn": "Kannada",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ml": "Malayalam",
    "mr": "Marathi",
    "nl": "Dutch",
    "no": "Norwegian",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
# Not words: addresses, mentions and tags are the same in every language.
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+")


def language_of(text: str) -> str:
    """A code as in `NAMES`, or "" where it cannot be told: too short, or no words."""
    text = _NO_WORDS.sub(" ", text[:LOOKED_AT])
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < "\u0250" for character in letters)
    if not letters or (latin * 2 >= len(letters) and latin < ENOUGH):
        return ""
    code, share = _classifier().classify(" ".join(text.split()).lower())
    return str(code) if share >= SURE or latin * 2 < len(letters) else ""


def is_latin(text: str) -> bool:
    """Whether at least half of its letters are, and there are letters or digits at all."""
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return any(character.isdigit() for character in text)
    return sum(character < "\u0250" for character in letters) * 2 >= len(letters)


def name_of(code: str) -> str:
    return NAMES.get(code, code)


@functools.cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    classifier.set_languages(list(NAMES))
    return classifier
