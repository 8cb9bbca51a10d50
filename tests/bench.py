"""What costs how much, as ratios measured side by side in one run: ``make bench``.

Absolute times swing with the machine; each line therefore divides by a baseline that was measured
in the same rounds. Nothing here belongs to the test suite.
"""

import os
import statistics
import sys
import time
from copy import copy
from datetime import timedelta
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koss.settings")
django.setup()

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import setup_databases
from django.urls import include, path, reverse

from applications.life import moves
from applications.models import Application, Charge
from applications.status import Actor, MoveName
from koss.access.hashers import LeanArgon2Hasher
from koss.ground import clock
from payments.demo import payers
from tests.races.crowd import client_of
from tests.races.payers import client_of as payer_client
from tests.world import make

ROUNDS = 7
urlpatterns = [path("nothing/", lambda request: HttpResponse("")), path("", include("koss.urls"))]


def median_ratio(measured, baseline, times):
    """The median over rounds of (time of ``measured``) / (time of ``baseline``)."""
    return statistics.median(_time(measured, times) / _time(baseline, times) for _ in range(ROUNDS))


def _time(call, times):
    begun = time.perf_counter()
    for _ in range(times):
        call()
    return time.perf_counter() - begun


def hash_of_a_login():
    lean, usual = LeanArgon2Hasher(), PBKDF2PasswordHasher()
    return median_ratio(
        lambda: lean.encode("shinsei-2024", "salt-salt-salt"),
        lambda: usual.encode("shinsei-2024", "salt-salt-salt"),
        times=1,
    )


@override_settings(ROOT_URLCONF="tests.bench")
def status_page():
    client, page = client_of(make("検査申請補正待ち"))
    client.defaults["HTTP_HOST"] = "localhost"
    anybody = Client(headers={"host": "localhost"})
    return median_ratio(lambda: client.get(page), lambda: anybody.get("/nothing/"), times=30)


def night_in_sets():
    """One application of a set of 300, against one moved alone."""
    day = clock.today() + timedelta(days=60)

    def a_round():
        rows = [make("検査手数料等納付待ち") for _ in range(300)]
        keys = [row.pk for row in rows]
        due = {"actor": Actor.NIGHT, "now": clock.now(), "business_date": day}
        alone = _time(
            lambda: [moves.perform(MoveName.LET_FEES_LAPSE, row, **due) for row in rows[:30]], 1
        )
        these = Application.objects.filter(pk__in=keys[30:])
        together = _time(
            lambda: sum(moves.perform_many(MoveName.LET_FEES_LAPSE, these, chunk=1000, **due)), 1
        )
        return (together / 270) / (alone / 30)

    return statistics.median(a_round() for _ in range(3))


@override_settings(ALLOWED_HOSTS=["testserver"])
def a_long_list_of_targets():
    """まとめ納付対象選択 of a payer with 20,000 applications, against one with 50."""
    make_like(make("検査手数料等まとめ払い中", payer="KNBC2345"), 49)
    make_like(make("検査手数料等まとめ払い中", payer="KNCD3456"), 19_999)
    pages = {}
    for user_id in ("KNBC2345", "KNCD3456"):
        client, handle = payer_client(payers.payment_user(user_id))
        address = reverse("payments:targets_list", args=[handle])
        pages[user_id] = partial(client.get, address)
    return median_ratio(pages["KNCD3456"], pages["KNBC2345"], times=10)


def settling_a_batch():
    """One application of a batch of 300 that is paid, against one that pays alone."""

    def a_round():
        rows = [make("検査手数料等まとめ払い中") for _ in range(330)]
        now = clock.now()
        together = payers.take_number(rows[30:], now=now)
        alone = [payers.take_number([row], now=now) for row in rows[:30]]
        each = _time(lambda: [payers.settle(number, now) for number in alone], 1) / 30
        return _time(lambda: payers.settle(together, now), 1) / 300 / each

    return statistics.median(a_round() for _ in range(3))


def make_like(application, count):
    """``count`` more applications of the same payer that owe the same."""
    charges = list(application.charges.all())
    rows = []
    for serial in range(count):
        twin = copy(application)
        twin.pk, twin._state.adding = None, True
        twin.receipt_number = f"{application.pk:08d}{serial:09d}"
        rows.append(twin)
    rows = Application.objects.bulk_create(rows, batch_size=2000)
    Charge.objects.bulk_create(
        (
            Charge(application=row, kind=each.kind, amount=each.amount, due_on=each.due_on)
            for row in rows
            for each in charges
        ),
        batch_size=2000,
    )


LINES = (
    ("login hash / Django's default hash", hash_of_a_login),
    ("status page / empty view", status_page),
    ("a move in a set / a move alone", night_in_sets),
    ("list of 20,000 targets / of 50", a_long_list_of_targets),
    ("settled in a batch of 300 / alone", settling_a_batch),
)


def main():
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        for title, measure in LINES:
            print(f"{title:40} {measure():8.3f}", flush=True)
    finally:
        for connection, name, _destroy in databases:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
