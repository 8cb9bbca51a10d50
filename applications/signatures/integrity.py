"""The envelope: a detached CMS signature by one signer, and whether it fits the content.

Importing this costs time and memory (pyHanko); ``checking`` does so when the first signature comes,
and the web server when it starts.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from applications.signatures.refusals import Refusal, SignatureRefused

_DIGESTS = {"sha256", "sha384", "sha512"}
_MOST_CERTIFICATES = 10


@dataclass(frozen=True, slots=True)
class Envelope:
    """``certificate``: the signer's; ``others``: what came with it; ``signed_at``: a claim."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    info: cms.SignerInfo
    signed_at: datetime | None


def open_envelope(data: bytes) -> Envelope:
    """The parts of strict DER ``data``. Raises SignatureRefused at the first gate that is shut."""
    try:
        return _opened(data)
    # asn1crypto parses as it is asked, and has these words for whatever does not fit.
    except (ValueError, TypeError, KeyError, AttributeError) as bad:
        raise SignatureRefused(Refusal.NOT_SIGNED_DATA) from bad


def require_intact(envelope: Envelope, content: bytes):
    """Raise SignatureRefused unless ``envelope`` signs exactly ``content``."""
    digest = hashlib.new(envelope.info["digest_algorithm"]["algorithm"].native, content).digest()
    try:
        intact, valid = validate_sig_integrity(envelope.info, envelope.certificate, "data", digest)
    except (
        SignatureValidationError,
        SigningError,
        InvalidSignature,
        UnsupportedAlgorithm,
        AssertionError,  # its word for a key of another kind than the algorithm
        ValueError,
        TypeError,
        KeyError,
    ) as bad:
        raise SignatureRefused(Refusal.BAD_SIGNATURE) from bad
    if not intact:
        raise SignatureRefused(Refusal.ALTERED)
    if not valid:
        raise SignatureRefused(Refusal.BAD_SIGNATURE)


def _opened(data):
    outer = cms.ContentInfo.load(data, strict=True)
    if outer["content_type"].native != "signed_data":
        raise SignatureRefused(Refusal.NOT_SIGNED_DATA)
    signed = outer["content"]
    inner = signed["encap_content_info"]
    if inner["content_type"].native != "data":
        raise SignatureRefused(Refusal.NOT_SIGNED_DATA)
    if inner["content"].native is not None:
        raise SignatureRefused(Refusal.CONTENT_INSIDE)
    if len(signed["signer_infos"]) != 1:
        raise SignatureRefused(Refusal.NOT_ONE_SIGNER)
    info = signed["signer_infos"][0]
    certificate, others = _certificates(signed, info)
    attributes = _signed_attributes(info)
    _require_digests(info)
    claimed = next(iter(attributes.get("signing_time") or ()), None)
    signed_at = claimed if isinstance(claimed, datetime) else None
    return Envelope(certificate, others, info, signed_at)


def _certificates(signed, info):
    """(the signer's, the others)"""
    there = [choice.chosen for choice in signed["certificates"] if choice.name == "certificate"]
    if len(there) > _MOST_CERTIFICATES:
        raise SignatureRefused(Refusal.NOT_SIGNED_DATA)
    named = info["sid"]
    for certificate in there:
        if named.name == "issuer_and_serial_number":
            fits = (
                certificate.serial_number == named.chosen["serial_number"].native
                and certificate.issuer == named.chosen["issuer"]
            )
        else:
            fits = certificate.key_identifier == named.chosen.native
        if fits:
            others = [other for other in there if other is not certificate]
            return certificate, tuple(others)
    raise SignatureRefused(Refusal.NO_CERTIFICATE)


def _signed_attributes(info):
    """{type: values} of the signed attributes, each of which stands there once."""
    attributes = {}
    for attribute in info["signed_attrs"]:
        name = attribute["type"].native
        if name in attributes:
            raise SignatureRefused(Refusal.NO_SIGNED_ATTRIBUTES)
        attributes[name] = attribute["values"].native
    for needed in ("content_type", "message_digest"):
        if len(attributes.get(needed) or ()) != 1:
            raise SignatureRefused(Refusal.NO_SIGNED_ATTRIBUTES)
    return attributes


def _require_digests(info):
    """The digest of the content and that inside the signature are both of the strong ones."""
    if info["digest_algorithm"]["algorithm"].native not in _DIGESTS:
        raise SignatureRefused(Refusal.WEAK_DIGEST)
    algorithm = info["signature_algorithm"]
    named = algorithm["algorithm"].native
    if named == "rsassa_pkcs1v15":  # names no digest of its own: the content's counts
        return
    try:
        inside = algorithm.hash_algo
    except ValueError as bad:
        raise SignatureRefused(Refusal.WEAK_DIGEST) from bad
    if inside not in _DIGESTS:
        raise SignatureRefused(Refusal.WEAK_DIGEST)
