"""No input of a payment user breaks a page, and none gets past the check at the door."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from koss.ground import clock
from koss.models import OutgoingMail
from payments.demo import payers
from payments.models import AccountKind, PaymentUser
from payments.payer import resets
from tests.edges.test_naughty_input import NAUGHTY, TEXT, Counter
from tests.signing_in import signs_in_to_my_page
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

DETAILS = {
    "name": "六本木商事",
    "name_kana": "ロッポンギショウジ",
    "representative": "",
    "admin_email": "kanri@roppongi.example",
    "status_email": "jokyo@roppongi.example",
    "seen": "x",
}
ACCOUNT = {
    "bank": "0101",
    "branch": "002",
    "account_type": "ordinary",
    "account_number": "1000001",
    "holder_kana": "ケイジ タロウ",
}
LOGIN = {"user_id": "KNZZ9999", "password": "x"}
NEW = {"new_password": "Atarashii-2026", "new_password_again": "Atarashii-2026"}
CHANGE = {"user_id": "KNZZ9999", "current_password": "x", "from": "payment", **NEW}
FIRST = {"password": "x", "password_again": "x", "bulk": "on", "bulk_password": "x"}


@pytest.fixture
def case(settings):
    """Somebody on マイページ: (client, [(path, what is sent)], password and details before)."""
    settings.KOSS_FAILURES_PER_SOURCE = settings.KOSS_WRITES_PER_SOURCE = 10_000
    user = payers.payment_user(bulk_id=payers.BULK_ID)
    payers.account(AccountKind.NATIONAL, now=clock.now())
    resets.ask(user.user_id, now=clock.now(), source="")
    link = OutgoingMail.objects.latest("pk").facts["link"]
    visitor = Visitor(Counter())
    page = signs_in_to_my_page(visitor)
    forms = [
        ("/payment/login/", LOGIN),
        ("/mypage/login/", LOGIN),
        ("/mypage/password/", CHANGE),
        ("/mypage/reset/", {"user_id": "x"}),
        (link[link.index("/mypage/") :], {"new_password": "x", "new_password_again": "y"}),
        ("/mypage/issue/", DETAILS),
        ("/mypage/issue/check/", DETAILS | FIRST),
        (f"{page}details/", DETAILS),
        (f"{page}details/check/", DETAILS),
        (f"{page}bulk-password/", {"new_password": "x", "new_password_again": "y"}),
        (f"{page}accounts/new/national/", ACCOUNT),
        (f"{page}accounts/new/local/check/", ACCOUNT | {"bank": "x"}),
        (f"{page}batch-file/check/", {"file": "x"}),
    ]
    yield visitor.client, [(path, name, data) for path, data in forms for name in data]
    after = PaymentUser.objects.get(user_id="KNAB1234")
    assert (after.password, after.name) == (user.password, user.name)


def test_no_field_breaks_on_naughty_strings(case):
    client, fields = case
    for path, data in {path: data for path, _name, data in fields}.items():
        typed_once = [name for name in data if not name.endswith("_again")]  # or it is a password
        for text in NAUGHTY:
            client.post(path, data | dict.fromkeys(typed_once, text))
    for number, (path, name, data) in enumerate(fields):
        for text in NAUGHTY[number % 4 :: 4]:  # alone, where the rest is in order
            client.post(path, data | {name: text})
    for path in {path for path, _name, _data in fields}:
        client.get(path, {"from": "\ud7ff", "page": "x"})
        client.post(path, "{", content_type="application/json")

    assert client.asked > 450


def test_no_field_breaks_on_anything(case):
    client, fields = case

    @settings(max_examples=150)
    @given(field=st.sampled_from(fields), text=TEXT)
    def walk(field, text):
        path, name, data = field
        client.post(path, data | {name: text})

    walk()


def test_no_file_breaks_the_check(case):
    client, fields = case
    path = fields[-1][0]

    @settings(max_examples=50)
    @given(content=st.binary(max_size=500))
    def walk(content):
        client.post(path, {"file": SimpleUploadedFile("x", content)})

    walk()


@pytest.mark.parametrize("text", NAUGHTY)
def test_no_address_breaks(case, text):
    client, fields = case
    page = fields[-1][0].removesuffix("batch-file/check/")
    for path in (
        f"/mypage/{text}/",
        f"/mypage/issue/{text}/",
        f"/mypage/reset/link/{text}/",
        f"{page}accounts/{text}/",
        f"{page}accounts/new/{text}/",
        f"/payment/{text}/menu/",
    ):
        client.get(path)
