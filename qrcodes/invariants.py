"""What was handed over, by whom, with which code."""

from django.db.models import Exists, F, OuterRef, Q

from applications.models import HistoryEntry
from applications.status import MoveName
from koss.ground.invariant import Rule, twice
from qrcodes.models import Code, CodeKind, Pickup


def _fetched_twice():
    return twice(Pickup.objects.all(), "application")


def _without_a_hand_over():
    handed_over = HistoryEntry.objects.filter(
        application=OuterRef("application"),
        move=MoveName.HAND_OVER,
        by=OuterRef("by"),
        at=OuterRef("at"),
    )
    return Pickup.objects.filter(~Exists(handed_over))


def _unlike_its_code():
    """The code was not used by the same clerk, or speaks for another vehicle or receiver."""
    fits = Q(code__used_at__isnull=False, code__used_by=F("by")) & (
        Q(code__kind=CodeKind.VEHICLE, code__application=F("application"))
        | Q(code__kind=CodeKind.AUTHENTICATION, code__receiver_name=F("receiver_name"))
    )
    return Pickup.objects.exclude(code=None).exclude(fits)


def _same_lookup_key():
    return twice(Code.objects.all(), "lookup_key")


AT_THE_COUNTER = (
    Rule("I8 fetched once", "The papers of an application are fetched once.", _fetched_twice),
    Rule(
        "I8 handed over",
        "A pickup is the record of one hand-over by the same clerk.",
        _without_a_hand_over,
    ),
    Rule(
        "I8 with its code",
        "A code is used by one clerk, for what it speaks for.",
        _unlike_its_code,
    ),
    Rule("I11 lookup keys", "No lookup key stands twice.", _same_lookup_key),
)
