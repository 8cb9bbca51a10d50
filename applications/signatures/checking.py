"""The gates that a signature passes, one after the other.

Everything is judged at the server's own moment. What the signer's clock said is kept as a claim.
"""

from collections.abc import Iterable
from dataclasses import replace

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings

from applications.models import Match, Revocation
from applications.signatures import der, facts, profiles, revocation
from applications.signatures.facts import Signer
from applications.signatures.names import matches
from applications.signatures.refusals import Refusal, SignatureRefused

__all__ = ["Signer", "check", "matches", "revocation_of"]

_LEAST_BITS, _MOST_BITS = 2048, 8192
_CURVES = (ec.SECP256R1, ec.SECP384R1)


def check(cms: bytes, content: bytes, *, now, names: Iterable[str] = ()) -> Signer:
    """Who signed ``content`` with the detached signature ``cms``.

    ``names``: of those who may sign; with none given the name is not judged. Raises
    SignatureRefused at the first gate that is shut. Where nobody tells whether the certificate is
    revoked, the signer comes back with ``revocation`` UNKNOWN. Asks the network: never call this
    inside a transaction.
    """
    signer, path = _passed(cms, content, now=now)
    names = list(names)
    if names and all(matches(signer, name) == Match.DIFFERENT for name in names):
        raise SignatureRefused(Refusal.NAME, signer)
    result, answers = revocation.ask(path, now=now)
    signer = replace(signer, revocation=result, answers=answers)
    if result == Revocation.REVOKED:
        raise SignatureRefused(Refusal.REVOKED, signer)
    return signer


def revocation_of(cms: bytes, content: bytes, *, made_at, now):
    """(Revocation, answers) of a signature that was good but for this at ``made_at``.

    Asked at ``now``. A certificate that was revoked after ``made_at`` was good when it signed.
    """
    _signer, path = _passed(cms, content, now=made_at)
    result, answers = revocation.ask(path, now=now)
    if result == Revocation.REVOKED and all(
        answer.revoked_at is None or answer.revoked_at > made_at for answer in answers
    ):
        result = Revocation.GOOD
    return result, answers


def _passed(cms, content, *, now):
    """(signer, path of certificates) behind every gate but revocation."""
    # The library behind these takes long to import; programs that check nothing do without it.
    from applications.signatures import integrity, paths

    der.require_strict(cms)
    envelope = integrity.open_envelope(cms)
    certificate = _loaded(envelope.certificate)
    _require_strong_key(certificate)
    integrity.require_intact(envelope, content)
    signer = facts.read(certificate, signed_at=envelope.signed_at)
    try:
        _require_profile(certificate, signer)
        path = paths.build(envelope.certificate, envelope.others, now=now)
        loaded = [certificate, *(_loaded(each) for each in path[1:])]
        for authority in loaded[1:]:
            _require_strong_key(authority)
    except SignatureRefused as refused:
        raise SignatureRefused(refused.refusal, signer) from refused
    return signer, loaded


def _loaded(parsed):
    """The other library's view of a certificate, which warns of a number below one on each look."""
    try:
        if parsed.serial_number < 1:
            raise SignatureRefused(Refusal.BAD_CERTIFICATE)
        return x509.load_der_x509_certificate(parsed.dump())
    except (ValueError, TypeError, x509.InvalidVersion) as bad:
        raise SignatureRefused(Refusal.BAD_CERTIFICATE) from bad


def _require_strong_key(certificate):
    try:
        key = certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as bad:
        raise SignatureRefused(Refusal.WEAK_KEY) from bad
    if isinstance(key, rsa.RSAPublicKey):
        is_strong = _LEAST_BITS <= key.key_size <= _MOST_BITS
    else:
        is_strong = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES)
    if not is_strong:
        raise SignatureRefused(Refusal.WEAK_KEY)


def _require_profile(certificate, signer):
    extensions = certificate.extensions
    if signer.practice and not settings.DEMO:
        raise SignatureRefused(Refusal.PRACTICE)
    if not profiles.may_sign(extensions):
        raise SignatureRefused(Refusal.KEY_USAGE)
    if profiles.has_foreign_usage(extensions):
        raise SignatureRefused(Refusal.EXTENDED_USAGE)
    if profiles.has_unknown_critical(extensions, signer.kind):
        raise SignatureRefused(Refusal.CRITICAL_EXTENSION)
