"""Which of Tesseract's languages to read a page with. Knows names of languages only.

Each language more makes reading slower, and a wrong first one makes it worse: so the page's script
comes first, then the user's language, then English.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence

_MOST = 3
# Tesseract's names of scripts, and languages written in them.
_BY_SCRIPT = {
    "Han": ("chi_sim", "chi_tra"),
    "Japanese": ("jpn",),
    "Hangul": ("kor",),
    "Korean": ("kor",),
    "Cyrillic": ("rus", "ukr", "bul", "bel", "srp", "mkd", "kaz"),
    "Arabic": ("ara", "fas", "urd"),
    "Greek": ("ell", "grc"),
    "Hebrew": ("heb", "yid"),
    "Devanagari": ("hin", "mar", "nep", "san"),
    "Bengali": ("ben",),
    "Tamil": ("tam",),
    "Telugu": ("tel",),
    "Thai": ("tha",),
    "Georgian": ("kat",),
    "Armenian": ("hye",),
}
_NO_LATIN = frozenset(name for names in _BY_SCRIPT.values() for name in names)
_NO_LANGUAGES = frozenset({"osd", "equ"})
# ISO 639-1 to ISO 639-2, as Tesseract names its data.
_BY_CODE = {
    "ar": "ara", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu",
    "el": "ell", "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra",
    "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn",
    "ko": "kor", "lt": "lit", "lv": "lav", "nb": "nor", "nl": "nld", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe",
    "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "chi_sim",
}  # fmt: skip
_TRADITIONAL = ("zh_tw", "zh_hk", "zh_mo", "zh_hant", "zh-hant", "chinese (traditional)")


def has_choice(installed: Sequence[str]) -> bool:
    """Whether there are languages of several scripts to choose from."""
    names = [name for name in installed if name not in _NO_LANGUAGES]
    return any(name in _NO_LATIN for name in names) and len(names) > 1


def chosen(installed: Sequence[str], script: str, language: str | None = None) -> str:
    """Joined by "+", "" if none is installed; `script` as Tesseract names it, "" if unknown."""
    names = [name for name in installed if name not in _NO_LANGUAGES and "/" not in name]
    users = user_language() if language is None else language
    if script in _BY_SCRIPT:
        of_script = [name for name in _BY_SCRIPT[script] if name in names]
        first = sorted(of_script, key=lambda name: name != users)
    elif script:  # one that is Latin, or unknown here
        latin = [name for name in names if name not in _NO_LATIN]
        first = sorted(latin, key=lambda name: (name != users, name != "eng"))
    else:
        first = [users]
    wanted = list(dict.fromkeys(name for name in (*first, users, "eng") if name in names))
    if script and script not in _BY_SCRIPT:
        wanted = [name for name in wanted if name not in _NO_LATIN] or wanted
    return "+".join((wanted or names)[:_MOST])


def user_language() -> str:
    """The user's language by Tesseract's name, "" if unknown."""
    names = [os.environ.get(one, "") for one in ("LC_ALL", "LC_MESSAGES", "LANG")]
    names.append(locale.getlocale()[0] or "")
    name = next((one for one in names if one and not one.startswith(("C", "POSIX"))), "").lower()
    if name.startswith(_TRADITIONAL):
        return "chi_tra"
    if name.startswith("chinese"):  # Windows gives names: "Chinese (Simplified)_China"
        return "chi_sim"
    return _BY_CODE.get(name[:2], "") if name[2:3] in ("", "_", "-", ".") else _by_name(name)


def _by_name(name: str) -> str:
    """Windows' names of the commonest languages."""
    begins = {
        "english": "eng", "german": "deu", "french": "fra", "spanish": "spa", "italian": "ita",
        "portuguese": "por", "russian": "rus", "japanese": "jpn", "korean": "kor", "dutch": "nld",
        "polish": "pol", "turkish": "tur", "swedish": "swe", "czech": "ces",
    }  # fmt: skip
    return next((code for word, code in begins.items() if name.startswith(word)), "")
