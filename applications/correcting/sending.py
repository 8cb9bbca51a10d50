"""Sending a correction: back into review, signed again where the application was signed.

The signature is checked before the transaction, since that may ask other machines. One that does
not hold sends nothing: the order stays open, and the applicant can sign once more.
"""

from django.db import transaction

from applications.correcting import proposals, whole
from applications.life import correctable, corrections, moves
from applications.signatures import checking, record
from applications.status import Actor, MoveName


def must_be_signed(application):
    """Whether the correction has to be signed: where the application was."""
    return application.signatures.filter(refusal="").exists()


def is_complete(order):
    """Whether ``order`` has a proposal that can be sent."""
    return (
        set(order.proposal) == set(order.fields)
        and changes_something(order)
        and not corrections.missing_kinds(order)
        and whole.proof_agrees(order.application, order.proposal)
    )


def changes_something(order, changes=None):
    """Whether ``changes``, by default what was saved, or a new file differ from what stands."""
    changes = order.proposal if changes is None else changes
    differs = any(
        correctable.value_of(order.application, name) != value for name, value in changes.items()
    )
    return differs or order.uploads.exists()


def send(order, cms, *, version, request_key, now, by=""):
    """Send the proposal of ``order``; the same ``request_key`` returns the same history entry.

    ``cms``: the signature (bytes, CMS detached) under ``whole.text_of``, or None where none is
    needed. ``version``: of the proposal that was looked at. ``by``: who sends it for the applicant,
    for the record. Raises SignatureRefused,
    proposals.ProposalGone, moves.MoveRefused.
    """
    application = order.application
    if order.proposal_version != version:
        raise proposals.ProposalGone
    changes, content, signer = dict(order.proposal), b"", None
    if must_be_signed(application):
        content = whole.text_of(order, changes)
        name = changes.get("applicant_name", application.applicant_name)
        signer = checking.check(cms or b"", content, now=now, names=[name])
    with transaction.atomic():
        locked = moves.lock(application)
        if entry := moves.made(locked, MoveName.SEND_CORRECTION, request_key):
            return entry
        order.refresh_from_db(fields=["proposal", "proposal_version", "answered_at"])
        if request_key.version != locked.version or order.answered_at:
            raise moves.MoveRefused(MoveName.SEND_CORRECTION, locked)
        if order.proposal_version != version or order.proposal != changes:
            raise proposals.ProposalGone
        order.application = locked
        if not is_complete(order):
            raise proposals.ProposalGone
        entry = moves.perform(
            MoveName.SEND_CORRECTION,
            locked,
            actor=Actor.APPLICANT,
            by=by,
            now=now,
            inputs=moves.Inputs(changes=changes),
            request_key=request_key,
        )
        if signer:
            record.keep(entry.application, content, cms, signer=signer, now=now)
    return entry
