"""車両番号 of light vehicles: reading what people type, and the one form in which it is kept.

Form: product.md "Numbers"; what may stand in each part: domain.md 2.1.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

_BETWEEN = r"[\s\-‐‑‒–—―−ー・.]*"
_PLATE = re.compile(
    rf"(?P<area>[一-鿿々ヶヵぁ-ゖァ-ヺ]{{1,5}}){_BETWEEN}"
    rf"(?P<number>[0-9][0-9A-Z]{{1,2}}){_BETWEEN}"
    rf"(?P<letter>[ぁ-ゖァ-ヺAB]){_BETWEEN}"
    rf"(?P<serial>[0-9]{{1,2}}{_BETWEEN}[0-9]{{0,2}})"
)
# Classes of light vehicles begin with 4 to 8; letters stand where the digits have run out.
_CLASS_NUMBER = re.compile(r"[4-8][0-9ACFHKLMPXY]{1,2}")
_UNUSED_LETTERS = "おしへんゐゑぁぃぅぇぉっゃゅょゎゔゕゖ"
_TO_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(ord("ァ"), ord("ヶ"))}


class NotAPlate(ValueError):
    """What was typed is no 車両番号 of a light vehicle; the text says why, in Japanese."""


def read_plate(typed: str) -> str:
    """``typed`` as ``品川 - 580 - さ - 1234``, or NotAPlate.

    Full-width forms, katakana, any dashes and spaces, or none, are understood.
    """
    plate = _PLATE.fullmatch(unicodedata.normalize("NFKC", typed).strip().upper())
    if not plate:
        raise NotAPlate(_("車両番号は「品川 - 580 - さ - 1234」の形で入力してください。"))
    if not _CLASS_NUMBER.fullmatch(plate["number"]):
        raise NotAPlate(_("車両番号の分類番号は、4～8で始まる2桁または3桁で入力してください。"))
    letter = plate["letter"].translate(_TO_HIRAGANA)
    if letter in _UNUSED_LETTERS:
        raise NotAPlate(_("車両番号のひらがなに、使われない文字が入力されています。"))
    serial = "".join(re.findall(r"[0-9]", plate["serial"])).lstrip("0")
    if not serial:
        raise NotAPlate(_("車両番号の一連指定番号は、1～9999の数字で入力してください。"))
    return f"{plate['area']} - {plate['number']} - {letter} - {serial}"
