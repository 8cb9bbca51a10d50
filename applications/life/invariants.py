"""Statuses and their record."""

from django.db.models import Exists, OuterRef, Q

from applications.life.table import TABLE
from applications.models import Application, HistoryEntry
from koss.ground.invariant import Rule, twice


def _moves_nobody_declared():
    declared = Q()
    for move in TABLE:
        declared |= Q(
            move=move.name, from_status=move.source or "", to_status=move.target, actor=move.by
        )
    return HistoryEntry.objects.exclude(declared)


def _gaps():
    """Entries that do not begin where the one before ended."""
    before = HistoryEntry.objects.filter(
        application=OuterRef("application"),
        version=OuterRef("version") - 1,
        to_status=OuterRef("from_status"),
    )
    first = Q(version=1, from_status="")
    return HistoryEntry.objects.exclude(first).filter(~Exists(before))


def _unlike_their_history():
    """Applications that do not stand where their record ends."""
    record = HistoryEntry.objects.filter(application=OuterRef("pk"))
    last = record.filter(version=OuterRef("version"), to_status=OuterRef("status"))
    later = record.filter(version__gt=OuterRef("version"))
    return Application.objects.filter(~Exists(last) | Exists(later))


def _backwards():
    later = HistoryEntry.objects.filter(
        application=OuterRef("application"),
        version=OuterRef("version") - 1,
        at__gt=OuterRef("at"),
    )
    return HistoryEntry.objects.filter(Exists(later))


def _status_times():
    last = HistoryEntry.objects.filter(
        application=OuterRef("pk"), version=OuterRef("version"), at=OuterRef("status_changed_at")
    )
    return Application.objects.filter(~Exists(last))


def _same_receipt_number():
    return twice(Application.objects.all(), "receipt_number")


OF_MOVES = (
    Rule(
        "I5 declared moves",
        "Every entry of the record is a line of the table.",
        _moves_nobody_declared,
    ),
    Rule("I5 no gaps", "Every entry begins where the one before ended.", _gaps),
    Rule(
        "I5 replays",
        "Every application stands where its record ends.",
        _unlike_their_history,
    ),
    Rule("I12 moves", "The moments of an application's moves never go back.", _backwards),
    Rule(
        "I12 statuses",
        "A status is as old as the move that led to it.",
        _status_times,
    ),
    Rule("I11 receipt numbers", "No receipt number stands twice.", _same_receipt_number),
)
