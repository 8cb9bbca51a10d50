"""Receipt numbers and lookup keys: their form, what people may type, and slips of the finger."""

import unicodedata
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koss.ground import numbers
from koss.ground.numbers import NotANumber
from koss.templatetags.koss import grouped

# The number of 【画面申請】申請状況照会の操作手順.
MANUAL = "21122310500030459"
FULL_WIDTH = str.maketrans("0123456789K", "０１２３４５６７８９Ｋ")

# Every dash, space and sign without a width that Unicode has, and the line signs of boxes.
COPIED_ALONG = [""] + [
    sign
    for sign in map(chr, range(0x3000))
    if unicodedata.category(sign) in ("Pd", "Zs", "Zl", "Zp", "Cf") or sign in "─━−"
]

receipt_numbers = st.builds(
    numbers.make_receipt_number, st.dates(min_value=date(2019, 1, 1), max_value=date(2068, 12, 31))
)
lookup_keys = st.builds(numbers.make_lookup_key, one_vehicle=st.booleans())


def reason_of(read, typed):
    with pytest.raises(NotANumber) as caught:
        read(typed)
    return caught.value.reason


@pytest.mark.parametrize(
    "typed",
    [
        MANUAL,
        "2112 2310 5000 30459",
        "2112-2310-5000-30459",
        "２１１２　２３１０　５０００　３０４５９",
        "２１１２－２３１０－５０００－３０４５９",
        "２１１２ー２３１０ー５０００ー３０４５９",
        "  2112 2310\t5000 30459 ",
        "2112─2310─5000─30459",
        "2112\u200b2310\u00a05000\u206030459\ufeff",
        "受付番号：2112 2310 5000 30459",
        "受付番号（到達番号） 2112-2310-5000-30459",
        "「2112 2310 5000 30459」。",
        "№ 2112・2310・5000・30459",
    ],
)
def test_the_manuals_number_in_every_spelling(typed):
    assert numbers.read_receipt_number(typed) == MANUAL


def test_numbers_are_shown_in_the_manuals_groups():
    assert grouped(MANUAL) == "2112 2310 5000 30459"
    assert grouped("30000000000000000003") == "3000 0000 0000 0000 0003"
    assert grouped("K999999999999999") == "K999 9999 9999 9999"
    assert grouped("") == ""


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "characters"),
        ("2112 2310 5000 3045X", "characters"),
        ("2112 2310 5000 3045９９", "length"),
        ("2112 2310 5000 3045", "length"),
        ("211223105000304590", "length"),
        ("٢١١٢٢٣١٠٥٠٠٠٣٠٤٥٩", "characters"),
        ("2112 2310 5000 3045\x00", "characters"),
        ("2112 2310 5000 3045²", "check digit"),  # folds to 2: a digit, and the wrong one
        ("2112 2310 5000 30450", "check digit"),
        ("9" * 4096, "length"),
    ],
)
def test_what_is_no_receipt_number_says_why(typed, reason):
    assert reason_of(numbers.read_receipt_number, typed) == reason


@given(
    receipt_numbers,
    st.lists(st.sampled_from(COPIED_ALONG), min_size=17, max_size=17),
    st.sampled_from(["", "受付番号：", "到達番号:", "お客様の番号は：", "受付番号　"]),
)
def test_what_is_copied_along_changes_nothing(number, between, name):
    typed = name + "".join(map("".join, zip(between, number, strict=True)))

    assert numbers.read_receipt_number(typed) == number


@given(receipt_numbers)
def test_a_new_receipt_number_is_read_back_in_every_width(number):
    assert numbers.read_receipt_number(number) == number
    assert numbers.read_receipt_number(grouped(number).translate(FULL_WIDTH)) == number


def test_a_receipt_number_begins_with_the_day_of_arrival():
    assert numbers.make_receipt_number(date(2021, 12, 23)).startswith("211223")


def test_receipt_numbers_of_one_day_share_nothing_but_the_day():
    made = {numbers.make_receipt_number(date(2026, 4, 1)) for _ in range(200)}

    assert len(made) == 200
    assert len({number[6:10] for number in made}) > 100


@given(receipt_numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, difference):
    wrong = str((int(number[place]) + difference) % 10)
    typed = number[:place] + wrong + number[place + 1 :]

    assert reason_of(numbers.read_receipt_number, typed) == "check digit"


@given(receipt_numbers, st.integers(0, 15))
def test_two_neighbours_swapped_are_noticed(number, place):
    first, second = number[place], number[place + 1]
    typed = number[:place] + second + first + number[place + 2 :]

    if first == second or {first, second} == {"0", "9"}:  # the one pair Luhn cannot tell apart
        assert numbers.read_receipt_number(typed) == typed
    else:
        assert reason_of(numbers.read_receipt_number, typed) == "check digit"


@given(lookup_keys)
def test_a_new_lookup_key_is_read_back(key):
    assert len(key) == 16
    assert numbers.read_lookup_key(grouped(key)) == key
    assert numbers.read_lookup_key(key.lower().translate(FULL_WIDTH)) == key


def test_only_the_key_of_one_vehicle_begins_with_k():
    assert numbers.make_lookup_key(one_vehicle=True).startswith("K")
    assert numbers.make_lookup_key(one_vehicle=False).isdecimal()


@given(lookup_keys, st.integers(1, 15), st.integers(1, 9))
def test_one_wrong_digit_of_a_key_is_always_noticed(key, place, difference):
    wrong = str((int(key[place]) + difference) % 10)
    typed = key[:place] + wrong + key[place + 1 :]

    assert reason_of(numbers.read_lookup_key, typed) == "check digit"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "characters"),
        ("K", "characters"),
        ("K99 9999", "length"),
        ("KK99 9999 9999 9999", "characters"),
        ("9K99 9999 9999 9999", "characters"),
        ("K9999 9999 9999 9999", "length"),
    ],
)
def test_what_is_no_lookup_key_says_why(typed, reason):
    assert reason_of(numbers.read_lookup_key, typed) == reason


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_not_a_number(typed):
    for read in (numbers.read_receipt_number, numbers.read_lookup_key):
        with suppress(NotANumber):
            assert read(typed).isalnum()
