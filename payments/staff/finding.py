"""What staff type to find a payment: a number in any spelling, or a user's ID."""

import re

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koss.admin_kit.search import Found
from koss.ground import numbers
from payments.models import PaymentInformation, PaymentLine

_USER_ID = re.compile(r"K[NI][A-Z]{2}[0-9]{4}")


def folded(typed):
    """``typed`` as numbers and IDs are kept."""
    return numbers.fold(typed).upper()


def informations(typed):
    """The payment numbers that ``typed`` can mean, through an index each.

    A payment number, a receipt number, the ID of a user, or the reference that banks know.
    """
    there = PaymentInformation.objects.order_by()
    word = folded(typed)
    if len(word) == numbers.PAYMENT_NUMBER_LENGTH:
        return there.filter(payment_number=word)
    if len(word) == numbers.RECEIPT_NUMBER_LENGTH:
        lines = PaymentLine.objects.filter(charge__application__receipt_number=word)
        return there.filter(pk__in=lines.values("information"))
    if _USER_ID.fullmatch(word):
        return there.filter(of_user(word))
    return there.filter(reference=word.lower())


def of_user(word, path="user__"):
    """Condition for what belongs to the user of this ID, 納付利用者ID or 一括利用者ID."""
    return Q(**{f"{path}user_id": word}) | Q(**{f"{path}bulk_id": word})


def by_payment(path="pk"):
    """The search of a list whose rows belong to a payment. ``path``: to its key."""
    return Found(
        _("納付番号、受付番号（空白・ハイフン・全角も可）、納付利用者ID、一括利用者ID、参照番号"),
        lambda typed: Q(**{f"{path}__in": informations(typed).values("pk")}),
    )


def by_user(path="user__"):
    """The search of a list whose rows belong to a payment user."""

    def condition(typed):
        word = folded(typed)
        return of_user(word, path) if _USER_ID.fullmatch(word) else None

    return Found(_("納付利用者ID、一括利用者ID"), condition)


def by_settlement(path=""):
    """The search of a list by the settlement, or by the number under which money came in."""

    def condition(typed):
        word = folded(typed)
        return Q(**{f"{path}settlement_id": typed.strip()}) | Q(**{f"{path}payment_number": word})

    return Found(_("入金番号"), condition)
