"""Every notice is judged, kept, and applied at most once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.life import moves
from applications.models import Application, Charge
from applications.status import Actor, Status
from koss.ground import clock
from koss.models import OutgoingMail
from koss.operation import night
from payments.batches import withdrawing
from payments.demo import payers
from payments.models import (
    NoticeVerdict,
    PaymentInformation,
    PaymentState,
    Refund,
    SettlementNotice,
)
from payments.models.settlement import Finder, RefundState
from payments.money import settlements
from payments.numbers import information
from tests.rules.payments import numbers
from tests.world import make

D = date(2026, 5, 10)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)
LAST_SECOND = clock.at(D, hour=23, minute=59, second=59)
MIDNIGHT = clock.at(D + DAY)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def due_today():
    """A batch of two that is to be paid by the end of D."""
    return numbers.batch(deadlines=[D, D + DAY], now=NOON - DAY)


def receive(message, now=NOON, **fields):
    return NoticeVerdict(settlements.receive(message, now=now, **fields).verdict)


def test_paying_at_a_cash_machine_is_consent(bank):
    """Where 種別割 is not confirmed; where it is, there is nothing to consent to."""
    for confirmed, consented_at in ((False, NOON), (True, None)):
        application = make(Status.FEES_IN_BATCH, now=NOON, annual_tax_confirmed=confirmed)
        information = payers.take_number([application], now=NOON)

        assert receive(bank.settles(information, way="atm")) == NoticeVerdict.APPLIED

        information.refresh_from_db()
        assert information.consented_at == consented_at


def state(information):
    information.refresh_from_db()
    return PaymentState(information.state)


def paid(information):
    charges = Charge.objects.filter(lines__information=information)
    return {charge.paid_at for charge in charges} != {None}


def untouched(information):
    return (state(information), numbers.statuses(information), paid(information)) == (
        PaymentState.UNPAID,
        {Status.FEES_IN_BATCH},
        False,
    )


@pytest.mark.parametrize(
    ("status", "procedure", "then"),
    [
        (Status.FEES_DUE, "新車", Status.IN_REVIEW),
        (Status.FEES_IN_BATCH, "継続検査", Status.IN_REVIEW),
        (Status.WEIGHT_TAX_DUE, "継続検査", Status.READY_TO_RETURN),
        (Status.WEIGHT_TAX_IN_BATCH, "新車", Status.TAX_IN_REVIEW),
        (Status.VEHICLE_TAX_DUE, "新車", Status.READY_TO_ISSUE),
        (Status.VEHICLE_TAX_IN_BATCH, "新車", Status.READY_TO_ISSUE),
    ],
)
def test_a_payment_moves_its_application_on(status, procedure, then, bank):
    application = make(status, procedure, now=NOON, numbered=True)
    information = numbers.of(application)

    notice = settlements.receive(bank.settles(information), now=NOON)

    application.refresh_from_db()
    assert (notice.verdict, notice.information) == (NoticeVerdict.APPLIED, information)
    assert application.status == then
    entry = application.history.last()
    assert (entry.move, entry.actor, entry.at) == ("settle", Actor.SETTLEMENT, NOON)
    assert state(information) == PaymentState.PAID
    assert information.paid_at == NOON
    assert not application.charges.unpaid().exists()
    assert not Refund.objects.exists()


def test_a_batch_is_paid_as_a_whole(bank, due_today):
    other = numbers.batch(now=NOON - DAY)

    assert receive(bank.settles(due_today)) == NoticeVerdict.APPLIED

    assert numbers.statuses(due_today) == {Status.IN_REVIEW}
    assert all(
        charge.paid_at == NOON for charge in Charge.objects.filter(lines__information=due_today)
    )
    assert untouched(other)


def test_a_ready_application_is_told_by_mail_once(bank):
    information = numbers.batch(status=Status.WEIGHT_TAX_IN_BATCH, now=NOON)
    message = bank.settles(information)
    own = OutgoingMail.objects.filter(template="ready").exclude(to=information.user.status_email)
    before = own.count()

    receive(message)
    receive(message)

    assert own.count() == before + 2


@pytest.mark.parametrize("count", [1, 3])
def test_one_settlement_takes_the_same_queries_for_one_and_for_three(
    bank, count, django_assert_num_queries
):
    message = bank.settles(numbers.batch(count, now=NOON))

    with django_assert_num_queries(13):
        assert receive(message) == NoticeVerdict.APPLIED


def test_what_the_bank_told_is_kept_word_for_word(bank, due_today):
    message = bank.settles(due_today, way="atm", settled_at=NOON - timedelta(minutes=3))

    settlements.receive(message, now=NOON, found_by=Finder.RECONCILIATION)

    notice = SettlementNotice.objects.get()
    for name in (
        *("settlement_id", "agency_number", "payment_number", "amount", "settled_at"),
        *("way", "bank"),
    ):
        assert getattr(notice, name) == getattr(message, name)
    assert (notice.received_at, notice.found_by) == (NOON, Finder.RECONCILIATION)


def test_a_replayed_notice_changes_nothing(bank, due_today):
    message = bank.settles(due_today)
    receive(message)
    before = list(Application.objects.order_by("pk").values())

    verdicts = {receive(message, now=NOON + n * DAY) for n in range(20)}

    assert verdicts == {NoticeVerdict.REPEATED}
    assert list(Application.objects.order_by("pk").values()) == before
    assert SettlementNotice.objects.count() == 21
    assert not Refund.objects.exists()


@pytest.mark.parametrize(
    "other", [{"amount": 1}, {"payment_number": "3" * 20}, {"way": "atm"}, {"bank": "0102"}]
)
def test_the_same_settlement_with_other_content_is_flagged_and_not_applied(bank, due_today, other):
    message = bank.settles(due_today)
    receive(message)
    changed = bank.settles(due_today, settlement_id=message.settlement_id, **other)

    assert receive(changed) == NoticeVerdict.CONFLICTING

    assert not Refund.objects.exists()
    assert SettlementNotice.objects.filter(verdict=NoticeVerdict.APPLIED).count() == 1


def test_a_conflicting_notice_that_comes_first_does_not_hide_what_it_conflicts_with(bank):
    """The wrong amount comes first, then the right one under the same settlement."""
    information = numbers.batch(now=NOON)
    right = bank.settles(information)

    wrong = bank.settles(information, settlement_id=right.settlement_id, amount=1)
    assert receive(wrong) == NoticeVerdict.WRONG_AMOUNT
    assert receive(right) == NoticeVerdict.CONFLICTING

    assert untouched(information)
    assert Refund.objects.get().amount == 1


def test_a_second_payment_goes_back(bank, due_today):
    receive(bank.settles(due_today))

    assert receive(bank.settles(due_today)) == NoticeVerdict.SECOND

    assert numbers.statuses(due_today) == {Status.IN_REVIEW}
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (due_today.amount, NoticeVerdict.SECOND)
    assert (refund.state, refund.opened_at) == (RefundState.OPEN, NOON)


def test_the_order_in_which_notices_come_does_not_matter(bank, due_today):
    """The second payment is told first, and both are told twice."""
    first = bank.settles(due_today, settled_at=NOON - timedelta(hours=2))
    second = bank.settles(due_today, settled_at=NOON - timedelta(hours=1))

    verdicts = [receive(message) for message in (second, first, second, first)]

    assert verdicts == [
        NoticeVerdict.APPLIED,
        NoticeVerdict.SECOND,
        NoticeVerdict.REPEATED,
        NoticeVerdict.REPEATED,
    ]
    assert Refund.objects.get().notice.settlement_id == first.settlement_id


def test_money_after_an_accepted_withdrawal_goes_back_and_the_night_voids_it(
    bank, due_today, time_machine
):
    withdrawing.withdraw(due_today, user=due_today.user, now=NOON)

    assert receive(bank.settles(due_today)) == NoticeVerdict.AFTER_WITHDRAWAL

    assert Refund.objects.get().reason == NoticeVerdict.AFTER_WITHDRAWAL
    assert not paid(due_today)
    time_machine.move_to(clock.night_begins(D), tick=False)
    night.run(D, now=clock.night_begins(D))
    assert numbers.statuses(due_today) == {Status.INVALID}
    assert state(due_today) == PaymentState.WITHDRAWN
    assert due_today.ended_at == clock.night_begins(D)


def test_another_amount_goes_back_and_the_number_stays_open(bank, due_today):
    for amount in (due_today.amount - 1, due_today.amount + 1):
        assert receive(bank.settles(due_today, amount=amount)) == NoticeVerdict.WRONG_AMOUNT
        assert Refund.objects.get(amount=amount).reason == NoticeVerdict.WRONG_AMOUNT
    assert untouched(due_today)

    assert receive(bank.settles(due_today)) == NoticeVerdict.APPLIED


@pytest.mark.parametrize("foreign", [{"payment_number": "9" * 20}, {"agency_number": "99999"}])
def test_an_unknown_number_goes_back(bank, due_today, foreign):
    message = bank.settles(due_today, **foreign)

    notice = settlements.receive(message, now=NOON)

    assert (notice.verdict, notice.information) == (NoticeVerdict.UNKNOWN_NUMBER, None)
    assert Refund.objects.get().notice == notice
    assert receive(message) == NoticeVerdict.REPEATED
    assert untouched(due_today)


def test_money_without_a_number_is_not_for_those_that_have_none_yet(bank, due_today):
    PaymentInformation.objects.filter(pk=due_today.pk).update(agency_number="", payment_number="")

    message = bank.settles(due_today, agency_number="", payment_number="")
    assert receive(message) == NoticeVerdict.UNKNOWN_NUMBER


@pytest.mark.parametrize("ended", [PaymentState.CANCELLED, PaymentState.REFUSED])
def test_money_for_a_number_that_was_given_up_goes_back(bank, due_today, ended):
    PaymentInformation.objects.filter(pk=due_today.pk).update(state=ended)

    assert receive(bank.settles(due_today)) == NoticeVerdict.NOT_OWED
    assert Refund.objects.get().reason == NoticeVerdict.NOT_OWED


def test_a_batch_of_which_one_no_longer_waits_is_not_applied(bank, due_today):
    _waits, gone = numbers.applications(due_today)
    Application.objects.filter(pk=gone.pk).update(status=Status.INVALID)

    assert receive(bank.settles(due_today)) == NoticeVerdict.NOT_OWED

    assert not paid(due_today)
    assert numbers.statuses(due_today) == {Status.FEES_IN_BATCH, Status.INVALID}
    assert Refund.objects.get().amount == due_today.amount


@pytest.mark.parametrize(
    ("settled_at", "verdict"),
    [(LAST_SECOND, NoticeVerdict.APPLIED), (MIDNIGHT, NoticeVerdict.AFTER_DUE)],
)
@pytest.mark.parametrize("told_at", [MIDNIGHT, clock.at(D + DAY, hour=4, minute=59)])
def test_the_due_date_ends_at_midnight_by_the_moment_of_paying(
    bank, due_today, settled_at, verdict, told_at
):
    assert receive(bank.settles(due_today, settled_at=settled_at), now=told_at) == verdict

    assert paid(due_today) == (verdict is NoticeVerdict.APPLIED)
    assert Refund.objects.exists() == (verdict is not NoticeVerdict.APPLIED)


def test_it_is_paid_on_the_day_on_which_the_bank_settled(bank):
    """Not when the portal heard of it. The status page shows it as 納付完了日."""
    application = make(Status.FEES_DUE, now=NOON - DAY, deadline=D, numbered=True)
    number = numbers.of(application)

    told_at = clock.at(D + DAY, hour=4)
    assert (
        receive(bank.settles(number, settled_at=LAST_SECOND), now=told_at) == NoticeVerdict.APPLIED
    )

    [fees] = information.blocks_of(application, now=told_at)
    assert fees.paid_on == D
    assert PaymentInformation.objects.get(pk=number.pk).paid_at == LAST_SECOND
    assert {charge.paid_at for charge in application.charges.all()} == {LAST_SECOND}


def test_what_is_told_only_after_the_night_comes_too_late(bank, due_today, time_machine):
    message = bank.settles(due_today, settled_at=LAST_SECOND)
    morning = clock.night_begins(D)
    time_machine.move_to(morning, tick=False)
    night.run(D, now=morning)

    assert state(due_today) == PaymentState.EXPIRED
    assert receive(message, now=morning + timedelta(hours=3)) == NoticeVerdict.AFTER_DUE

    first, second = numbers.applications(due_today)
    assert (first.status, second.status) == (Status.INVALID, Status.FEES_IN_BATCH)
    assert Refund.objects.get().reason == NoticeVerdict.AFTER_DUE


@pytest.mark.parametrize("delay", [timedelta(minutes=10), timedelta(hours=8)])
def test_a_delayed_notice_of_money_in_time_is_applied(bank, delay):
    """A notice that is minutes or hours late still counts: the money was in time."""
    information = numbers.batch(deadlines=[D + DAY], now=NOON)
    message = bank.settles(information, settled_at=LAST_SECOND)

    assert receive(message, now=LAST_SECOND + delay) == NoticeVerdict.APPLIED


def test_money_of_a_second_visit_during_a_delay_goes_back(bank, due_today):
    first = bank.settles(due_today, settled_at=NOON)
    second = bank.settles(due_today, settled_at=NOON + timedelta(minutes=8))

    later = NOON + timedelta(minutes=10)
    assert receive(second, now=later) == NoticeVerdict.APPLIED
    assert receive(first, now=later) == NoticeVerdict.SECOND


def test_a_settlement_and_a_move_of_the_night_do_not_both_happen(bank, due_today):
    """Under an open number nothing lapses, and so the money finds everybody waiting."""
    lapse = moves.perform_many(
        "let_fees_lapse",
        Application.objects.filter(pk=numbers.applications(due_today)[0].pk),
        actor=Actor.NIGHT,
        now=MIDNIGHT,
        business_date=D,
        chunk=10,
    )
    assert sum(lapse) == 0

    message = bank.settles(due_today, settled_at=LAST_SECOND)
    assert receive(message, now=MIDNIGHT) == NoticeVerdict.APPLIED


@pytest.fixture
def blind_at_first(monkeypatch):
    """The first look does not see what a rival has written, as if it came a moment too early."""
    judge, looks = settlements._judge, []

    def first_blind(*seen):
        looks.append(seen)
        return NoticeVerdict.UNKNOWN_NUMBER if len(looks) == 1 else judge(*seen)

    return lambda: monkeypatch.setattr(settlements, "_judge", first_blind)


def test_a_settlement_that_a_rival_writes_between_look_and_insert(bank, blind_at_first):
    message = bank.settles(numbers.batch(now=NOON), payment_number="9" * 20)
    receive(message)
    blind_at_first()

    assert receive(message) == NoticeVerdict.REPEATED
    assert Refund.objects.count() == 1


def test_without_a_second_look_that_would_be_an_error(bank, blind_at_first, monkeypatch):
    message = bank.settles(numbers.batch(now=NOON), payment_number="9" * 20)
    receive(message)
    blind_at_first()
    monkeypatch.setattr(settlements, "_LOOKS", 1)

    with pytest.raises(IntegrityError), transaction.atomic():
        receive(message)
