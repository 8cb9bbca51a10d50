"""Passwords that can be locked, one try after the other; tests/races has them at once."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password

from koss.access import passwords
from koss.access.passwords import Verdict
from koss.ground import clock
from koss.models import PasswordLock

pytestmark = pytest.mark.databases

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
def test_a_right_password_during_a_wait_is_not_lost(try_password, settings):
    settings.KOSS_PASSWORD_WAITS = [30]
    try_password("wrong")

    for seconds in range(10):
        assert try_password(RIGHT, now=NOON + timedelta(seconds=seconds)) is Verdict.WAIT

    assert try_password(RIGHT, now=NOON + timedelta(seconds=30)) is Verdict.RIGHT
    assert PasswordLock.objects.get().failures == 0


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
