"""What a move asks of the person who makes it: ``Move.asks``, and where it matters."""

from enum import Enum

from django.conf import settings

from applications.life.charges import VEHICLE_TAX_LAST_DAY
from applications.status import Actor, Procedure


class Ask(Enum):
    REASON = "reason"
    DEADLINE = "deadline"
    FIELDS = "fields"
    PLATE = "plate"
    PRICE = "price"
    CORRECTION = "correction"


# The fields of the application that an answer may change; of a correction the order says it.
_CHANGES = {
    Ask.PLATE: {"plate"},
    Ask.PRICE: {"acquisition_price", "vehicle_tax_rate"},
}
# Whose moves KOSS_SECOND_REVIEW can name.
SECONDED = frozenset({Actor.REVIEWER, Actor.TAX_OFFICE})
_OF_MANY = {Ask.REASON, Ask.PLATE}


def needs_reason(move):
    return Ask.REASON in move.asks


def needs_second(name):
    """Whether somebody else has to confirm the move ``name`` before it is made."""
    return name in settings.KOSS_SECOND_REVIEW


def asked_of(move, application):
    """Of what ``move`` asks, what has to be said for ``application``.

    A plate is given to a new vehicle only; a price matters only where the tax can be owed.
    """
    left_out = set()
    if application.procedure != Procedure.NEW_VEHICLE:
        left_out.add(Ask.PLATE)
    reviewed_on = application.reviewed_on
    if reviewed_on is None or reviewed_on > VEHICLE_TAX_LAST_DAY:
        left_out.add(Ask.PRICE)
    return move.asks - left_out


def fits_many(move):
    """Whether one answer does for many applications: a reason at most, beside the plates."""
    return move.asks <= _OF_MANY


def check(move, inputs):
    """ValueError where ``inputs`` lack a reason, or change what this move does not ask for."""
    if needs_reason(move) and not inputs.reason.strip():
        raise ValueError(f"{move.name} needs a reason")
    if Ask.CORRECTION in move.asks:
        return
    allowed = set().union(*(_CHANGES.get(ask, ()) for ask in move.asks))
    if not set(inputs.changes) <= allowed:
        raise ValueError(f"{move.name} does not change {sorted(inputs.changes)}")
