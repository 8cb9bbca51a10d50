"""Paying where 軽自動車税種別割 is not confirmed is consent to show the paper at the counter.

The page before any payment says so, and the consent is kept with the payment number
(よくあるご質問, 操作方法に関する質問).
"""

from applications.models import Application
from payments.models import PaymentInformation


def among(applications):
    """Whether 種別割 is not confirmed for any of ``applications`` (a QuerySet)."""
    return applications.filter(annual_tax_confirmed=False).exists()


def needed(information):
    """Whether 種別割 is not confirmed for any application that is paid under this number."""
    return among(
        Application.objects.filter(
            charges__lines__information=information, charges__lines__released_at=None
        )
    )


def record(information, now):
    """Keep when the payer consented; the first time counts."""
    first = PaymentInformation.objects.filter(pk=information.pk, consented_at=None)
    if first.update(consented_at=now):
        information.consented_at = now
