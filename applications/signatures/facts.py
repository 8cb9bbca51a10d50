"""What a certificate says of its holder, as plain values."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core, parser
from asn1crypto.x509 import CertificatePolicies, DirectoryString
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from applications.models import CertificateKind, Revocation
from applications.signatures import profiles
from applications.signatures.refusals import Refusal, SignatureRefused

# Of registeredCorporationInfo, 商業登記: [0] name of the corporation, [3] of its director.
_CORPORATE_NAME, _DIRECTOR_NAME = 0, 3
_UNPRINTABLE = {"Cc", "Cs", "Co", "Cn"}


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as far as the certificate tells.

    ``substituted``: positions in ``name``, from 0, that 公的個人認証 marks as substituted.
    ``serial``: hexadecimal. ``fingerprint``: SHA-256 in hexadecimal. ``signed_at``: the signer's
    own claim, or None. ``answers``: ``revocation.BelievedAnswer``, each.
    """

    kind: CertificateKind
    name: str
    organisation: str
    substituted: tuple[int, ...]
    serial: str
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    signed_at: datetime | None
    practice: bool
    revocation: Revocation = Revocation.UNKNOWN
    answers: tuple = ()


def read(certificate: x509.Certificate, *, signed_at: datetime | None) -> Signer:
    """The facts of ``certificate``.

    Raises SignatureRefused (BAD_CERTIFICATE, UNKNOWN_KIND) where it cannot be read, or is of no
    kind that is known here.
    """
    try:
        extensions = certificate.extensions
        profile = profiles.profile_of(_policies(extensions))
        if profile is None:
            raise SignatureRefused(Refusal.UNKNOWN_KIND)
        name, organisation, substituted = _HOLDERS[profile.kind](certificate, extensions)
        signer = Signer(
            kind=profile.kind,
            name=name,
            organisation=organisation,
            substituted=substituted,
            serial=f"{certificate.serial_number:x}",
            issuer=certificate.issuer.rfc4514_string(),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            fingerprint=hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
            signed_at=signed_at,
            practice=profile.practice,
        )
        _require_printable(signer)
        return signer
    # The parsers' own words for bytes that are no certificate.
    except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as bad:
        raise SignatureRefused(Refusal.BAD_CERTIFICATE) from bad


def _require_printable(signer):
    """Raise ValueError for what no register would write, and no database would keep."""
    texts = (signer.name, signer.organisation, signer.issuer, signer.serial)
    for text, longest in zip(texts, (200, 200, 500, 64), strict=True):
        if len(text) > longest or any(unicodedata.category(each) in _UNPRINTABLE for each in text):
            raise ValueError("a text that is too long or not printable")


def _policies(extensions):
    """Dotted policies of the standard extension and of the one of 商業登記."""
    found = set()
    if standard := profiles.extension(extensions, x509.CertificatePolicies):
        found |= {each.policy_identifier.dotted_string for each in standard}
    if private := _private(extensions, profiles.CORPORATE_POLICIES):
        found |= {each["policy_identifier"].dotted for each in CertificatePolicies.load(private)}
    return found


def _personal(_certificate, extensions):
    names = profiles.extension(extensions, x509.SubjectAlternativeName) or ()
    held = {
        each.type_id: str(core.load(each.value, strict=True).native)
        for each in names
        if isinstance(each, x509.OtherName)
        and each.type_id in (profiles.PERSONAL_NAME, profiles.PERSONAL_SUBSTITUTED)
    }
    name = held.get(profiles.PERSONAL_NAME, "")
    # One digit for each character of the name; 1: substituted.
    positions = held.get(profiles.PERSONAL_SUBSTITUTED, "")
    return name, "", tuple(place for place, mark in enumerate(positions) if mark == "1")


def _corporate(_certificate, extensions):
    held = {}
    if private := _private(extensions, profiles.CORPORATION):
        for tag, value in _tagged(private):
            held[tag] = DirectoryString.load(value, strict=True).native
    return held.get(_DIRECTOR_NAME, ""), held.get(_CORPORATE_NAME, ""), ()


def _scrivener(certificate, _extensions):
    """Some authorities write themselves into the subject's organisation."""
    organisation = _part(certificate.subject, NameOID.ORGANIZATION_NAME)
    if organisation == _part(certificate.issuer, NameOID.ORGANIZATION_NAME):
        organisation = ""
    return _part(certificate.subject, NameOID.COMMON_NAME), organisation, ()


_HOLDERS = {
    CertificateKind.PERSONAL: _personal,
    CertificateKind.CORPORATE: _corporate,
    CertificateKind.SCRIVENER: _scrivener,
}


def _part(name, oid):
    return next((str(part.value) for part in name.get_attributes_for_oid(oid)), "")


def _tagged(data):
    """(tag, bytes within) of each explicitly tagged part of a SEQUENCE."""
    rest = parser.parse(data, strict=True)[4]
    while rest:
        _class, _method, tag, header, content, trailer = parser.parse(rest)
        yield tag, content
        rest = rest[len(header) + len(content) + len(trailer) :]


def _private(extensions, oid):
    """The bytes of a private extension, or None."""
    try:
        return extensions.get_extension_for_oid(oid).value.value
    except x509.ExtensionNotFound:
        return None
