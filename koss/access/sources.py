"""What one source may do without having shown a password: wrong passwords, and rows left behind.

A source is what ``koss.access.visitors.source_of`` gives: an IPv4 address or an IPv6 network. One
row each, changed under its lock only, holds two levels that halve by themselves:

- ``misses``: wrong passwords that no right one followed. At ``KOSS_FAILURES_PER_SOURCE`` the
  source is refused, and only for numbers that it has missed. ``SourceMiss`` says which these are.
- ``writes``: rows that were made for it, at ``KOSS_WRITES_PER_SOURCE`` it has to wait a moment.

Halving adds up: the level of a source is the sum of the levels of its numbers at any moment.
"""

from datetime import timedelta
from math import log2

from django.conf import settings
from django.db import transaction

from koss.models import Source, SourceMiss

MISSES_HALVE = timedelta(days=1)
WRITES_HALVE = timedelta(minutes=5)
# What is left of a level after so long is no longer worth a row.
FORGOTTEN = 7 * MISSES_HALVE


class TooMany(Exception):
    """This source made too many rows of late. ``retry_at``: from when on it may make one more."""

    def __init__(self, retry_at):
        super().__init__(retry_at)
        self.retry_at = retry_at


def admit(address, *, now):
    """Count one row that is about to be made for somebody who is not signed in. Raises TooMany.

    Ask before it is known whether the row will be made: known and unknown names spend alike.
    """
    with transaction.atomic():
        source = lock(address, now=now)
        retry_at = write(source, now=now)
        if retry_at is None:
            source.save()
    if retry_at:
        raise TooMany(retry_at)


def lock(address, *, now):
    """The row of ``address``, locked by the caller's transaction, with its levels as of ``now``."""
    rows = Source.objects.select_for_update(no_key=True)
    source, _made = rows.get_or_create(address=address, defaults={"levels_at": now})
    passed = now - source.levels_at
    if passed > timedelta():  # a clock that was set back makes nothing older
        source.misses *= _left(passed, MISSES_HALVE)
        source.writes *= _left(passed, WRITES_HALVE)
        source.levels_at = now
    return source


def write(source, *, now):
    """Count a row on the locked ``source``: None, or from when on that is possible."""
    limit = settings.KOSS_WRITES_PER_SOURCE
    if source.writes + 1 > limit:
        return now + _until(source.writes, limit - 1, WRITES_HALVE)
    source.writes += 1
    return None


def give_back(source):
    """The row counted last on the locked ``source`` was made for a right password after all."""
    source.writes = max(0.0, source.writes - 1)


def is_spent(source, *, also=0):
    """Whether the locked ``source`` has no wrong password left; ``also``: counted on top."""
    return source.misses + also + 1 > settings.KOSS_FAILURES_PER_SOURCE


def free_at(source, *, now):
    """From when on the locked ``source`` has one wrong password left."""
    return now + _until(source.misses, settings.KOSS_FAILURES_PER_SOURCE - 1, MISSES_HALVE)


def misses_now(source, *, now):
    """How many wrong passwords of ``source`` still count, as a number with a fraction."""
    return source.misses * _left(max(now - source.levels_at, timedelta()), MISSES_HALVE)


def has_missed(source, subject, *, now):
    """Whether a wrong password of ``source`` at ``subject`` still counts."""
    return SourceMiss.objects.filter(
        source=source, subject=subject, level_at__gt=now - FORGOTTEN
    ).exists()


def miss(source, subject, *, now):
    """A wrong password on the locked ``source``. The caller saves it."""
    found, _made = SourceMiss.objects.get_or_create(
        source=source, subject=subject, defaults={"level_at": now}
    )
    found.level = _level(found, now) + 1
    found.level_at = now
    found.save(update_fields=["level", "level_at"])
    source.misses += 1


def forgive(source, subject, *, now):
    """A right password on the locked ``source`` takes back its own misses. The caller saves it."""
    for found in SourceMiss.objects.filter(source=source, subject=subject):
        source.misses = max(0.0, source.misses - _level(found, now))
        found.delete()


def lift(addresses):
    """Forget what these sources have spent; locks of numbers stay. Returns how many there were."""
    with transaction.atomic():
        found = Source.objects.filter(pk__in=addresses)
        count = found.count()
        found.delete()
    return count


def refused(*, now):
    """Sources that were refused within the last day (a QuerySet)."""
    return Source.objects.filter(refused_at__gt=now - timedelta(days=1))


def forget_old(business_date, *, now, chunk):
    """A step of the night: delete levels of which nothing is left."""
    for model, old in (
        (SourceMiss, SourceMiss.objects.filter(level_at__lt=now - FORGOTTEN)),
        (Source, Source.objects.filter(levels_at__lt=now - FORGOTTEN)),
    ):
        while keys := list(old.order_by("pk").values_list("pk", flat=True)[:chunk]):
            model.objects.filter(pk__in=keys).delete()
            yield len(keys)


def _level(found, now):
    return found.level * _left(max(now - found.level_at, timedelta()), MISSES_HALVE)


def _left(passed, half):
    return 0.5 ** (passed / half)


def _until(level, wanted, half):
    """How long until ``level`` is no more than ``wanted``; for nothing wanted, until it is 0.1."""
    return half * max(log2(level / max(wanted, 0.1)), 0) + timedelta(seconds=1)
