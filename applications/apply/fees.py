"""What an application will owe, before it is sent. All amounts in yen."""

from typing import NamedTuple

from applications.intake import entry
from applications.life.charges import NoRate, RateTable, one_month_after
from applications.models import Application, ChargeKind, WeightClass


class Due(NamedTuple):
    """``amount``: fees due first, or None where the table has no line. ``carried``: None without an
    earlier number, else whether its fees carry over. ``due_on``: until when they are to be paid.
    """

    amount: int | None
    carried: bool | None
    due_on: object


def fees_due(procedure, answers, today):
    """The fees of an application sent ``today`` with ``answers``."""
    number = answers.get("earlier", {}).get("earlier", "")
    carried = earlier_of(procedure, answers) is not None if number else None
    table = RateTable()
    try:
        amount = sum(
            table.amount(kind, procedure, today)
            for kind in (ChargeKind.INSPECTION_FEE, ChargeKind.TECHNICAL_FEE)
        )
    except NoRate:
        amount = None
    return Due(0 if carried else amount, carried, one_month_after(today))


def earlier_of(procedure, answers):
    """The earlier application whose fees carry over to one with ``answers``, or None.

    An unknown number and one that carries nothing over are answered alike.
    """
    number = answers.get("earlier", {}).get("earlier", "")
    found = number and Application.objects.filter(receipt_number=number).first()
    chassis_number = answers.get("chassis", {}).get("chassis_number", "")
    if found and entry.carries_over(found, procedure, chassis_number):
        return found
    return None


def weight_classes(procedure, today):
    """Pairs (WeightClass, amount) that can be chosen for ``procedure``, cheapest first."""
    table, pairs = RateTable(), []
    for each in WeightClass:
        try:
            pairs.append((each, table.amount(ChargeKind.WEIGHT_TAX, procedure, today, each)))
        except NoRate:
            continue
    return sorted(pairs, key=lambda pair: pair[1])
