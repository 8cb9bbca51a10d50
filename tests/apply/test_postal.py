"""The table of postal codes, and how it is renewed from the post office's files."""

import zipfile

import pytest
from django.core.management import CommandError, call_command

from applications.postal import post_office, table
from applications.postal.table import Address
from koss.ground import numbers

HEAD = '13109,"140  ","{code}","","","","{prefecture}","{city}","{town}",0,0,0,0,0,0\r\n'


@pytest.mark.parametrize("typed", ["1400002", "140-0002", "〒１４０－０００２", " 140 0002 "])
def test_a_code_is_read_however_it_is_typed(typed):
    assert table.read_code(typed) == "1400002"


@pytest.mark.parametrize("typed", ["", "140000", "14000021", "14o0002", "品川"])
def test_what_has_no_seven_digits_is_refused(typed):
    with pytest.raises(numbers.NotANumber):
        table.read_code(typed)


def test_the_table_that_ships_knows_the_country():
    assert table.addresses_of("1400002") == [Address("東京都", "品川区", "東品川")]
    # A code of two prefectures, a whole municipality, a business, and one that nobody has.
    assert {each.prefecture for each in table.addresses_of("4980000")} == {"三重県", "愛知県"}
    assert str(table.addresses_of("0600000")[0]) == "北海道札幌市中央区"
    assert str(table.addresses_of("0608621")[0]).startswith("北海道札幌市中央区北一条西6丁目")
    assert table.addresses_of("9999999") == []


def places(tmp_path, *rows):
    lines = [HEAD.format(code=code, prefecture=p, city=c, town=t) for code, p, c, t in rows]
    archive = tmp_path / "utf_ken_all.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("utf_ken_all.csv", "".join(lines))
    return archive


def businesses(tmp_path):
    file = tmp_path / "jigyosyo.csv"
    file.write_bytes(
        '13109,"ｶ","軽自商事","東京都","品川区","東品川","１丁目２－３","1408601","140",""\r\n'.encode(
            "cp932"
        )
    )
    return file


def test_places_are_read_without_what_is_no_part_of_an_address(tmp_path):
    rows = [
        ("1400000", "東京都", "品川区", "以下に掲載がない場合"),
        ("1400002", "東京都", "品川区", "東品川（１～５丁目"),
        ("1400002", "東京都", "品川区", "６丁目、"),
        ("1400002", "東京都", "品川区", "７丁目）"),
        ("5220317", "滋賀県", "犬上郡多賀町", "一円"),
    ]

    assert list(post_office.places(places(tmp_path, *rows))) == [
        ("1400000", Address("東京都", "品川区", "")),
        ("1400002", Address("東京都", "品川区", "東品川")),
        ("5220317", Address("滋賀県", "犬上郡多賀町", "一円")),
    ]


def test_the_command_renews_the_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(table, "FILE", tmp_path / "table.zip")
    monkeypatch.setattr(table.write, "__defaults__", (table.FILE,))
    call_command(
        "postal_codes",
        places(tmp_path, ("1400002", "東京都", "品川区", "東品川")),
        businesses(tmp_path),
    )

    assert "2 lines" in capsys.readouterr().out
    assert table.addresses_of("1408601", table.FILE) == [
        Address("東京都", "品川区", "東品川１丁目２－３")
    ]


def test_other_files_leave_the_table_as_it_was(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n")

    with pytest.raises(CommandError):
        call_command("postal_codes", other, other)

    assert table.addresses_of("1400002")
