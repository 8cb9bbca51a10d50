"""Which passwords may be chosen."""

import pytest

from koss.access.password_rule import faults_of


@pytest.mark.parametrize(
    "password", ["uketori-2024", "qzwxecr7", "QZWxecrv", "a1" * 32, "+-*/ABCD"]
)
def test_a_good_password_has_no_faults(password):
    assert faults_of(password, not_this=("KNAB1234",)) == []


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("abcde-1", "8文字以上64文字以内"),
        ("a1" * 32 + "x", "8文字以上64文字以内"),
        ("qzwxecrvtb", "2種類以上"),
        ("9182736450", "2種類以上"),
        ("KNAB1234", "名前やID"),
        ("password1", "推測されやすい"),
        ("Passw0rd", "推測されやすい"),
        ("あいうえおかきく1", "半角の英字、数字、記号"),
        ("ｕｋｅｔｏｒｉ2024", "半角の英字、数字、記号"),
        ("uketori\t2024", "半角の英字、数字、記号"),
        ("uketori-2024 ", "前後に空白"),
    ],
)
def test_each_fault_has_its_sentence(password, says):
    [fault] = faults_of(password, not_this=("KNAB1234",))

    assert says in fault


def test_an_empty_password_is_a_fault():
    assert faults_of("") != []
