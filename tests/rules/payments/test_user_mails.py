"""What the mails to payment users say, as the acts themselves write them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal

from applications.following import morning
from koss.hooks import connection, endpoints, outcomes, rounds
from koss.mail import outbox
from koss.models import OutgoingMail
from payments.models import DeliveryFault, Scope, Webhook, WebhookState
from payments.payer import credentials, resets, users
from tests.rules.payments.people import HERE, NEW_PASSWORD, NOON, PASSWORD, user
from tests.world import make

__all__ = ["user"]

HOOK = "https://hooks.koss.example/in?a=1&b=2"
LOGIN, RESET = "/mypage/login/", "/mypage/reset/"
TEMPLATES = Path(portal.BASE_DIR, "templates", "mail", "users").glob("*.txt")


def issue(user):
    issued = {"name": "六本木 & 商事", "admin_email": "kanri@roppongi.example"}
    return users.issue(password=PASSWORD, bulk_password=NEW_PASSWORD, now=NOON, **HERE, **issued)


def gather(user):
    make("検査手数料等まとめ払い中", now=NOON, deadline=NOON.date() + timedelta(days=2))
    OutgoingMail.objects.all().delete()
    morning.choose(user, now=NOON)
    assert sum(morning.write_due(NOON.date(), now=NOON, chunk=1)) == 1


def is_told_to_stop(user):
    """A receiver answers a test with 410."""
    webhook, _secret = endpoints.register(user, name="窓口 & 2号", address=HOOK, now=NOON)
    delivery = endpoints.test(user, webhook.reference, now=NOON)
    gone = connection.Reply(410, fault=DeliveryFault.GONE)
    outcomes.note(webhook.pk, rounds.Tried(delivery.pk, {}, gone), now=NOON)


def make_a_key(user):
    return credentials.make(user, name="窓口 & 2号", scopes=[Scope.READ, Scope.PAY], now=NOON)


# Template → the act that writes it, and what its reader must find in it.
MAILS = {
    "issued": (issue, [LOGIN, "60日間"]),
    "password_changed": (
        lambda user: users.change_password(user.user_id, PASSWORD, NEW_PASSWORD, now=NOON, **HERE),
        [RESET, "60日間"],
    ),
    "bulk_password_changed": (
        lambda user: users.set_bulk_password(user, NEW_PASSWORD, now=NOON),
        [RESET],
    ),
    "credential": (
        make_a_key,
        [RESET, LOGIN, "名前：窓口 & 2号", "申請の状況を読む、納付番号を取得する"],
    ),
    "details_changed": (
        lambda user: users.change_details(user, now=NOON, representative="軽自 花子"),
        [LOGIN],
    ),
    "morning": (gather, [LOGIN, "期限が近い申請（1件）", "品川 - 580 - さ - 1234"]),
    "reset": (
        lambda user: resets.ask(user.user_id, now=NOON, **HERE),
        ["/mypage/reset/link/", "30分以内"],
    ),
    "webhook_disabled": (is_told_to_stop, [LOGIN, "窓口 & 2号", HOOK, "410"]),
}


def test_every_template_is_written_by_an_act_below():
    assert {path.stem for path in TEMPLATES} == set(MAILS)


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_names_its_user_and_where_to_go(name, user, settings):
    settings.KOSS_ORIGIN = "https://portal.example/"
    settings.KOSS_PORTAL_NAME = "試験ポータル"
    act, words = MAILS[name]

    act(user)

    mail = OutgoingMail.objects.get()
    subject, body = outbox.read(mail)
    assert mail.template == f"users/{name}"
    assert mail.to.endswith(".example")
    assert subject
    assert "\n" not in subject
    wanted = [*words, mail.facts["name"], "https://portal.example/mypage/", "試験ポータル"]
    wanted.append(mail.facts["bulk_id" if name.startswith("bulk") else "user_id"])
    assert [word for word in wanted if word not in body] == []
    assert "https://portal.example//" not in body
    assert "{" not in body
    assert "\n\n\n" not in body
    assert PASSWORD not in body
    assert NEW_PASSWORD not in body


def test_each_thing_that_happens_to_a_key_is_told_once_and_shows_no_key(user):
    key, secret = make_a_key(user)
    again = credentials.make(user, name="x", scopes=[Scope.READ], now=NOON, request_key="r")
    credentials.make(user, name="x", scopes=[Scope.READ], now=NOON, request_key="r")
    new, other = credentials.rotate(user, key.pk, overlap=timedelta(days=7), now=NOON)
    credentials.rotate(user, again[0].pk, overlap=timedelta(), now=NOON)
    credentials.revoke(user, new.pk, now=NOON)

    told = [outbox.read(mail) for mail in OutgoingMail.objects.order_by("pk")]
    assert [subject for subject, _body in told] == [
        "APIキー「窓口 & 2号」を作成しました",
        "APIキー「x」を作成しました",
        "APIキー「窓口 & 2号」を新しいキーに切り替えました",
        "APIキー「x」を新しいキーに切り替えました",
        "APIキー「窓口 & 2号」を取り消しました",
    ]
    assert f"先頭の文字：{new.hint}…" in told[2][1]
    assert "あと7日使えます" in told[2][1]
    assert "それまでのキーは、もう使えません。" in told[3][1]
    for _subject, body in told:
        assert not any(each in body for each in (secret, other, again[1]))


def test_a_new_bulk_password_stops_webhooks_until_each_is_resumed(user):
    first, second = (
        endpoints.register(user, name=name, address=f"{HOOK}&{name}", now=NOON)[0] for name in "ab"
    )
    paused = endpoints.register(user, name="c", address=f"{HOOK}&c", now=NOON)[0]
    endpoints.pause(user, paused.reference, now=NOON)
    make_a_key(user)
    OutgoingMail.objects.all().delete()

    users.set_bulk_password(user, NEW_PASSWORD, now=NOON)

    states = Webhook.objects.order_by("pk").values_list("state", "end")
    assert list(states) == [("disabled", "reset"), ("disabled", "reset"), ("paused", "")]
    _subject, body = outbox.read(OutgoingMail.objects.get())
    assert "APIキー1件は、すべて無効になりました" in body
    assert "Webhookの通知先2件への送信を停止しました" in body
    assert LOGIN in body
    endpoints.resume(user, first.reference, now=NOON)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.end) == (WebhookState.ACTIVE, "")
    assert second.state == WebhookState.DISABLED
