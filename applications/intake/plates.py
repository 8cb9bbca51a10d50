"""車両番号 of light vehicles: reading what people type, and the one form in which it is kept.

A plate says 地域名, 分類番号, kana and 一連指定番号. Only what a light vehicle can bear is read:
the names of transport offices (``plate_areas.txt``), classes of light vehicles, kana that occur.
"""

import re
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from applications.models.particulars import VehicleUse
from koss.ground import numbers, variants
from koss.ground.text import Unreadable, is_invisible, refuse, sign_name

_AREAS = Path(__file__).with_name("plate_areas.txt")
_PLATE = re.compile(
    r"(?P<area>[^0-9]+)(?P<number>[0-9][0-9A-Z]{1,2})(?P<letter>[ぁ-ゖァ-ヺA-Z])(?P<serial>[0-9]+)"
)
# 4 and 6 are 貨物, 5 and 7 乗用, 8 特種. Of three places light vehicles have those with 8 or 9 in
# the middle; letters stand where the digits have run out. Of two places there were no 60 to 79.
_LETTERS_IN_CLASS = "ACFHKLMPXY"
_CLASS_OF_THREE = re.compile(f"[4-8][89{_LETTERS_IN_CLASS}][0-9{_LETTERS_IN_CLASS}]")
_CLASS_OF_TWO = re.compile("[458][0-9]")
# Which kana (or letter) a plate bears, by the use of the vehicle.
LETTERS = {
    # A and B are of the forces stationed in the country.
    VehicleUse.PRIVATE: (
        "あいうえかきくけこさすせそたちつてとなにぬねのはひふほまみむめもやゆよらるろをAB"
    ),
    VehicleUse.BUSINESS: "りれ",
    VehicleUse.RENTAL: "わ",
}
_TO_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(ord("ァ"), ord("ヷ"))}


class NotAPlate(Unreadable):
    """What was typed is no 車両番号 of a light vehicle; the text says why, in Japanese."""


def read_plate(typed: str) -> str:
    """``typed`` as ``品川 - 580 - さ - 1234``, or NotAPlate.

    Full-width forms, katakana, any dashes and spaces, or none, are understood, and other
    spellings of an office's name: 袖ケ浦 is 袖ヶ浦.
    """
    return _read(typed, new=False)


def read_new_plate(typed: str) -> str:
    """As ``read_plate``, for a plate that is given today: its class has three places."""
    return _read(typed, new=True)


def _read(typed, *, new):
    plate = _PLATE.fullmatch(numbers.fold(typed).upper())
    if not plate:
        raise NotAPlate(_("%(label)sは「品川 - 580 - さ - 1234」の形で入力してください。"))
    for sign in filter(is_invisible, plate["area"]):
        raise NotAPlate(refuse(sign).sentence, sign=sign_name(sign))
    area = areas().get(_key(plate["area"]))
    if area is None:
        raise NotAPlate(
            _("%(label)sの地域名「%(area)s」は、運輸支局などの名前にありません。"),
            area=plate["area"][:10],
        )
    number = plate["number"]
    if new and len(number) == 2:
        raise NotAPlate(
            _("%(label)sの分類番号は3桁で入力してください。2桁の番号はもう交付されません。")
        )
    if not (_CLASS_OF_THREE.fullmatch(number) or _CLASS_OF_TWO.fullmatch(number)):
        raise NotAPlate(
            _(
                "%(label)sの分類番号「%(number)s」は軽自動車のものではありません。"
                "480～499、580～599、680～699、780～799、880～899、"
                "または40～59、80～89の2桁で入力してください。"
            ),
            number=number,
        )
    letter = plate["letter"].translate(_TO_HIRAGANA)
    if not any(letter in letters for letters in LETTERS.values()):
        raise NotAPlate(
            _(
                "%(label)sのひらがな「%(letter)s」は使われていません。"
                "事業用は「り」「れ」、貸渡は「わ」、自家用は「お」「し」「へ」「ん」などを除くひらがなです。"
            ),
            letter=letter,
        )
    serial = plate["serial"].lstrip("0")
    if not serial or len(plate["serial"]) > 4:
        raise NotAPlate(_("%(label)sの一連指定番号は、1～9999の数字で入力してください。"))
    return f"{area} - {number} - {letter} - {serial}"


def use_of(plate: str) -> VehicleUse:
    """The 用途 for which a plate stands, as ``read_plate`` wrote it."""
    letter = plate.split(" - ")[2]
    return next(use for use, letters in LETTERS.items() if letter in letters)


@cache
def areas():
    """The folded name of every office → its official spelling."""
    lines = _AREAS.read_text(encoding="utf-8").splitlines()
    return {_key(name): name for name in lines if not name.startswith("#")}


def _key(area):
    """``area`` without differences of spelling: ヶ, ケ and が, variants of a kanji, kana."""
    return variants.key(area).replace("ガ", "ケ")
