"""The night deletes what is kept no longer, and nothing else."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog

from koss.ground import clock
from koss.models import MailState, OutgoingMail, PasswordLock
from koss.operation import retention
from payments.demo import payers
from payments.models import EventKind, UserEvent
from payments.payer import events
from qrcodes.issuing import codes
from qrcodes.models import Code, Look, LookedBy
from tests.receivers import the_office

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

NOW = clock.system_now()


def days_ago(days):
    return NOW - timedelta(days=days)


def night():
    return sum(retention.forget_old(clock.today(), now=NOW, chunk=2))


def test_counters_of_wrong_passwords():
    for subject, days, owner, locked in (
        ("old", 31, "", False),
        ("new", 29, "", False),
        ("locked", 3000, "", True),
        ("browser", 365, "old", False),
        ("lost browser", 367, "old", True),
    ):
        PasswordLock.objects.create(
            subject=subject,
            owner=owner,
            tried_at=days_ago(days),
            locked_at=days_ago(days) if locked else None,
        )

    assert night() == 2
    left = set(PasswordLock.objects.values_list("subject", flat=True))
    assert left == {"new", "locked", "browser"}


def test_mails():
    for number, (state, days) in enumerate(
        [(MailState.SENT, 401), (MailState.SENT, 399), (MailState.DEAD, 3000)]
    ):
        OutgoingMail.objects.create(
            key=str(number),
            template="x",
            to="a@b.example",
            state=state,
            created_at=days_ago(days),
            due_at=days_ago(days),
            sent_at=days_ago(days) if state == MailState.SENT else None,
        )

    assert night() == 1
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"1", "2"}


def test_codes_and_looks():
    issued = [
        codes.issue_registration("軽自　太郎", "uketori-2024", now=days_ago(days))
        for days in (91, 91, 89)
    ]
    used, _gone, fresh = issued[0], issued[1], issued[2]
    for code, days in ((used, 500), (None, 401), (None, 399)):
        Look.objects.create(
            at=days_ago(days), by="x", how=LookedBy.KEY, office=the_office(), code=code
        )

    assert night() == 2
    assert set(Code.objects.all()) == {used, fresh}
    assert Look.objects.count() == 2


def test_events_of_payment_users_and_tries_of_staff():
    user = payers.payment_user()
    events.record(user, EventKind.LOGIN_FAILED, now=days_ago(401))
    events.record(user, EventKind.LOGIN_FAILED, now=days_ago(399))
    events.record(user, EventKind.PASSWORD_CHANGED, now=days_ago(4000))
    for model in (AccessAttempt, AccessLog):
        for days in (1, 3, 401):
            fields = {"user_agent": str(days), "username": str(days)}
            if model is AccessAttempt:
                fields["failures_since_start"] = 1
            model.objects.create(**fields)
            model.objects.filter(username=str(days)).update(attempt_time=days_ago(days))

    assert night() == 1 + 2 + 1
    assert UserEvent.objects.count() == 2
