"""Amounts, numbers that stand once, and counters."""

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from applications.models import Application, Charge
from koss.invariants.rule import Rule, twice
from koss.models import OutgoingMail, PasswordLock
from payments.models import PaymentInformation, PaymentLine, SettlementNotice, Verdict
from qrcodes.models import Code


def _wrong_sums():
    """By all lines, also those released since: the amount is that of the day it was taken."""
    return PaymentInformation.objects.annotate(
        sum_of_lines=Coalesce(Sum("lines__charge__amount"), 0),
        applications=Count("lines__charge__application", distinct=True),
    ).exclude(sum_of_lines=F("amount"), applications=F("count"))


def _in_two_numbers():
    return twice(PaymentLine.objects.filter(released_at=None), "charge")


def _taken_unlike_its_line():
    has_line = Exists(PaymentLine.objects.filter(charge=OuterRef("pk"), released_at=None))
    taken = Q(number_taken_at__isnull=False)
    return Charge.objects.filter((taken & ~has_line) | (~taken & has_line))


def _mails_twice():
    return twice(OutgoingMail.objects.all(), "key")


def _too_many_failures():
    most = settings.KOSS_LOCK_AFTER
    return PasswordLock.objects.filter(Q(failures__gt=most) | Q(failures__gte=most, locked_at=None))


def _same_receipt_number():
    return twice(Application.objects.all(), "receipt_number")


def _same_payment_number():
    return twice(PaymentInformation.objects.exclude(payment_number=""), "payment_number")


def _same_reference():
    return twice(PaymentInformation.objects.all(), "reference")


def _same_settlement():
    told_again = [verdict for verdict in Verdict if not verdict.is_money]
    return twice(SettlementNotice.objects.exclude(verdict__in=told_again), "settlement_id")


def _same_lookup_key():
    return twice(Code.objects.all(), "lookup_key")


OF_NUMBERS = (
    Rule(
        "I6 sums",
        "The amount and count of a number are those of the charges it was taken for.",
        _wrong_sums,
    ),
    Rule("I7 one mail", "One mail per event and address.", _mails_twice),
    Rule(
        "I9 failures",
        "No password was tried more often than allowed, and none that often without a lock.",
        _too_many_failures,
    ),
    Rule("I10 one number", "No charge is under two numbers.", _in_two_numbers),
    Rule(
        "I10 taken",
        "A charge counts as numbered exactly while it is under a number.",
        _taken_unlike_its_line,
    ),
    Rule("I11 receipt numbers", "No receipt number stands twice.", _same_receipt_number),
    Rule("I11 payment numbers", "No payment number stands twice.", _same_payment_number),
    Rule("I11 references", "No reference towards the bank stands twice.", _same_reference),
    Rule("I11 settlements", "No settlement counts twice.", _same_settlement),
    Rule("I11 lookup keys", "No lookup key stands twice.", _same_lookup_key),
)
