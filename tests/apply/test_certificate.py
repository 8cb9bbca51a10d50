"""What a 自動車検査証 says, from its codes and from the viewer's file."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.apply import certificate

CODE_2 = "K/22/品川　５８０さ１２３４/1/AX01-0000001        /658/1"
CODE_3 = "K/31/-/123450001/261130/2311/5BA-AX01/-/-/-/-/-/-/1/-/-/-/-/-"
READ = {
    "plate": {"plate": "品川 - 580 - さ - 1234", "vehicle_use": "private"},
    "chassis": {"chassis_number": "AX01-0000001"},
    "model": {"type_designation": "12345", "category_number": "0001"},
}


@pytest.mark.parametrize(
    "text",
    [
        f"{CODE_2}\n{CODE_3}",
        f"{CODE_3}\r\n{CODE_2}",
        f"{CODE_2}{CODE_3}",
        f"{CODE_2}\n{CODE_3}".replace("K/", "K"),
    ],
)
def test_codes_are_read_in_any_order_with_and_without_gaps(text):
    assert certificate.read_codes(text) == READ


def test_all_nines_and_hyphens_are_nothing():
    without = CODE_2.replace("AX01-0000001", "-") + CODE_3.replace("123450001", "999999999")

    assert certificate.read_codes(without) == {"plate": READ["plate"]}


def test_the_viewers_file_says_names_and_addresses():
    said = {
        "EntryNoCarNo": "品川　５８０　さ　１２３４",
        "CarNo": "AX01-0000001",
        "ModelSpecifyNo": "12345",
        "ClassifyAroundNo": "0001",
        "OwnernameLowLevelChar": "軽自　太郎",
        "OwnernameHighLevelChar": "軽自　太郎",
        "OwnerAddressChar": "東京都品川区東品川",
        "OwnerAddressNumValue": "１－２",
        "UsernameLowLevelChar": "＊＊＊",
        "UserAddressChar": "＊＊＊",
        "UseheadqrterChar": "***",
    }

    read = certificate.read_file(json.dumps({"CertInfo": said}).encode())

    assert read == READ | {
        "user": {"user_name": "軽自　太郎"},
        "owner": {"owner_name": "軽自　太郎", "owner_name_full": "軽自　太郎"},
        "address": {"address": "東京都品川区東品川１－２"},
    }


def test_the_viewers_csv_is_read_as_excel_saves_it():
    text = "EntryNoCarNo,CarNo\r\n品川 580 さ 1234,AX01-0000001\r\n"

    assert certificate.read_file(text.encode("cp932")) == {
        name: READ[name] for name in ("plate", "chassis")
    }


@pytest.mark.parametrize(
    "packed", [b"", b"[]", b"[[1]]", b"\xff\xfe\x00", b"{}", b"[" * 60_000, b"x" * 100_000]
)
def test_other_files_are_refused(packed):
    with pytest.raises(certificate.NotACertificate):
        certificate.read_file(packed)


@given(st.text(alphabet="K/2345A-品川さ \n", max_size=80))
def test_no_text_breaks_the_reader(text):
    with suppress(certificate.NotACertificate):
        certificate.read_codes(text)
