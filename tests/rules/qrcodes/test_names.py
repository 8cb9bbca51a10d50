"""受取者名: full-width, a scrivener with the registration number.

【一括申請】二次元コード発行の操作手順, 2.
"""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrcodes.issuing.names import NotAName, read_receiver_name


@pytest.mark.parametrize(
    "name",
    [
        "軽自行政書士事務所　軽自　太郎（１２３４５６７８）",
        "行政書士法人ケイジ（００００００００）",
        "一般社団法人全国軽自動車協会連合会",
        "六本木商事",
        "㈱軽自・Ａ－１（第２）",
        "々〆ヶーゑ",
    ],
)
def test_a_full_width_name_is_taken_as_it_stands(name):
    assert read_receiver_name(name) == name


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "入力してください"),
        ("軽自動車協会 東京", "全角"),
        ("ｹｲｼﾞ商事", "全角"),
        ("軽自商事1", "全角"),
        ("KOSS", "全角"),
        ("軽自(株)", "全角"),
        ("軽自商事\n", "使用できない文字"),
        ("軽自商事\u200b", "使用できない文字"),
        ("か\u3099商事", "使用できない文字"),
        ("軽自\ue000商事", "使用できない文字"),
        ("　軽自商事", "前後にある空白"),
        ("軽自商事　", "前後にある空白"),
        ("　", "前後にある空白"),
        ("軽" * 101, "100文字以内"),
        ("軽自行政書士事務所", "8桁"),
        ("軽自行政書士事務所　軽自　太郎（１２３４５６）", "8桁"),
        ("軽自行政書士事務所　軽自　太郎（１２３４５６７８９）", "8桁"),
        ("軽自行政書士事務所（１２３４５６７８）　軽自　太郎", "8桁"),
        ("軽自行政書士事務所　軽自　太郎１２３４５６７８", "8桁"),
        ("軽自行政書士事務所　軽自　太郎（一二三四五六七八）", "8桁"),
    ],
)
def test_any_other_name_is_refused_with_a_sentence(name, says):
    with pytest.raises(NotAName, match=says):
        read_receiver_name(name)


@given(st.text(max_size=120))
def test_nothing_typed_is_ever_changed(typed):
    with suppress(NotAName):
        assert read_receiver_name(typed) == typed
