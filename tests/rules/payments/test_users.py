"""Payment users: IDs, logins, locks, expiry, and what they may change."""

import re
from datetime import timedelta

import pytest

from applications.models import Application
from applications.status import Status
from koss.access import passwords
from koss.access.passwords import Verdict
from koss.models import OutgoingMail, PasswordLock
from payments.models import EventKind, PaymentUser
from payments.payer import users
from tests.rules.payments.people import HERE, NEW_PASSWORD, NOON, PASSWORD, events, user

pytestmark = pytest.mark.databases

__all__ = ["user"]

DAY = timedelta(days=1)
DETAILS = {
    "name": "六本木商事",
    "name_kana": "ロッポンギショウジ",
    "representative": "六本木 一郎",
    "admin_email": "kanri@roppongi.example",
    "status_email": "jokyo@roppongi.example",
}


@pytest.fixture(autouse=True)
def no_waits(settings):
    settings.KOSS_PASSWORD_WAITS = []


def signs_in(user_id="KNAB1234", typed=PASSWORD, *, now=NOON, device="", source="192.0.2.1"):
    answer, found = users.sign_in(
        user_id, typed, EventKind.MY_PAGE_LOGIN, now=now, source=source, device=device
    )
    assert (found is not None) == (answer.verdict is Verdict.RIGHT)
    return answer.verdict


def changes(typed=PASSWORD, new=NEW_PASSWORD, *, user_id="KNAB1234", now=NOON, device=""):
    answer, _user = users.change_password(user_id, typed, new, now=now, **HERE, device=device)
    return answer.verdict


@pytest.mark.django_db
def test_an_issued_user_gets_ids_of_the_right_form_and_a_mail_with_them():
    made = users.issue(password=PASSWORD, bulk_password=NEW_PASSWORD, now=NOON, **HERE, **DETAILS)

    assert re.fullmatch(r"KN[A-Z]{2}\d{4}", made.user_id)
    assert re.fullmatch(r"KI[A-Z]{2}\d{4}", made.bulk_id)
    assert signs_in(made.user_id) is Verdict.RIGHT
    assert passwords.is_right(NEW_PASSWORD, made.bulk_password)
    mail = OutgoingMail.objects.get()
    assert mail.to == DETAILS["admin_email"]
    assert mail.facts["user_id"] == made.user_id
    assert mail.facts["bulk_id"] == made.bulk_id
    assert PASSWORD not in str(mail.facts)


@pytest.mark.django_db
def test_without_a_bulk_password_there_is_no_bulk_user():
    made = users.issue(password=PASSWORD, now=NOON, **DETAILS)

    assert (made.bulk_id, made.bulk_password) == ("", "")
    with pytest.raises(ValueError, match="no 一括利用者ID"):
        users.set_bulk_password(made, NEW_PASSWORD, now=NOON)


@pytest.mark.django_db
def test_an_id_that_is_taken_is_drawn_again(user, monkeypatch):
    draws = iter(["KNAB1234", "KNZZ0000"])
    monkeypatch.setattr(users, "new_id", lambda prefix: next(draws))

    assert users.issue(password=PASSWORD, now=NOON, **DETAILS).user_id == "KNZZ0000"


@pytest.mark.django_db
def test_a_source_gets_so_many_ids_a_day(settings):
    settings.KOSS_ISSUES_PER_SOURCE = 2
    for _ in range(2):
        users.issue(password=PASSWORD, now=NOON, **HERE, **DETAILS)

    with pytest.raises(users.TooManyIssued):
        users.issue(password=PASSWORD, now=NOON, **HERE, **DETAILS)
    users.issue(password=PASSWORD, now=NOON, source="192.0.2.2", **DETAILS)
    users.issue(password=PASSWORD, now=NOON + DAY, **HERE, **DETAILS)


def test_logins_and_failures_are_on_record(user):
    signs_in(typed="wrong")
    signs_in()
    for _ in range(5):
        signs_in(typed="wrong")
    signs_in()

    assert events(user) == [
        EventKind.LOGIN_FAILED,
        EventKind.MY_PAGE_LOGIN,
        *[EventKind.LOGIN_FAILED] * 4,
        EventKind.LOCKED,
    ]
    assert user.events.first().source == "192.0.2.1"


def test_the_fifth_failure_locks_both_logins_and_the_change(user):
    assert [signs_in(typed="wrong") for _ in range(3)] == [Verdict.WRONG] * 3
    assert [changes(typed="wrong") for _ in range(2)] == [Verdict.WRONG, Verdict.LOCKED]

    assert signs_in() is Verdict.LOCKED
    assert changes() is Verdict.LOCKED
    assert signs_in(now=NOON + 3650 * DAY) is Verdict.LOCKED


@pytest.mark.django_db
def test_an_unknown_id_is_answered_like_a_known_one():
    answers = [signs_in("KNZZ9999", "wrong") for _ in range(6)]

    assert answers == [Verdict.WRONG] * 4 + [Verdict.LOCKED] * 2


def test_a_lock_set_by_staff_looks_like_any_other(user):
    user.staff_locked_at = NOON
    user.save()

    assert signs_in() is Verdict.LOCKED
    assert signs_in(typed="wrong") is Verdict.LOCKED
    assert not PasswordLock.objects.filter(failures__gt=0).exists()


def test_every_answer_costs_one_hash(user, monkeypatch):
    hashed = []
    check = passwords.check_password
    monkeypatch.setattr(passwords, "check_password", lambda *args: hashed.append(1) or check(*args))
    user_id = "KNAB1234"
    for number, (each, typed) in enumerate(
        [(user_id, "wrong"), ("KNZZ9999", "wrong"), (user_id, PASSWORD)], start=1
    ):
        signs_in(each, typed)
        assert len(hashed) == number
    passwords.set_failures(users.LOCK_KIND, user_id, 5, now=NOON)
    signs_in()
    PaymentUser.objects.update(staff_locked_at=NOON)
    passwords.forgive(users.LOCK_KIND, user_id)
    signs_in()
    assert len(hashed) == 5


@pytest.mark.parametrize(
    ("days", "expired"), [(59, False), (60, True), (61, True)], ids=["59", "60", "61"]
)
def test_a_password_is_good_for_sixty_days(user, days, expired):
    assert users.is_expired(user, NOON + days * DAY) is expired
    # It can be changed all the same.
    assert changes(now=NOON + days * DAY) is Verdict.RIGHT
    user.refresh_from_db()
    assert not users.is_expired(user, NOON + (days + 59) * DAY)


def test_it_is_good_until_the_second(user):
    end = NOON + 60 * DAY

    assert not users.is_expired(user, end - timedelta(seconds=1))
    assert users.is_expired(user, end)


@pytest.mark.parametrize(
    ("days", "left"), [(0, None), (52, None), (53, 7), (54, 6), (59, 1), (60, None)]
)
def test_the_last_seven_days_are_announced(user, days, left):
    assert users.days_left(user, NOON + days * DAY) == left


def test_on_the_last_morning_no_day_is_left(user):
    assert users.days_left(user, NOON + 60 * DAY - timedelta(hours=2)) == 0


def test_a_changed_password_ends_every_session_and_is_mailed(user):
    before = user.version

    assert changes() is Verdict.RIGHT
    user.refresh_from_db()
    assert user.version == before + 1
    assert user.password_set_at == NOON
    assert signs_in(typed=PASSWORD) is Verdict.WRONG
    assert signs_in(typed=NEW_PASSWORD) is Verdict.RIGHT
    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.to) == ("users/password_changed", user.admin_email)
    assert events(user)[0] is EventKind.PASSWORD_CHANGED


def test_a_change_that_found_no_hasher_leaves_no_trace(user, monkeypatch):
    def busy(password):
        raise passwords.Busy

    monkeypatch.setattr(passwords, "encode", busy)
    with pytest.raises(passwords.Busy):
        changes()

    user.refresh_from_db()
    assert (user.version, events(user)) == (0, [])
    assert PasswordLock.objects.get().failures == 0


def test_a_change_that_lost_a_race_changes_nothing(user, monkeypatch):
    def faster(password):
        PaymentUser.objects.update(version=7)
        return "theirs"

    monkeypatch.setattr(passwords, "encode", faster)
    with pytest.raises(users.Stale):
        changes()

    user.refresh_from_db()
    assert user.version == 7
    assert user.password != "theirs"
    assert not OutgoingMail.objects.exists()


def test_changing_it_lifts_no_lock_elsewhere(user):
    signs_in(device="mine")
    for _ in range(5):
        signs_in(typed="wrong", source="192.0.2.9")

    assert changes(device="mine") is Verdict.RIGHT
    assert signs_in(typed=NEW_PASSWORD) is Verdict.LOCKED
    assert signs_in(typed=NEW_PASSWORD, device="mine") is Verdict.RIGHT


def test_forgiving_reaches_the_browsers_that_count_apart(user):
    signs_in(device="mine")
    for device in ("mine", ""):
        for _ in range(5):
            signs_in(typed="wrong", device=device)
    assert signs_in(device="mine") is Verdict.LOCKED

    passwords.forgive(users.LOCK_KIND, user.user_id)
    assert signs_in(device="mine") is Verdict.RIGHT
    assert signs_in() is Verdict.RIGHT


def test_changed_details_are_told_to_the_old_and_the_new_address(user):
    later = NOON + DAY
    before = user.admin_email

    changed = users.change_details(user, now=later, **DETAILS)

    user.refresh_from_db()
    assert {name: getattr(user, name) for name in DETAILS} == DETAILS
    assert user.updated_at == changed.updated_at == later
    assert user.version == 0
    mails = OutgoingMail.objects.values_list("to", flat=True)
    assert sorted(mails) == sorted([before, DETAILS["admin_email"]])
    assert events(user) == [EventKind.DETAILS_CHANGED]


def test_details_that_stay_the_same_tell_nobody(user):
    users.change_details(user, now=NOON + DAY, name=user.name)

    user.refresh_from_db()
    assert user.updated_at == NOON
    assert not OutgoingMail.objects.exists()
    assert events(user) == []


def test_details_that_were_changed_meanwhile_are_not_overwritten(user):
    seen = users.mark(user)
    users.change_details(user, now=NOON + DAY, seen=seen, name="軽自 次郎")

    with pytest.raises(users.Stale):
        users.change_details(user, now=NOON + DAY, seen=seen, name="軽自 三郎")
    user.refresh_from_db()
    assert user.name == "軽自 次郎"


@pytest.mark.parametrize("name", ["user_id", "password", "version", "staff_locked_at"])
def test_nothing_else_can_be_changed(user, name):
    with pytest.raises(ValueError, match="not to be changed"):
        users.change_details(user, now=NOON, **{name: "KNZZ9999"})


def test_applications_under_way_follow_to_the_new_address(user, an_application):
    owned = {"payment_method": "batch", "payer": user.user_id, "status_email": "old@x.example"}
    under_way = an_application("検査手数料等まとめ払い中", **owned)
    over = an_application("検査申請却下", **owned)
    somebody_elses = an_application("検査手数料等まとめ払い中", **owned | {"payer": "KNZZ9999"})
    version = under_way.version

    users.change_details(user, now=NOON, status_email="new@x.example")

    assert over.status in Status.FINAL
    addresses = dict(Application.objects.values_list("pk", "status_email"))
    assert addresses[under_way.pk] == "new@x.example"
    assert addresses[over.pk] == "old@x.example"
    assert addresses[somebody_elses.pk] == "old@x.example"
    under_way.refresh_from_db()
    assert under_way.version == version


def test_a_new_bulk_password_leaves_sessions_alone_and_is_mailed(user):
    users.set_bulk_password(user, NEW_PASSWORD, now=NOON)

    user.refresh_from_db()
    assert passwords.is_right(NEW_PASSWORD, user.bulk_password)
    assert user.version == 0
    assert signs_in() is Verdict.RIGHT
    assert OutgoingMail.objects.get().template == "users/bulk_password_changed"
