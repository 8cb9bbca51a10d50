"""Payers of the demo who take numbers and pay by themselves, as a 車台番号 asks for."""

import logging

from django.db.models import Exists, OuterRef

from applications.models import Application, PaymentMethod
from applications.practice import values
from koss.ground import clock
from payments import banks
from payments.direct import debits
from payments.models import (
    AccountState,
    DirectAccount,
    NumberKind,
    PaymentInformation,
    PaymentState,
    PaymentUser,
    SettlementNotice,
)
from payments.numbers import taking

logger = logging.getLogger(__name__)

_OPEN = (PaymentState.UNPAID, PaymentState.EXPIRED)


def take_number(application, value, *, now):
    """Take the number of what ``application`` owes, where ``value`` plays the payer.

    For ダイレクト納付 the debit is ordered, from an account of the payer that pays this.
    """
    if not value.payment.takes_number or not _owes_without_number(application):
        return
    method, keys = application.payment_method, [application.pk]
    try:
        if method == PaymentMethod.INDIVIDUAL:
            taking.take_individually(application, now=now)
            return
        user = PaymentUser.objects.get(user_id=application.payer)
        if method == PaymentMethod.BATCH:
            taking.take(user, keys, now=now)
        elif account := _account(user, NumberKind.of(application.status)):
            debits.order(user, keys, account, at_once=True, now=now)
        else:
            logger.info("%s: no account to debit", application.receipt_number)
    except (taking.ChargesNotAvailable, PaymentUser.DoesNotExist) as error:
        logger.debug("%s: %s", application.receipt_number, error)


def pay_numbers(*, now):
    """Have the bank take the money for each number whose time has come; returns how many.

    Of a number for several applications the first one says how. Never inside a transaction.
    """
    played = [each for each in values.TABLE if each.payment]
    told = SettlementNotice.objects.filter(payment_number=OuterRef("payment_number"))
    numbers = PaymentInformation.objects.filter(
        ~Exists(told),
        values.beginning_with(played, "lines__charge__application__"),
        state__in=_OPEN,
    )
    numbers = numbers.exclude(payment_number="").exclude(method=PaymentMethod.DIRECT)
    return sum(_pay(each, now) for each in numbers.order_by("pk").distinct())


def _pay(information, now):
    under = Application.objects.filter(charges__lines__information=information).order_by("pk")
    found = (values.of(each) for each in under.values_list("chassis_number", flat=True))
    payment = next(value.payment for value in found if value and value.payment)
    if not _is_time(information, payment, now):
        return False
    try:
        banks.current().pay(
            agency_number=information.agency_number,
            payment_number=information.payment_number,
            amount=information.amount,
            due_on=information.due_on,
            notice=payment.notice,
            minutes=1,
        )
    except (banks.BankUnreachable, banks.BankRefused) as error:
        logger.info("payment %s is not paid: %s", information.pk, error)
        return False
    return True


def _is_time(information, payment, now):
    if payment.past_due or information.state == PaymentState.EXPIRED:
        return payment.past_due and information.state == PaymentState.EXPIRED
    return (clock.day(now) - clock.day(information.numbered_at)).days >= payment.nights


def _owes_without_number(application):
    return application.charges.unpaid().filter(number_taken_at=None).exists()


def _account(user, kind):
    for account in DirectAccount.objects.filter(user=user, state=AccountState.ACTIVE):
        if kind in debits.kinds_of(account.kind):
            return account
    return None
