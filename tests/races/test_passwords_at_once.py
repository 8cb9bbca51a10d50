"""Passwords at the same moment: guesses never outrun a counter, right ones are all let in."""

import threading
from collections import Counter
from datetime import datetime

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction

from koss.access import passwords, tries
from koss.access.passwords import Verdict
from koss.ground import clock
from koss.models import PasswordLock, Source
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)
RIGHT = "shinsei-2024"


@pytest.fixture(scope="module")
def encoded():
    return make_password(RIGHT)


@pytest.fixture
def task(encoded, settings, monkeypatch):
    """task(typed, subject): one try to be made at once with others."""
    settings.KOSS_PASSWORD_WAITS = []
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 60)

    def task(typed, subject="1", *, known=True, source="192.0.2.1"):
        return lambda: (
            passwords.attempt(
                "application",
                subject,
                typed,
                encoded if known else None,
                now=NOON,
                source=source,
            ).verdict
        )

    return task


@pytest.fixture
def checked(monkeypatch):
    """The answers of those tries whose password was looked at for more than the time it takes."""
    allowed = []
    reserve = tries.reserve

    def watched(one, on_count):
        refusal = reserve(one, on_count)
        if refusal is None:
            allowed.append(one)
        return refusal

    monkeypatch.setattr(tries, "reserve", watched)
    return allowed


@pytest.fixture
def without_reservation(monkeypatch):
    """Take the atomicity out: look, check, and count afterwards. All look before one counts."""
    together = threading.Barrier(40, timeout=60)
    check = passwords._is_right

    @transaction.atomic
    def look(one, on_count):
        source, lock = tries._rows(one)
        return tries._refusal(one, source, lock)

    def check_together(typed, encoded):
        together.wait()
        return check(typed, encoded)

    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(40))
    monkeypatch.setattr(passwords, "_is_right", check_together)
    monkeypatch.setattr(tries, "reserve", look)


@pytest.mark.parametrize("known", [True, False])
def test_forty_guesses_at_once_are_checked_exactly_five_times(task, checked, known):
    verdicts = Counter(all_at_once([task("wrong", known=known)] * 40))

    assert len(checked) == 5
    assert verdicts == {Verdict.WRONG: 4, Verdict.LOCKED: 36}
    lock = PasswordLock.objects.get()
    assert (lock.failures, lock.pending) == (5, 0)


def test_control_without_the_reservation_more_guesses_are_checked(
    task, without_reservation, checked
):
    all_at_once([task("wrong")] * 40)

    assert len(checked) == 40


def test_guesses_at_once_from_one_source_bring_no_more_than_two_numbers_to_a_lock(task):
    guesses = [task("wrong", str(number)) for number in range(6) for _ in range(6)]

    all_at_once(guesses)

    failures = sorted(PasswordLock.objects.values_list("failures", flat=True), reverse=True)
    # Eight that count, and one more at each number that was still untouched.
    assert sum(failures) <= 8 + 6
    assert PasswordLock.objects.exclude(locked_at=None).count() <= 2
    assert Source.objects.get().pending == 0


@pytest.mark.parametrize("waits", [[], [0, 30, 300, 3600], [30]])
def test_right_passwords_at_once_are_all_let_in(task, settings, waits):
    settings.KOSS_PASSWORD_WAITS = waits

    assert set(all_at_once([task(RIGHT)] * 20)) == {Verdict.RIGHT}


def test_right_passwords_behind_a_spent_source_are_all_let_in(task, settings):
    for number in range(2):
        for _ in range(4):
            task("wrong", f"missed {number}")()

    tasks = [task(RIGHT, str(number % 4)) for number in range(12)]
    assert set(all_at_once(tasks)) == {Verdict.RIGHT}


def test_control_counting_right_ones_as_failures_refuses_some(task, settings, monkeypatch):
    """Without what is undecided, a try in flight counts as wrong for everybody else."""
    settings.KOSS_PASSWORD_WAITS = [30]
    settled = tries._settled

    def at_once(lock, now):
        lock.pending = 0
        lock.tried_at = now if lock.failures else lock.tried_at
        return settled(lock, now)

    monkeypatch.setattr(tries, "_settled", at_once)

    verdicts = Counter(all_at_once([task(RIGHT)] * 20))
    assert verdicts[Verdict.WAIT] > 0


def test_a_slip_among_right_ones_locks_nobody_out(task):
    tasks = [task(RIGHT)] * 15 + [task("slip")] * 3

    verdicts = Counter(all_at_once(tasks))

    assert verdicts[Verdict.RIGHT] == 15
    assert verdicts[Verdict.LOCKED] == 0


def test_a_try_whose_process_died_counts_and_keeps_nobody_waiting(task, monkeypatch):
    one = tries.Try(tries.digest("application", "1"), now=NOON, source="192.0.2.1")
    assert tries.reserve(one, None) is None
    monkeypatch.setattr(tries, "_IN_FLIGHT", -tries._IN_FLIGHT)

    assert task("wrong")() is Verdict.WRONG
    lock = PasswordLock.objects.get()
    assert (lock.failures, lock.pending) == (2, 0)
