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

from koss.mail import outbox
from payments.models import Credential, CredentialEnd, EventKind, PaymentUser, Scope
from payments.payer import events
from payments.payer.letters import letter

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

    ``scopes``: of ``Scope``, at least one. The user is told by mail. ValueError without a
    一括利用者ID.
    """
    return _make(user, name, scopes, now, source, request_key, replaces=False)


def _make(user, name, scopes, now, source, request_key, *, replaces):
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
            event = events.record(user, EventKind.CREDENTIAL_MADE, now=now, source=source)
            if not replaces:
                _tell(credential, event, now)
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
        scopes = [Scope(scope) for scope in old.scopes]
        new, key = _make(user, old.name, scopes, now, source, request_key, replaces=True)
        event = events.record(user, EventKind.CREDENTIAL_ROTATED, now=now, source=source)
        _tell(new, event, now, overlap_days=overlap.days)
    return new, key


@transaction.atomic
def revoke(user, pk, *, now, source=""):
    """The one ``pk`` of ``user`` opens nothing from now on. Raises CredentialGone."""
    _lock(user)
    old = _own(user, pk, now)
    _end(Credential.objects.filter(pk=old.pk), CredentialEnd.REVOKED, now)
    event = events.record(user, EventKind.CREDENTIAL_REVOKED, now=now, source=source)
    _tell(old, event, now)


def end_all(user, *, now):
    """一括利用者パスワード初期化 ends every key of ``user``, inside the caller's transaction.

    Returns how many.
    """
    return _end(user.credentials.good_at(now), CredentialEnd.PASSWORD_RESET, now)


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
    return rows.update(ends_at=at, end=why)


def _tell(credential, event, now, **more):
    """Mail that ``event`` happened to ``credential``. The key itself stands in no mail."""
    written = letter(
        credential.user,
        "users/credential",
        event.pk,
        happened=event.kind,
        credential=credential.name,
        hint=credential.hint,
        scopes=credential.scopes,
        **more,
    )
    outbox.put([written], now=now)


def _made(user, request_key):
    return user.credentials.filter(request_key=request_key).first() if request_key else None


def _digest(key):
    return sha256(key.encode()).hexdigest()
