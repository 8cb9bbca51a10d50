"""パスワード初期化: the mailed link, once, for half an hour."""

from datetime import timedelta

import pytest

from koss.access import passwords
from koss.access.passwords import Verdict
from koss.mail import outbox
from koss.models import OutgoingMail
from payments.models import EventKind, PasswordReset
from payments.payer import resets, users
from tests.rules.payments.people import HERE, NEW_PASSWORD, NOON, PASSWORD, events, user

pytestmark = pytest.mark.databases

__all__ = ["user"]

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_waits(settings):
    settings.KOSS_PASSWORD_WAITS = []


def asks(user_id="KNAB1234", *, now=NOON):
    """Ask for a link; returns the token of the newest mail, or None."""
    before = OutgoingMail.objects.count()
    resets.ask(user_id, now=now, **HERE)
    if OutgoingMail.objects.count() == before:
        return None
    return OutgoingMail.objects.latest("pk").facts["link"].rstrip("/").rpartition("/")[2]


def test_the_mail_names_the_configured_address_and_goes_to_the_administrator(user, settings):
    settings.KOSS_ORIGIN = "https://portal.example/"
    token = asks()

    mail = OutgoingMail.objects.get()
    _subject, body = outbox.read(mail)
    assert mail.to == user.admin_email
    assert f"https://portal.example/mypage/reset/link/{token}/" in body
    assert "30分以内" in body
    assert events(user) == [EventKind.RESET_SENT]


def test_only_a_digest_of_the_link_is_kept_as_its_key(user):
    assert asks() not in str(PasswordReset.objects.values().get())


@pytest.mark.django_db
def test_an_unknown_id_gets_no_mail():
    assert asks("KNZZ9999") is None


def test_there_is_one_mail_in_five_minutes(user):
    assert asks()
    assert asks(now=NOON + 5 * MINUTE - timedelta(seconds=1)) is None
    assert asks(now=NOON + 5 * MINUTE)


def test_a_link_sets_the_password_and_lifts_every_lock(user):
    passwords.attempt(
        users.LOCK_KIND, user.user_id, PASSWORD, user.password, now=NOON, device="mine", **HERE
    )
    for device in ("mine", ""):
        for _ in range(5):
            passwords.attempt(
                users.LOCK_KIND, user.user_id, "no", user.password, now=NOON, device=device, **HERE
            )
    resets.use(asks(), NEW_PASSWORD, now=NOON, **HERE)

    for device in ("mine", ""):
        answer, found = users.sign_in(
            user.user_id, NEW_PASSWORD, EventKind.PAYMENT_LOGIN, now=NOON, device=device, **HERE
        )
        assert (answer.verdict, found) == (Verdict.RIGHT, user)
    assert found.version == user.version + 1
    assert EventKind.RESET_DONE in events(user)


def test_a_link_works_once(user):
    token = asks()
    resets.use(token, NEW_PASSWORD, now=NOON)

    with pytest.raises(resets.DeadLink):
        resets.use(token, "Mata-atarashii-1", now=NOON)


@pytest.mark.parametrize(("seconds", "works"), [(-1, True), (0, False), (1, False)])
def test_a_link_lasts_half_an_hour(user, seconds, works):
    token, then = asks(), NOON + 30 * MINUTE + timedelta(seconds=seconds)

    if works:
        assert resets.find(token, now=then).user == user
    else:
        with pytest.raises(resets.DeadLink):
            resets.find(token, now=then)


def test_using_one_link_kills_the_others(user):
    first, second = asks(), asks(now=NOON + 6 * MINUTE)
    resets.use(second, NEW_PASSWORD, now=NOON + 7 * MINUTE)

    with pytest.raises(resets.DeadLink):
        resets.use(first, "Mata-atarashii-1", now=NOON + 7 * MINUTE)


def test_the_current_password_is_no_new_one(user):
    token = asks()
    with pytest.raises(resets.SamePassword):
        resets.use(token, PASSWORD, now=NOON)

    assert resets.use(token, NEW_PASSWORD, now=NOON)


def test_it_is_told_by_mail(user):
    resets.use(asks(), NEW_PASSWORD, now=NOON)

    assert OutgoingMail.objects.latest("pk").template == "users/password_changed"


def test_a_lock_set_by_staff_stays(user):
    user.staff_locked_at = NOON
    user.save()
    resets.use(asks(), NEW_PASSWORD, now=NOON)

    answer, found = users.sign_in(
        user.user_id, NEW_PASSWORD, EventKind.PAYMENT_LOGIN, now=NOON, **HERE
    )
    assert (answer.verdict, found) == (Verdict.LOCKED, None)


def test_the_night_deletes_what_nobody_can_use(user):
    asks()
    asks(now=NOON + 10 * MINUTE)

    done = resets.forget_used_resets(NOON.date(), now=NOON + 35 * MINUTE, chunk=1)
    assert sum(done) == 1
    assert PasswordReset.objects.get().made_at == NOON + 10 * MINUTE
