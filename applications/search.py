"""Finding applications by whatever staff have at hand: a number in any spelling, a plate, a name.

Numbers are compared exactly, through their index; only a term that can be no number is looked for
inside names, which reads many rows.
"""

import unicodedata

from django.db.models import Q

from applications.plates import NotAPlate, read_plate
from koss import numbers

_LONGEST_CHASSIS_NUMBER = 30
_NAMES = ("applicant_name", "user_name", "owner_name")


def find(applications, typed):
    """Those of ``applications`` (a QuerySet) that ``typed`` can mean."""
    typed = typed.replace("\x00", "").strip()
    try:
        return applications.filter(plate=read_plate(typed))
    except NotAPlate:
        pass
    number = numbers.fold(typed).upper()
    if number.isascii() and number.isdecimal():
        return applications.filter(_receipt_number(number) | _chassis_number(number))
    if number.isascii() and number.isalnum() and any(map(str.isdecimal, number)):
        return applications.filter(_chassis_number(number))
    for word in unicodedata.normalize("NFKC", typed).split():
        applications = applications.filter(_in_names(word))
    return applications


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


def _in_names(word):
    """``word`` in half or full width, in one of the names."""
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)
    inside = Q()
    for name in _NAMES:
        inside |= Q(**{f"{name}__icontains": word}) | Q(**{f"{name}__icontains": wide})
    return inside
