"""API keys of a 一括利用者ID: made, told apart, changed for new ones, and ended.

A key is ``koss_`` and 32 random bytes: scanners of secrets find the first, and nobody can guess the
second, so a plain SHA-256 of it is kept and no slow hash. It is shown once, by what makes it.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from payments.models import Credential, CredentialEnd, EventKind, PaymentUser, Scope
from payments.payer import events

PREFIX = "koss_"
_BYTES = 32
_HINT = len(PREFIX) + 4
# How many of one user are good at a time.
AT_MOST = 20
WINDOW = timedelta(minutes=1)
# How long the old key may go on beside the new one.
OVERLAPS = (timedelta(), timedelta(days=1), timedelta(days=7), timedelta(days=30))


class TooManyCredentials(Exception):
    """This user has AT_MOST of them."""


class CredentialGone(Exception):
    """It is good no longer, or is somebody else's."""


class TooManyRequests(Exception):
    """The minute is spent. ``credential``: whose."""

    def __init__(self, credential):
        super().__init__(credential.pk)
        self.credential = credential


def make(user, *, name, scopes, now, source="", request_key=None):
    """(credential, its key). The key is "" where this ``request_key`` made it before.

    ``scopes``: of ``Scope``, at least one. ValueError without a 一括利用者ID.
    """
    if not user.bulk_id or not scopes:
        raise ValueError("a credential is of a 一括利用者ID and may do something")
    key = PREFIX + secrets.token_urlsafe(_BYTES)
    try:
        with transaction.atomic():
            _lock(user)
            if made := _made(user, request_key):
                return made, ""
            if user.credentials.good_at(now).count() >= AT_MOST:
                raise TooManyCredentials
            credential = Credential.objects.create(
                user=user,
                name=name,
                scopes=[scope.value for scope in Scope if scope in scopes],
                hint=key[:_HINT],
                digest=_digest(key),
                made_at=now,
                request_key=request_key,
            )
            events.record(user, EventKind.CREDENTIAL_MADE, now=now, source=source)
    except IntegrityError:
        if made := _made(user, request_key):
            return made, ""
        raise
    return credential, key


def rotate(user, pk, *, overlap, now, source="", request_key=None):
    """(new credential, its key) in the place of the one ``pk`` of ``user``.

    The old one stays good for ``overlap``, one of OVERLAPS. Raises CredentialGone.
    """
    if overlap not in OVERLAPS:
        raise ValueError(f"not an overlap: {overlap}")
    with transaction.atomic():
        _lock(user)
        if made := _made(user, request_key):
            return made, ""
        old = _own(user, pk, now)
        end = now + overlap
        if old.ends_at is None or old.ends_at > end:
            _end(Credential.objects.filter(pk=old.pk), CredentialEnd.ROTATED, end)
        new, key = make(
            user,
            name=old.name,
            scopes=[Scope(scope) for scope in old.scopes],
            now=now,
            source=source,
            request_key=request_key,
        )
        events.record(user, EventKind.CREDENTIAL_ROTATED, now=now, source=source)
    return new, key


@transaction.atomic
def revoke(user, pk, *, now, source=""):
    """The one ``pk`` of ``user`` opens nothing from now on. Raises CredentialGone."""
    _lock(user)
    old = _own(user, pk, now)
    _end(Credential.objects.filter(pk=old.pk), CredentialEnd.REVOKED, now)
    events.record(user, EventKind.CREDENTIAL_REVOKED, now=now, source=source)


def end_all(user, *, now):
    """一括利用者パスワード初期化 ends every key of ``user``, inside the caller's transaction."""
    _end(user.credentials.good_at(now), CredentialEnd.PASSWORD_RESET, now)


def find(key, *, now):
    """The good credential of ``key`` with its user, or None. One query."""
    if not key.startswith(PREFIX) or not key.isascii() or len(key) > 100:
        return None
    good = Credential.objects.good_at(now).select_related("user")
    credential = good.filter(digest=_digest(key)).first()
    if credential is None or credential.user.staff_locked_at:
        return None
    return credential


def count(credential, *, at):
    """Count one request of ``credential`` at ``at``, the machine's own moment.

    Returns how many are left in this minute; raises TooManyRequests. One statement, and a second
    one once a minute: the row itself says whether the minute is spent.
    """
    limit = settings.KOSS_API_REQUESTS_PER_MINUTE
    window = at.replace(second=0, microsecond=0)
    row = Credential.objects.filter(pk=credential.pk)
    if credential.window != window:
        older = row.filter(Q(window=None) | Q(window__lt=window))
        if older.update(window=window, requests=1, used_at=at):
            return limit - 1
    if not row.filter(requests__lt=limit).update(requests=F("requests") + 1):
        raise TooManyRequests(credential)
    return max(limit - credential.requests - 1, 0)


def window_ends(at):
    """When the minute of ``at`` is over."""
    return at.replace(second=0, microsecond=0) + WINDOW


def _lock(user):
    return PaymentUser.objects.select_for_update(no_key=True).get(pk=user.pk)


def _own(user, pk, now):
    found = user.credentials.good_at(now).filter(pk=pk).first()
    if found is None:
        raise CredentialGone
    return found


def _end(rows, why, at):
    rows.update(ends_at=at, end=why)


def _made(user, request_key):
    return user.credentials.filter(request_key=request_key).first() if request_key else None


def _digest(key):
    return sha256(key.encode()).hexdigest()
