"""The magic values: each is played to its end, by rounds, nights and the clock alone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from applications.models import AttachmentState, PaymentMethod
from applications.practice import values
from applications.practice.values import ValueKind, Where
from applications.status import MoveName, Procedure, Status
from koss.demo import morning
from koss.ground import clock, text
from koss.operation import invariants, minute
from payments.demo import payers
from payments.models import DebitOrder, PaymentInformation, Refund, SettlementNotice
from payments.numbers import failures, taking
from qrcodes.models import Pickup

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
BEFORE = datetime(2026, 3, 10, 1, tzinfo=UTC)
PAID = {each.typed: each for each in values.TABLE if each.payment and not each.reaches}
# Tried in the tests of what they are about: papers in tests/bank, staff in test_actor.
ELSEWHERE = {"TX404-", "TX202-", "TX409-", *(f"TX{n}-" for n in (*range(120, 126), 130, 140, 150))}
ELSEWHERE |= {"TX160-"}


@pytest.fixture(autouse=True)
def _demo(settings, bank):
    settings.DEMO = True


def value_of(typed):
    [found] = [each for each in values.TABLE if each.typed == typed]
    return found


def sent(an_application, typed, procedure="継続検査", method=PaymentMethod.BATCH):
    """An application that has just arrived, with all its papers."""
    payers.payment_user()
    number = f"{typed}0000012"
    application = an_application(
        "検査申請受付中", procedure, chassis_number=number, payment_method=method
    )
    application.attachments.filter(state=AttachmentState.MISSING).update(
        state=AttachmentState.OBTAINED
    )
    return application


def play(application, rounds=8):
    """What happens in the next minutes without anybody."""
    for _round in range(rounds):
        minute.do()
        morning.move_clock_to(clock.now() + timedelta(minutes=2))
    application.refresh_from_db()
    return application


def sleep(nights):
    for _night in range(nights):
        morning.go_on_from(morning.day_that_ends(clock.now()))


def take(application):
    user = payers.payment_user(application.payer)
    [information] = taking.take(user, [application.pk], now=clock.now())
    return information


class TestTheTable:
    def test_each_status_is_reached_by_one_value(self):
        for status in Status:
            found = [
                each.typed
                for each in values.TABLE
                if each.kind == ValueKind.CHASSIS and status in each.reaches
            ]
            assert len(found) == 1, (status, found)

    def test_every_value_is_tried_somewhere(self):
        reached = {each.typed for each in values.TABLE if each.reaches}
        assert reached.isdisjoint(PAID)
        typed = [each.typed for each in values.TABLE]
        assert len(set(typed)) == len(typed)
        assert set(typed) == reached | set(PAID) | ELSEWHERE | {"TX402-", "TX403-"}

    def test_each_can_be_typed_and_means_one_thing(self):
        for each in values.TABLE:
            assert each.where or not each.steps
            if each.kind == ValueKind.CHASSIS:
                typed = f"{each.typed}0000012"
                assert text.read_chassis_number(typed) == typed
                assert values.of(typed) is each
        assert values.of("AX01-0000001") is None

    def test_where_each_acts_follows_from_what_it_does(self):
        assert value_of("TX512-").where == [Where.STAFF, Where.APPLICANT, Where.BANK]
        assert value_of("TX402-").where == [Where.STAFF, Where.AGENCY]
        assert value_of("TX300-").where == [Where.INTAKE]

    def test_outside_the_demo_nothing_means_anything(self, settings, an_application):
        application = sent(an_application, "TX402-")
        settings.DEMO = False
        assert values.of("TX300-0000012") is None
        assert values.refusal_of("TX300-0000012", "未受付　太郎", lambda _word: True) == ""
        minute.do()
        application.refresh_from_db()
        assert application.status == Status.RECEIVED


CASES = [
    (status, method)
    for status in Status
    if status != Status.NOT_ACCEPTED  # tests/api/test_sets.py
    for method in (PaymentMethod.INDIVIDUAL, PaymentMethod.BATCH)
    if (status in Status.PAYABLE and status.endswith("_due")) == (method == "individual")
]


@pytest.mark.parametrize(("status", "method"), CASES, ids=[status for status, _ in CASES])
def test_each_status_without_anybodys_press(an_application, status, method):
    [value] = [
        each for each in values.TABLE if each.kind == ValueKind.CHASSIS and status in each.reaches
    ]
    procedure = next(each for each in Procedure if status.occurs_in(each))
    if status in values.UNTIL:
        with time_machine.travel(BEFORE):
            assert clock.today() <= values.UNTIL[status]
            application = play(sent(an_application, value.typed, procedure.label, method))
    else:
        application = play(sent(an_application, value.typed, procedure.label, method))

    assert application.status == status
    assert invariants.broken() == []
    handed = application.status in Status.PICKED_UP
    assert Pickup.objects.filter(application=application).count() == handed


def test_after_its_last_day_no_vehicle_tax_is_waited_for(an_application):
    assert all(clock.today() > last_day for last_day in values.UNTIL.values())
    application = play(sent(an_application, "TX540-", "新車"))
    assert application.status == Status.READY_TO_ISSUE


def test_a_direct_debit_is_ordered_by_itself(an_application, bank):
    user = payers.payment_user()
    for kind in payers.ACCOUNTS:
        payers.account(kind, now=clock.now())
    application = play(sent(an_application, "TX510-", method=PaymentMethod.DIRECT), rounds=2)
    order = DebitOrder.objects.get(account__user=user)
    assert application.status == Status.FEES_IN_BATCH
    assert "order_debit" in [name for name, _asked in bank.asked]
    bank.debits[order.information.reference] = (
        "settled",
        "",
        bank.settles(
            PaymentInformation.objects.get(pk=order.information_id),
            way="direct",
            reference=order.information.reference,
            settled_at=clock.system_now(),
        ),
    )
    assert play(application, rounds=2).status == Status.IN_REVIEW


class TestPayments:
    """Somebody takes the number; what comes then is by the value."""

    @pytest.mark.parametrize(
        ("typed", "notice"), [("TX600-", "normal"), ("TX601-", "twice"), ("TX605-", "never")]
    )
    def test_at_once(self, an_application, bank, typed, notice):
        application = play(sent(an_application, typed), rounds=2)
        assert application.status == Status.FEES_IN_BATCH
        take(application)
        assert play(application, rounds=3).status == Status.IN_REVIEW
        [paid] = [asked for name, asked in bank.asked if name == "pay"]
        assert paid["notice"] == notice == PAID[typed].payment.notice

    def test_days_later(self, an_application):
        application = play(sent(an_application, "TX602-"), rounds=1)
        take(application)
        sleep(1)
        assert play(application, rounds=2).status == Status.FEES_IN_BATCH
        sleep(2)
        assert play(application, rounds=2).status == Status.IN_REVIEW

    def test_past_the_due_date(self, an_application):
        application = play(sent(an_application, "TX603-"), rounds=1)
        information = take(application)
        play(application, rounds=2)
        assert not SettlementNotice.objects.exists()
        morning.move_clock_to(clock.at(information.due_on, hour=12))
        minute.do()
        sleep(2)
        assert play(application, rounds=2).status == Status.INVALID
        assert Refund.objects.get().notice.verdict == "after_due"

    def test_another_amount(self, an_application):
        application = play(sent(an_application, "TX604-"), rounds=1)
        take(application)
        assert play(application, rounds=3).status == Status.FEES_IN_BATCH
        assert Refund.objects.get().notice.verdict == "wrong_amount"

    def test_a_number_is_refused_and_its_charges_are_free(self, an_application, bank):
        application = play(sent(an_application, "TX402-"), rounds=1)
        information = take(application)
        play(application, rounds=2)
        information.refresh_from_db()
        assert information.state == "refused"
        assert failures.words(information.refusal) == "収納機関による拒否"
        assert "request_numbers" not in [name for name, _asked in bank.asked]
        assert application.status == Status.FEES_IN_BATCH
        assert take(application).pk != information.pk

    def test_a_debit_is_refused(self, an_application, bank):
        application = play(sent(an_application, "TX403-", method=PaymentMethod.DIRECT), rounds=1)
        information = payers.ask_for_number([application], now=clock.now())
        DebitOrder.objects.update(debit_on=clock.today())
        play(application, rounds=2)
        debit = DebitOrder.objects.get(information=information)
        assert (debit.state, debit.failure) == ("failed", "insufficient_funds")
        assert application.status == Status.FEES_IN_BATCH
        assert "order_debit" not in [name for name, _asked in bank.asked]

    def test_the_first_application_says_how_one_number_is_paid(self, an_application, bank):
        several = [play(sent(an_application, typed), rounds=1) for typed in ("TX605-", "TX601-")]
        user = payers.payment_user(several[0].payer)
        taking.take(user, [each.pk for each in several], now=clock.now())
        assert [play(each, rounds=3).status for each in several] == [Status.IN_REVIEW] * 2
        assert [asked["notice"] for name, asked in bank.asked if name == "pay"] == ["never"]

    def test_while_the_bank_is_away_nothing_is_lost(self, an_application, bank):
        application = play(sent(an_application, "TX600-"), rounds=1)
        take(application)
        play(application, rounds=1)
        bank.unreachable = True
        play(application, rounds=2)
        bank.unreachable = False
        assert play(application, rounds=3).status == Status.IN_REVIEW


def test_staff_never_settle_by_their_own_hand():
    for each in values.TABLE:
        names = {name for _status, name in each.steps}
        assert (MoveName.SETTLE in names) == bool(each.payment and each.payment.takes_number)
