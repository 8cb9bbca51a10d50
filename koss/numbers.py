"""The shapes of the portal's numbers: making them, reading what people type, check digits.

Forms of the numbers: product.md "Numbers". None can be guessed from the next: all digits that a
rule does not fix are random.
"""

import secrets
import unicodedata
from datetime import date

RECEIPT_NUMBER_LENGTH = 17
LOOKUP_KEY_LENGTH = 16

# What people put between groups of digits, after full-width forms have been folded.
_BETWEEN_GROUPS = " \t-‐‑‒–—―−ー"

# How the numbers of product.md are read aloud and printed: length → its groups.
_GROUPS = {16: (4, 4, 4, 4), 17: (4, 4, 4, 5), 20: (4, 4, 4, 4, 4)}


class NotANumber(ValueError):
    """What was typed is no such number. ``reason``: "characters", "length" or "check digit"."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def fold(typed: str) -> str:
    """``typed`` in ASCII, without spaces and hyphens: １２３　４５-６ becomes 123456."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(character for character in plain if character not in _BETWEEN_GROUPS)


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


def make_receipt_number(on: date) -> str:
    """A new 受付番号: YYMMDD, ten random digits, check digit."""
    body = on.strftime("%y%m%d") + f"{secrets.randbelow(10**10):010d}"
    return body + check_digit(body)


def read_receipt_number(typed: str) -> str:
    """The 17 digits that ``typed`` means, or NotANumber."""
    digits = fold(typed)
    if not (digits.isascii() and digits.isdecimal()):
        raise NotANumber("characters")
    if len(digits) != RECEIPT_NUMBER_LENGTH:
        raise NotANumber("length")
    if digits[-1] != check_digit(digits[:-1]):
        raise NotANumber("check digit")
    return digits


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
        raise NotANumber("length")
    if digits[-1] != check_digit(digits[:-1]):
        raise NotANumber("check digit")
    return key
