"""Staff keep a payment user out, and let it in again; wrong passwords are another lock."""

import pytest

from koss.access import passwords
from koss.ground import clock
from payments.demo import payers
from payments.models import EventKind, UserEvent
from payments.payer import barring, users

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def user(now):
    return payers.payment_user(now=now)


def sign_in(now):
    answer, user = users.sign_in(
        payers.PAYER, payers.PASSWORD, EventKind.PAYMENT_LOGIN, now=now, source="192.0.2.1"
    )
    return answer.verdict, user


def test_a_locked_user_is_let_in_by_no_password(user, now):
    event = barring.lock(user, by="unyo", reason=" 本人からの申し出 ", now=now)

    assert (event.kind, event.by, event.reason) == ("staff_locked", "unyo", "本人からの申し出")
    assert user.staff_locked_at == now
    assert sign_in(now) == (passwords.Verdict.LOCKED, None)


def test_every_session_of_before_is_over_for_good(user, now):
    before = user.version

    barring.lock(user, by="unyo", reason="x", now=now)
    barring.unlock(user, by="unyo", reason="x", now=now)

    assert user.version > before


def test_unlocking_lets_in_again(user, now):
    barring.lock(user, by="unyo", reason="x", now=now)

    event = barring.unlock(user, by="unyo", reason="確認済み", now=now)

    assert (event.kind, event.by, event.reason) == ("staff_unlocked", "unyo", "確認済み")
    assert sign_in(now) == (passwords.Verdict.RIGHT, user)


def test_the_lock_after_wrong_passwords_stays(user, now):
    passwords.set_failures(users.LOCK_KIND, user.user_id, 5, now=now)
    barring.lock(user, by="unyo", reason="x", now=now)

    barring.unlock(user, by="unyo", reason="x", now=now)

    assert passwords.is_locked(users.LOCK_KIND, user.user_id)
    assert sign_in(now) == (passwords.Verdict.LOCKED, None)


def test_doing_it_twice_records_it_once(user, now):
    assert barring.unlock(user, by="unyo", reason="x", now=now) is None
    assert barring.lock(user, by="unyo", reason="x", now=now)
    assert barring.lock(user, by="other", reason="y", now=now) is None

    assert UserEvent.objects.get().by == "unyo"


@pytest.mark.parametrize("act", [barring.lock, barring.unlock])
def test_a_reason_is_needed(user, now, act):
    with pytest.raises(ValueError, match="need a reason"):
        act(user, by="unyo", reason="  ", now=now)

    assert not UserEvent.objects.exists()
