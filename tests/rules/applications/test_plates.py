"""車両番号: what people type, and what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.plates import NotAPlate, read_plate


@pytest.mark.parametrize(
    ("typed", "plate"),
    [
        ("品川 - 580 - さ - 1234", "品川 - 580 - さ - 1234"),
        ("品川580さ1234", "品川 - 580 - さ - 1234"),
        ("　品川　５８０　サ　１２３４　", "品川 - 580 - さ - 1234"),
        ("品川ー580ーさー12-34", "品川 - 580 - さ - 1234"),
        ("品川 580 さ ・・12", "品川 - 580 - さ - 12"),
        ("袖ヶ浦 58A り 0001", "袖ヶ浦 - 58A - り - 1"),
        ("いわき 50 あ 9", "いわき - 50 - あ - 9"),
        ("つくば ４８１ Ａ １２", "つくば - 481 - A - 12"),
        ("尾張小牧 880 わ 42-19", "尾張小牧 - 880 - わ - 4219"),
    ],
)
def test_a_plate_in_any_spelling(typed, plate):
    assert read_plate(typed) == plate


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "「品川 - 580 - さ - 1234」の形で"),
        ("品川 580 さ", "「品川 - 580 - さ - 1234」の形で"),
        ("品川 580 さ 12345", "「品川 - 580 - さ - 1234」の形で"),
        ("580 さ 1234", "「品川 - 580 - さ - 1234」の形で"),
        ("品川 330 さ 1234", "4～8で始まる"),
        ("品川 58I さ 1234", "4～8で始まる"),
        ("品川 580 お 1234", "使われない文字"),
        ("品川 580 ん 1234", "使われない文字"),
        ("品川 580 ヘ 1234", "使われない文字"),
        ("品川 580 さ 0000", "1～9999"),
        ("品" * 4096, "「品川 - 580 - さ - 1234」の形で"),
        ("品川\x00580さ1234", "「品川 - 580 - さ - 1234」の形で"),
    ],
)
def test_what_is_no_plate_is_told_why(typed, message):
    with pytest.raises(NotAPlate, match=message):
        read_plate(typed)


@given(st.text(max_size=60))
def test_nothing_typed_breaks_it_and_what_is_read_reads_as_itself(typed):
    try:
        plate = read_plate(typed)
    except NotAPlate:
        return
    assert read_plate(plate) == plate
