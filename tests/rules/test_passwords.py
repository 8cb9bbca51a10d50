"""Passwords that can be locked (product.md "locks", trust.md T-01 and T-03)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from koss import clock, passwords
from koss.models import PasswordLock
from koss.passwords import Verdict

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)
RIGHT = "shinsei-2024"


@pytest.fixture(scope="module")
def encoded():
    return make_password(RIGHT)


@pytest.fixture
def try_password(encoded, settings):
    settings.KOSS_PASSWORD_WAITS = []

    def attempt(typed, *, subject="1", known=True, now=NOON, source="192.0.2.1", device=""):
        return passwords.attempt(
            "application",
            subject,
            typed,
            encoded if known else None,
            now=now,
            source=source,
            device=device,
        ).verdict

    return attempt


@pytest.mark.django_db
def test_the_right_password_opens(try_password):
    assert try_password(RIGHT) is Verdict.RIGHT


@pytest.mark.django_db
def test_the_fifth_failure_in_a_row_locks_for_good(try_password):
    assert [try_password("wrong") for _ in range(5)] == [Verdict.WRONG] * 4 + [Verdict.LOCKED]
    assert try_password(RIGHT) is Verdict.LOCKED
    assert try_password(RIGHT, now=NOON + timedelta(days=3650)) is Verdict.LOCKED


@pytest.mark.django_db
def test_success_resets_the_count(try_password):
    for _ in range(4):
        try_password("wrong")

    assert try_password(RIGHT) is Verdict.RIGHT
    assert [try_password("wrong") for _ in range(4)] == [Verdict.WRONG] * 4


@pytest.mark.django_db
def test_an_unknown_number_counts_and_locks_like_a_known_one(try_password):
    answers = [try_password("wrong", known=False) for _ in range(5)]

    assert answers == [Verdict.WRONG] * 4 + [Verdict.LOCKED]


@pytest.mark.django_db
def test_an_unknown_number_is_never_opened_by_the_password_of_nobody(try_password):
    assert try_password("nobody", known=False) is Verdict.WRONG


@pytest.mark.django_db
def test_one_number_does_not_lock_another(try_password):
    for _ in range(5):
        try_password("wrong", subject="1")

    assert try_password(RIGHT, subject="2") is Verdict.RIGHT


@pytest.mark.django_db
def test_waits_grow_and_are_not_counted(try_password, settings):
    settings.KOSS_PASSWORD_WAITS = [0, 30]
    try_password("wrong")
    try_password("wrong")

    soon, later = NOON + timedelta(seconds=29), NOON + timedelta(seconds=30)
    assert try_password(RIGHT, now=soon) is Verdict.WAIT
    assert PasswordLock.objects.get().failures == 2
    assert try_password(RIGHT, now=later) is Verdict.RIGHT


@pytest.mark.django_db
def test_a_source_locks_two_numbers_a_day_and_no_more(try_password):
    for subject in ("1", "2"):
        for _ in range(5):
            try_password("wrong", subject=subject)

    assert try_password("wrong", subject="3") is Verdict.SOURCE_SPENT
    assert try_password(RIGHT, subject="3") is Verdict.SOURCE_SPENT
    assert try_password(RIGHT, subject="3", source="192.0.2.2") is Verdict.RIGHT
    assert try_password(RIGHT, subject="3", now=NOON + timedelta(days=1)) is Verdict.RIGHT


@pytest.mark.django_db
def test_a_browser_that_was_let_in_counts_apart(try_password):
    try_password(RIGHT, device="mine")
    for _ in range(5):
        try_password("wrong", source="192.0.2.9")

    assert try_password(RIGHT, device="mine") is Verdict.RIGHT
    assert try_password(RIGHT, device="another") is Verdict.LOCKED


@pytest.mark.django_db
def test_no_place_at_the_hasher_is_said_and_not_counted(try_password, monkeypatch, settings):
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    for _ in range(settings.KOSS_HASHES_AT_ONCE):
        passwords._places.acquire()
    try:
        assert try_password("wrong") is Verdict.BUSY
    finally:
        for _ in range(settings.KOSS_HASHES_AT_ONCE):
            passwords._places.release()
    assert not PasswordLock.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
def test_forty_guesses_at_once_are_checked_exactly_five_times(try_password, monkeypatch, known):
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 60)

    def guess(_):
        try:
            return try_password("wrong", known=known)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        verdicts = list(threads.map(guess, range(40)))

    assert verdicts.count(Verdict.WRONG) == 4
    assert verdicts.count(Verdict.LOCKED) == 36
    assert PasswordLock.objects.get().failures == 5


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_counting_after_the_check_lets_more_guesses_through(try_password, monkeypatch):
    """Without the reservation the same forty guesses outrun the counter."""
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 60)
    monkeypatch.setattr(
        passwords, "_reserve", lambda kind, subject, **_: (_read_only(kind, subject), None)
    )

    def guess(_):
        try:
            return try_password("wrong")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        verdicts = list(threads.map(guess, range(40)))

    assert verdicts.count(Verdict.WRONG) > 4


def _read_only(kind, subject):
    return PasswordLock(subject=passwords._digest(kind, subject), failures=0, tried_at=NOON)
