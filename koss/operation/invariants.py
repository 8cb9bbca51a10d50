"""What must hold in the database at any moment, whatever was killed, doubled, late or lost.

Each rule is one query over whole tables that finds the rows which break it. Nothing
here repairs anything. ``manage.py check_invariants`` runs them all; tests of faults do so too.
"""

from django.conf import settings
from django.db.models import Q

from applications.demo.seats import OF_SEATS
from applications.life.invariants import OF_MOVES
from koss.ground.invariant import Rule, twice
from koss.ground.progress import followed
from koss.models import OutgoingMail, PasswordLock
from payments.invariants.of_money import OF_MONEY
from payments.invariants.of_numbers import OF_NUMBERS
from qrcodes.invariants import AT_THE_COUNTER

__all__ = ["RULES", "Rule", "broken"]


def _mails_twice():
    return twice(OutgoingMail.objects.all(), "key")


def _too_many_failures():
    most = settings.KOSS_LOCK_AFTER
    return PasswordLock.objects.filter(Q(failures__gt=most) | Q(failures__gte=most, locked_at=None))


OF_THE_PORTAL = (
    Rule("I7 one mail", "One mail per event and address.", _mails_twice),
    Rule(
        "I9 failures",
        "No password was tried more often than allowed, and none that often without a lock.",
        _too_many_failures,
    ),
)
RULES = (*OF_MONEY, *OF_NUMBERS, *OF_MOVES, *AT_THE_COUNTER, *OF_THE_PORTAL, *OF_SEATS)


def broken():
    """The names of the rules that do not hold now."""
    return [rule.name for rule in followed(RULES, "rules") if rule.broken().exists()]
