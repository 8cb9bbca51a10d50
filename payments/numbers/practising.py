"""The magic values of the demo at agency and bank: refusals, as the 車台番号 under a number asks.

Outside the demo neither asks the database anything.
"""

from django.conf import settings

from applications.practice import values
from payments.numbers import releasing


def number_refusal(information):
    """Why the practice agency gives no number for ``information``, or ""."""
    return _first(information, "number_refusal")


def debit_refusal(information):
    """Why the practice bank debits nothing for ``information``, or ""."""
    return _first(information, "debit_refusal")


def _first(information, name):
    if not settings.DEMO:
        return ""
    under = releasing.applications_under(information).order_by("pk")
    found = (values.of(each) for each in under.values_list("chassis_number", flat=True))
    return next((getattr(value, name) for value in found if value and getattr(value, name)), "")
