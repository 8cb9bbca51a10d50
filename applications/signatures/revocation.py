"""Whether the certificates of a path are revoked: CRL and OCSP are both asked.

Revoked by either wins. A certificate is good when at least one answer says so and none says
revoked, and unknown when nobody answered.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from applications.models import Revocation
from applications.signatures import fetching, lists, profiles
from applications.signatures.lists import Useless

logger = logging.getLogger(__name__)

_CLOCKS_APART = timedelta(minutes=5)
# Of an answer that does not say how long it holds.
_OPEN_ANSWER_HOLDS = timedelta(days=1)
_STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
# A certificate that names more addresses than these wants something else.
_MOST_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class BelievedAnswer:
    """One answer that was believed. ``revoked_at``: None when it said good."""

    source: str
    body: bytes
    digest: str
    revoked_at: datetime | None


def ask(path: Sequence[x509.Certificate], *, now) -> tuple[Revocation, tuple[BelievedAnswer, ...]]:
    """Ask for every certificate of ``path`` (signer's first, anchor last) but the anchor.

    ``now``: the moment at which an answer must be in force. Waits for the network: never call this
    inside a transaction.
    """
    results, answers = [], []
    for certificate, issuer in pairwise(path):
        found = [
            *_by_lists(certificate, issuer, now=now),
            *_by_responders(certificate, issuer, now=now),
        ]
        answers += found
        if any(answer.revoked_at for answer in found):
            results.append(Revocation.REVOKED)
        else:
            results.append(Revocation.GOOD if found else Revocation.UNKNOWN)
    for worst in (Revocation.REVOKED, Revocation.UNKNOWN):
        if worst in results:
            return worst, tuple(answers)
    return Revocation.GOOD, tuple(answers)


def _by_lists(certificate, issuer, *, now):
    for address in _list_addresses(certificate):
        try:
            found = lists.fetched(address)
            lists.require_believable(
                found, issuer, now=now, for_authority=_is_authority(certificate)
            )
            revoked_at = found.revoked_at(certificate.serial_number)
        except (fetching.Unreachable, Useless, ValueError, x509.ExtensionNotFound) as reason:
            logger.info("no answer from %s: %s", address, reason)
            continue
        yield BelievedAnswer(address, found.body, found.digest, revoked_at)


def _by_responders(certificate, issuer, *, now):
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()
    asked = question.public_bytes(Encoding.DER)
    for address in _responder_addresses(certificate):
        try:
            body = fetching.fetch(address, body=asked, content_type="application/ocsp-request")
            revoked_at = _said(body, question, issuer, now=now)
        except (
            fetching.Unreachable,
            Useless,
            InvalidSignature,
            UnsupportedAlgorithm,
            ValueError,
            TypeError,
            x509.ExtensionNotFound,
        ) as reason:
            logger.info("no answer from %s: %s", address, reason)
            continue
        yield BelievedAnswer(address, body, hashlib.sha256(body).hexdigest(), revoked_at)


def _said(body, question, issuer, *, now):
    """When the certificate was revoked, or None. Raises Useless, and the libraries' errors."""
    answer = ocsp.load_der_ocsp_response(body)
    if answer.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise Useless(answer.response_status.name)
    if (answer.serial_number, answer.issuer_key_hash, answer.issuer_name_hash) != (
        question.serial_number,
        question.issuer_key_hash,
        question.issuer_name_hash,
    ):
        raise Useless("it speaks of another certificate")
    _require_signed(answer, _responder(answer, issuer, now=now))
    holds_until = answer.next_update_utc or answer.this_update_utc + _OPEN_ANSWER_HOLDS
    if not answer.this_update_utc - _CLOCKS_APART <= now <= holds_until:
        raise Useless("it is not in force")
    if answer.certificate_status == ocsp.OCSPCertStatus.UNKNOWN:
        raise Useless("the responder does not know the certificate")
    return answer.revocation_time_utc


def _responder(answer, issuer, *, now):
    """The certificate that signed: the issuer's own, or one that the issuer made for this."""
    key_id = x509.SubjectKeyIdentifier.from_public_key(issuer.public_key()).digest
    if answer.responder_name == issuer.subject or answer.responder_key_hash == key_id:
        return issuer
    for delegate in answer.certificates:
        own = x509.SubjectKeyIdentifier.from_public_key(delegate.public_key()).digest
        if answer.responder_name != delegate.subject and answer.responder_key_hash != own:
            continue
        usages = profiles.extension(delegate.extensions, x509.ExtendedKeyUsage) or ()
        in_force = delegate.not_valid_before_utc <= now <= delegate.not_valid_after_utc
        if ExtendedKeyUsageOID.OCSP_SIGNING in usages and in_force:
            if not isinstance(delegate.signature_hash_algorithm, _STRONG):
                raise Useless("its responder's certificate is signed in a weak way")
            delegate.verify_directly_issued_by(issuer)
            return delegate
    raise Useless("signed by nobody who may")


def _require_signed(answer, responder):
    algorithm = answer.signature_hash_algorithm
    if not isinstance(algorithm, _STRONG):
        raise Useless("signed in a weak way")
    key, signed = responder.public_key(), answer.tbs_response_bytes
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(answer.signature, signed, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(answer.signature, signed, ec.ECDSA(algorithm))
    else:
        raise Useless("signed by a key of an unknown kind")


def _list_addresses(certificate):
    points = profiles.extension(certificate.extensions, x509.CRLDistributionPoints) or ()
    found = [
        name.value
        for point in points
        # A point for some reasons only says nothing about the others.
        if not point.reasons and not point.crl_issuer
        for name in point.full_name or ()
        if isinstance(name, x509.UniformResourceIdentifier)
    ]
    return found[:_MOST_ADDRESSES]


def _responder_addresses(certificate):
    access = profiles.extension(certificate.extensions, x509.AuthorityInformationAccess) or ()
    found = [
        each.access_location.value
        for each in access
        if each.access_method == AuthorityInformationAccessOID.OCSP
        and isinstance(each.access_location, x509.UniformResourceIdentifier)
    ]
    return found[:_MOST_ADDRESSES]


def _is_authority(certificate):
    constraints = profiles.extension(certificate.extensions, x509.BasicConstraints)
    return constraints is not None and constraints.ca
