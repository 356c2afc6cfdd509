"""From the bytes of a text file to its text, with a guess at the encoding where none is declared.

Order of trust: byte order mark, strict UTF-8, UTF-16 by its zero bytes, UTF-8 with a few broken
bytes, then charset-normalizer. Very short texts in an old encoding are guesses, and said to be.
"""

from __future__ import annotations

import codecs

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# charset-normalizer cannot tell these apart on short texts; the commoner comes first.
_PREFERENCE = ("cp1252", "gb18030", "cp932", "big5", "cp949", "euc_jis_2004", "cp1251", "cp1250")
_COMMON_IDEOGRAPHS = frozenset(
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出要于就下得可你年生自会那后能对着事其里"
    "所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从"
    "這個們時說國對過為後發學會來無經當與進種將還見東京本市区文名書報告测试年月日"
)
_SAMPLE_BYTES = 256 * 1024


def decode(data: bytes) -> tuple[str, str]:
    """The text, and a remark if the encoding was guessed ("" if it was certain)."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), ""
    if not _looks_like_utf16(data):
        try:
            return data.decode("utf-8", "surrogatepass"), ""
        except UnicodeDecodeError:
            pass
        text = data.decode("utf-8", "replace")
        if _mostly_utf8(text):
            return text, ""
    encoding = _guess(data)
    return data.decode(encoding, "replace"), f"Encoding not declared; read as {encoding.upper()}."


def _looks_like_utf16(data: bytes) -> bool:
    sample = data[:4096]
    zeros = sample.count(0)
    return zeros > len(sample) // 4 and max(sample[::2].count(0), sample[1::2].count(0)) == zeros


def _mostly_utf8(text: str) -> bool:
    """Some broken bytes in a text that is otherwise plainly UTF-8."""
    broken = text.count("\ufffd")
    sound = sum(1 for character in text[:_SAMPLE_BYTES] if character > "\x7f") - broken
    return sound > 2 * broken


def _guess(data: bytes) -> str:
    if _looks_like_utf16(data):
        return "utf-16-le" if data[1:4096:2].count(0) else "utf-16-be"
    from charset_normalizer import from_bytes

    matches = [m for m in from_bytes(data[:_SAMPLE_BYTES]) if not m.encoding.startswith("utf_")]
    if not matches:
        return "cp1252"
    best = matches[0]
    names = {
        name
        for match in matches
        if match.chaos <= best.chaos + 0.03 and match.coherence >= best.coherence - 0.03
        for name in (match.encoding, *match.could_be_from_charset)
    }
    known = [name for name in _PREFERENCE if name in names]
    if not known:
        return best.encoding
    return max(known, key=lambda name: (_east_asian_share(data, name), -known.index(name)))


def _east_asian_share(data: bytes, encoding: str) -> float:
    """How many of the non-ASCII characters are everyday Chinese, Japanese or Korean, in tenths."""
    text = data[:4096].decode(encoding, "ignore")
    foreign = [character for character in text if character > "\x7f"]
    everyday = sum(
        1
        for character in foreign
        if character in _COMMON_IDEOGRAPHS
        or "\u3001" <= character <= "\u30ff"  # CJK punctuation and kana
        or character in "，。：；？！（）"
    )
    return round(everyday / max(len(foreign), 1), 1)
