"""Workers that send messages of webhooks: killed, doubled, slow, and none is lost."""

import json
from datetime import timedelta
from threading import Event

import pytest
from django.db import connections, transaction
from django_tasks_db.models import DBTaskResult

from applications.life import feed
from koss.ground import clock
from koss.hooks import connection, endpoints, outcomes, rounds
from payments.models import DeliveryFault, DeliveryState, Webhook, WebhookDelivery
from payments.payer import barring
from tests import plans
from tests.api.hooks import (
    a_round,
    a_webhook,
    application,
    change,
    now_of,
    only,
    post,
    webhook,
)
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
__all__ = ["application", "post", "webhook"]


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
