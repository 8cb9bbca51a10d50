"""Webhookの通知先 on マイページ and in the interface: one's own alone, and no secret twice."""

import json
import re

import pytest
import standardwebhooks

from applications.life import feed
from applications.models import ChangeKind, Channel
from koss.ground import clock
from koss.hooks import endpoints
from payments.demo import payers
from payments.models import (
    DeliveryFault,
    DeliveryState,
    RememberedRequest,
    Scope,
    UserEvent,
    Webhook,
    WebhookDelivery,
    WebhookState,
)
from tests.api.callers import Caller, owner, stranger
from tests.api.hooks import ADDRESS, a_round, a_webhook, bulk_user
from tests.api.hooks import post as post
from tests.signing_in import signs_in_to_my_page
from tests.staff import signed_in

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.usefixtures("bank")]

LIST = "Webhookの通知先"
SECRET = re.compile(r">(whsec_[\w+/=]{44})<")


def registers(visitor, address=ADDRESS, name="事務所のシステム"):
    visitor.presses("通知先を登録する")
    visitor.fills("名前", name)
    visitor.fills("通知先のアドレス", address)
    visitor.presses("通知先を登録する")


def opens_the_list(visitor):
    bulk_user()
    page = signs_in_to_my_page(visitor)
    visitor.presses(LIST)
    return page


def change(application):
    feed.note([application], ChangeKind.PAPERS, now=clock.now())


def test_a_new_bulk_password_stops_it_and_says_so(visitor):
    opens_the_list(visitor)
    registers(visitor)
    signs_in_to_my_page(visitor)
    visitor.presses("一括利用者パスワード初期化")
    visitor.sees("「Webhookの通知先」への送信も止まり")
    visitor.fills("新しいパスワード", "Atarashii-2026")
    visitor.fills("新しいパスワード（確認用）", "Atarashii-2026")
    visitor.presses("初期化")
    visitor.sees("「Webhookの通知先」1件への送信を止めました。")
    visitor.presses("通知先の一覧へ戻る")
    visitor.sees("停止（一括利用者パスワード初期化）")
    visitor.presses("事務所のシステム")
    visitor.sees("アドレスに覚えがあることを確かめてから、送信を再開してください。")
    visitor.presses("送信を再開する")
    assert Webhook.objects.get().state == WebhookState.ACTIVE


def test_from_registering_to_deleting(visitor, an_application, post):
    opens_the_list(visitor)
    visitor.sees("通知先はまだありません。")
    registers(visitor)
    visitor.sees("署名の鍵を作成しました")
    secret = SECRET.search(visitor.html)[1]

    visitor.presses("通知先へ戻る")
    visitor.sees("事務所のシステム", ADDRESS, "稼働中", "まだ何も送っていません。")
    page = visitor.path
    assert "whsec_" not in visitor.html
    visitor.presses("試しに送る")
    visitor.sees("これから送る", "0回")
    a_round(clock.now())
    visitor.presses("最新の情報に更新")
    visitor.sees("届いた", "webhook-signature: v1,", '"type": "webhook.test"', "204")

    change(an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID))
    post.answers(410, DeliveryFault.GONE, "<b>もう要りません</b>")
    a_round(clock.now())
    visitor.opens(page)
    visitor.sees("送信は止まっています（通知先が410（Gone）を返した）", "410")
    visitor.presses("送信を再開する")
    assert not visitor.can_press("送信を再開する")
    visitor.presses("一時停止する")
    visitor.sees("一時停止中")

    visitor.presses("新しい鍵に切り替える")
    visitor.presses("新しい鍵に切り替える")
    new = SECRET.search(visitor.html)[1]
    assert new != secret
    visitor.presses("通知先へ戻る")
    visitor.sees("までは、切り替え前の鍵でも署名します。")

    visitor.presses("通知先を削除する")
    visitor.presses("通知先を削除する")
    visitor.sees("通知先はまだありません。")
    assert not WebhookDelivery.objects.exists()
    kinds = [event.kind for event in UserEvent.objects.filter(kind__startswith="webhook")]
    assert kinds == ["webhook_deleted", "webhook_rotated", "webhook_made"]


def test_what_was_sent_and_answered_is_shown_and_sent_again(visitor, an_application, post):
    page = opens_the_list(visitor)
    webhook, secret = a_webhook()
    post.answers(500, DeliveryFault.STATUS, "<b>壊れています</b>")
    application = an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    a_round(clock.now())
    visitor.opens(f"{page}hooks/{webhook.reference}/")
    headings, [first] = visitor.table("送信の記録")
    assert headings[3:] == ["試した回数", "次の送信", "応答の状態"]
    assert first[2:4] == ["これから送る", "1"]
    assert first[5] == "500（成功ではない応答）"

    delivery = WebhookDelivery.objects.get()
    visitor.opens(f"{page}hooks/{webhook.reference}/sent/{delivery.reference}/")
    visitor.sees("<b>壊れています</b>", f"webhook-id: msg_{delivery.reference}")
    visitor.sees(application.receipt_number)
    post.answers(200)
    visitor.presses("もう一度送る")
    a_round(clock.now())

    [(_address, body, _first), (_same, again, headers)] = post.got
    assert body == again
    assert standardwebhooks.Webhook(secret).verify(again, headers)
    visitor.presses("最新の情報に更新")
    visitor.sees("届いた", "2回（最大10回）")


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(visitor):
    opens_the_list(visitor)
    a_webhook()
    for address, sentence in (
        ("http://hooks.koss.example/", "通知先のアドレスは、https:// で始めてください。"),
        ("https://127.0.0.1/", "公開されている名前で入力してください。"),
        ("https://127.0.0.1:8000/", "ポート番号は、443だけが使えます。"),
        ("hooks", "https://example.jp/hooks のように入力してください。"),
        (ADDRESS, "このアドレスの通知先は、すでにあります。"),
        ("https://a.example/" + "あ" * 600, "500文字以内で入力してください。"),
    ):
        registers(visitor, address)
        visitor.sees(sentence)
        assert visitor.field("通知先のアドレス")["value"] == address
        assert visitor.field("名前")["value"] == "事務所のシステム"
        visitor.presses("通知先の一覧へ戻る")
    assert Webhook.objects.count() == 1


def test_there_are_a_few_at_most(visitor, settings):
    settings.KOSS_WEBHOOKS_PER_USER = 1
    opens_the_list(visitor)
    a_webhook()
    registers(visitor, "https://another.example/")

    assert visitor.status == 409
    visitor.sees("通知先は1件までです。")
    refused = owner().post("webhooks", {"name": "x", "url": ADDRESS + "2"}, **once("a"))
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_the_same_press_makes_one_secret_and_shows_it_once():
    user, key = bulk_user(), "0" * 32
    pressed = {"name": "x", "address": ADDRESS, "request_key": key, "now": clock.now()}
    made, secret = endpoints.register(user, **pressed)
    assert secret
    assert endpoints.register(user, **pressed) == (made, "")
    again = {"request_key": "1" * 32, "now": clock.now()}
    _made, new = endpoints.rotate(user, made.reference, **again)
    assert new
    assert endpoints.rotate(user, made.reference, **again)[1] == ""
    with pytest.raises(ValueError, match="一括利用者ID"):
        endpoints.register(payers.payment_user("KNZZ0002"), **pressed)


def test_another_ones_webhook_is_not_found(visitor, post):
    theirs, _secret = a_webhook(bulk_user("KNZZ0001", "KIZZ0001"))
    sent = endpoints.test(theirs.user, theirs.reference, now=clock.now())
    page = opens_the_list(visitor)
    mine, _secret = a_webhook()
    before = Webhook.objects.get(pk=theirs.pk).sealed
    for path in ("", "rotate/", "delete/", f"sent/{sent.reference}/"):
        visitor.opens(f"{page}hooks/{theirs.reference}/{path}")
        assert visitor.status == 404
    for path in ("rotate/", "delete/", "pause/", "resume/", "test/"):
        posted = visitor.client.post(f"{page}hooks/{theirs.reference}/{path}")
        assert posted.status_code == 404, path
    for reference in (theirs.reference, mine.reference):
        again = f"{page}hooks/{reference}/sent/{sent.reference}/again/"
        assert visitor.client.post(again).status_code == 404
    visitor.opens(f"{page}hooks/{mine.reference}/sent/{sent.reference}/")
    assert visitor.status == 404
    left = Webhook.objects.get(pk=theirs.pk)
    assert (left.state, bytes(left.sealed)) == (WebhookState.ACTIVE, bytes(before))
    assert WebhookDelivery.objects.get().state == DeliveryState.WAITING


def test_who_has_no_bulk_id_has_no_webhooks(visitor):
    payers.payment_user()
    page = signs_in_to_my_page(visitor)
    assert not visitor.can_press(LIST)
    for path in ("", "new/"):
        visitor.opens(f"{page}hooks/{path}")
        assert visitor.status == 404


def test_what_waits_cannot_be_sent_while_it_is_paused(visitor, an_application, post):
    page = opens_the_list(visitor)
    webhook, _secret = a_webhook()
    post.answers(500, DeliveryFault.STATUS)
    an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    a_round(clock.now())
    endpoints.pause(webhook.user, webhook.reference, now=clock.now())
    visitor.opens(
        f"{page}hooks/{webhook.reference}/sent/{WebhookDelivery.objects.get().reference}/"
    )
    visitor.presses("もう一度送る")

    assert visitor.status == 409
    visitor.sees("送信を再開すると、待っている通知も送られます。")


def test_a_list_of_many_takes_the_same_queries(
    visitor, an_application, post, django_assert_num_queries
):
    page = opens_the_list(visitor)
    webhook, _secret = a_webhook()
    application = an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    address = f"{page}hooks/{webhook.reference}/"
    for count in (1, 60):
        for _ in range(count):
            change(application)
        a_round(clock.now())
        with django_assert_num_queries(5):
            visitor.client.get(address)
    visitor.opens(f"{address}?page=2")
    assert len(visitor.table("送信の記録")[1]) == WebhookDelivery.objects.count() - 50


def once(key):
    return {"Idempotency-Key": key}


def test_by_the_interface_the_secret_comes_once_and_is_not_kept():
    caller, asked = owner(Scope.WEBHOOKS), {"name": "ｼｽﾃﾑ", "url": ADDRESS}
    bulk_user()

    made = caller.post("webhooks", asked, **once("a"))
    again = caller.post("webhooks", asked, **once("a"))

    assert made.status_code == again.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    assert again.json() == {**made.json(), "secret": None}
    assert secret not in str(RememberedRequest.objects.values())
    listed = caller.get("webhooks").json()["items"]
    assert [{**each, "secret": None} for each in listed] == [again.json()]
    assert caller.get(f"webhooks/{listed[0]['id']}").json() == listed[0]
    same = caller.post("webhooks", asked, **once("b"))
    assert (same.status_code, same.json()["code"]) == (409, "conflict")
    assert caller.send("delete", f"webhooks/{listed[0]['id']}").status_code == 204
    assert caller.send("delete", f"webhooks/{listed[0]['id']}").status_code == 404
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("name", "url", "pointer"),
    [
        ("x", "https://169.254.169.254/latest/", "#/url"),
        ("x", "http://hooks.koss.example/", "#/url"),
        ("\u202e", ADDRESS, "#/name"),
        ("　", ADDRESS, "#/name"),
        ("", ADDRESS, "#/name"),
    ],
)
def test_by_the_interface_what_is_wrong_is_named(name, url, pointer):
    refused = owner().post("webhooks", {"name": name, "url": url}, **once("a"))

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not Webhook.objects.exists()


def test_a_stranger_sees_none_by_the_interface():
    webhook, _secret = a_webhook()

    assert stranger().get("webhooks").json()["items"] == []
    assert stranger().send("delete", f"webhooks/{webhook.reference}").status_code == 404
    assert Caller().get("webhooks").status_code == 401
    assert Webhook.objects.exists()


def test_operators_see_how_it_goes_and_nothing_that_signs(an_application, post):
    webhook, secret = a_webhook()
    application = an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    a_round(clock.now())
    delivery = WebhookDelivery.objects.get()
    client = signed_in("operator")
    pages = [
        "webhook/",
        f"webhook/?q={payers.BULK_ID}",
        f"webhook/{webhook.pk}/change/",
        f"webhookdelivery/?q={application.receipt_number}",
        f"webhookdelivery/?q=msg_{delivery.reference}",
        f"webhookdelivery/?q={webhook.user.user_id}",
        f"webhookdelivery/{delivery.pk}/change/",
    ]
    for page in pages:
        html = client.get(f"/admin/payments/{page}").content.decode()
        assert "事務所のシステム" in html, page
        assert "v1," not in html, page
        assert secret not in html, page
    nothing = client.get("/admin/payments/webhookdelivery/?q=21122310500030459")
    assert "事務所のシステム" not in nothing.content.decode()


def test_no_secret_reaches_the_log(an_application, post, caplog):
    caplog.set_level("DEBUG")
    _webhook, secret = a_webhook()
    post.answers(500, DeliveryFault.STATUS, "x")
    an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    a_round(clock.now())

    assert post.got
    assert secret not in caplog.text
    assert json.dumps(post.got[0][2]["webhook-signature"]) not in caplog.text
