"""Digits: those that are made here, and those that people type."""

import secrets
import unicodedata

_BETWEEN_CATEGORIES = ("Zs", "Zl", "Zp", "Cf", "Pd")
_AGENCY_NUMBER = "00100"


def fold(typed):
    """``typed`` in ASCII without spaces, dashes, signs that cannot be seen, and a name in front."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    name, colon, rest = plain.partition(":")
    if colon and not any(map(str.isdecimal, name)):
        plain = rest
    return "".join(sign for sign in plain if not _is_between(sign))


def _is_between(sign):
    return sign in "\t\r\n−ー─━" or unicodedata.category(sign) in _BETWEEN_CATEGORIES


def fold_code(typed):
    """A 車台番号 as the portal asks for it: capitals, plain hyphens, nothing that is not seen."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    shown = (sign for sign in plain if sign.isprintable() and not sign.isspace())
    return "".join("-" if _is_between(sign) else sign for sign in shown)


def make():
    """Agency number, payment number and confirmation number of something new to be paid."""
    return {
        "agency_number": _AGENCY_NUMBER,
        "payment_number": f"{secrets.randbelow(9 * 10**19) + 10**19}",
        "confirmation_number": f"{secrets.randbelow(10**6):06d}",
    }


def same_holder(typed, holder_kana):
    """Whether a name in kana means this holder. Banks know no small kana, and cut long names."""
    typed, known = _plain_kana(typed), _plain_kana(holder_kana)
    return typed == known or (len(typed) >= _CUT and known.startswith(typed))


_CUT = 12
_SMALL = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")


def _plain_kana(text):
    plain = unicodedata.normalize("NFKC", text).translate(_SMALL)
    return "".join(sign for sign in plain if not sign.isspace())
