"""What an application owes, and until when. All amounts in yen, all dates in Japan.

Amounts come from the dated table ``Rate`` (product.md "fees and taxes"); a charge of 0 stands for
"nothing to pay" and shows as "-" on the status page.
"""

import calendar
from datetime import date

from applications.models import Charge, ChargeKind, Rate, WeightClass
from applications.status import Procedure
from koss import clock

# The environmental performance tax is owed only where the review was finished by this day.
VEHICLE_TAX_LAST_DAY = date(2026, 3, 31)
# … and only for vehicles that cost more than this.
VEHICLE_TAX_FREE_PRICE = 500_000


class NoRate(LookupError):
    """The dated table has no line for this kind, procedure, class and day."""


def one_month_after(day):
    """The same day of the next month, else that month's last day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def owe_fees(applications, *, now, inputs):
    """検査手数料 and 技術情報管理手数料, due one month after the application date.

    An application that carries over fees paid for an earlier one owes 0.
    """
    table = RateTable()
    charges = []
    for application in applications:
        application.deadline = one_month_after(application.applied_on)
        for kind in (ChargeKind.INSPECTION_FEE, ChargeKind.TECHNICAL_FEE):
            amount = table.amount(kind, application.procedure, application.applied_on)
            charges.append(
                Charge(
                    application=application,
                    kind=kind,
                    amount=0 if application.earlier_id else amount,
                    due_on=application.deadline,
                )
            )
    Charge.objects.bulk_create(charges)


def owe_weight_tax(applications, *, now, inputs):
    """The review is finished today; 自動車重量税 is due one month from now."""
    table = RateTable()
    today = clock.day(now)
    charges = []
    for application in applications:
        application.reviewed_on = today
        application.deadline = one_month_after(today)
        charges.append(
            Charge(
                application=application,
                kind=ChargeKind.WEIGHT_TAX,
                amount=table.amount(
                    ChargeKind.WEIGHT_TAX,
                    application.procedure,
                    application.applied_on,
                    application.weight_class,
                ),
                due_on=application.deadline,
            )
        )
    Charge.objects.bulk_create(charges)


def owe_vehicle_tax(applications, *, now, inputs):
    """軽自動車税環境性能割 from the price and rate that the tax office entered."""
    today = clock.day(now)
    charges = []
    for application in applications:
        application.deadline = one_month_after(today)
        charges.append(
            Charge(
                application=application,
                kind=ChargeKind.VEHICLE_TAX,
                amount=vehicle_tax(application),
                due_on=application.deadline,
            )
        )
    Charge.objects.bulk_create(charges)


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
        for rate in self._rates:
            if (
                rate.kind == kind
                and rate.procedure == procedure
                and rate.weight_class == weight_class
                and rate.first_day <= on
            ):
                return rate.amount
        raise NoRate(f"{kind} {Procedure(procedure).value} {weight_class} {on}")
