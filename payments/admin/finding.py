"""What staff type to find a payment: a number in any spelling, or a user's ID."""

from django.db.models import Q

from koss import numbers
from payments.models import PaymentInformation, PaymentLine

_PAYMENT_NUMBER_LENGTH = 20
_USER_ID_LENGTH = 8


def folded(typed):
    """``typed`` as numbers and IDs are kept."""
    return numbers.fold(typed.replace("\x00", "")).upper()


def informations(typed):
    """The payment numbers that ``typed`` can mean, through an index each.

    A payment number, a receipt number, the ID of a user, or the reference that banks know.
    """
    there = PaymentInformation.objects.order_by()
    word = folded(typed)
    if len(word) == _PAYMENT_NUMBER_LENGTH:
        return there.filter(payment_number=word)
    if len(word) == numbers.RECEIPT_NUMBER_LENGTH:
        lines = PaymentLine.objects.filter(charge__application__receipt_number=word)
        return there.filter(pk__in=lines.values("information"))
    if len(word) == _USER_ID_LENGTH:
        return there.filter(of_user(word))
    return there.filter(reference=word.lower())


def of_user(word, path="user__"):
    """Condition for what belongs to the user of this ID, 納付利用者ID or 一括利用者ID."""
    word = folded(word)
    if not word:
        return Q(pk__in=[])
    return Q(**{f"{path}user_id": word}) | Q(**{f"{path}bulk_id": word})
