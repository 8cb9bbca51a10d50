"""Checking a password that can be locked: that of an application, payment user or receiver.

- A try is reserved (counted) before anything is hashed, and given back only by being right, so
  parallel guesses cannot outrun the counter. A try that another one in flight will decide waits
  for it: right passwords typed at the same moment are all let in.
- Hashing happens outside any transaction, at most ``KOSS_HASHES_AT_ONCE`` at a time, and always
  once, whether the number exists, is locked, or not.
- Counters belong to the number as typed, known to the portal or not, under a keyed hash.
- Between counted tries stand growing waits; a try during a wait is refused and not counted.
- A source with too many wrong passwords is refused uncounted, and only for numbers it has missed
  (``koss.access.sources``).
- A browser that was let in before counts apart, so a stranger cannot lock its owner out.
"""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Min, Q

from koss.access import tries
from koss.ground import figures
from koss.models import PasswordLock

# How long a try waits for one of the places at the hasher, or for what another try decides.
PATIENCE_SECONDS = 2
_LOOK_AGAIN_SECONDS = 0.02
_places = threading.BoundedSemaphore(settings.KOSS_HASHES_AT_ONCE)


class Verdict(Enum):
    RIGHT = auto()
    WRONG = auto()
    LOCKED = auto()
    WAIT = auto()
    SOURCE_SPENT = auto()
    SOURCE_BUSY = auto()
    BUSY = auto()


_OF_REFUSAL = {
    tries.TryRefusal.LOCKED: Verdict.LOCKED,
    tries.TryRefusal.WAIT: Verdict.WAIT,
    tries.TryRefusal.SOURCE_SPENT: Verdict.SOURCE_SPENT,
    tries.TryRefusal.SOURCE_BUSY: Verdict.SOURCE_BUSY,
}


class Busy(Exception):
    """All places at the hasher stayed taken; the same would work a moment later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``retry_at``: where waiting helps, from when on the next try counts."""

    verdict: Verdict
    retry_at: datetime | None = None


def attempt(
    kind,
    subject,
    typed,
    encoded,
    *,
    now,
    source,
    device="",
    barred=False,
    on_count=None,
    on_lock=None,
):
    """Try ``typed`` against ``encoded`` (None: there is no such subject) and count it.

    ``kind`` keeps the logins apart, ``subject`` is the number or ID as typed, ``source`` and
    ``device`` come from ``koss.access.visitors``. ``barred``: it is locked for another reason.
    ``on_count()`` is called in the transaction that counts the try, right or wrong; ``on_lock()``
    in the one in which it turns out to be the wrong one that locks.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    one = tries.Try(tries.digest(kind, subject), now=now, source=source, barred=barred)
    if device:
        one.own_lane = tries.digest(kind, subject, device)
    while _takes_place(max(until - time.monotonic(), 0)):
        try:
            refusal = tries.reserve(one, on_count)
            if refusal is not tries.TryRefusal.UNDECIDED:
                if refusal not in (None, tries.TryRefusal.LOCKED):
                    return Answer(_OF_REFUSAL[refusal], one.retry_at)
                right = _is_right(typed, encoded)
                break
        finally:
            _places.release()
        if time.monotonic() > until:
            return Answer(Verdict.BUSY)
        time.sleep(_LOOK_AGAIN_SECONDS)
    else:
        return Answer(Verdict.BUSY)
    if refusal or (not right and tries.was_wrong(one, on_lock)):
        return Answer(Verdict.LOCKED)
    if not right:
        return Answer(Verdict.WRONG)
    tries.was_right(one)
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
        subject=tries.digest(kind, subject), locked_at__isnull=False
    ).exists()


def locked_among(kind, subjects):
    """Those of ``subjects`` whose general counter is locked. One query."""
    digests = {tries.digest(kind, subject): subject for subject in subjects}
    found = PasswordLock.objects.filter(subject__in=digests, locked_at__isnull=False)
    return {digests[each] for each in found.values_list("subject", flat=True)}


def forgive(kind, subject):
    """Forget the failed tries for ``subject``, also in browsers that count apart."""
    general = tries.digest(kind, subject)
    PasswordLock.objects.filter(Q(subject=general) | Q(owner=general)).update(
        failures=0, pending=0, locked_at=None
    )


def opened_among(kind, subjects):
    """Of ``subjects``, which a browser has opened with the password: subject → when first.

    One query.
    """
    digests = {tries.digest(kind, subject): subject for subject in subjects}
    found = PasswordLock.objects.filter(owner__in=digests).values_list("owner")
    return {digests[owner]: at for owner, at in found.annotate(first=Min("tried_at"))}


def forget(kind, subjects):
    """As if nobody had ever tried the passwords of ``subjects``."""
    digests = [tries.digest(kind, subject) for subject in subjects]
    PasswordLock.objects.filter(Q(subject__in=digests) | Q(owner__in=digests)).delete()


def set_failures(kind, subject, failures, *, now):
    """Put the counter of ``subject`` where the demo world wants it."""
    PasswordLock.objects.update_or_create(
        subject=tries.digest(kind, subject),
        defaults={
            "failures": failures,
            "pending": 0,
            "tried_at": now,
            "locked_at": now if failures >= settings.KOSS_LOCK_AFTER else None,
        },
    )


@contextmanager
def _place():
    """Inside, one of the places at the hasher is held."""
    if not _takes_place(PATIENCE_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def _takes_place(patience):
    """Whether one of the places at the hasher became free within ``patience`` seconds."""
    begun = time.monotonic()
    served = _places.acquire(timeout=patience)
    figures.hash_waited(time.monotonic() - begun, served=served)
    return served


def _is_right(typed, encoded):
    return check_password(typed, encoded or _nobodys_password()) and encoded is not None


@cache
def _nobodys_password():
    """What is checked for a number that does not exist, at the same cost."""
    return make_password("nobody")
