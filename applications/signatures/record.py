"""Keeping a signature: what was signed, the signature itself, and what the check found."""

from django.db import transaction

from applications.models import Revocation, Signature
from applications.signatures import again, evidence
from applications.signatures.names import matches
from applications.signatures.refusals import Refusal

_FACTS = (
    "kind",
    "practice",
    "name",
    "organisation",
    "serial",
    "issuer",
    "not_before",
    "not_after",
    "fingerprint",
    "signed_at",
)


@transaction.atomic
def keep(application, content: bytes, cms: bytes, *, signer=None, refusal="", now) -> Signature:
    """Write one row. ``refusal``: of a refused signature, with its ``signer`` where one is known.

    Where nobody could tell whether the certificate of a good one is revoked, a worker asks again.
    """
    signature = Signature(
        application=application, made_at=now, content=content, cms=cms, refusal=refusal
    )
    if signer is not None:
        for fact in _FACTS:
            setattr(signature, fact, getattr(signer, fact))
        signature.substituted = list(signer.substituted)
        signature.match = matches(signer, application.applicant_name)
        # A certificate refused for another reason was never asked about.
        if refusal in ("", Refusal.REVOKED):
            signature.revocation = signer.revocation
            signature.revocation_tries = 1
    signature.save()
    if signer is not None:
        evidence.add(signature, signer.answers, now=now)
    if not refusal and signature.revocation == Revocation.UNKNOWN:
        again.ask_later(signature)
    return signature
