"""Texts made comparable for searching, with the way back to the signs that are shown."""

import re
import unicodedata

from koss.ground import variants

# Signs that belong to the one before: folding may make one of the two.
_MARKS = "[\u0300-\u036f\u3099\u309a\uff9e\uff9f]"
_CLUSTER = re.compile(f".{_MARKS}*", re.DOTALL)
# What people type for the long vowel ー; only after kana, elsewhere it is a hyphen.
_LONG = re.compile("(?<=[ァ-ヶー])[-‐‑‒–—―−─ｰ~〜～]")


def fold(text):
    """``text`` without differences of width, case, kana, variants of kanji, and dashes."""
    return _LONG.sub("ー", variants.fold(text))


def fold_with_places(text):
    """``fold(text)``, and for each of its signs the place in ``text`` that it comes from."""
    # Without marks no sign is folded into another: as many signs are then the same signs.
    if not re.search(_MARKS, text) and len(whole := fold(text)) == len(text):
        return whole, range(len(text) + 1)
    folded, places = [], []
    for cluster in _CLUSTER.finditer(text):
        signs = variants.fold(cluster[0])
        folded.append(signs)
        places.extend([cluster.start()] * len(signs))
    return _LONG.sub("ー", "".join(folded)), [*places, len(text)]


def is_kanji(sign):
    return "一" <= sign <= "鿿" or sign in "々〆"


def is_kana(sign):
    """Of folded text, which has katakana only."""
    return "ァ" <= sign <= "ヶ" or sign == "ー"


def is_latin(sign):
    return sign.isalnum() and not is_kanji(sign) and not is_kana(sign)


def kind_of(sign):
    """ "kanji", "kana", "latin" (with digits), or "" for what separates words."""
    if is_kanji(sign):
        return "kanji"
    if is_kana(sign):
        return "kana"
    return "latin" if sign.isalnum() else ""


def plain(text):
    """``text`` before its kana and kanji are folded, sign by sign beside ``fold(text)``."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())


def is_hiragana(sign):
    """Of ``plain`` text."""
    return "ぁ" <= sign <= "ゖ"
