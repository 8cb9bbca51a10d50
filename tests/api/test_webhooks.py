"""Messages of webhooks: signed, scheduled, sent again, and ended."""

import json
import re
from datetime import timedelta

import pytest
import standardwebhooks

from applications.life import feed
from applications.models import ApplicationEvent, ChangeKind, Channel
from koss.ground import clock
from koss.hooks import connection, endpoints, outcomes, payload, rounds, signing
from koss.models import OutgoingMail
from koss.operation import retention
from payments.models import DeliveryFault, DeliveryState, WebhookDelivery, WebhookState
from tests.api.callers import owner
from tests.api.hooks import (
    a_round,
    a_webhook,
    application,
    bulk_user,
    change,
    now_of,
    only,
    post,
    webhook,
)
from tests.house.sources import ROOT

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
__all__ = ["application", "post", "webhook"]


def test_a_change_arrives_as_the_feed_tells_it_and_the_library_believes_it(
    webhook, application, post
):
    change(application)

    assert a_round(clock.now()) == 1

    [(address, body, headers)] = post.got
    assert address == webhook.address
    said = standardwebhooks.Webhook(webhook.secret).verify(body, headers)
    [*_before, event] = owner().get("events").json()["items"]
    assert said == {"type": "application.papers", "timestamp": event["at"], "data": event}
    assert said["data"]["receipt_number"] == application.receipt_number
    delivery = only()
    assert headers["webhook-id"] == f"msg_{delivery.reference}"
    assert (delivery.state, delivery.code, delivery.tries) == (DeliveryState.DELIVERED, 204, 1)
    assert (delivery.due_at, delivery.headers) == (None, headers)
    assert now_of(webhook).delivered_at == delivery.sent_at == delivery.finished_at
    # What a page shows later is what was sent.
    assert payload.body_of(WebhookDelivery.objects.get()) == body
    assert a_round(clock.now()) == 0


def test_a_status_comes_with_its_code_and_its_word(application, post):
    with_entry = application.history.latest("pk")
    a_webhook()
    feed.note([application], ChangeKind.STATUS, now=clock.now(), entries=[with_entry])

    a_round(clock.now())

    said = json.loads(post.got[0][1])
    assert said["type"] == "application.status"
    assert said["data"]["status"] == {"code": "received", "label": "検査申請受付中"}
    assert application.applicant_name not in post.got[0][1].decode()


def test_the_library_finds_a_message_that_was_touched(webhook, application, post):
    change(application)
    a_round(clock.now())
    [(_address, body, headers)] = post.got

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(webhook.secret).verify(body.replace(b"papers", b"paperz"), headers)


def test_only_what_happens_afterwards_and_only_ones_own(application, an_application, post):
    change(application)
    a_webhook()
    bulk_user("KNZZ0001", "KIZZ0001")
    change(an_application("検査申請受付中", channel=Channel.BULK, bulk_id="KIZZ0001"))

    assert a_round(clock.now()) == 0
    assert not WebhookDelivery.objects.exists()


def test_ten_tries_by_the_schedule_and_then_an_end_and_a_mail(webhook, application, post):
    post.answers(500, DeliveryFault.STATUS, "そのうち直します")
    change(application)
    begun = now = clock.now()
    waits = []

    while (moment := _spread_and_next(now)) is not None:
        waits.append(moment - now)
        now = moment
        assert rounds.send_due(now=now) == 1
        delivery = only()
        assert (delivery.tries, delivery.answer) == (len(waits), "そのうち直します")

    whole = [timedelta(seconds=round(wait.total_seconds())) for wait in waits]
    assert whole == [
        timedelta(seconds=seconds)
        for seconds in (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    ]
    assert now - begun < timedelta(hours=76)
    assert len({headers["webhook-id"] for _address, _body, headers in post.got}) == 1
    assert delivery.state == DeliveryState.FAILED
    ended = now_of(webhook)
    assert (ended.state, ended.end) == (WebhookState.DISABLED, "failed")
    [mail] = OutgoingMail.objects.filter(template="users/webhook_disabled")
    assert mail.to == webhook.user.admin_email
    assert webhook.secret not in str(OutgoingMail.objects.values())


def test_a_message_that_alone_is_refused_ends_without_its_webhook(webhook, application, post):
    change(application)
    post.answers(500, DeliveryFault.STATUS)
    now = _spread_and_next(clock.now())
    rounds.send_due(now=now)
    refused = only()
    now += timedelta(hours=1)
    type(webhook).objects.update(delivered_at=now)

    while WebhookDelivery.objects.get(pk=refused.pk).state == DeliveryState.WAITING:
        now += timedelta(days=1)
        rounds.send_due(now=now)

    assert WebhookDelivery.objects.get(pk=refused.pk).tries == 10
    assert now_of(webhook).state == WebhookState.ACTIVE
    assert not OutgoingMail.objects.filter(template="users/webhook_disabled").exists()


def _spread_and_next(now):
    rounds.spread(now=now)
    return rounds.next_moment()


def test_410_ends_it_at_once(webhook, application, post):
    post.answers(410, DeliveryFault.GONE)
    change(application, 2)

    assert a_round(clock.now()) == 1
    assert a_round(clock.now() + timedelta(days=9)) == 0

    ended = now_of(webhook)
    assert (ended.state, ended.end) == (WebhookState.DISABLED, "gone")
    assert OutgoingMail.objects.filter(template="users/webhook_disabled").count() == 1
    change(application)
    post.answers(204)
    endpoints.resume(webhook.user, webhook.reference, now=clock.now())
    # What waited, and what happened meanwhile; not what was answered with 410.
    assert a_round(clock.now()) == 2
    assert now_of(webhook).state == WebhookState.ACTIVE


def test_what_happened_long_before_it_was_resumed_is_left_out(webhook, application, post):
    endpoints.pause(webhook.user, webhook.reference, now=clock.now())
    change(application, 2)
    feed.number_new()
    first = ApplicationEvent.objects.order_by("-number")[1]
    long_ago = clock.now() - endpoints.CATCHES_UP - timedelta(minutes=1)
    ApplicationEvent.objects.filter(pk=first.pk).update(at=long_ago)
    assert a_round(clock.now()) == 0

    endpoints.resume(webhook.user, webhook.reference, now=clock.now())

    assert a_round(clock.now()) == 1
    assert only().event_id == first.pk + 1


def test_both_secrets_sign_for_a_day(webhook, application, post):
    now = clock.now()
    _webhook, new = endpoints.rotate(webhook.user, webhook.reference, now=now)

    change(application)
    a_round(clock.now())
    [(_address, body, headers)] = post.got
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (webhook.secret, new):
        standardwebhooks.Webhook(secret).verify(body, headers)

    change(application)
    a_round(now + signing.OVERLAP + timedelta(seconds=1))
    _address, body, headers = post.got[-1]
    assert len(headers["webhook-signature"].split()) == 1
    standardwebhooks.Webhook(new).verify(body, headers)
    # The night forgets the old one.
    assert list(endpoints.forget_secrets(None, now=now + signing.OVERLAP, chunk=9)) == []
    later = now + signing.OVERLAP + timedelta(seconds=1)
    assert list(endpoints.forget_secrets(None, now=later, chunk=9)) == [1]
    assert not now_of(webhook).sealed_before
    assert endpoints.rotate(webhook.user, webhook.reference, now=later)[1].startswith("whsec_")


def test_a_secret_is_kept_sealed_and_an_unknown_key_opens_none(
    webhook, application, post, settings
):
    raw = signing.base64.b64decode(webhook.secret.removeprefix("whsec_"))
    for column in ("sealed", "salt"):
        kept = bytes(getattr(now_of(webhook), column))
        assert raw not in kept
        assert webhook.secret.encode() not in kept
    settings.SECRET_KEY, old = "another", settings.SECRET_KEY
    change(application)

    a_round(clock.now())
    assert (post.got, only().fault) == ([], DeliveryFault.SECRET)

    settings.SECRET_KEY_FALLBACKS = [old]
    a_round(clock.now() + timedelta(seconds=6))
    assert only().state == DeliveryState.DELIVERED


def test_a_message_is_sent_again_under_its_own_id(webhook, application, post):
    change(application)
    a_round(clock.now())
    delivery, now = only(), clock.now()
    post.answers(500, DeliveryFault.STATUS)

    endpoints.pause(webhook.user, webhook.reference, now=now)
    endpoints.send_again(webhook.user, webhook.reference, delivery.reference, now=now)

    assert a_round(now) == 1
    again = only()
    # Once, and neither the schedule nor the webhook knows of it.
    assert (again.state, again.tries, again.due_at) == (DeliveryState.FAILED, 2, None)
    assert now_of(webhook).state == WebhookState.PAUSED
    assert len({headers["webhook-id"] for _address, _body, headers in post.got}) == 1
    assert a_round(now + timedelta(days=9)) == 0


def test_what_waits_is_brought_forward_only_while_it_is_active(webhook, application, post):
    post.answers(500, DeliveryFault.STATUS)
    change(application)
    a_round(clock.now())
    waiting, now = only(), clock.now()

    endpoints.send_again(webhook.user, webhook.reference, waiting.reference, now=now)
    assert a_round(now) == 1
    assert (only().state, only().tries) == (DeliveryState.WAITING, 2)
    endpoints.pause(webhook.user, webhook.reference, now=now)
    with pytest.raises(endpoints.WebhookNotActive):
        endpoints.send_again(webhook.user, webhook.reference, waiting.reference, now=now)


def test_a_test_is_sent_once_in_any_state(webhook, post):
    post.answers(500, DeliveryFault.STATUS)
    endpoints.pause(webhook.user, webhook.reference, now=clock.now())
    first = endpoints.test(webhook.user, webhook.reference, now=clock.now())
    assert endpoints.test(webhook.user, webhook.reference, now=clock.now()) == first

    assert a_round(clock.now()) == 1
    assert (only().state, only().tries) == (DeliveryState.FAILED, 1)
    said = standardwebhooks.Webhook(webhook.secret).verify(*post.got[0][1:])
    assert (said["type"], said["data"]) == ("webhook.test", {"webhook": webhook.reference})
    assert now_of(webhook).state == WebhookState.PAUSED


def test_the_guide_verifies_ours(webhook, application, post):
    """Its ten lines of Python, as they stand in docs/api.md."""
    endpoints.rotate(webhook.user, webhook.reference, now=clock.now())
    change(application)
    a_round(clock.now())
    [(_address, body, headers)] = post.got
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.S)
    names = {}
    exec(code, names)

    assert names["is_genuine"](webhook.secret, headers, body)
    assert not names["is_genuine"](webhook.secret, headers, body + b" ")
    assert not names["is_genuine"](signing.new_secret(), headers, body)
    stale = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    assert not names["is_genuine"](webhook.secret, stale, body)


def test_what_was_deleted_meanwhile_is_not_noted(webhook, application, post):
    def answer(address, body):
        return connection.Reply(204)

    change(application)
    rounds.spread(now=clock.now())
    visit = rounds._begin(webhook.pk, clock.now())
    endpoints.delete(webhook.user, webhook.reference, now=clock.now())

    outcomes.note(visit.webhook, rounds._try(visit, *visit.messages[0]), now=clock.now())

    assert not WebhookDelivery.objects.exists()
    assert a_round(clock.now()) == 0


def test_the_night_deletes_what_is_older_than_thirty_days(webhook, application, post):
    now = clock.system_now()
    for days in (29, 31):
        change(application)
        a_round(clock.now())
        newest = WebhookDelivery.objects.first()
        WebhookDelivery.objects.filter(pk=newest.pk).update(made_at=now - timedelta(days=days))

    assert sum(retention.forget_old(clock.today(), now=now, chunk=1)) == 1
    assert only().made_at == now - timedelta(days=29)
