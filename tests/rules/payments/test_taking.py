"""Taking a payment number: what is taken, for whom, once."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from applications.demo import journeys
from applications.life import moves
from applications.models import Charge, PaymentMethod
from applications.status import Actor, MoveName
from koss.ground import clock
from payments.demo import payers
from payments.models import NumberKind, PaymentInformation, PaymentLine
from payments.numbers import taking

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
FEES = "検査手数料等まとめ払い中"
WEIGHT_TAX = "自動車重量税まとめ払い中"


@pytest.fixture
def user(db):
    return payers.payment_user()


def keys(*applications):
    return [application.pk for application in applications]


def nothing_was_taken():
    return not PaymentInformation.objects.exists() and not Charge.objects.numbered().exists()


def test_one_number_per_kind_of_charge(user, an_application):
    now = clock.now()
    soon = journeys.due_date_from(clock.day(now) + timedelta(days=5))
    fees = [an_application(FEES), an_application(FEES, deadline=soon)]
    tax = an_application(WEIGHT_TAX)

    made = taking.take(user, keys(*fees, tax), now=now)

    of_fees, of_tax = made
    assert (of_fees.kind, of_tax.kind) == (NumberKind.FEES, NumberKind.WEIGHT_TAX)
    owed = Charge.objects.fees().filter(application__in=fees)
    assert of_fees.amount == sum(charge.amount for charge in owed)
    assert (of_fees.count, of_fees.lines.count(), of_fees.due_on) == (2, 4, soon)
    assert (of_tax.count, of_tax.lines.count(), of_tax.payment_number) == (1, 1, "")
    lines = PaymentLine.objects.filter(information__in=made)
    assert set(lines.values_list("charge__number_taken_at", flat=True)) == {now}


def test_the_numbers_are_asked_for_in_the_same_transaction(user, an_application):
    [information] = taking.take(user, keys(an_application(FEES)), now=clock.now())

    [task] = DBTaskResult.objects.filter(task_path="payments.numbers.numbering.fetch_number")
    assert task.args_kwargs["kwargs"] == {"information_id": information.pk}


def test_the_same_press_gives_the_same_numbers(user, an_application):
    chosen = keys(an_application(FEES), an_application(WEIGHT_TAX))
    first = taking.take(user, chosen, now=clock.now(), request_key="a" * 32)
    made = PaymentInformation.objects.count()

    assert taking.take(user, chosen, now=clock.now(), request_key="a" * 32) == first
    with pytest.raises(taking.ChargesNotAvailable):
        taking.take(user, chosen, now=clock.now(), request_key="b" * 32)
    assert PaymentInformation.objects.count() == made


def test_a_press_of_somebody_else_shows_nothing_of_theirs(user, an_application):
    chosen = keys(an_application(FEES))
    taking.take(user, chosen, now=clock.now(), request_key="a" * 32)
    other = payers.payment_user("KNCD5678")
    theirs = an_application(FEES, payer=other.user_id)

    with pytest.raises(taking.ChargesNotAvailable):
        taking.take(other, chosen, now=clock.now(), request_key="c" * 32)
    [information] = taking.take(other, keys(theirs), now=clock.now(), request_key="b" * 32)

    assert information.user == other


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (FEES, {"numbered": True}),
        ("検査申請審査中", {"payment_method": PaymentMethod.BATCH}),
        ("検査申請取り下げ中", {"payment_method": PaymentMethod.BATCH}),
        ("返付準備完了", {"payment_method": PaymentMethod.BATCH}),
    ],
)
def test_when_one_is_gone_nothing_is_taken_and_it_is_named(user, an_application, status, fields):
    gone = an_application(status, **fields)
    free = an_application(FEES)
    before = PaymentInformation.objects.count()

    with pytest.raises(taking.ChargesNotAvailable) as refusal:
        taking.take(user, keys(free, gone), now=clock.now())

    assert refusal.value.receipt_numbers == [gone.receipt_number]
    assert PaymentInformation.objects.count() == before
    assert not free.charges.numbered().exists()


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (FEES, {"payer": "KNCD5678"}),
        (FEES, {"payment_method": PaymentMethod.DIRECT}),
        ("検査手数料等納付待ち", {}),
    ],
)
def test_what_is_not_this_users_to_pay_is_refused_and_not_named(
    user, an_application, status, fields
):
    foreign, free = an_application(status, **fields), an_application(FEES)

    with pytest.raises(taking.ChargesNotAvailable) as refusal:
        taking.take(user, keys(free, foreign), now=clock.now())

    assert refusal.value.receipt_numbers == []
    assert nothing_was_taken()


def test_fees_are_open_until_midnight_of_their_due_date(user, an_application):
    application = an_application(FEES)
    due = application.deadline
    late = clock.at(due + timedelta(days=1))

    with pytest.raises(taking.ChargesNotAvailable):
        taking.take(user, keys(application), now=late)
    [information] = taking.take(user, keys(application), now=late - timedelta(seconds=1))

    assert information.due_on == due


def test_taxes_can_still_be_paid_past_their_due_date(user, an_application):
    application = an_application(WEIGHT_TAX)
    late = clock.at(application.deadline + timedelta(days=40), hour=12)

    [information] = taking.take(user, keys(application), now=late)

    assert information.due_on == clock.day(late)


def test_nothing_chosen_makes_nothing(user):
    assert taking.take(user, [], now=clock.now()) == []
    assert nothing_was_taken()


def test_the_constraint_alone_keeps_a_charge_under_one_number(user, an_application):
    """The charge forgets that it has a number: the live line does not."""
    application = an_application(FEES, numbered=True)
    application.charges.update(number_taken_at=None)

    with pytest.raises(taking.ChargesNotAvailable) as refusal:
        taking.take(user, keys(application), now=clock.now())

    assert refusal.value.receipt_numbers == [application.receipt_number]
    assert PaymentInformation.objects.count() == 1


def test_who_pays_alone_has_one_live_number(an_application):
    application = an_application("検査手数料等納付待ち")

    information = taking.take_individually(application, now=clock.now())

    assert (information.user, information.method) == (None, PaymentMethod.INDIVIDUAL)
    assert information.amount == sum(charge.amount for charge in application.charges.all())
    assert taking.take_individually(application, now=clock.now()) == information


@pytest.mark.parametrize("status", ["検査手数料等まとめ払い中", "検査申請審査中", "返付準備完了"])
def test_who_does_not_pay_alone_gets_no_number_of_their_own(an_application, status):
    application = an_application(status)
    before = PaymentInformation.objects.count()

    with pytest.raises(taking.ChargesNotAvailable):
        taking.take_individually(application, now=clock.now())
    assert PaymentInformation.objects.count() == before


def test_an_application_in_a_batch_can_no_longer_be_withdrawn_alone(user, an_application):
    application = an_application(FEES)
    taking.take(user, keys(application), now=clock.now())

    with pytest.raises(moves.MoveRefused):
        moves.perform(MoveName.WITHDRAW, application, actor=Actor.APPLICANT, now=clock.now())
