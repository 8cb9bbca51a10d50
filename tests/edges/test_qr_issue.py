"""二次元コード発行 and 二次元コード確認: bad input, what the pages must not tell, who sees them."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
import zxingcpp
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from PIL import Image

from applications.models import Office
from koss.access import handles, passwords
from koss.ground import clock
from qrcodes.issuing import symbol
from qrcodes.models import Code, CodeKind, CodeVerdict, Receiver
from tests import pages

pytestmark = pytest.mark.django_db

FORM = "/codes/issue/"
NAME = "軽自行政書士事務所　軽自　太郎（１２３４５６７８）"
RIGHT = {
    "kind": "registration",
    "procedure": "",
    "receiver_name": NAME,
    "password": "uketori-2024",
    "password_again": "uketori-2024",
}
AUTHENTICATION = {"kind": "authentication", "procedure": "continued_inspection"}
PAGE_QUERIES = 2  # the handle and the code


def sends(client=None, **typed):
    return (client or Client()).post(FORM, RIGHT | typed)


def a_receiver(password="uketori-2024"):
    now = clock.now()
    office = Office.objects.get(name="東京主管事務所")
    return Receiver.objects.create(
        name=NAME,
        password=make_password(password),
        registered_at=now,
        registered_by="madoguchi",
        office=office,
    )


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"kind": ""}, "kind", "使用目的を選んでください。"),
        ({"kind": "vehicle"}, "kind", "表示された中から選んでください。"),
        ({"receiver_name": ""}, "receiver_name", "を入力してください。"),
        ({"receiver_name": "軽自行政書士事務所"}, "receiver_name", "登録番号8桁"),
        (
            {"receiver_name": "軽自行政書士事務所（１２３４５６）"},
            "receiver_name",
            "登録番号8桁",
        ),
        ({"receiver_name": "軽自商事 本店"}, "receiver_name", "すべて全角"),
        ({"receiver_name": "ｹｲｼﾞ商事"}, "receiver_name", "すべて全角"),
        ({"receiver_name": "軽自行政書士事務所（12345678）"}, "receiver_name", "すべて全角"),
        ({"receiver_name": "　軽自商事"}, "receiver_name", "前後にある空白"),
        ({"receiver_name": "軽" * 101}, "receiver_name", "100文字以内"),
        ({"password": ""}, "password", "を入力してください。"),
        ({"password": "a-1", "password_again": "a-1"}, "password", "8文字以上"),
        ({"password": "aA1" * 22, "password_again": "aA1" * 22}, "password", "64文字以内"),
        ({"password": "abcdefgh", "password_again": "abcdefgh"}, "password", "2種類以上"),
        ({"password": "password1", "password_again": "password1"}, "password", "推測され"),
        ({"password": NAME, "password_again": NAME}, "password", "同じパスワードは"),
        ({"password_again": "uketori-2025"}, "password_again", "一致していません"),
        ({**AUTHENTICATION, "procedure": ""}, "procedure", "手続種別を選んで"),
        ({**AUTHENTICATION, "procedure": "x"}, "procedure", "表示された中から"),
    ],
)
def test_bad_input_is_told_beside_its_field(typed, field, said):
    response = sends(**typed)

    assert response.status_code == 200
    page = pages.read(response.content.decode())
    [beside] = [e for e in page.all("div") if e["id"] == f"id_{field}_error"]
    assert said in beside.text
    assert said in next(page.all("ul")).text  # the summary on top
    assert not Code.objects.exists()


def test_what_was_typed_is_kept_but_never_a_password():
    response = sends(password_again="other")

    html = response.content.decode()
    assert NAME in html
    assert "uketori-2024" not in html


@pytest.mark.parametrize("kind", ["registration", "password_change"])
def test_the_procedure_is_ignored_for_the_other_purposes(kind):
    sends(kind=kind, procedure="new_vehicle")

    assert Code.objects.get().procedure == ""


def test_an_old_password_need_not_keep_the_rule_for_new_ones():
    a_receiver("short")
    sends(**AUTHENTICATION, password="short", password_again="short")

    assert Code.objects.get().verdict == CodeVerdict.RIGHT


@pytest.mark.parametrize("kind", CodeKind.values[:3])
def test_a_page_never_tells_whether_a_name_is_registered(kind):
    a_receiver()
    typed = {**AUTHENTICATION, "kind": kind}
    answers = [
        shown(sends(client := Client(), **typed, **more), client)
        for more in (
            {},
            {"password": "chigau-2024", "password_again": "chigau-2024"},
            {"receiver_name": "軽自商事"},
        )
    ]

    assert answers[0] == answers[1] == answers[2]
    assert Receiver.objects.get().password_version == 1
    if kind == CodeKind.AUTHENTICATION:
        verdicts = Code.objects.order_by("pk").values_list("verdict", flat=True)
        assert list(verdicts) == [CodeVerdict.RIGHT, CodeVerdict.WRONG, CodeVerdict.NOT_REGISTERED]


def shown(response, client):
    """What a visitor can learn from an issue: codes, cookies, and the page without what differs."""
    page = client.get(response.url).content.decode()
    differs = r"<svg class=\"koss-symbol\".*?</svg>|\d{4}( \d{4}){3}|軽自商事|value=\"\w+\"|" + NAME
    return (
        response.status_code,
        sorted(re.sub("(koss_open_).*", r"\1", name) for name in response.cookies),
        len(response.url),
        re.sub(differs, "", page.replace(response.url, ""), flags=re.DOTALL),
    )


def test_a_registration_keeps_the_hash_alone():
    sends()

    code = Code.objects.get()
    assert check_password("uketori-2024", code.password)
    assert "uketori" not in code.password


def test_the_address_tells_nothing_and_works_in_this_browser_alone():
    client = Client()
    response = sends(client)
    code = Code.objects.get()

    assert re.fullmatch(r"/codes/[\w-]{22}/", response.url)
    assert code.public_id not in response.url
    assert client.get(response.url).status_code == 200
    for path in (response.url, response.url + "code.png"):
        stranger = Client().get(path)
        assert stranger.status_code == 404
        assert "もう表示できません" in stranger.content.decode()


def test_the_page_can_be_loaded_again_and_is_never_stored():
    client = Client()
    response = sends(client)

    first, again = (client.get(response.url) for _time in range(2))

    assert first.content.count(b'class="koss-symbol"') == 1
    assert Code.objects.count() == 1
    assert again.status_code == 200
    assert first["Cache-Control"] == "no-store"


def test_every_press_makes_a_code_of_its_own():
    client = Client()

    first, second = sends(client), sends(client)

    assert first.url != second.url
    assert client.get(first.url).status_code == client.get(second.url).status_code == 200


def test_ending_forgets_the_code_in_this_browser():
    client = Client()
    address = sends(client).url

    assert client.get(f"{address}end/").status_code == 405
    response = client.post(f"{address}end/")

    assert response.url == "/"
    assert response["Clear-Site-Data"] == '"cache"'
    assert client.get(address).status_code == 404
    assert Code.objects.get().voided_at is None


def test_after_half_an_hour_the_code_is_shown_no_more():
    client = Client()
    address = sends(client).url
    late = clock.now() + timedelta(minutes=settings.KOSS_IDLE_MINUTES, seconds=5)

    with time_machine.travel(late):
        response = client.get(address)

    assert response.status_code == 404
    assert f"{settings.KOSS_IDLE_MINUTES}分" in response.content.decode()


def test_a_browser_keeps_the_newest_codes(monkeypatch):
    monkeypatch.setattr(handles, "AT_MOST", 20)
    client = Client()
    addresses = [sends(client).url for _time in range(21)]

    assert client.get(addresses[0]).status_code == 404
    assert client.get(addresses[-1]).status_code == 200


def test_a_busy_portal_says_so_and_issues_nothing(monkeypatch):
    def busy(*_, **__):
        raise passwords.Busy

    monkeypatch.setattr("qrcodes.issuing.codes.issue_registration", busy)
    response = sends()

    assert response.status_code == 503
    assert "混み合っています" in response.content.decode()
    assert NAME in response.content.decode()
    assert not Code.objects.exists()


def test_issuing_needs_a_token_of_this_site():
    assert Client(enforce_csrf_checks=True).post(FORM, RIGHT).status_code == 403


def test_the_picture_is_the_symbol_alone():
    client = Client()
    response = client.get(sends(client).url + "code.png")

    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'attachment; filename="code.png"'
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)).convert("L"))
    assert read.text == symbol.payload(Code.objects.get())
    assert read.format == zxingcpp.BarcodeFormat.QRCode


@pytest.mark.parametrize("kind", CodeKind.values[:3])
def test_nothing_personal_is_in_the_symbol(kind):
    sends(**{**AUTHENTICATION, "kind": kind})

    text = symbol.payload(Code.objects.get())
    assert re.fullmatch(r"[NAP][A-Z2-7]{46}", text)


def test_queries(django_assert_num_queries):
    client = Client()
    client.get(FORM)
    with django_assert_num_queries(0):
        client.get("/codes/")
    with django_assert_num_queries(0):
        client.get(FORM)
    address = sends(client).url
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(address)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(f"{address}code.png")
