"""The secret address of a payment user's calendar: made, renewed, revoked and read.

The address is a random reference and the portal's signature over it. The signature stands in no
table, so マイページ can show the address again and a copy of the database opens no calendar.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from payments.models import CalendarAddress

_SIGNER = "applications.following.calendar"
# How often an address may be read of late; every hour half of that is forgotten.
READS = 60
READS_HALVE = timedelta(hours=1)


class AddressReplaced(Exception):
    """The address is no longer the one that was looked at."""


class TooManyReads(Exception):
    """The address was read too often of late."""

    retry_after = READS_HALVE


def of(user):
    """The CalendarAddress of ``user``, or None."""
    return CalendarAddress.objects.filter(user=user).first()


def in_full(address):
    """What people give to their calendar program."""
    signed = Signer(salt=_SIGNER).signature(address.reference)
    path = reverse("following:feed", args=[address.reference, signed])
    return settings.KOSS_ORIGIN.rstrip("/") + path


def make(user, *, now):
    """An address for ``user``, who has none yet. Made twice, it is the first."""
    CalendarAddress.objects.get_or_create(
        user=user, defaults={"reference": _reference(), "made_at": now}
    )


def renew(user, seen, *, now):
    """Another address in place of the one with the reference ``seen``. Raises AddressReplaced."""
    old = CalendarAddress.objects.filter(user=user, reference=seen)
    if not old.update(reference=_reference(), made_at=now, reads=0, read_at=None):
        raise AddressReplaced


def revoke(user, seen):
    """No address any more. Raises AddressReplaced where another one was made since ``seen``."""
    CalendarAddress.objects.filter(user=user, reference=seen).delete()
    if CalendarAddress.objects.filter(user=user).exists():
        raise AddressReplaced


def read(reference, signature, *, system_now):
    """The payment user whose calendar is read, or None. Counts it; raises TooManyReads."""
    try:
        Signer(salt=_SIGNER).unsign(f"{reference}:{signature}")
    except BadSignature:
        return None
    with transaction.atomic():
        address = (
            CalendarAddress.objects.select_for_update(of=("self",), no_key=True)
            .select_related("user")
            .filter(reference=reference, user__staff_locked_at=None)
            .first()
        )
        if address is None:
            return None
        passed = system_now - address.read_at if address.read_at else timedelta()
        level = address.reads * 0.5 ** (max(passed, timedelta()) / READS_HALVE) + 1
        if level > READS:
            raise TooManyReads
        address.reads, address.read_at = level, system_now
        address.save(update_fields=["reads", "read_at"])
    return address.user


def _reference():
    return secrets.token_hex(16)
