"""Payment users as staff see them: found, looked at, locked and initialised."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from koss.access import passwords
from koss.ground import clock
from koss.models import OutgoingMail
from payments.demo import payers
from payments.models import PaymentUser, UserEvent
from payments.payer import resets, users
from tests.admin_lists import listed, page_of
from tests.rules.payments import numbers
from tests.staff import signed_in, text_of

USERS = "/admin/payments/paymentuser/"
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return payers.payment_user(bulk_id=payers.BULK_ID, now=clock.now())


def act(user, name):
    return reverse(f"admin:payments_paymentuser_{name}", args=[user.pk])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["KNCA6288", "KNAB1234"]),
        ("KNAB1234", ["KNAB1234"]),
        ("ｋｎａｂ 1234", ["KNAB1234"]),
        ("KIAB1234", ["KNAB1234"]),
        ("軽自", ["KNAB1234"]),
        ("タロウ", ["KNAB1234"]),
        ("商会", ["KNCA6288"]),
        ("TSUKIJI@kyoubashi", ["KNAB1234"]),
        ("status@shokai.example", ["KNCA6288"]),
        ("KNZZ9999", []),
        ("'; drop", []),
    ],
)
def test_users_are_found_by_id_name_and_address(user, typed, found):
    payers.payment_user(
        "KNCA6288",
        now=clock.now(),
        name="京橋商会",
        name_kana="キョウバシショウカイ",
        admin_email="admin@shokai.example",
        status_email="status@shokai.example",
    )

    assert listed(signed_in("operator").get(USERS, {"q": typed})) == found


def test_the_states_of_users_in_words(user):
    now = clock.now()
    payers.payment_user("KNEX0001", now=now - 61 * DAY)
    payers.payment_user("KNLK0001", now=now)
    passwords.set_failures(users.LOCK_KIND, "KNLK0001", 5, now=now)
    both = payers.payment_user("KNST0001", now=now - 61 * DAY, staff_locked_at=now)
    client = signed_in("operator")

    answer = client.get(USERS)

    assert dict(zip(listed(answer), listed(answer, 5), strict=True)) == {
        "KNAB1234": "利用中",
        "KNEX0001": "パスワード有効期限切れ",
        "KNLK0001": "ロック中（パスワードの誤り）",
        "KNST0001": "ロック中（職員）、パスワード有効期限切れ",
    }
    assert listed(client.get(USERS, {"access": "locked"})) == ["KNST0001"]
    assert listed(client.get(USERS, {"access": "expired"})) == ["KNST0001", "KNEX0001"]
    assert "ロック中（職員）、パスワード有効期限切れ" in text_of(client.get(page_of(both)))


def test_the_page_of_a_user(user):
    payers.account("national", now=clock.now())
    information = numbers.batch(now=clock.now())
    resets.ask(user.user_id, now=clock.now(), source="192.0.2.7")

    said = text_of(signed_in("operator").get(page_of(user)))

    for word in (
        "KIAB1234",
        "ケイジ タロウ",
        "tsukiji@kyoubashi-car.example",
        "パスワード有効期限",
        "KKAA0001",
        "東京三葉銀行",
        f"¥ {information.amount:,}",
        "パスワード初期化の受付",
        "192.0.2.7",
    ):
        assert word in said


def test_no_password_is_ever_shown(user):
    PaymentUser.objects.update(bulk_password="bulk-secret")
    resets.ask(user.user_id, now=clock.now(), source="")
    client = signed_in(superuser=True)
    hidden = (user.password, "bulk-secret", user.resets.get().digest)

    paths = [USERS, page_of(user), act(user, "lock"), page_of(user.resets.get())]
    for path in [*paths, "/admin/payments/passwordreset/"]:
        shown = client.get(path).content.decode()
        assert not [each for each in hidden if each in shown]
    for lookup in ("password__startswith", "bulk_password", "resets__digest"):
        assert client.get(USERS, {lookup: "x"}).status_code == 400


def test_locking_asks_why_and_is_recorded(user):
    client = signed_in("operator")
    empty = client.post(act(user, "lock"), {"reason": " "})
    assert (empty.status_code, "理由を入力してください。" in text_of(empty)) == (200, True)
    assert not UserEvent.objects.exists()

    answer = client.post(act(user, "lock"), {"reason": "本人からの電話による申し出"})

    said = text_of(client.get(answer.url))
    assert "記録しました：職員によるロック" in said
    assert "本人からの電話による申し出" in said
    assert "ロックを解除する" in said
    event = UserEvent.objects.get()
    assert (event.kind, event.by) == ("staff_locked", "operator")

    again = client.post(act(user, "lock"), {"reason": "もう一度"})
    assert "すでにその状態になっています。" in text_of(client.get(again.url))
    assert UserEvent.objects.count() == 1


def test_unlocking_is_recorded_too(user):
    client = signed_in("operator")
    client.post(act(user, "lock"), {"reason": "x"})

    client.post(act(user, "unlock"), {"reason": "確認済み"})

    user.refresh_from_db()
    assert user.staff_locked_at is None
    kinds = UserEvent.objects.order_by("pk").values_list("kind", "by", "reason")
    assert list(kinds)[1] == ("staff_unlocked", "operator", "確認済み")


def test_initialising_mails_a_link_and_sets_nothing(user):
    client = signed_in("operator")
    asked = text_of(client.get(act(user, "reset")))
    assert "tsukiji@kyoubashi-car.example" in asked
    assert not OutgoingMail.objects.exists()

    answer = client.post(act(user, "reset"))

    assert "パスワード初期化のメールを送ります。" in text_of(client.get(answer.url))
    assert OutgoingMail.objects.get().to == "tsukiji@kyoubashi-car.example"
    event = UserEvent.objects.get()
    assert (event.kind, event.by) == ("reset_sent", "operator")
    before = user.password
    user.refresh_from_db()
    assert user.password == before

    again = client.post(act(user, "reset"))
    assert "新しいメールは送りませんでした。" in text_of(client.get(again.url))
    assert OutgoingMail.objects.count() == 1


def test_the_link_itself_is_seen_by_nobody_in_the_admin(user):
    """It stands in the mail; staff who read mails may not read this one's text."""
    signed_in("operator", username="first").post(act(user, "reset"))
    mail = OutgoingMail.objects.get()
    link = mail.facts["link"]

    for client in (signed_in("operator"), signed_in(superuser=True)):
        shown = client.get(f"/admin/koss/outgoingmail/{mail.pk}/change/").content.decode()
        assert link.rstrip("/").rpartition("/")[2] not in shown
        assert "本人だけが読むメールのため、表示しません。" in shown


def test_hostile_names_are_text(user):
    user.name = "<script>alert(1)</script>"
    user.save()
    client = signed_in("operator")

    for path in (USERS, page_of(user), act(user, "lock")):
        assert not re.search("<script>alert", client.get(path).content.decode())
