"""Idempotency keys: the same request again gets the same answer, and nothing is done twice.

After draft-ietf-httpapi-idempotency-key-header-07, which expired in 2026. The request is noted
first, on its own; what it does and what is answered are one transaction under the lock of that
row. So a process that is killed leaves a row without an answer, and the same request works then.
"""

from datetime import timedelta

from django.db import IntegrityError, OperationalError, transaction

from payments.models import RememberedRequest

KEEPS = timedelta(hours=24)


class InFlight(Exception):
    """The same request is being worked on."""


class OtherRequest(Exception):
    """This key was used for something else."""


def once(credential, key, digest, work, *, now):
    """(status, answer, whether it is remembered) of the request ``digest`` under ``key``.

    ``work()``: does it, in a transaction, and returns (status, answer); JSON can hold the answer.
    It is called when this key has no answer yet. Raises InFlight, OtherRequest.
    """
    noted = _noted(credential, key, digest, now)
    if noted.digest != digest:
        raise OtherRequest
    with transaction.atomic():
        try:
            locked = RememberedRequest.objects.select_for_update(nowait=True).get(pk=noted.pk)
        except OperationalError as error:
            if type(error.__cause__).__name__ == "LockNotAvailable":
                raise InFlight from error
            raise
        if locked.code:
            return locked.code, locked.answer, True
        locked.code, locked.answer = work()
        locked.save(update_fields=["code", "answer"])
    return locked.code, locked.answer, False


def _noted(credential, key, digest, now):
    own = RememberedRequest.objects.filter(credential=credential, key=key)
    own.filter(at__lt=now - KEEPS).delete()
    if found := own.first():
        return found
    try:
        with transaction.atomic():
            return RememberedRequest.objects.create(
                credential=credential, key=key, digest=digest, at=now
            )
    except IntegrityError:
        return own.get()


def forget(business_date, *, now, chunk):
    """A step of the night: delete what is older than a day. Yields how many."""
    old = RememberedRequest.objects.filter(at__lt=now - KEEPS).order_by("pk")
    while keys := list(old.values_list("pk", flat=True)[:chunk]):
        RememberedRequest.objects.filter(pk__in=keys).delete()
        yield len(keys)
