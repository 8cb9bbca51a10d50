"""What was typed into a form whose sign-in had ended: kept for its owner, and for nobody else."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client

from applications.admin.forms import MoveForm
from applications.apply.forms.account import UploadForm
from applications.demo.journeys import PASSWORD
from applications.models import Channel, Draft
from koss.access import leftovers
from koss.ground import clock
from koss.hooks.forms import PressForm
from koss.models import TypedText
from koss.operation import retention
from payments.demo import payers
from payments.models import PaymentUser, Scope
from payments.payer.forms import FirstPasswordsForm
from tests.apply import walk
from tests.pages import read
from tests.signing_in import signs_in, signs_in_to_my_page
from tests.staff import a_user
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

OFFER = "送信されていない入力内容"
OPEN = "入力の続きを開く"
KEPT, NOT_KEPT = "暗号化して24時間保存しています", "送信も保存もされていません"


def after(minutes):
    return time_machine.travel(clock.system_now() + timedelta(minutes=minutes))


def application(visitor, an_application):
    """(home of the inquiry, what signs in again)"""
    one = an_application(
        "検査申請補正待ち", plate="品川 - 580 - さ - 1234", fields_to_correct=("plate", "user_name")
    )

    def again(visitor):
        visitor.opens("/status/login/")
        visitor.fills("受付番号（到達番号）", one.receipt_number)
        visitor.presses("次へ")
        visitor.fills("申請用パスワード", PASSWORD)
        visitor.presses("ログイン")

    return signs_in(visitor, one), again


def my_page(visitor, _an_application):
    payers.payment_user(bulk_id=payers.BULK_ID)

    def again(visitor):
        visitor.opens("/mypage/login/")
        visitor.fills("納付利用者ID", payers.PAYER)
        visitor.fills("納付利用者パスワード", payers.PASSWORD)
        visitor.presses("ログイン")

    return signs_in_to_my_page(visitor), again


def draft(visitor, _an_application):
    walk.begins(visitor)
    number = Draft.objects.latest("pk").number

    def again(visitor):
        visitor.opens("/apply/resume/")
        visitor.fills("手続準備番号", number)
        visitor.fills("申請用パスワード", walk.PASSWORD)
        visitor.presses("続きを入力する")

    return visitor.path, again


NOW = datetime(2026, 4, 1, tzinfo=UTC)
DETAILS = {"name": "軽自 花子", "name_kana": "ケイジ　ハナコ", "admin_email": "x", "seen": "0"}
ACCOUNT = {"branch": "001", "account_type": "ordinary", "account_number": "76543"}
# (who, address below home, sent, address of the form that is offered)
KINDS = {
    "correction": (
        application, "correction/", {"plate": "品川 x", "user_name": "軽自 花子"}, "correction/"),
    "step": (draft, "step/user/", {"user_name": "軽自 花子"}, "step/user/"),
    "office": (draft, "step/office/", {"prefecture": "大阪府"}, "step/office/"),
    "certificate": (draft, "certificate/", {"codes": "2/K/品川"}, "certificate/"),
    "details": (my_page, "details/", DETAILS, "details/"),
    "looked at": (my_page, "details/check/", DETAILS, "details/"),
    "account": (my_page, "accounts/new/local/", ACCOUNT, "accounts/new/local/"),
    "account looked at": (
        my_page, "accounts/new/local/check/", ACCOUNT, "accounts/new/local/"),
    "key": (my_page, "keys/new/", {"name": "事務所", "scopes": [Scope.READ]}, "keys/new/"),
    "webhook": (my_page, "hooks/new/", {"name": "事務所", "address": "http:/x"}, "hooks/new/"),
}  # fmt: skip


def values_of(page):
    """Name → what the page's fields hold, as they would be sent."""
    held = {}
    for field in page.all("input", "textarea", "select"):
        ticked = field["type"] not in {"radio", "checkbox"} or "checked" in field.attributes
        if field.tag == "select":
            options = [
                each["value"] for each in field.all("option") if "selected" in each.attributes
            ]
        else:
            options = [field["value"] if field.tag == "input" else field.text] if ticked else []
        held.setdefault(field["name"], []).extend(options)
    return held


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_typed_comes_back_after_the_next_sign_in(visitor, an_application, kind):
    who, path, sent, form = KINDS[kind]
    home, again = who(visitor, an_application)

    with after(31):
        answer = visitor.client.post(f"{home}{path}", {**sent, "password": "Himitsu-9"})
        assert answer.status_code == 403
        assert KEPT in answer.content.decode()
        assert KEPT in visitor.client.get(f"{home}{path}").content.decode()
        # Nor does the database alone tell it.
        assert "花子".encode() not in bytes(TypedText.objects.get().sealed)
        again(visitor)
        visitor.sees(OFFER)
        before = visitor.path
        visitor.presses(OPEN)

        assert visitor.path == before.removesuffix("typed/") + form
        held = values_of(visitor.page)
        for name, value in sent.items():
            if name != "seen":
                assert held[name] == (value if isinstance(value, list) else [value]), name
        assert "Himitsu-9" not in visitor.html
        visitor.sees("まだ送信していません")
        # Sent once more, to a form that is open now, it is in the view's hands.
        visitor.client.post(visitor.path, sent)
        assert not TypedText.objects.exists()


@pytest.fixture
def lost(visitor, an_application):
    """A sign-in whose form is sent when the ``minutes`` are over: {home, again, send}."""
    home, again = my_page(visitor, an_application)

    def send(client=visitor.client, **fields):
        return client.post(f"{home}details/", DETAILS | fields, follow=True)

    return SimpleNamespace(home=home, again=again, send=send)


@pytest.mark.parametrize("has_cookie", [False, True])
def test_who_only_knows_the_address_is_answered_in_the_same_browser_alone(
    visitor, lost, has_cookie
):
    if has_cookie:  # of a sign-in from before the password was changed
        PaymentUser.objects.update(version=F("version") + 1)
    else:
        visitor.client.cookies.clear()

    page = read(lost.send().content.decode()).text
    assert "受け付けていません" in page
    assert "24時間保存しています" in page
    other = Visitor()
    lost.again(other)
    other.does_not_see(OFFER)
    lost.again(visitor)
    visitor.sees(OFFER)


@pytest.mark.parametrize("as_agent", [False, True])
@pytest.mark.parametrize("change", [{"version": F("version") + 1}, {"staff_locked_at": NOW}])
def test_a_sign_in_from_before_a_new_password_shows_nothing_when_it_is_idle_too(
    visitor, lost, an_application, as_agent, change
):
    address, sent = f"{lost.home}details/", DETAILS
    if as_agent:
        an_application(
            "検査申請補正待ち",
            channel=Channel.BULK,
            bulk_id=payers.BULK_ID,
            fields_to_correct=("plate",),
        )
        visitor.opens(f"{lost.home}applications/")
        visitor.presses("申請状況を開く")
        address, sent = f"{visitor.path}correction/", {"plate": "品川 x"}
    PaymentUser.objects.update(**change)

    with after(31):
        visitor.client.post(address, sent)

    assert TypedText.objects.get().proof


def test_an_idle_end_is_answered_in_any_browser(lost):
    with after(31):
        lost.send()
        other = Visitor()
        lost.again(other)

        other.sees(OFFER)


def test_somebody_else_in_the_same_browser_sees_nothing(visitor, lost, an_application):
    with after(31):
        lost.send()
        key = TypedText.objects.get().key
        payers.payment_user("KNAB9999", bulk_id="")
        home = signs_in_to_my_page(visitor, "KNAB9999")

        visitor.opens(f"{home}details/?typed={key}")
        visitor.does_not_see("花子", "まだ送信していません")
        visitor.client.post(f"{home}typed/", {"discard": key})
        visitor.opens(f"{home}typed/")
        assert visitor.path == home
        assert TypedText.objects.count() == 1
    application(visitor, an_application)  # the status page says that it is open
    visitor.does_not_see(OFFER)


def test_discarded_it_is_gone(visitor, lost):
    with after(31):
        lost.send()
        lost.again(visitor)

        visitor.presses("消去する")

        visitor.sees("利用者情報更新日時")
        assert not TypedText.objects.exists()


@pytest.mark.parametrize(("hours", "offered"), [(23, True), (24, False)])
def test_it_is_offered_for_a_day_and_then_forgotten(visitor, lost, hours, offered):
    with after(31) as then:
        lost.send()
        then.shift(timedelta(hours=hours, seconds=1))

        lost.again(visitor)
        assert (OFFER in visitor.page.text) == offered
        sum(retention.forget_old(clock.today(), now=clock.now(), chunk=2))
        assert TypedText.objects.exists() == offered


def test_a_stranger_keeps_nothing(lost, settings):
    for handle in ("A" * 22, "x"):
        Client().post(f"/mypage/{handle}/details/", DETAILS)
    assert not TypedText.objects.exists()
    # Who saw an address fills neither the store nor anybody's form.
    for _ in range(leftovers.PER_OWNER + 5):
        lost.send(client=Client())
    assert TypedText.objects.count() == leftovers.PER_OWNER
    settings.KOSS_WRITES_PER_SOURCE = 1
    TypedText.objects.all().delete()
    lost.send(client=Client())
    assert not TypedText.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"name": "あ" * leftovers.LARGEST}, dict.fromkeys(DETAILS, "")],
    ids=["large", "empty"],
)
def test_what_is_not_kept_is_said(lost, fields):
    with after(31):
        assert NOT_KEPT in lost.send(**fields).content.decode()
    assert not TypedText.objects.exists()


@pytest.mark.parametrize(
    ("form", "names"),
    [
        (FirstPasswordsForm, {"bulk"}),
        (UploadForm, {"kind"}),
        (PressForm, set()),
        (MoveForm, set(MoveForm.base_fields) - {"despite_missing", "request_key"}),
    ],
)
def test_no_password_file_hidden_field_or_consent_is_ever_kept(form, names):
    @leftovers.keeps("A form", form)
    def view(request):
        """Any view."""

    assert view.keeps_typed.names() == names


def test_a_form_of_passwords_says_that_nothing_is_kept(visitor, lost):
    with after(31):
        sent = {"new_password": "Himitsu-9", "new_password_again": "Himitsu-9"}
        answer = visitor.client.post(f"{lost.home}bulk-password/", sent)

        assert NOT_KEPT in answer.content.decode()
    assert not TypedText.objects.exists()


@pytest.mark.parametrize(("minutes", "code"), [(0, 204), (31, 202)])
def test_a_script_that_asks_only_to_keep_never_acts(visitor, lost, minutes, code):
    with after(minutes) if minutes else nullcontext():
        answer = lost.send(**{leftovers.ONLY_KEEP: "1"})

        assert answer.status_code == code
        assert TypedText.objects.exists() == (code == 202)


def test_what_a_replaced_secret_has_sealed_is_not_offered_and_spoils_no_page(
    visitor, lost, settings
):
    with after(31):
        lost.send()
        lost.again(visitor)
        open_it = {"use": TypedText.objects.get().key}
        address = visitor.client.post(visitor.path, open_it)["Location"]
        settings.SECRET_KEY = "another one"

        visitor.opens(address)
        visitor.does_not_see("まだ送信していません")
        visitor.opens(f"{visitor.path.removesuffix('details/')}typed/")
        visitor.does_not_see(OFFER)


def post_after_the_end(client, address, sent):
    """Send a form of the admin when the session of staff is over; the answer."""
    Session.objects.update(expire_date=clock.system_now() - timedelta(seconds=1))
    return client.post(address, sent)


@pytest.mark.parametrize(
    ("role", "address", "sent"),
    [
        ("reviewer", "/admin/applications/application/{pk}/move/reject/", {"reason": "途中の理由"}),
        ("operator", "/admin/koss/news/add/", {"title": "途中の件名", "body": "途中の本文"}),
    ],
)
def test_what_staff_typed_comes_back_after_the_next_login(an_application, role, address, sent):
    address = address.format(pk=an_application("検査申請審査中").pk)
    user, client = a_user(role), Client()
    user.set_password("Shokuin-2026")
    user.save()
    login = {"username": user.username, "password": "Shokuin-2026"}
    client.post("/admin/login/", login)

    ended = post_after_the_end(client, address, sent).content.decode()
    assert KEPT in ended
    assert "<title>操作がなかったため、終了しました | " in ended
    offer = client.post("/admin/login/", login, follow=True)
    key = TypedText.objects.get().key
    form = client.post(offer.redirect_chain[-1][0], {"use": key}, follow=True)

    held = values_of(read(form.content.decode()))
    assert {name: held[name] for name in sent} == {name: [value] for name, value in sent.items()}
    client.post(address, sent)
    assert not TypedText.objects.exists()
    # A session from before a new password keeps nothing.
    user.set_password("Shokuin-2027")
    user.save()
    assert NOT_KEPT in post_after_the_end(client, address, sent).content.decode()
