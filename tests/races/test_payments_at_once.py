"""Twenty clients at the same money: nothing is settled twice, nothing is paid and void unnoticed.

The controls take a guard out and must see the same check fail.
"""

import secrets
from collections import Counter
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import pytest
from django.db import connection

from applications.life import moves
from applications.life.moves import RequestKey
from applications.models import Application
from applications.status import Status
from koss.ground import clock
from payments.batches import withdrawing
from payments.demo import payers
from payments.models import (
    NoticeVerdict,
    PaymentInformation,
    PaymentLine,
    PaymentState,
    Refund,
    SettlementNotice,
)
from payments.money import settlements
from payments.numbers import releasing, taking
from payments.paying import visits
from tests.races.crowd import Meeting, all_at_once, request_of_applicant
from tests.races.payers import notifies, presses_pay, takes, withdraws
from tests.world import make

pytestmark = [
    pytest.mark.databases,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("bank"),
]

ROUNDS = 4
_ANSWERS = {200, 302, 409}


def waiting(count, **fields):
    return [make(Status.FEES_IN_BATCH, **fields) for _ in range(count)]


def a_batch():
    return payers.take_number(waiting(2), now=clock.now())


def one_batch_paid_and_withdrawn(bank):
    """Six tell of money (three settlements, each twice), six withdraw, eight press 納付."""
    batch = a_batch()
    messages = [bank.settles(batch) for _ in range(3)]
    tasks = [notifies(message) for message in messages for _ in range(2)]
    tasks += [withdraws(batch) for _ in range(6)]
    tasks += [presses_pay(batch) for _ in range(8)]
    secrets.SystemRandom().shuffle(tasks)
    return batch, tasks


def check_money(batch, answers):
    """What must hold whatever the order was; fails with what does not."""
    assert set(answers) <= _ANSWERS, Counter(answers)
    batch.refresh_from_db()
    told = SettlementNotice.objects.filter(payment_number=batch.payment_number)
    verdicts = Counter(told.values_list("verdict", flat=True))
    assert verdicts[NoticeVerdict.REPEATED] == 3
    assert verdicts[NoticeVerdict.APPLIED] == (1 if batch.state == PaymentState.PAID else 0), (
        verdicts
    )
    money = told.exclude(verdict=NoticeVerdict.REPEATED)
    assert money.count() == 3
    goes_back = money.exclude(verdict=NoticeVerdict.APPLIED)
    assert set(Refund.objects.filter(notice__in=told).values_list("notice", flat=True)) == set(
        goes_back.values_list("pk", flat=True)
    )
    paid = batch.state == PaymentState.PAID
    assert paid or batch.state == PaymentState.WITHDRAWN
    applications = Application.objects.filter(charges__lines__information=batch).distinct()
    moved = Status.IN_REVIEW if paid else Status.FEES_IN_BATCH
    assert {application.status for application in applications} == {moved}
    charges = [charge for each in applications for charge in each.charges.all()]
    assert {charge.paid_at is not None for charge in charges} == {paid}
    assert {charge.withdrawal_accepted_on is None for charge in charges} == {paid}


def test_a_batch_is_paid_or_withdrawn_and_never_both(bank):
    for _ in range(ROUNDS):
        batch, tasks = one_batch_paid_and_withdrawn(bank)
        assert len(tasks) == 20

        answers = all_at_once(tasks)

        check_money(batch, answers)


def test_one_notice_twenty_times_at_once_is_applied_once(bank):
    batch = a_batch()
    task = notifies(bank.settles(batch))

    assert all_at_once([task] * 20) == [200] * 20

    verdicts = Counter(SettlementNotice.objects.values_list("verdict", flat=True))
    assert verdicts == {NoticeVerdict.APPLIED: 1, NoticeVerdict.REPEATED: 19}
    assert not Refund.objects.exists()
    batch.refresh_from_db()
    assert batch.state == PaymentState.PAID


def tell_of_money_for_no_number(bank):
    """There is no row to lock: only the constraint keeps it from counting twice."""
    task = notifies(bank.settles(a_batch(), payment_number="9" * 20))

    assert all_at_once([task] * 20) == [200] * 20

    verdicts = Counter(SettlementNotice.objects.values_list("verdict", flat=True))
    assert verdicts == {NoticeVerdict.UNKNOWN_NUMBER: 1, NoticeVerdict.REPEATED: 19}
    assert Refund.objects.count() == 1


def test_money_for_no_number_is_kept_once_however_often_it_is_told(bank):
    tell_of_money_for_no_number(bank)


@pytest.mark.postgres
def test_control_without_the_constraint_money_for_no_number_counts_twice(bank):
    """On SQLite the one writer at a time would do."""
    without = without_the_constraint(SettlementNotice, "one_money_per_settlement")
    with without, pytest.raises(AssertionError):  # noqa: PT012 - which round fails is chance
        for _ in range(ROUNDS):
            tell_of_money_for_no_number(bank)
            Refund.objects.all().delete()
            SettlementNotice.objects.all().delete()


def test_control_without_the_lock_of_the_batch_the_check_fails(bank, monkeypatch):
    others = Meeting()

    def look(information):
        row = PaymentInformation.objects.get(pk=information.pk)
        others.wait()
        return row

    def look_for(message):
        return look(PaymentInformation.objects.get(payment_number=message.payment_number))

    def look_at_applications(information):
        held = Application.objects.filter(charges__lines__information=information)
        return list(held.distinct().order_by("pk"))

    monkeypatch.setattr(releasing, "lock", look)
    monkeypatch.setattr(releasing, "lock_applications", look_at_applications)
    monkeypatch.setattr(settlements, "_locked", look_for)
    for module, name in ((settlements, "_receive"), (withdrawing, "withdraw"), (visits, "press")):
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)

    with pytest.raises(AssertionError):  # noqa: PT012 - which round fails is chance
        for _ in range(ROUNDS * 2):
            batch, tasks = one_batch_paid_and_withdrawn(bank)
            check_money(batch, all_at_once(tasks))


def everybody_takes(applications):
    """Twenty tabs: ten want the first two thirds, ten the last two."""
    user = payers.payment_user()
    keys = [application.pk for application in applications]
    wanted = (keys[:4], keys[2:])
    return [takes(user, wanted[number % 2], secrets.token_hex(16)) for number in range(20)]


def check_taken(applications, answers):
    """One of them has taken, and no charge stands in two live batches."""
    assert set(answers) <= _ANSWERS, Counter(answers)
    lines = PaymentLine.objects.filter(
        released_at=None, charge__application__in=applications
    ).values_list("charge", flat=True)
    assert max(Counter(lines).values()) == 1
    assert answers.count(302) == 1
    assert len(lines) == 8
    taken = {
        charge.pk
        for application in applications
        for charge in application.charges.exclude(number_taken_at=None)
    }
    assert taken == set(lines)


def test_no_application_gets_into_two_batches():
    for _ in range(ROUNDS):
        applications = waiting(6)

        answers = all_at_once(everybody_takes(applications))

        check_taken(applications, answers)


def test_twenty_presses_of_the_same_form_take_one_number():
    applications = waiting(3)
    keys = [application.pk for application in applications]
    task = takes(payers.payment_user(), keys, secrets.token_hex(16))

    assert all_at_once([task] * 20) == [302] * 20

    assert PaymentInformation.objects.count() == 1
    assert PaymentLine.objects.count() == 6


def one_application_withdrawn_and_taken():
    """Ten times OK on its own page, ten times 納付番号取得."""
    [application] = waiting(1)
    user, key = payers.payment_user(), application.pk
    tasks = [takes(user, [key], secrets.token_hex(16)) for _ in range(10)]
    for _ in range(10):
        tasks.append(request_of_applicant(application, "withdraw", RequestKey.fresh(application)))
    return application, tasks


def check_one_of_both(application, answers):
    codes = [each if isinstance(each, int) else each.status for each in answers]
    assert set(codes) <= _ANSWERS, Counter(codes)
    application.refresh_from_db()
    withdrawn = application.status == Status.WITHDRAWING
    assert withdrawn or application.status == Status.FEES_IN_BATCH
    assert application.charges.numbered().exists() != withdrawn
    assert codes.count(302) == 1


def test_an_application_is_withdrawn_or_taken_and_never_both():
    for _ in range(ROUNDS):
        application, tasks = one_application_withdrawn_and_taken()
        check_one_of_both(application, all_at_once(tasks))


@contextmanager
def without_the_constraint(model, name):
    """The database does not keep up the constraint ``name`` of ``model``."""
    [constraint] = [each for each in model._meta.constraints if each.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        Refund.objects.all().delete()
        model.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


def charges_in_two_live_lines():
    return without_the_constraint(PaymentLine, "one_live_line_per_charge")


def without_the_lock(monkeypatch):
    """Taking looks, waits for others, and writes without a transaction around it.

    Returns where it waits.
    """
    others = Meeting()

    def look(applications):
        rows = list(applications.order_by("pk"))
        others.wait()
        return rows

    monkeypatch.setattr(taking, "_lock", look)
    monkeypatch.setattr(taking, "transaction", SimpleNamespace(atomic=nullcontext))
    return others


def test_the_lock_alone_is_enough():
    with charges_in_two_live_lines():
        applications = waiting(6)
        check_taken(applications, all_at_once(everybody_takes(applications)))


def test_control_without_lock_and_constraint_the_check_fails(monkeypatch):
    without_the_lock(monkeypatch)

    with charges_in_two_live_lines(), pytest.raises(AssertionError):  # noqa: PT012 - chance decides
        for _ in range(ROUNDS):
            applications = waiting(6)
            check_taken(applications, all_at_once(everybody_takes(applications)))


def test_control_without_the_lock_of_the_application_the_check_fails(monkeypatch):
    others = without_the_lock(monkeypatch)

    def look(application):
        row = Application.objects.get(pk=application.pk)
        others.wait()
        return row

    monkeypatch.setattr(moves, "lock", look)
    monkeypatch.setattr(moves, "perform", moves.perform.__wrapped__)

    with pytest.raises(AssertionError):  # noqa: PT012 - which round fails is chance
        for _ in range(ROUNDS * 2):
            application, tasks = one_application_withdrawn_and_taken()
            check_one_of_both(application, all_at_once(tasks))
