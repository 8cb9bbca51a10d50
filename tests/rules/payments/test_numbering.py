"""Payment numbers come from the agency: once, later, or not at all."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from applications.status import Status
from koss.ground import clock
from payments import banks
from payments.batches import withdrawing
from payments.demo import payers
from payments.models import DebitState, PaymentInformation, PaymentState
from payments.numbers import numbering, taking
from tests.rules.payments import numbers
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def taken(bank, now):
    """A number that was asked for and has no answer yet."""
    made = [make(Status.FEES_IN_BATCH, now=now) for _ in range(2)]
    user = payers.payment_user(made[0].payer, now=now)
    [information] = taking.take(user, [each.pk for each in made], now=now)
    return information


def own_numbers(information):
    return (
        information.agency_number,
        information.payment_number,
        information.confirmation_number,
    )


def free(information):
    """Whether its charges can be put under another number."""
    charges = {line.charge for line in information.lines.select_related("charge")}
    no_lines = not information.lines.filter(released_at=None).exists()
    return no_lines and {charge.number_taken_at for charge in charges} == {None}


def test_taking_a_number_plans_its_fetching(taken):
    [planned] = DBTaskResult.objects.filter(task_path=numbering.fetch_number.module_path)
    assert planned.args_kwargs["kwargs"] == {"information_id": taken.pk}


def test_the_numbers_are_written_down(bank, taken, now):
    fetched = numbering.fetch(taken, now=now + timedelta(seconds=2))

    taken.refresh_from_db()
    assert fetched == taken
    assert [len(number) for number in own_numbers(taken)] == [5, 20, 6]
    assert taken.numbered_at == now + timedelta(seconds=2)
    [(name, asked)] = bank.asked
    assert name == "request_numbers"
    assert asked == {
        "reference": taken.reference,
        "kind": "fees",
        "amount": taken.amount,
        "due_on": taken.due_on,
    }


def test_what_has_its_numbers_is_not_asked_for_again(bank, taken, now):
    first = own_numbers(numbering.fetch(taken, now=now))

    numbering.fetch_number.call(taken.pk)

    assert own_numbers(numbering.fetch(taken, now=now)) == first
    assert len(bank.asked) == 1


def test_killed_before_the_answer_was_written_it_gets_the_same_numbers(bank, taken, now):
    answered = banks.current().request_numbers(reference=taken.reference)

    assert numbering.fetch(taken, now=now).payment_number == answered.payment_number


def test_two_at_once_write_the_numbers_once(bank, taken, now, monkeypatch):
    """The other one is faster, between our question and our note of the answer."""
    keep = numbering._keep

    def slower(information, answer, moment):
        keep(information, answer, now - timedelta(seconds=1))
        return keep(information, answer, moment)

    monkeypatch.setattr(numbering, "_keep", slower)

    assert numbering.fetch(taken, now=now).numbered_at == now - timedelta(seconds=1)


def test_where_the_bank_does_not_answer_nothing_changes(bank, taken, now):
    bank.unreachable = True

    with pytest.raises(banks.BankUnreachable):
        numbering.fetch(taken, now=now)
    numbering.fetch_number.call(taken.pk)

    taken.refresh_from_db()
    assert (taken.state, taken.payment_number) == (PaymentState.UNPAID, "")
    assert not free(taken)


def test_a_refusal_frees_the_charges(bank, taken, now):
    bank.refuses = "限度額を超えています"

    numbering.fetch(taken, now=now)

    taken.refresh_from_db()
    assert (taken.state, taken.refusal) == (PaymentState.REFUSED, "限度額を超えています")
    assert taken.ended_at == now
    assert free(taken)
    assert numbers.statuses(taken) == {Status.FEES_IN_BATCH}


def test_after_a_refusal_another_number_can_be_taken(bank, taken, now):
    bank.refuses = "だめです"
    numbering.fetch(taken, now=now)
    bank.refuses = ""
    keys = [each.pk for each in numbers.applications(taken)]

    [second] = taking.take(taken.user, keys, now=now)

    assert numbering.fetch(second, now=now).payment_number
    assert {line.information for line in second.lines.all()} == {second}


def test_a_refusal_ends_the_debit_that_was_to_pay_it(bank, now):
    application = make(Status.WEIGHT_TAX_IN_BATCH, now=now, payment_method="direct")
    information = payers.take_number([application], now=now)
    PaymentInformation.objects.filter(pk=information.pk).update(payment_number="")
    bank.refuses = "だめです"

    numbering.fetch(information, now=now)

    information.debit.refresh_from_db()
    assert (information.debit.state, information.debit.failure) == (DebitState.FAILED, "だめです")
    assert information.debit.finished_at == now


def test_a_number_that_belongs_to_somebody_else_is_no_number(bank, taken, now):
    """A bank that lost its memory and counts from the beginning."""
    numbering.fetch(taken, now=now)
    other = make(Status.FEES_DUE, now=now)
    second = taking.take_individually(other, now=now)
    bank.numbers[second.reference] = bank.numbers[taken.reference]

    numbering.fetch(second, now=now)

    second.refresh_from_db()
    assert (second.state, second.payment_number) == (PaymentState.REFUSED, "")
    assert free(second)
    taken.refresh_from_db()
    assert taken.state == PaymentState.UNPAID


def test_what_was_withdrawn_without_a_number_needs_none(bank, taken, now):
    withdrawing.withdraw(taken, user=taken.user, now=now)

    numbering.fetch(taken, now=now)

    assert bank.asked == []


def test_an_answer_that_finds_the_batch_withdrawn_is_kept_all_the_same(
    bank, taken, now, monkeypatch
):
    """Money for this number must be known as money for this batch."""
    keep = numbering._keep

    def after_a_withdrawal(information, answer, moment):
        withdrawing.withdraw(taken, user=taken.user, now=now)
        return keep(information, answer, moment)

    monkeypatch.setattr(numbering, "_keep", after_a_withdrawal)

    fetched = numbering.fetch(taken, now=now)

    assert fetched.payment_number
    assert fetched.state == PaymentState.WITHDRAWN


def test_a_refusal_that_finds_the_batch_withdrawn_leaves_it_so(bank, taken, now, monkeypatch):
    refuse = numbering._refuse

    def after_a_withdrawal(*about):
        withdrawing.withdraw(taken, user=taken.user, now=now)
        return refuse(*about)

    monkeypatch.setattr(numbering, "_refuse", after_a_withdrawal)
    bank.refuses = "だめです"

    assert numbering.fetch(taken, now=now).state == PaymentState.WITHDRAWN
