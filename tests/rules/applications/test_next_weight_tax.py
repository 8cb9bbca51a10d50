"""次回の自動車重量税, from the dated table."""

from datetime import date

import pytest

from applications.apply import certificate
from applications.intake import next_weight_tax
from applications.life.charges import NoRate, RateTable
from applications.models import Rate, WeightClass
from koss.ground.text import Unreadable

pytestmark = pytest.mark.databases

NORMAL = WeightClass.NORMAL


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("inspected_on", "first_year", "of_class", "amount"),
    [
        (date(2026, 10, 31), 2013, NORMAL, 6_600),
        (date(2026, 11, 1), 2013, NORMAL, 8_200),
        (date(2031, 10, 31), 2013, NORMAL, 8_200),
        (date(2031, 11, 1), 2013, NORMAL, 8_800),
        (date(2024, 11, 30), 2011, NORMAL, 6_600),  # before 2025 the month is December
        (date(2024, 12, 1), 2011, NORMAL, 8_200),
        (date(2026, 11, 1), 1999, WeightClass.ECO, 5_000),  # age adds nothing
        (date(2026, 11, 1), 2013, WeightClass.LESS_50, 2_500),
        (date(2026, 11, 1), 2013, WeightClass.EXEMPT, 0),
    ],
)
def test_age_counts_from_a_november(inspected_on, first_year, of_class, amount):
    tax = next_weight_tax.reckon(
        RateTable(), inspected_on=inspected_on, first_year=first_year, of_class=of_class
    )

    assert tax.amount == amount


@pytest.mark.django_db
def test_it_says_from_when_it_costs_more_and_since_when_the_table_says_so():
    Rate.objects.create(
        kind="weight_tax",
        procedure="continued_inspection",
        weight_class=NORMAL,
        first_day=date(2026, 4, 1),
        amount=6_700,
    )

    tax = next_weight_tax.reckon(
        RateTable(), inspected_on=date(2026, 5, 1), first_year=2020, of_class=WeightClass.NORMAL
    )

    assert (tax.amount, tax.since) == (6_700, date(2026, 4, 1))
    assert (tax.older_from, tax.older_class) == (date(2033, 11, 1), WeightClass.OVER_13_YEARS)


@pytest.mark.django_db
def test_a_class_without_a_line_is_no_rate():
    offered = next_weight_tax.choices(RateTable(), date(2026, 5, 1))

    assert [each.value for each in offered] == ["exempt", "less_50", "less_25", "eco", "normal"]
    with pytest.raises(NoRate):
        next_weight_tax.reckon(
            RateTable(),
            inspected_on=date(2026, 5, 1),
            first_year=2020,
            of_class=WeightClass.LESS_75,
        )


@pytest.mark.parametrize(
    ("typed", "read"),
    {
        "平成26年5月": (2014, 5),
        "Ｈ２６．５": (2014, 5),
        "2014-05": (2014, 5),
        "2014年": (2014, None),
        "May 2014": (2014, 5),
        "Sept. 2014": (2014, 9),
        "令和元年": (2019, None),
        "昭和 63 年 12 月": (1988, 12),
    }.items(),
)
def test_the_year_of_the_first_inspection_in_any_spelling(typed, read):
    assert next_weight_tax.read_first_inspection(typed) == read


@pytest.mark.parametrize("typed", ["あした", "14", "2014年13月", "9999", "平成0"])
def test_what_is_no_year_is_refused(typed):
    with pytest.raises(Unreadable):
        next_weight_tax.read_first_inspection(typed)


@pytest.mark.parametrize(
    ("codes", "said"),
    {
        "K/31/-1/123450001/281104/1405/DBA-AX01": "2014年5月",
        "K/31/-1/123450001/281104/9805/X": "1998年5月",
        "K/31/-1/123450001/281104/1413/X": "",
        "K/22/品川 580 さ1234/2/AX01-0000001/AX/1": "",
    }.items(),
)
def test_the_third_code_of_a_certificate_says_it(codes, said):
    assert certificate.read_first_inspection(codes) == said
