"""手続進捗状況: the bar of 済, 未 and ! that a status draws."""

from dataclasses import dataclass

from applications.labels import Mark
from applications.labels import Step as Name
from applications.status import Procedure, Status

_BARS = {
    Procedure.CONTINUED_INSPECTION: (Name.PREPARATION, Name.INSPECTION_OFFICE, Name.RETURN),
    Procedure.NEW_VEHICLE: (
        Name.PREPARATION,
        Name.INSPECTION_OFFICE,
        Name.TAX_OFFICE,
        Name.ISSUE,
    ),
}
_AT_TAX_OFFICE = {
    Status.TAX_IN_REVIEW,
    Status.AWAITING_TAX_CORRECTION,
    Status.VEHICLE_TAX_DUE,
    Status.VEHICLE_TAX_IN_BATCH,
}
_WITHOUT_ATTENTION = {
    Status.RECEIVED,
    Status.IN_REVIEW,
    Status.TAX_IN_REVIEW,
    Status.WITHDRAWING,
    Status.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class ProgressStep:
    number: int
    name: str
    mark: Mark
    is_current: bool


def bar(application):
    """The steps of the application's procedure, each with its mark."""
    names = _BARS[application.procedure]
    current = _current(application.status, len(names))
    return [
        ProgressStep(number, name, _mark(application.status, number, current), number == current)
        for number, name in enumerate(names, start=1)
    ]


def _current(status, last):
    if status in Status.READY:
        return last
    if status in {Status.RETURNED, Status.ISSUED}:
        return last + 1
    if status in _AT_TAX_OFFICE:
        return 3
    return 1 if status == Status.NOT_ACCEPTED else 2


def _mark(status, number, current):
    if number < current:
        return Mark.DONE
    if number > current or status in _WITHOUT_ATTENTION:
        return Mark.TO_COME
    return Mark.ATTENTION
