"""check_invariants: the demo world keeps every rule, and each rule notices when it is broken."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from applications.demo.course import PLACES
from applications.models import Application, Charge, HistoryEntry
from applications.status import Status
from koss.demo import world
from koss.ground import clock
from koss.models import DemoAccount, DemoSeat, OutgoingMail, PasswordLock
from koss.operation import invariants
from payments.banks import SettlementMessage
from payments.models import (
    DebitOrder,
    NoticeVerdict,
    PaymentInformation,
    PaymentLine,
    PaymentState,
    Refund,
    SettlementNotice,
)
from payments.money import settlements
from qrcodes.models import Code, Pickup
from tests.rules.payments import numbers

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def the_world(django_db_setup, django_db_blocker):
    """The demo world and some money that went wrong, made once and taken back after this module."""
    with override_settings(DEMO=True), django_db_blocker.unblock(), transaction.atomic():
        world.load(now=clock.now())
        _pay_in_every_way()
        yield
        transaction.set_rollback(True)


def _pay_in_every_way():
    now = clock.now()
    paid = numbers.batch(now=now)
    withdrawn = PaymentInformation.objects.filter(state=PaymentState.WITHDRAWN).first()
    told = [
        (_message(paid, "A1"), NoticeVerdict.APPLIED),
        (_message(paid, "A1"), NoticeVerdict.REPEATED),
        (_message(paid, "A1", amount=1), NoticeVerdict.CONFLICTING),
        (_message(paid, "A2"), NoticeVerdict.SECOND),
        (_message(withdrawn, "A3"), NoticeVerdict.AFTER_WITHDRAWAL),
        (_message(paid, "A4", payment_number="9" * 20), NoticeVerdict.UNKNOWN_NUMBER),
    ]
    for message, verdict in told:
        assert settlements.receive(message, now=now).verdict == verdict


def _message(information, settlement_id, **changes):
    fields = {
        "settlement_id": settlement_id,
        "agency_number": information.agency_number,
        "payment_number": information.payment_number,
        "amount": information.amount,
        "settled_at": clock.now(),
        "way": "link",
        "bank": "0101",
        "reference": "",
    }
    return SettlementMessage(**fields | changes)


def double(rows):
    """Let the first of ``rows`` stand twice.

    The database's own constraints forbid that: until rollback a copy without any hides the table.
    """
    key = rows.values_list("pk", flat=True)[0]
    table = connection.ops.quote_name(rows.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM {table} WHERE id = %s", [key])


def first(rows):
    """A QuerySet of one of ``rows``."""
    return rows.model.objects.filter(pk=rows.values_list("pk", flat=True)[0])


APPLIED = SettlementNotice.objects.filter(verdict=NoticeVerdict.APPLIED)
LIVE = PaymentLine.objects.filter(released_at=None)
OPEN = PaymentInformation.objects.filter(state=PaymentState.UNPAID)
PAID = PaymentInformation.objects.filter(state=PaymentState.PAID)
WITHDRAWN = PaymentInformation.objects.filter(state=PaymentState.WITHDRAWN)


def forget_money():
    Refund.objects.filter(notice__verdict=NoticeVerdict.SECOND).delete()


def apply_without_pay():
    first(PAID).update(state=PaymentState.UNPAID)


def end_while_waiting():
    waiting = WITHDRAWN.filter(lines__charge__application__status=Status.FEES_IN_BATCH)
    first(waiting).update(ended_at=clock.now())


def void_under_open():
    line = LIVE.filter(information__state=PaymentState.UNPAID).first()
    Application.objects.filter(charges=line.charge).update(status=Status.INVALID)


def expire_by_hand():
    first(OPEN).update(state=PaymentState.EXPIRED, ended_at=clock.now())


def stay_after_paying():
    paid = Charge.objects.filter(paid_at__isnull=False, kind="inspection_fee").first()
    Application.objects.filter(charges=paid).update(status=Status.FEES_DUE)


def forget_that_it_was_paid():
    """As if the application had moved on, and the money were nobody's."""
    settled = HistoryEntry.objects.filter(move="settle", from_status=Status.FEES_IN_BATCH).first()
    Charge.objects.filter(application=settled.application).update(paid_at=None)


def schedule_the_paid():
    debit = first(DebitOrder.objects.all())
    debit.update(state="scheduled")
    PaymentInformation.objects.filter(debit__in=debit).update(state=PaymentState.PAID)


def pick_up_by_another():
    Pickup.objects.update(by="somebody else")


def lose_applications_of_a_seat():
    seat = DemoSeat.objects.create(number=1, payer="KNSE0001", begun_at=clock.now())
    DemoAccount.objects.bulk_create(
        DemoAccount(receipt_number=f"{place:017d}", seat=seat, place=place)
        for place in range(len(PLACES))
    )


BREAKS = {
    "I1 applied once": lambda: double(APPLIED),
    "I2 paid by money": lambda: first(OPEN).update(state=PaymentState.PAID),
    "I2 money pays": apply_without_pay,
    "I2 charges follow": lambda: first(Charge.objects.filter(paid_at__isnull=False)).update(
        paid_at=F("paid_at") + DAY
    ),
    "I2 paid moves on": stay_after_paying,
    "I2 moves on by money": forget_that_it_was_paid,
    "I3 back with a row": forget_money,
    "I3 only that goes back": lambda: first(Refund.objects.all()).update(notice=APPLIED.first()),
    "I3 told before told again": lambda: first(APPLIED.filter(settlement_id="A1")).update(
        settlement_id="A9"
    ),
    "I3 days add up": lambda: first(Refund.objects.all()).update(amount=F("amount") + 1),
    "I4 void as a whole": end_while_waiting,
    "I4 open for all": void_under_open,
    "I4 dead hold nothing": expire_by_hand,
    "I4 living hold all": lambda: first(
        PaymentLine.objects.filter(information__state=PaymentState.PAID)
    ).update(released_at=clock.now()),
    "I4 ends are written": lambda: first(OPEN).update(ended_at=clock.now()),
    "I4 own applications": lambda: Application.objects.exclude(payer="").update(payer="KNZZ9999"),
    "I4 withdrawn as a batch": lambda: first(
        Charge.objects.filter(withdrawal_accepted_on__isnull=False)
    ).update(withdrawal_accepted_on=F("withdrawal_accepted_on") + DAY),
    "D1 scheduled is open": schedule_the_paid,
    "D2 done by money": lambda: SettlementNotice.objects.update(way="atm"),
    "D3 direct by debit": lambda: first(DebitOrder.objects.all()).delete(),
    "I6 sums": lambda: first(OPEN).update(amount=F("amount") + 100),
    "I7 one mail": lambda: double(OutgoingMail.objects.all()),
    "I9 failures": lambda: first(PasswordLock.objects.all()).update(failures=99),
    "I10 one number": lambda: double(LIVE),
    "I10 taken": lambda: first(LIVE).update(released_at=clock.now()),
    "I11 receipt numbers": lambda: double(Application.objects.all()),
    "I11 payment numbers": lambda: double(PAID),
    "I11 references": lambda: double(PaymentInformation.objects.all()),
    "I11 settlements": lambda: double(APPLIED),
    "I11 lookup keys": lambda: double(Code.objects.all()),
    "I5 declared moves": lambda: first(HistoryEntry.objects.all()).update(actor="night"),
    "I5 no gaps": lambda: first(HistoryEntry.objects.filter(version=2)).delete(),
    "I5 replays": lambda: first(Application.objects.filter(status=Status.RECEIVED)).update(
        status=Status.IN_REVIEW
    ),
    "I12 moves": lambda: first(HistoryEntry.objects.filter(version=2)).update(
        at=F("at") - 1000 * DAY
    ),
    "I12 statuses": lambda: first(Application.objects.all()).update(
        status_changed_at=F("status_changed_at") + DAY
    ),
    "I12 numbers": lambda: first(PAID).update(numbered_at=F("requested_at") - DAY),
    "I8 fetched once": lambda: double(Pickup.objects.all()),
    "I8 handed over": pick_up_by_another,
    "I8 with its code": lambda: Code.objects.update(used_by="somebody else"),
    "S1 whole seats": lose_applications_of_a_seat,
}


def told():
    """(exit status, what the command says)."""
    out = StringIO()
    try:
        call_command("check_invariants", stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_demo_world_keeps_every_rule(the_world):
    status, said = told()

    assert "BROKEN" not in said
    assert status == 0
    assert len(said.splitlines()) == len(invariants.RULES)


def test_every_rule_is_broken_below():
    assert sorted(BREAKS) == sorted(rule.name for rule in invariants.RULES)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_is_noticed(the_world, name):
    BREAKS[name]()

    assert name in invariants.broken()


def test_the_command_names_what_is_broken(the_world):
    information = OPEN.first()
    PaymentInformation.objects.filter(pk=information.pk).update(amount=F("amount") + 100)

    status, said = told()

    assert status == 1
    line = next(number for number, line in enumerate(said.splitlines()) if "I6 sums" in line)
    assert said.splitlines()[line].startswith("BROKEN         1  I6 sums: The amount")
    assert f"paymentinformation {information.pk}: {information}" in said.splitlines()[line + 1]


def test_every_rule_is_one_query(the_world):
    for rule in invariants.RULES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rule.broken().count()
        assert len(queries) == 1, rule.name
