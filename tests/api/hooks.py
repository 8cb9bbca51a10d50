"""Webhooks of the demo's payment user, and a receiver in memory in the place of the network."""

import pytest

from applications.life import feed
from applications.models import ChangeKind, Channel
from koss.ground import clock
from koss.hooks import connection, endpoints, rounds
from payments.demo import payers
from payments.models import PaymentUser, Webhook, WebhookDelivery

ADDRESS = "https://hooks.koss.example/in"


def bulk_user(user_id=None, bulk_id=payers.BULK_ID):
    """The demo's payment user with a 一括利用者ID, or another one."""
    user = payers.payment_user(*([user_id] if user_id else []), bulk_id=bulk_id)
    if not user.bulk_id:  # made on the way, for paying alone
        PaymentUser.objects.filter(pk=user.pk).update(bulk_id=bulk_id)
        user.refresh_from_db()
    return user


def a_webhook(user=None, address=ADDRESS, now=None):
    """(webhook, its secret)."""
    return endpoints.register(
        user or bulk_user(), name="事務所のシステム", address=address, now=now or clock.now()
    )


class Post:
    """``got``: (address, body, headers) of every try. ``answer(address, body)``: its Reply."""

    def __init__(self):
        self.got = []
        self.answer = lambda address, body: connection.Reply(204)

    def __call__(self, address, body, headers):
        self.got.append((address, body, headers))
        return self.answer(address, body)

    def answers(self, code, fault="", beginning=""):
        self.answer = lambda address, body: connection.Reply(code, beginning, fault)


@pytest.fixture
def post(monkeypatch):
    post = Post()
    monkeypatch.setattr(connection, "post", post)
    return post


def a_round(now):
    """What the worker does in one round; returns how many tries it made."""
    rounds.spread(now=now)
    return rounds.send_due(now=now)


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
