"""取り下げ of a batch: which, by whom, once, and what the night makes of it."""

from datetime import timedelta

import pytest

from applications.life.night import void_withdrawn_batches
from applications.models import PaymentMethod
from koss.ground import clock
from koss.models import OutgoingMail
from payments.batches import withdrawing
from payments.demo import payers
from payments.models import PaymentInformation, PaymentState
from payments.numbers import releasing, taking

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
FEES = "検査手数料等まとめ払い中"


@pytest.fixture
def user(db):
    return payers.payment_user()


@pytest.fixture
def taken(user, an_application):
    """Takes one number for new applications in ``status``."""

    def take(status=FEES, count=2, *, method=PaymentMethod.BATCH, **fields):
        rows = [an_application(status, payment_method=method, **fields) for _number in range(count)]
        keys = [row.pk for row in rows]
        [information] = taking.take(user, keys, now=clock.now(), method=method)
        return information

    return take


def applications_of(information):
    return [line.charge.application for line in information.lines.select_related("charge")]


def test_it_is_accepted_and_nothing_moves_until_the_morning(user, taken):
    batch, now = taken(), clock.now()

    withdrawn = withdrawing.withdraw(batch, user=user, now=now)

    assert (withdrawn.state, withdrawn.withdrawal_accepted_at) == (PaymentState.WITHDRAWN, now)
    for application in applications_of(batch):
        assert application.get_status_display() == FEES
        days = application.charges.values_list("withdrawal_accepted_on", flat=True)
        assert set(days) == {clock.day(now)}


def test_the_night_makes_every_application_invalid_with_its_mail(user, taken):
    batch, now = taken(), clock.now()
    withdrawing.withdraw(batch, user=user, now=now)
    morning = clock.night_begins(clock.day(now))

    list(void_withdrawn_batches(clock.day(now), now=morning, chunk=10))

    for application in applications_of(batch):
        assert application.get_status_display() == "検査申請無効"
    # To each applicant and, about each application, to the payment user.
    mails = OutgoingMail.objects.filter(template="invalid")
    assert mails.filter(to=user.status_email).count() == 2
    assert mails.exclude(to=user.status_email).count() == 2


def test_the_second_time_returns_the_first(user, taken):
    batch, now = taken(), clock.now()
    withdrawing.withdraw(batch, user=user, now=now)

    again = withdrawing.withdraw(batch, user=user, now=now + timedelta(hours=1))

    assert again.withdrawal_accepted_at == now


def test_past_due_it_is_still_open(user, taken):
    batch = taken()
    late = clock.at(batch.due_on + timedelta(days=1), hour=1)

    assert withdrawing.withdraw(batch, user=user, now=late).state == PaymentState.WITHDRAWN


def test_it_leaves_applications_alone_that_have_left_the_batch(user, taken):
    batch = taken()
    [first, *_] = applications_of(batch)
    batch.lines.filter(charge__application=first).update(released_at=clock.now())

    withdrawing.withdraw(batch, user=user, now=clock.now())

    assert not first.charges.exclude(withdrawal_accepted_on=None).exists()


def test_taxes_cannot_be_withdrawn(user, taken):
    refused(taken("自動車重量税まとめ払い中"), user)
    refused(taken("軽自動車税まとめ払い中", procedure="新車"), user)


def test_direct_debits_are_not_withdrawn_here(user, taken):
    refused(taken(method=PaymentMethod.DIRECT), user)


@pytest.mark.parametrize(
    "state", [PaymentState.EXPIRED, PaymentState.REFUSED, PaymentState.CANCELLED]
)
def test_a_number_that_has_ended_cannot_be_withdrawn(user, taken, state):
    batch = taken()
    releasing.release(batch, state=state, now=clock.now())
    refused(batch, user)


def test_a_paid_one_cannot_be_withdrawn(user, taken):
    batch = taken()
    PaymentInformation.objects.filter(pk=batch.pk).update(state=PaymentState.PAID)
    refused(batch, user)


def test_somebody_elses_is_not_there(taken):
    with pytest.raises(PaymentInformation.DoesNotExist):
        withdrawing.withdraw(taken(), user=payers.payment_user("KNCD5678"), now=clock.now())


def test_a_press_meanwhile_asks_again(user, taken):
    """【申請共通】申請取り下げの操作手順, 2: a stronger warning once 納付 was pressed."""
    batch, now = taken(), clock.now()
    PaymentInformation.objects.filter(pk=batch.pk).update(presses=1)

    with pytest.raises(withdrawing.PressedMeanwhile) as question:
        withdrawing.withdraw(batch, user=user, now=now, presses=0)

    assert question.value.information.presses == 1
    withdrawn = withdrawing.withdraw(batch, user=user, now=now, presses=1)
    assert withdrawn.state == PaymentState.WITHDRAWN


def refused(batch, user):
    before = PaymentInformation.objects.get(pk=batch.pk).state
    with pytest.raises(withdrawing.BatchNotWithdrawable) as refusal:
        withdrawing.withdraw(batch, user=user, now=clock.now())
    assert refusal.value.information.state == before
    assert not batch.lines.exclude(charge__withdrawal_accepted_on=None).exists()
