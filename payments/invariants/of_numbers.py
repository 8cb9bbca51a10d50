"""Payment numbers: their amounts, what stands under them, and what stands once."""

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from applications.models import Charge
from koss.ground.invariant import Rule, twice
from payments.models import NoticeVerdict, PaymentInformation, PaymentLine, SettlementNotice


def _wrong_sums():
    """By all lines, also those released since: the amount is that of the day it was taken."""
    return PaymentInformation.objects.annotate(
        sum_of_lines=Coalesce(Sum("lines__charge__amount"), 0),
        applications=Count("lines__charge__application", distinct=True),
    ).exclude(sum_of_lines=F("amount"), applications=F("count"))


def _in_two_numbers():
    return twice(PaymentLine.objects.filter(released_at=None), "charge")


def _taken_unlike_its_line():
    live = PaymentLine.objects.filter(charge=OuterRef("pk"), released_at=None)
    its_line = live.filter(information__requested_at=OuterRef("number_taken_at"))
    taken = Q(number_taken_at__isnull=False)
    return Charge.objects.filter((taken & ~Exists(its_line)) | (~taken & Exists(live)))


def _same_payment_number():
    return twice(PaymentInformation.objects.exclude(payment_number=""), "payment_number")


def _same_reference():
    return twice(PaymentInformation.objects.all(), "reference")


def _same_settlement():
    told_again = [verdict for verdict in NoticeVerdict if not verdict.is_money]
    return twice(SettlementNotice.objects.exclude(verdict__in=told_again), "settlement_id")


def _numbers_backwards():
    since = F("requested_at")
    return PaymentInformation.objects.filter(
        Q(numbered_at__lt=since)
        | Q(withdrawal_accepted_at__lt=since)
        | Q(ended_at__lt=since)
        | Q(ended_at__lt=F("withdrawal_accepted_at"))
    )


OF_NUMBERS = (
    Rule(
        "I6 sums",
        "The amount and count of a number are those of the charges it was taken for.",
        _wrong_sums,
    ),
    Rule("I10 one number", "No charge is under two numbers.", _in_two_numbers),
    Rule(
        "I10 taken",
        "A charge counts as numbered exactly while it is under a number, and since then.",
        _taken_unlike_its_line,
    ),
    Rule("I11 payment numbers", "No payment number stands twice.", _same_payment_number),
    Rule("I11 references", "No reference towards the bank stands twice.", _same_reference),
    Rule("I11 settlements", "No settlement counts twice.", _same_settlement),
    Rule(
        "I12 numbers",
        "Nothing happens to a payment number before it was taken.",
        _numbers_backwards,
    ),
)
