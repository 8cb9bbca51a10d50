"""What an application owes and until when: the only code that writes ``Charge``.

All amounts in yen, all dates in Japan. Amounts come from the dated table ``Rate``; a charge of 0
means "nothing to pay" and shows as "-" on the status page.

A charge is free, then under a payment number (``take``), and from there free again (``release``),
withdrawn with its batch (``mark_withdrawn``) or paid (``mark_paid``); the last two are final. The
four act on sets, all or nothing: the caller has locked the applications, and ``ChargesNotOpen``
refuses when one charge of the set is not open to the step. The database's constraints refuse it
too.
"""

import calendar
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from applications.models import Charge, ChargeKind, Rate, WeightClass
from applications.status import Procedure
from koss.ground import clock

# The environmental performance tax is owed only where the review was finished by this day.
VEHICLE_TAX_LAST_DAY = date(2026, 3, 31)
# … and only for vehicles that cost more than this.
VEHICLE_TAX_FREE_PRICE = 500_000


_UNPAID = Q(amount__gt=0, paid_at=None, withdrawal_accepted_on=None)
_FREE = _UNPAID & Q(number_taken_at=None)
_TAKEN = _UNPAID & Q(number_taken_at__isnull=False)


class ChargesNotOpen(Exception):
    """A charge of the set is paid, withdrawn, free or taken already; nothing was changed."""


class NoRate(LookupError):
    """The dated table has no line for this kind, procedure, class and day."""


def one_month_after(day):
    """The same day of the next month, else that month's last day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def fees_due_on(applied_on, accepted_on):
    """Until when the fees of an application can be paid.

    One month after it was applied for. Where it is accepted so late that fewer than
    ``KOSS_LEAST_DAYS_TO_PAY`` days are left, one month after that.
    """
    due_on = one_month_after(applied_on)
    least = accepted_on + timedelta(days=settings.KOSS_LEAST_DAYS_TO_PAY)
    return due_on if due_on >= least else one_month_after(accepted_on)


def owe_fees(applications, *, now, inputs, before):
    """検査手数料 and 技術情報管理手数料, both due on ``fees_due_on``.

    An application that carries over fees paid for an earlier one owes 0.
    """
    table, today = RateTable(), clock.day(now)

    def amount(application, kind):
        fee = table.amount(kind, application.procedure, application.applied_on)
        return 0 if application.earlier_id else fee

    for application in applications:
        application.deadline = fees_due_on(application.applied_on, today)
    _owe(applications, (ChargeKind.INSPECTION_FEE, ChargeKind.TECHNICAL_FEE), amount)


def owe_weight_tax(applications, *, now, inputs, before):
    """The review is finished today; 自動車重量税 is due one month from now."""
    table, today = RateTable(), clock.day(now)

    def amount(application, kind):
        of_class = application.weight_class
        return table.amount(kind, application.procedure, application.applied_on, of_class)

    for application in applications:
        application.reviewed_on = today
        application.deadline = one_month_after(today)
    _owe(applications, (ChargeKind.WEIGHT_TAX,), amount)


def owe_vehicle_tax(applications, *, now, inputs, before):
    """軽自動車税環境性能割 from the price and rate that the tax office entered."""
    for application in applications:
        application.deadline = one_month_after(clock.day(now))
    _owe(
        applications, (ChargeKind.VEHICLE_TAX,), lambda application, _kind: vehicle_tax(application)
    )


def _owe(applications, kinds, amount):
    """Write what each of ``applications`` owes, due on its deadline."""
    Charge.objects.bulk_create(
        Charge(
            application=application,
            kind=kind,
            amount=amount(application, kind),
            due_on=application.deadline,
        )
        for application in applications
        for kind in kinds
    )


def take(charges, *, now):
    """A payment number was taken for ``charges`` (a QuerySet, as for the other three)."""
    _change(charges, _FREE, number_taken_at=now)


def release(charges):
    """The number of ``charges`` has ended unpaid: another one can be taken."""
    _change(charges, _TAKEN, number_taken_at=None)


def mark_withdrawn(charges, *, now):
    """The withdrawal of the batch of ``charges`` is accepted; the night voids what owes them."""
    _change(charges, _TAKEN, withdrawal_accepted_on=clock.day(now))


def mark_paid(charges, *, settled_at):
    """The bank settled ``charges`` at the moment ``settled_at``, however late it told."""
    _change(charges, _TAKEN, paid_at=settled_at)


def _change(charges, still, **values):
    if charges.exclude(still).exists():
        raise ChargesNotOpen(", ".join(values))
    charges.update(**values)


def vehicle_tax(application):
    """The tax in yen, rounded down to 100; 0 where none is owed."""
    if (
        application.reviewed_on > VEHICLE_TAX_LAST_DAY
        or not application.vehicle_tax_rate
        or (application.acquisition_price or 0) <= VEHICLE_TAX_FREE_PRICE
    ):
        return 0
    return int(application.acquisition_price * application.vehicle_tax_rate / 100) // 100 * 100


class RateTable:
    """The dated table, read once."""

    def __init__(self):
        self._rates = list(Rate.objects.order_by("-first_day"))

    def amount(self, kind, procedure, on, weight_class=""):
        """The amount in force on the day ``on``, or NoRate."""
        if weight_class == WeightClass.EXEMPT:
            return 0
        return self.line(kind, procedure, on, weight_class).amount

    def line(self, kind, procedure, on, weight_class=""):
        """The Rate in force on the day ``on``, or NoRate."""
        for rate in self._rates:
            if (
                rate.kind == kind
                and rate.procedure == procedure
                and rate.weight_class == weight_class
                and rate.first_day <= on
            ):
                return rate
        raise NoRate(f"{kind} {Procedure(procedure).value} {weight_class} {on}")
