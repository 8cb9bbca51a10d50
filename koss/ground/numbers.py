"""The shapes of the portal's numbers: making them, reading what people type, check digits.

Their forms stand in docs/rules.md. None can be guessed from the next: all digits that a rule does
not fix are random.
"""

import re
import secrets
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _

from koss.ground.text import Unreadable

RECEIPT_NUMBER_LENGTH = 17
LOOKUP_KEY_LENGTH = 16
PAYMENT_NUMBER_LENGTH = 20

# What stands between groups of digits, beside spaces, dashes and signs that cannot be seen.
_BETWEEN_GROUPS = frozenset("\t\r\n−ー─━┄┅┈┉╌╍╴╶_~・·.")
_BETWEEN_CATEGORIES = frozenset(["Zs", "Zl", "Zp", "Cf", "Pd"])
_AROUND = "()[]{}<>「」『』【】〔〕《》\"'“”‘’、。,;"
# A name that was copied together with the number: anything before a colon, or a known word.
_BEFORE_COLON = re.compile("[^0-9:]{1,40}:")
_KNOWN_WORDS = re.compile(
    r"(?:[\s(「【]*(?:受付番号|到達番号|納付番号|収納機関番号|確認番号|検索キー|口座番号|店番号"
    r"|(?:納付|一括)利用者ID|口座ID|番号|No\.?)[\s)」】はが]*)+",
    re.IGNORECASE,
)

# How numbers are read aloud and printed: length → its groups.
_GROUPS = {12: (4, 4, 4), 16: (4, 4, 4, 4), 17: (4, 4, 4, 5), 20: (4, 4, 4, 4, 4)}

_SENTENCES = {
    "characters": _("%(label)sは数字で入力してください。"),
    "length": _("%(label)sは%(count)s桁の数字で入力してください。"),
    "check digit": _("%(label)sに誤りがあります。1桁ずつ確かめて入力し直してください。"),
}


class NotANumber(Unreadable):
    """What was typed is no such number. ``reason``: "characters", "length" or "check digit"."""

    def __init__(self, reason, count=None):
        super().__init__(_SENTENCES[reason], count=count)
        self.reason = reason


def fold(typed: str) -> str:
    """``typed`` in ASCII, without what people copy along: １２３　４５-６ becomes 123456.

    Left out are spaces, every kind of dash, signs that cannot be seen, brackets around the whole,
    and a name in front such as 受付番号：.
    """
    plain = unicodedata.normalize("NFKC", typed)
    if label := _BEFORE_COLON.match(plain) or _KNOWN_WORDS.match(plain):
        plain = plain[label.end() :].removeprefix(":")
    return "".join(filter(_is_of_a_number, plain)).strip(_AROUND)


def _is_of_a_number(sign):
    return sign not in _BETWEEN_GROUPS and unicodedata.category(sign) not in _BETWEEN_CATEGORIES


def grouped(number) -> str:
    """A receipt number, payment number or lookup key in its groups; anything else as it is."""
    number = str(number or "")
    parts, start = [], 0
    for length in _GROUPS.get(len(number), (len(number),)):
        parts.append(number[start : start + length])
        start += length
    return " ".join(parts)


def check_digit(digits: str) -> str:
    """The Luhn digit that completes ``digits``."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def read_digits(typed: str, count: int) -> str:
    """The ``count`` digits that ``typed`` means, or NotANumber."""
    digits = fold(typed)
    if not (digits.isascii() and digits.isdecimal()):
        raise NotANumber("characters")
    if len(digits) != count:
        raise NotANumber("length", count)
    return digits


def make_receipt_number(on: date) -> str:
    """A new 受付番号: YYMMDD, ten random digits, check digit."""
    body = on.strftime("%y%m%d") + f"{secrets.randbelow(10**10):010d}"
    return body + check_digit(body)


def make_send_number(on: date) -> str:
    """A new 送信番号: YYMMDD, eleven random digits, check digit."""
    body = on.strftime("%y%m%d") + f"{secrets.randbelow(10**11):011d}"
    return body + check_digit(body)


def read_receipt_number(typed: str) -> str:
    """The 17 digits that ``typed`` means, or NotANumber."""
    return _with_check_digit(read_digits(typed, RECEIPT_NUMBER_LENGTH))


def read_payment_number(typed: str) -> str:
    """The 20 digits of a 納付番号 that ``typed`` means, or NotANumber."""
    return read_digits(typed, PAYMENT_NUMBER_LENGTH)


def make_lookup_key(*, one_vehicle: bool) -> str:
    """A new 検索キー: 16 digits, or K and 15 digits for the pickup code of one vehicle."""
    body = f"{secrets.randbelow(10**15):015d}"
    if one_vehicle:
        body = body[1:]
    return ("K" if one_vehicle else "") + body + check_digit(body)


def read_lookup_key(typed: str) -> str:
    """The 16 characters that ``typed`` means, or NotANumber."""
    key = fold(typed).upper()
    digits = key.removeprefix("K")
    if not (digits.isascii() and digits.isdecimal()):
        raise NotANumber("characters")
    if len(key) != LOOKUP_KEY_LENGTH:
        raise NotANumber("length", LOOKUP_KEY_LENGTH)
    _with_check_digit(digits)
    return key


def read_yen(typed: str) -> int:
    """An amount in yen, also with commas and the yen sign, or NotANumber."""
    if unicodedata.normalize("NFKC", typed).lstrip()[:1] in ("-", "−"):
        raise NotANumber("characters")
    digits = fold(typed).strip("円¥\\").replace(",", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 15:
        raise NotANumber("characters")
    return int(digits)


def _with_check_digit(digits):
    if digits[-1] != check_digit(digits[:-1]):
        raise NotANumber("check digit")
    return digits
