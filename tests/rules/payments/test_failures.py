"""A debit that pays nothing: no money too late, and a mail that says so, once."""

from datetime import date, timedelta

import pytest

from applications.life import moves
from applications.status import Actor, MoveName, Status
from koss.ground import clock
from koss.mail import outbox
from koss.models import OutgoingMail
from koss.operation import invariants, night
from payments import banks
from payments import night as steps
from payments.demo import payers
from payments.direct import debits
from payments.models import (
    AccountKind,
    DebitState,
    NoticeVerdict,
    NumberKind,
    PaymentState,
    Refund,
)
from payments.money import reconciling, settlements
from payments.numbers import failures, releasing
from tests.rules.payments import numbers
from tests.world import make

D = date(2026, 5, 10)
DAY = timedelta(days=1)
NOON = clock.at(D, hour=12)
LAST_SECOND = clock.at(D, hour=23, minute=59, second=59)
AFTER_MIDNIGHT = clock.at(D + DAY, minute=1)
MORNING = clock.night_begins(D)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture(autouse=True)
def nothing_is_broken(bank):
    yield
    assert invariants.broken() == []


@pytest.fixture
def due_today():
    return order(deadline=D)


def order(status=Status.WEIGHT_TAX_IN_BATCH, **fields):
    application = make(status, now=NOON, payment_method="direct", **fields)
    user = payers.payment_user(application.payer, now=NOON)
    account = payers.account(AccountKind.NATIONAL, now=NOON)
    [made] = debits.order(user, [application.pk], account, at_once=True, now=NOON)
    return made


def state(made):
    made.refresh_from_db()
    made.information.refresh_from_db()
    return DebitState(made.state), PaymentState(made.information.state)


def was_ordered(bank):
    return "order_debit" in [name for name, _arguments in bank.asked]


def mails():
    """The reasons in the mails that were written, oldest first."""
    written = OutgoingMail.objects.filter(template="payments/debit_failed").order_by("pk")
    return [mail.facts["failure"] for mail in written]


def test_until_midnight_it_is_given_to_the_bank(bank, due_today):
    debits.send(due_today, now=LAST_SECOND)

    assert was_ordered(bank)


def test_after_midnight_the_bank_is_not_asked_for_money_that_would_go_back(bank, due_today):
    assert not debits.due(AFTER_MIDNIGHT).exists()

    debits.send(due_today, now=AFTER_MIDNIGHT)

    assert not was_ordered(bank)
    assert state(due_today) == (DebitState.SCHEDULED, PaymentState.UNPAID)


def test_an_order_that_the_bank_never_got_ends_with_the_due_date(bank, due_today):
    bank.unreachable = True
    debits.mark_ordered([due_today.pk], now=NOON)
    with pytest.raises(banks.BankUnreachable):
        debits.send(due_today, now=NOON)
    bank.unreachable = False

    reconciling.run(now=AFTER_MIDNIGHT)

    assert not was_ordered(bank)
    assert state(due_today) == (DebitState.CANCELLED, PaymentState.UNPAID)
    assert mails() == ["past_due"]
    night.run(D, now=MORNING)
    assert state(due_today) == (DebitState.CANCELLED, PaymentState.EXPIRED)
    assert mails() == ["past_due"]


def test_a_missed_night_does_not_order_what_is_past_due(due_today):
    """Carried out one day late, the night of D - 1 comes before that of D."""
    ordered = list(steps.order_due_debits(D - DAY, now=AFTER_MIDNIGHT, chunk=10))

    assert ordered == [0]
    assert state(due_today)[0] == DebitState.SCHEDULED


def test_the_mail_names_what_was_to_be_paid_and_why_it_was_not(bank, due_today, settings):
    settings.KOSS_ORIGIN = "https://portal.example/"
    user = due_today.account.user
    user.status_email = "jokyo@gyosei.example"
    user.save()
    debits.send(due_today, now=NOON)

    debits.fail(due_today, "insufficient_funds", now=NOON)
    debits.fail(due_today, "insufficient_funds", now=NOON)

    mail = OutgoingMail.objects.get(template="payments/debit_failed")
    assert mail.to == "jokyo@gyosei.example"
    subject, body = outbox.read(mail)
    assert subject == f"ダイレクト納付ができませんでした（口座ID {due_today.account.account_id}）"
    amount = f"{due_today.information.amount:,}"
    wanted = [user.name, user.user_id, due_today.account.account_id, amount, "残高不足"]
    wanted += [
        str(NumberKind.WEIGHT_TAX.label),
        "2026年5月10日",
        "https://portal.example/payment/login/",
    ]
    assert [word for word in wanted if word not in body] == []
    assert "{" not in body
    assert "\n\n\n" not in body


def test_a_second_try_that_fails_is_told_again(bank, due_today):
    debits.fail(due_today, "insufficient_funds", now=NOON)
    [application] = numbers.applications(due_today.information)
    account = due_today.account
    [again] = debits.order(account.user, [application.pk], account, at_once=True, now=NOON)

    debits.fail(again, "daily_limit", now=NOON)

    assert mails() == ["insufficient_funds", "daily_limit"]


def test_a_refused_number_and_an_expired_one_are_told(bank, due_today):
    bank.refuses = "取扱不可"
    debits.send(order(deadline=D + DAY), now=NOON)
    assert mails() == ["取扱不可"]
    bank.refuses = ""

    night.run(D, now=MORNING)

    assert mails() == ["取扱不可", "past_due"]
    assert state(due_today) == (DebitState.CANCELLED, PaymentState.EXPIRED)


def test_who_takes_it_back_or_paid_otherwise_is_told_nothing(bank):
    taken_back, paid, paid_first = order(), order(), order()
    debits.cancel(taken_back, user=taken_back.account.user, now=NOON)
    debits.send(paid, now=NOON)
    debits.fail(paid, "already_settled", now=NOON)
    sent = debits.send(paid_first, now=NOON)
    settlements.receive(bank.settles(sent.information, way="atm"), now=NOON)
    debits.fail(sent, "insufficient_funds", now=NOON)

    assert mails() == []


def test_a_debit_of_another_amount_frees_what_it_was_to_pay(bank, due_today):
    sent = debits.send(due_today, now=NOON)
    wrong = bank.settles(sent.information, way="direct", amount=sent.information.amount - 100)

    assert settlements.receive(wrong, now=NOON).verdict == NoticeVerdict.WRONG_AMOUNT

    assert state(sent) == (DebitState.DONE, PaymentState.CANCELLED)
    assert failures.words(sent.failure) == "金額の異なる入金のため還付"
    assert mails() == ["wrong_amount"]
    assert Refund.objects.get().amount == wrong.amount
    [application] = numbers.applications(sent.information)
    assert debits.order(sent.account.user, [application.pk], sent.account, at_once=True, now=NOON)


def test_a_debit_that_came_too_late_says_so(bank, due_today):
    sent = debits.send(due_today, now=NOON)
    late = bank.settles(sent.information, way="direct", settled_at=AFTER_MIDNIGHT)

    settlements.receive(late, now=AFTER_MIDNIGHT)
    settlements.receive(late, now=AFTER_MIDNIGHT)

    assert state(sent) == (DebitState.DONE, PaymentState.UNPAID)
    assert mails() == ["after_due"]
    night.run(D, now=MORNING)
    assert state(sent) == (DebitState.DONE, PaymentState.EXPIRED)


def test_while_a_debit_is_under_way_its_application_is_not_withdrawn_alone(bank):
    made = order(Status.FEES_IN_BATCH)
    [application] = numbers.applications(made.information)

    def withdraw():
        return moves.perform(MoveName.WITHDRAW, application, actor=Actor.APPLICANT, now=NOON)

    with pytest.raises(moves.MoveRefused):
        withdraw()
    debits.send(made, now=NOON)
    with pytest.raises(moves.MoveRefused):
        withdraw()
    debits.fail(made, "insufficient_funds", now=NOON)

    assert withdraw().to_status == Status.WITHDRAWING


def test_releasing_what_is_paid_is_refused(bank, due_today):
    settlements.receive(bank.settles(debits.send(due_today, now=NOON).information), now=NOON)
    due_today.information.refresh_from_db()

    with pytest.raises(ValueError, match="only what is unpaid"):
        releasing.release(due_today.information, state=PaymentState.EXPIRED, now=NOON)
