"""Asking about revocation later, where nobody answered when the signature came.

A worker asks with growing waits. The application goes on meanwhile; staff see what is known, and an
answer that says revoked turns the signature's row into a refused one.
"""

from datetime import timedelta

from django.db import transaction
from django_tasks import task

from applications.models import Revocation, Signature
from applications.signatures import checking, evidence
from applications.signatures.refusals import Refusal, SignatureRefused
from koss.ground import clock

WAITS = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
)


def ask_later(signature: Signature):
    """Enqueue the next try, in the caller's transaction; nothing after the last one."""
    if signature.revocation_tries <= len(WAITS):
        wait = WAITS[signature.revocation_tries - 1]
        run_after = clock.system_now() + wait
        check_again.using(run_after=run_after).enqueue(signature_id=signature.pk)


@task()
def check_again(signature_id):
    """Ask once more about one signature that is still open."""
    signature = Signature.objects.get(pk=signature_id)
    if signature.revocation == Revocation.UNKNOWN and not signature.refusal:
        look_again(signature, now=clock.now())


def look_again(signature: Signature, *, now) -> Signature:
    """Ask, write down what was learnt and return the row. Waits: never inside a transaction."""
    refusal = ""
    try:
        result, answers = checking.revocation_of(
            bytes(signature.cms), bytes(signature.content), made_at=signature.made_at, now=now
        )
    except SignatureRefused as refused:  # its authority is believed no longer
        result, answers, refusal = Revocation.UNKNOWN, (), refused.refusal
    if result == Revocation.REVOKED:
        refusal = Refusal.REVOKED
    with transaction.atomic():
        locked = Signature.objects.select_for_update().get(pk=signature.pk)
        if locked.revocation != Revocation.UNKNOWN or locked.refusal:
            return locked
        locked.revocation, locked.refusal = result, refusal
        locked.revocation_tries += 1
        locked.save(update_fields=["revocation", "refusal", "revocation_tries"])
        evidence.add(locked, answers, now=now)
        if result == Revocation.UNKNOWN and not refusal:
            ask_later(locked)
    return locked
