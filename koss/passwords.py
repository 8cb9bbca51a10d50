"""Checking a password that can be locked: that of an application, payment user or receiver.

The rules are product.md "locks" and trust.md T-01, T-03, T-10:

- A try is reserved (counted) before anything is hashed, and given back only by being right, so
  parallel guesses cannot outrun the counter.
- Hashing happens outside any transaction, at most ``KOSS_HASHES_AT_ONCE`` at a time, and always
  once, whether the number exists, is locked, or not.
- Counters belong to the number as typed, known to the portal or not, under a keyed hash.
- Between counted tries stand growing waits; a try during a wait is refused and not counted.
- A source that locked ``KOSS_LOCKS_PER_SOURCE`` numbers within a day is refused uncounted.
- A browser that was let in before counts apart, so a stranger cannot lock its owner out.
"""

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from koss.models import PasswordLock

# How long a try waits for one of the places at the hasher.
PATIENCE_SECONDS = 2
_places = threading.BoundedSemaphore(settings.KOSS_HASHES_AT_ONCE)


class Verdict(Enum):
    RIGHT = auto()
    WRONG = auto()
    LOCKED = auto()
    WAIT = auto()
    SOURCE_SPENT = auto()
    BUSY = auto()


class Busy(Exception):
    """All places at the hasher stayed taken; the same would work a moment later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``retry_at``: for WAIT, from when on the next try counts."""

    verdict: Verdict
    retry_at: datetime | None = None


def attempt(kind, subject, typed, encoded, *, now, source, device="", barred=False, on_count=None):
    """Try ``typed`` against ``encoded`` (None: there is no such subject) and count it.

    ``kind`` keeps the logins apart, ``subject`` is the number or ID as typed, ``source`` and
    ``device`` come from ``koss.visitors``. ``barred``: it is locked for another reason.
    ``on_count(failures)`` is called in the transaction that counts the try, right or wrong.
    """
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        return Answer(Verdict.BUSY)
    try:
        lock, refusal = _reserve(
            kind, subject, now=now, source=source, device=device, barred=barred, on_count=on_count
        )
        if refusal and refusal.verdict is not Verdict.LOCKED:
            return refusal
        right = check_password(typed, encoded or _nobodys_password()) and encoded is not None
    finally:
        _places.release()
    if refusal:
        return refusal
    if not right:
        locked = lock.failures >= settings.KOSS_LOCK_AFTER
        return Answer(Verdict.LOCKED if locked else Verdict.WRONG)
    PasswordLock.objects.filter(pk=lock.pk).update(failures=0, locked_at=None)
    if device:
        _remember(kind, subject, device, now)
    return Answer(Verdict.RIGHT)


def encode(password):
    """``password`` as it is kept. Raises Busy when no place at the hasher became free."""
    with _place():
        return make_password(password)


def is_right(password, encoded):
    """Whether ``password`` is the one that is kept as ``encoded``; counts nothing. Raises Busy."""
    with _place():
        return check_password(password, encoded)


def is_locked(kind, subject):
    """Whether the general counter of ``subject`` is locked."""
    return PasswordLock.objects.filter(
        subject=_digest(kind, subject), locked_at__isnull=False
    ).exists()


def locked_among(kind, subjects):
    """Those of ``subjects`` whose general counter is locked. One query."""
    digests = {_digest(kind, subject): subject for subject in subjects}
    found = PasswordLock.objects.filter(subject__in=digests, locked_at__isnull=False)
    return {digests[digest] for digest in found.values_list("subject", flat=True)}


def forgive(kind, subject):
    """Forget what was tried in vain for ``subject``, also in browsers that count apart."""
    general = _digest(kind, subject)
    PasswordLock.objects.filter(Q(subject=general) | Q(owner=general)).update(
        failures=0, locked_at=None
    )


def set_failures(kind, subject, failures, *, now):
    """Put the counter of ``subject`` where the demo world wants it."""
    PasswordLock.objects.update_or_create(
        subject=_digest(kind, subject),
        defaults={
            "failures": failures,
            "tried_at": now,
            "locked_at": now if failures >= settings.KOSS_LOCK_AFTER else None,
        },
    )


@contextmanager
def _place():
    """Inside, one of the places at the hasher is held."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def _reserve(kind, subject, *, now, source, device, barred, on_count):
    """(lock row, None) with the try counted, or (lock row, why it is refused) uncounted."""
    source_hash = _digest("source", source)
    with transaction.atomic():
        lock, knows_device = _lane(kind, subject, device, now)
        if lock.locked_at or barred:
            return lock, Answer(Verdict.LOCKED)
        if not knows_device and _is_spent(source_hash, now):
            return lock, Answer(Verdict.SOURCE_SPENT)
        retry_at = _next_try(lock)
        if now < retry_at:
            return lock, Answer(Verdict.WAIT, retry_at)
        lock.failures += 1
        lock.tried_at, lock.source = now, source_hash
        if lock.failures >= settings.KOSS_LOCK_AFTER:
            lock.locked_at = now
        lock.save(update_fields=["failures", "tried_at", "source", "locked_at"])
        if on_count:
            on_count(lock.failures)
    return lock, None


def _lane(kind, subject, device, now):
    """The locked row that counts this try, and whether it is the browser's own."""
    rows = PasswordLock.objects.select_for_update()
    if device:
        own = rows.filter(subject=_digest(kind, subject, device)).first()
        if own:
            return own, True
    row, _ = rows.get_or_create(subject=_digest(kind, subject), defaults={"tried_at": now})
    return row, False


def _next_try(lock):
    waits = settings.KOSS_PASSWORD_WAITS
    if not lock.failures or not waits:
        return lock.tried_at
    return lock.tried_at + timedelta(seconds=waits[min(lock.failures, len(waits)) - 1])


def _is_spent(source_hash, now):
    locked_lately = PasswordLock.objects.filter(
        source=source_hash, locked_at__gt=now - timedelta(days=1)
    )
    return locked_lately.count() >= settings.KOSS_LOCKS_PER_SOURCE


def _remember(kind, subject, device, now):
    PasswordLock.objects.get_or_create(
        subject=_digest(kind, subject, device),
        defaults={"owner": _digest(kind, subject), "tried_at": now},
    )


def _digest(*parts):
    return salted_hmac("koss.passwords", "\x1f".join(parts), algorithm="sha256").hexdigest()


@cache
def _nobodys_password():
    """What is checked for a number that does not exist, at the same cost."""
    return make_password("nobody")
