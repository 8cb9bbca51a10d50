"""Messages of webhooks: signed, scheduled, never lost, and no receiver holds up another."""

import json
import re
from datetime import timedelta
from threading import Event

import pytest
import standardwebhooks
from django.db import connections, transaction
from django_tasks_db.models import DBTaskResult

from applications.life import feed
from applications.models import ApplicationEvent, ChangeKind, Channel
from koss.ground import clock
from koss.hooks import connection, endpoints, outcomes, payload, rounds, signing
from koss.models import OutgoingMail
from koss.operation import retention
from payments.demo import payers
from payments.models import DeliveryFault, DeliveryState, Webhook, WebhookDelivery, WebhookState
from payments.payer import barring
from tests import plans
from tests.api.callers import owner
from tests.api.hooks import a_round, a_webhook, bulk_user
from tests.api.hooks import post as post
from tests.house.sources import ROOT
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def application(an_application):
    bulk_user()
    return an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)


@pytest.fixture
def webhook(application):
    webhook, webhook.secret = a_webhook()
    return webhook


def change(application, count=1, kind=ChangeKind.PAPERS):
    for _ in range(count):
        feed.note([application], kind, now=clock.now())


def now_of(webhook):
    return Webhook.objects.get(pk=webhook.pk)


def only():
    return WebhookDelivery.objects.get()


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


class Killed(BaseException):
    """The worker is gone."""


def test_a_worker_killed_after_the_answer_sends_it_once_more(
    webhook, application, post, monkeypatch
):
    change(application)

    def dies(*_args, **_rest):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(outcomes, "note", dies)
        with pytest.raises(Killed):
            a_round(clock.now())

    assert a_round(clock.now()) == 0  # another worker leaves it alone for a while
    assert timedelta(minutes=1) < planned_after_a_sweep() <= rounds.LEASE
    assert a_round(clock.now() + rounds.LEASE + timedelta(seconds=1)) == 1
    first, second = post.got
    assert first[2]["webhook-id"] == second[2]["webhook-id"]
    assert only().state == DeliveryState.DELIVERED


def test_a_worker_killed_while_it_writes_loses_nothing(webhook, application, post, monkeypatch):
    change(application, 5)
    monkeypatch.setattr(rounds, "_CHUNK", 2)
    save, saved = Webhook.save, []

    def dies_at_the_second(self, **how):
        saved.append(self)
        if len(saved) == 2:
            raise Killed
        save(self, **how)

    with monkeypatch.context() as broken:
        broken.setattr(Webhook, "save", dies_at_the_second)
        with pytest.raises(Killed):
            rounds.spread(now=clock.now())
    assert WebhookDelivery.objects.count() == 2

    assert planned_after_a_sweep() is not None
    assert a_round(clock.now()) == 5
    numbers = [json.loads(body)["data"]["number"] for _address, body, _headers in post.got]
    assert numbers == sorted(set(numbers), key=int)
    assert planned_after_a_sweep() is None


def planned_after_a_sweep():
    """When the worker looks next, as a new worker would have planned it; None: not at all."""
    DBTaskResult.objects.all().delete()
    rounds.sweep(now=clock.now())
    rounds.sweep(now=clock.now())
    found = list(DBTaskResult.objects.filter(task_path=rounds.deliver.module_path))
    assert len(found) <= 1
    return found[0].run_after - clock.system_now() if found else None


def test_a_slow_one_does_not_hold_up_the_others(webhook, application, post):
    others = [a_webhook(address=f"https://{name}.koss.example/")[0] for name in "abc"]
    arrived, slow_may_go = [], Event()

    def answer(address, body):
        if address == webhook.address:
            assert slow_may_go.wait(20), "the others never came"
            return connection.Reply(fault=DeliveryFault.TIME)
        arrived.append(address)
        if len(arrived) == len(others) * 3:
            slow_may_go.set()
        return connection.Reply(204)

    post.answer = answer
    change(application, 3)

    # The slow one is asked once and rests; all of the others' messages arrive meanwhile.
    assert a_round(clock.now()) == 10
    assert a_round(clock.now()) == 0
    assert now_of(webhook).rests_until > clock.now()


def test_the_rest_grows_with_failures_and_ends_with_a_success(webhook, application, post):
    post.answers(500, DeliveryFault.STATUS)
    change(application, 30)
    now, rests = clock.now(), []
    rounds.spread(now=now)
    for _ in range(9):
        assert rounds.send_due(now=now) == 1
        rests.append(round((now_of(webhook).rests_until - now).total_seconds()))
        now = now_of(webhook).rests_until
    assert rests == [5, 10, 20, 40, 80, 160, 300, 300, 300]

    post.answers(204)
    assert rounds.send_due(now=now) > 20
    assert now_of(webhook).failures == 0


def test_rows_that_wait_are_bounded_and_the_feed_keeps_the_rest(
    webhook, application, post, monkeypatch
):
    monkeypatch.setattr(rounds, "MOST_WAITING", 3)
    monkeypatch.setattr(rounds, "PER_VISIT", 2)
    change(application, 7)

    rounds.spread(now=clock.now())
    rounds.spread(now=clock.now())
    assert WebhookDelivery.objects.count() == 3

    sent = 0
    while count := a_round(clock.now()):
        sent += count
    assert sent == 7


def test_a_change_wakes_the_worker_in_its_own_transaction(webhook, application, post):
    def planned():
        return DBTaskResult.objects.filter(task_path=rounds.deliver.module_path).count()

    with transaction.atomic():
        change(application)
        transaction.set_rollback(True)
    assert planned() == 0
    change(application)
    assert planned() == 1
    endpoints.pause(webhook.user, webhook.reference, now=clock.now())
    change(application)
    assert planned() == 1


def test_the_task_plans_its_next_round(webhook, application, post):
    post.answers(500, DeliveryFault.STATUS)
    change(application)
    DBTaskResult.objects.all().delete()

    rounds.deliver.func()
    rounds.deliver.func()

    [planned] = DBTaskResult.objects.filter(task_path=rounds.deliver.module_path)
    assert timedelta() < planned.run_after - clock.system_now() < timedelta(seconds=6)


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


def test_who_is_locked_by_staff_is_told_nothing_until_they_are_unlocked(webhook, application, post):
    change(application)
    rounds.spread(now=clock.now())
    barring.lock(webhook.user, by="kanri", reason="不正な利用の疑い", now=clock.now())
    change(application)
    endpoints.test(webhook.user, webhook.reference, now=clock.now())
    assert a_round(clock.now()) == 0
    assert planned_after_a_sweep() is None

    barring.unlock(webhook.user, by="kanri", reason="確認済み", now=clock.now())
    assert a_round(clock.now()) == 3


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


def test_how_many_queries_a_round_takes(webhook, application, post, django_assert_num_queries):
    change(application, 4)
    feed.number_new()
    now = clock.now()

    with django_assert_num_queries(9):
        rounds.spread(now=now)
    # Each message: the webhook's lock, the row, both written, in a savepoint.
    with django_assert_num_queries(5 + 4 * 6):
        rounds.send_due(now=now)


def another_round_meanwhile(post):
    """How many tries another worker makes while the first message is on its way."""
    seen = []

    def answer(address, body):
        if len(post.got) == 1:
            seen.append(a_round(clock.now()))
            connections.close_all()
        return connection.Reply(204)

    post.answer = answer
    a_round(clock.now())
    return seen


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_webhook_that_is_visited_is_left_alone(webhook, application, post):
    change(application, 3)

    assert another_round_meanwhile(post) == [0]
    assert len(post.got) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lease_another_worker_sends_the_same(
    webhook, application, post, monkeypatch
):
    monkeypatch.setattr(rounds, "_claim", lambda key, now: True)
    change(application, 3)

    assert another_round_meanwhile(post) == [3]
    assert len({headers["webhook-id"] for _address, _body, headers in post.got}) == 3
    assert len(post.got) == 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_and_send_each_once(webhook, application, post):
    change(application, 6)
    feed.number_new()

    all_at_once([lambda: a_round(clock.now())] * 2)
    a_round(clock.now())

    sent = [headers["webhook-id"] for _address, _body, headers in post.got]
    assert len(sent) == len(set(sent)) == 6


def test_every_list_walks_an_index(webhook, application, post):
    other, _secret = a_webhook(address="https://other.example/")
    now = clock.now()
    rows = [
        outcomes.new_delivery(other if number % 20 else webhook, None, now=now)
        for number in range(4000)
    ]
    for number, row in enumerate(rows):
        if number % 100:
            row.state, row.due_at, row.finished_at = DeliveryState.DELIVERED, None, now
    WebhookDelivery.objects.bulk_create(rows)
    with connections["default"].cursor() as cursor:
        cursor.execute("ANALYZE")

    for name, act in (
        ("deliveries_of_webhook", lambda: list(endpoints.deliveries_of(webhook)[:50])),
        ("deliveries_due", lambda: rounds._due_webhooks(now)),
        ("deliveries_due", rounds.next_moment),
    ):
        assert name in (plan := plans.of_first_query(act)), plan
