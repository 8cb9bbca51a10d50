"""Finding applications by whatever staff have at hand: a number in any spelling, a plate, a name.

Numbers are compared exactly, through their index; only a term that can be no number is looked for
inside names.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.intake.plates import NotAPlate, read_plate
from koss.admin_kit.search import Found, Names, narrow
from koss.ground import numbers, text

_LONGEST_CHASSIS_NUMBER = 30


def find(applications, typed):
    """Those of ``applications`` (a QuerySet) that ``typed`` can mean."""
    return narrow(applications, SEARCHES, typed)


def is_exact(typed):
    """Whether ``typed`` can be a number or a plate, and is not looked for inside names."""
    return any(kind.is_exact and kind.condition(typed) is not None for kind in SEARCHES)


def _by_plate(typed):
    try:
        return Q(plate=read_plate(typed))
    except NotAPlate:
        return None


def _by_receipt_number(typed):
    digits = numbers.fold(typed)
    is_number = digits.isascii() and digits.isdecimal()
    return _receipt_number(digits) if is_number else None


def _by_chassis_number(typed):
    characters = numbers.fold(typed).upper()
    if characters.isascii() and characters.isalnum() and any(map(str.isdecimal, characters)):
        return _chassis_number(characters)
    try:
        stamped = text.read_chassis_number(typed)  # 東[41]12345東
    except text.Unreadable:
        return None
    return Q(chassis_number=stamped) if "[" in stamped else None


def _receipt_number(digits):
    """The whole number, or its beginning: the date and more."""
    if len(digits) >= numbers.RECEIPT_NUMBER_LENGTH:
        return Q(receipt_number=digits)
    rest = numbers.RECEIPT_NUMBER_LENGTH - len(digits)
    return Q(receipt_number__gte=digits + "0" * rest, receipt_number__lte=digits + "9" * rest)


def _chassis_number(characters):
    """AX010000001 may be kept as AX01-0000001: the hyphen is tried at every place."""
    if len(characters) > _LONGEST_CHASSIS_NUMBER:
        return Q(pk__in=[])
    spellings = [
        f"{characters[:place]}-{characters[place:]}" for place in range(1, len(characters))
    ]
    return Q(chassis_number__in=[characters, *spellings])


SEARCHES = (
    Found(_("受付番号（空白・ハイフン・全角も可）"), _by_receipt_number),
    Found(_("車台番号"), _by_chassis_number),
    Found(_("車両番号"), _by_plate),
    Names(_("申請者・使用者・所有者の名前"), "names"),
)
