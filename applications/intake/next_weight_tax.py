"""次回の自動車重量税: what the next 継続検査 of a light vehicle will cost, from the dated table.

All amounts in yen, for private vehicles and the usual two years.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from applications.life.charges import NoRate
from applications.models import ChargeKind, WeightClass
from applications.status import Procedure
from koss.ground import dates, text

# Years of age with a rate of their own, the oldest first.
_AGES = ((18, WeightClass.OVER_18_YEARS), (13, WeightClass.OVER_13_YEARS))
_BY_AGE = frozenset(of_age for _years, of_age in _AGES)
# From this year on the higher rate begins in November, before in December.
_NOVEMBER_SINCE = 2025
_ERAS = {"R": 2018, "令和": 2018, "H": 1988, "平成": 1988, "S": 1925, "昭和": 1925}
_IN_ENGLISH = re.compile(r"([A-Z]{3,9})[.,]?([0-9]{4})")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_YEAR = re.compile(r"(R|H|S|令和|平成|昭和)?(元|[0-9]{1,4})(?:年|[./-])?(?:([0-9]{1,2})月?)?")
_OLDEST = 1960


@dataclass(frozen=True, slots=True)
class NextWeightTax:
    """``of_class``: the class that counts. ``since``: from when the table has this amount, None
    where it is free of tax. ``older_from``: the day on which the next higher rate begins, or None.
    """

    amount: int
    of_class: WeightClass
    since: date | None
    older_from: date | None
    older_class: WeightClass | None


def higher_from(first_year, years):
    """From when a vehicle first inspected in ``first_year`` is ``years`` old for this tax."""
    year = first_year + years
    return date(year, 11 if year >= _NOVEMBER_SINCE else 12, 1)


def choices(table, today):
    """The classes that a person chooses from: those in the table, but for the ones by age."""
    return [each for each in WeightClass if each not in _BY_AGE and _is_in(table, each, today)]


def _is_in(table, of_class, day):
    try:
        table.amount(ChargeKind.WEIGHT_TAX, Procedure.CONTINUED_INSPECTION, day, of_class)
    except NoRate:
        return False
    return True


def reckon(table, *, inspected_on, first_year, of_class):
    """The tax of an inspection on ``inspected_on``; raises NoRate where the table has no line.

    ``table``: a RateTable. ``first_year``: of 初度検査年月. Age counts for the normal rate alone.
    """
    older_from = older_class = None
    if of_class == WeightClass.NORMAL:
        for years, of_age in _AGES:
            begins = higher_from(first_year, years)
            if inspected_on >= begins:
                of_class = of_age
                break
            older_from, older_class = begins, of_age
    if of_class == WeightClass.EXEMPT:
        return NextWeightTax(0, WeightClass(of_class), None, None, None)
    line = table.line(ChargeKind.WEIGHT_TAX, Procedure.CONTINUED_INSPECTION, inspected_on, of_class)
    return NextWeightTax(
        line.amount, WeightClass(of_class), line.first_day, older_from, older_class
    )


def read_first_inspection(typed):
    """(year, month or None) of 初度検査年月: 平成26年5月, H26.5, 2014年5月, 2014-05 or May 2014."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    if (said := _IN_ENGLISH.fullmatch(folded)) and said[1][:3] in _MONTHS:
        folded = f"{said[2]}-{_MONTHS.index(said[1][:3]) + 1}"
    found = _YEAR.fullmatch(folded)
    if not found:
        raise text.Unreadable(
            _("%(label)sは「平成26年5月」か「2014年5月」のように入力してください。")
        )
    era, number, month = found.groups()
    counted = 1 if number == "元" else int(number)
    year = _ERAS.get(era, 0) + counted
    month = int(month) if month else None
    if (
        not counted
        or year < _OLDEST
        or year > dates.LAST.year
        or month not in (None, *range(1, 13))
    ):
        raise text.Unreadable(
            _("%(label)sの年か月が正しくありません。自動車検査証を確かめてください。")
        )
    return year, month
