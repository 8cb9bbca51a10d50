"""What is inside the square."""

import io
import re
from xml.etree import ElementTree

import pytest
from PIL import Image

from applications.status import Procedure
from koss.ground import clock
from qrcodes.issuing import codes, symbol
from qrcodes.models import Code
from tests.receivers import NAME, PASSWORD, code_of, ready_for_receiver

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def one_of_each():
    now = clock.now()
    return [
        codes.issue_registration(NAME, PASSWORD, now=now),
        code_of(),
        codes.issue_password_change(NAME, PASSWORD, now=now),
        codes.issue_for_vehicle(ready_for_receiver(), now=now),
    ]


def test_each_kind_is_read_back_to_its_row():
    issued = one_of_each()

    assert [symbol.payload(code)[0] for code in issued] == ["N", "A", "P", "V"]
    assert [symbol.read(symbol.payload(code)) for code in issued] == issued


def test_it_holds_upper_case_letters_and_digits_and_nothing_of_anybody():
    for code in one_of_each():
        text = symbol.payload(code)

        assert re.fullmatch("[A-Z2-7]{47}", text)
        assert code.lookup_key.strip("K") not in text
        for secret in (code.receiver_name, code.password, code.procedure):
            assert not secret or secret.upper() not in text


def test_it_is_drawn_the_same_from_its_row_again():
    code = code_of()
    again = Code.objects.get(pk=code.pk)

    assert symbol.svg(again) == symbol.svg(code)
    assert symbol.png(again) == symbol.png(code)


def test_a_scanner_that_types_full_width_or_small_letters_is_understood():
    code = code_of()
    text = symbol.payload(code)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in text)

    assert [symbol.read(each) for each in (text.lower(), wide, f" {text}\r\n")] == [code] * 3


def test_every_altered_sign_makes_it_a_forgery_or_another_thing_altogether():
    text = symbol.payload(code_of())
    for place, sign in enumerate(text):
        for other in ("A", "P", "7"):
            if other == sign:
                continue
            altered = text[:place] + other + text[place + 1 :]
            with pytest.raises((symbol.Forged, symbol.Unknown)):
                symbol.read(altered)


def test_a_code_of_one_purpose_never_passes_for_another():
    registration, authentication, *_others = one_of_each()
    mixed = symbol.payload(authentication)[0] + symbol.payload(registration)[1:]

    with pytest.raises(symbol.Forged):
        symbol.read(mixed)


def test_another_portals_key_forges_nothing(settings):
    code = code_of()
    settings.SECRET_KEY = "another portal"
    forged = symbol.payload(code)
    settings.SECRET_KEY = "this portal"

    with pytest.raises(symbol.Forged):
        symbol.read(forged)


@pytest.mark.parametrize(
    "text", ["", "https://example.jp/", "9999 9999 9999 9999", "K/22/1", "A" * 46]
)
def test_anything_else_is_unknown(text):
    with pytest.raises(symbol.Unknown):
        symbol.read(text)


def test_the_svg_is_sized_for_paper_and_names_what_it_is():
    code = code_of()
    drawing = ElementTree.fromstring(symbol.svg(code))

    assert drawing.get("viewBox") == f"0 0 {symbol.MODULES} {symbol.MODULES}"
    assert drawing.get("width") == drawing.get("height") == f"{symbol.MODULES}mm"
    assert "style" not in symbol.svg(code)
    [title] = drawing.findall("{*}title")
    assert title.text.startswith("受取者（証明書等管理業者）認証用二次元コード ")


def test_svg_and_png_show_the_same_modules_with_a_quiet_zone_of_four():
    code = code_of(procedure=Procedure.NEW_VEHICLE)
    image = Image.open(io.BytesIO(symbol.png(code)))
    size = image.width // symbol.MODULES
    from_png = {
        (x, y)
        for x in range(symbol.MODULES)
        for y in range(symbol.MODULES)
        if image.getpixel((x * size + size // 2, y * size + size // 2)) == 0
    }
    path = ElementTree.fromstring(symbol.svg(code)).findall("{*}path")[-1].get("d")
    from_svg = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", path)
        for step in range(int(length))
    }

    assert from_svg == from_png
    assert {place for dark in from_png for place in dark} == set(range(4, symbol.MODULES - 4))
    millimetres_per_module = 25.4 / image.info["dpi"][0] * size
    assert millimetres_per_module == pytest.approx(1, abs=0.01)
