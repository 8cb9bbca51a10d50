"""車両番号: what people type, and what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.intake import plates
from applications.intake.plates import NotAPlate, read_new_plate, read_plate


@pytest.mark.parametrize(
    ("typed", "plate"),
    [
        ("品川 - 580 - さ - 1234", "品川 - 580 - さ - 1234"),
        ("品川580さ1234", "品川 - 580 - さ - 1234"),
        ("　品川　５８０　サ　１２３４　", "品川 - 580 - さ - 1234"),
        ("品川ー580ーさー12-34", "品川 - 580 - さ - 1234"),
        ("品川 580 さ ・・12", "品川 - 580 - さ - 12"),
        ("袖ケ浦 58A り 0001", "袖ヶ浦 - 58A - り - 1"),
        ("袖が浦 880 り 1", "袖ヶ浦 - 880 - り - 1"),
        ("飛驒480あ1", "飛騨 - 480 - あ - 1"),
        ("車両番号：品川─580─さ─12\u200b34", "品川 - 580 - さ - 1234"),
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
        ("品川 580 さ 12345", "1～9999"),
        ("580 さ 1234", "「品川 - 580 - さ - 1234」の形で"),
        ("あああ 580 さ 1234", "地域名「あああ」は"),
        ("彦根 580 さ 1234", "地域名「彦根」は"),
        ("品川 330 さ 1234", "分類番号「330」は軽自動車のものではありません"),
        ("品川 500 さ 1234", "分類番号「500」は軽自動車のものではありません"),
        ("品川 65 さ 1234", "分類番号「65」は"),
        ("品川 4A さ 1234", "分類番号「4A」は"),
        ("品川 58I さ 1234", "分類番号「58I」は"),
        ("品川 580 お 1234", "「お」は使われていません"),
        ("品川 580 が 1234", "「が」は使われていません"),
        ("品川 580 ヘ 1234", "「へ」は使われていません"),
        ("品川 580 さ 0000", "1～9999"),
        ("品" * 4096, "「品川 - 580 - さ - 1234」の形で"),
        ("品川\x00580さ1234", "使用できない文字が入っています：制御文字（U+0000）"),
    ],
)
def test_what_is_no_plate_is_told_why(typed, message):
    with pytest.raises(NotAPlate) as refused:
        read_plate(typed)
    assert message in refused.value.about("車両番号")


def test_a_plate_given_today_has_a_class_of_three_places():
    assert read_new_plate("品川 580 さ 1") == "品川 - 580 - さ - 1"
    with pytest.raises(NotAPlate) as refused:
        read_new_plate("品川 50 さ 1")
    assert "3桁" in refused.value.about("車両番号")


def test_every_office_is_known_in_its_own_spelling():
    names = plates.areas().values()

    assert len(names) == 138
    assert all(read_plate(f"{name}580さ1") == f"{name} - 580 - さ - 1" for name in names)


def test_each_kana_belongs_to_one_use():
    letters = "".join(plates.LETTERS.values())

    assert len(letters) == len(set(letters))
    assert not set("おしへん") & set(letters)


@given(st.text(max_size=60))
def test_nothing_typed_breaks_it_and_what_is_read_reads_as_itself(typed):
    try:
        plate = read_plate(typed)
    except NotAPlate:
        return
    assert read_plate(plate) == plate
