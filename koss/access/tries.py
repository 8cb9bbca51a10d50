"""Counting tries of a password: the rows behind ``koss.access.passwords``.

A try in flight counts as a failure (``failures``) and as undecided (``pending``) until its
outcome is known. What depends on the outcome of others is UNDECIDED and asked again in a moment.
Rows are locked in one order: the source, then the counter.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from koss.access import sources
from koss.ground import clock
from koss.models import PasswordLock

# After so long, by the machine's own time, a try in flight is that of a process that died.
_IN_FLIGHT = timedelta(seconds=15)


class TryRefusal(Enum):
    """Why a try is not made."""

    LOCKED = auto()
    WAIT = auto()
    SOURCE_SPENT = auto()
    SOURCE_BUSY = auto()
    UNDECIDED = auto()


@dataclass(slots=True)
class Try:
    """One try. ``own_lane``: the counter of a browser that may have one of its own."""

    subject: str
    now: datetime
    source: str
    barred: bool = False
    own_lane: str = ""
    retry_at: datetime | None = field(default=None, init=False)
    in_own_lane: bool = field(default=False, init=False)
    made_counter: bool = field(default=False, init=False)


def digest(*parts):
    """Under which name a number, a browser or an ID is counted."""
    return salted_hmac("koss.passwords", "\x1f".join(parts), algorithm="sha256").hexdigest()


def reserve(one, on_count):
    """Count ``one`` as failed until it is decided: None, or the TryRefusal, uncounted."""
    with transaction.atomic():
        source, lock = _rows(one)
        refusal = _refusal(one, source, lock)
        if refusal:
            if refusal is TryRefusal.SOURCE_SPENT:
                source.refused_at = one.now
                source.save()
            return refusal
        if lock.pk is None:
            lock, made = PasswordLock.objects.get_or_create(
                subject=one.subject, defaults={"tried_at": one.now}
            )
            if not made:  # another source was faster
                return TryRefusal.UNDECIDED
            one.made_counter = True
        lock.failures += 1
        lock.pending += 1
        lock.reserved_at = clock.system_now()
        lock.save()
        if source:
            source.pending += 1
            source.reserved_at = lock.reserved_at
            source.save()
        if on_count:
            on_count()
    return None


def was_wrong(one, on_lock):
    """The reserved try failed. Returns whether its counter is locked now."""
    with transaction.atomic():
        source, lock = _rows(one)
        lock.pending, lock.tried_at = max(lock.pending - 1, 0), one.now
        locks = not lock.locked_at and lock.failures - lock.pending >= settings.KOSS_LOCK_AFTER
        if locks:
            lock.locked_at = one.now
        lock.save()
        if source:
            source.pending = max(source.pending - 1, 0)
            sources.miss(source, one.subject, now=one.now)
            source.save()
        if locks and on_lock:
            on_lock()
    return bool(lock.locked_at)


def was_right(one):
    """The reserved try opened: failures of before are forgotten, here and for its source."""
    with transaction.atomic():
        source, lock = _rows(one)
        lock.pending = max(lock.pending - 1, 0)
        lock.failures = lock.pending  # those in flight are still open
        lock.tried_at = one.now
        lock.save()
        if source:
            source.pending = max(source.pending - 1, 0)
            sources.forgive(source, one.subject, now=one.now)
            if one.made_counter:
                sources.give_back(source)
            source.save()
        if one.own_lane and not one.in_own_lane:
            PasswordLock.objects.get_or_create(
                subject=one.own_lane, defaults={"owner": one.subject, "tried_at": one.now}
            )


def _rows(one):
    """(the source or None, the counter), both locked. A browser's own lane asks no source."""
    rows = PasswordLock.objects.select_for_update(no_key=True)
    if one.own_lane:
        own = rows.filter(subject=one.own_lane).first()
        if own:
            one.in_own_lane = True
            return None, _settled(own, one.now)
    source = sources.lock(one.source, now=one.now)
    _drop_dead(source)
    lock = rows.filter(subject=one.subject).first()
    if lock is None:
        lock = PasswordLock(subject=one.subject, tried_at=one.now)
    return source, _settled(lock, one.now)


def _settled(lock, now):
    """``lock`` without tries whose process died: they count as failures."""
    if _drop_dead(lock):
        lock.tried_at = now
        if lock.failures >= settings.KOSS_LOCK_AFTER and not lock.locked_at:
            lock.locked_at = now
        lock.save()
    return lock


def _drop_dead(row):
    if row.pending and clock.system_now() - row.reserved_at > _IN_FLIGHT:
        row.pending = 0
        return True
    return False


def _refusal(one, source, lock):
    if lock.locked_at or one.barred:
        return TryRefusal.LOCKED
    if source and (refusal := _of_source(one, source, lock)):
        return refusal
    # Without failures there is no wait, even where the clock was set back since the last try.
    wait = _wait_after(lock.failures - lock.pending)
    if wait and lock.tried_at + wait > one.now:
        one.retry_at = lock.tried_at + wait
        return TryRefusal.WAIT
    full = lock.failures >= settings.KOSS_LOCK_AFTER
    if lock.pending and (full or _wait_after(lock.failures)):
        return TryRefusal.UNDECIDED
    if source and lock.pk is None and (retry_at := sources.write(source, now=one.now)):
        one.retry_at = retry_at
        return TryRefusal.SOURCE_BUSY
    return None


def _of_source(one, source, lock):
    if not sources.is_spent(source, also=source.pending):
        return None
    if sources.has_missed(source, one.subject, now=one.now):
        if not sources.is_spent(source):
            return TryRefusal.UNDECIDED
        one.retry_at = sources.free_at(source, now=one.now)
        return TryRefusal.SOURCE_SPENT
    # One wrong password is free at every number; whether it is spent, one in flight will tell.
    return TryRefusal.UNDECIDED if lock.pending else None


def _wait_after(failures):
    """How long the next try has to wait after ``failures`` in a row."""
    waits = settings.KOSS_PASSWORD_WAITS
    if not failures or not waits:
        return timedelta()
    return timedelta(seconds=waits[min(failures, len(waits)) - 1])
