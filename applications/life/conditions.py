"""On what the moves depend, each said once as a database condition.

A condition takes the day on which the move is made (for the night: the business date) and returns
a ``Q`` over applications, so one application and a million are judged by the same words. The first
line of each docstring appears in docs/states.md.
"""

from django.db.models import Exists, OuterRef, Q

from applications.life.charges import VEHICLE_TAX_FREE_PRICE, VEHICLE_TAX_LAST_DAY
from applications.models import Charge, ChargeKind, PaymentMethod, WeightClass
from applications.status import Procedure


def every(*conditions):
    """All of ``conditions`` together."""

    def all_of_them(day):
        together = Q()
        for condition in conditions:
            together &= condition(day)
        return together

    all_of_them.parts = conditions
    all_of_them.__doc__ = " and ".join(says(condition) for condition in conditions)
    return all_of_them


def parts_of(condition):
    """The conditions that ``condition`` joins, or itself alone."""
    return getattr(condition, "parts", (condition,))


def says(condition):
    """The condition in words."""
    return condition.__doc__.strip().splitlines()[0].rstrip(".")


def pays_individually(day):
    """paid individually"""
    return Q(payment_method=PaymentMethod.INDIVIDUAL)


def pays_together(day):
    """paid in a batch or by direct debit"""
    return ~Q(payment_method=PaymentMethod.INDIVIDUAL)


def owes_fees(day):
    """no fees carried over"""
    return Q(earlier=None)


def fees_carried_over(day):
    """fees carried over from an earlier application"""
    return Q(earlier__isnull=False)


def no_number_taken(day):
    """no payment number taken yet"""
    return ~Q(Exists(_charges(kind__in=ChargeKind.FEES, number_taken_at__isnull=False)))


def no_number_open(day):
    """no payment number open"""
    under_number = _unpaid(number_taken_at__isnull=False, withdrawal_accepted_on=None)
    return ~Q(Exists(under_number))


def fees_paid(day):
    """all fees paid"""
    return ~Q(Exists(_unpaid(kind__in=ChargeKind.FEES)))


def fees_unpaid(day):
    """fees unpaid"""
    return Q(Exists(_unpaid(kind__in=ChargeKind.FEES)))


def batch_withdrawn(day):
    """the withdrawal of its batch was accepted that day or before"""
    return Q(Exists(_unpaid(kind__in=ChargeKind.FEES, withdrawal_accepted_on__lte=day)))


def weight_tax_paid(day):
    """weight tax paid"""
    return ~Q(Exists(_unpaid(kind=ChargeKind.WEIGHT_TAX)))


def vehicle_tax_paid(day):
    """vehicle tax paid"""
    return ~Q(Exists(_unpaid(kind=ChargeKind.VEHICLE_TAX)))


def owes_weight_tax(day):
    """weight tax due"""
    return ~Q(weight_class=WeightClass.EXEMPT)


def free_of_weight_tax(day):
    """no weight tax due"""
    return Q(weight_class=WeightClass.EXEMPT)


def owes_vehicle_tax(day):
    """vehicle tax due"""
    return Q(
        reviewed_on__lte=VEHICLE_TAX_LAST_DAY,
        acquisition_price__gt=VEHICLE_TAX_FREE_PRICE,
        vehicle_tax_rate__gt=0,
    )


def free_of_vehicle_tax(day):
    """no vehicle tax due"""
    return (
        Q(reviewed_on__gt=VEHICLE_TAX_LAST_DAY)
        | Q(acquisition_price=None)
        | Q(acquisition_price__lte=VEHICLE_TAX_FREE_PRICE)
        | Q(vehicle_tax_rate=None)
        | Q(vehicle_tax_rate=0)
    )


def is_continued_inspection(day):
    """継続検査"""
    return Q(procedure=Procedure.CONTINUED_INSPECTION)


def is_new_vehicle(day):
    """新車"""
    return Q(procedure=Procedure.NEW_VEHICLE)


def in_time(day):
    """deadline not passed"""
    return Q(deadline__gte=day)


def overdue(day):
    """deadline passed"""
    return Q(deadline__lte=day)


def has_recording_agent(day):
    """a recording agent is named"""
    return ~Q(recording_agent_number="")


def _charges(**those):
    return Charge.objects.filter(application=OuterRef("pk"), **those)


def _unpaid(**those):
    return _charges(amount__gt=0, paid_at=None, **those)
