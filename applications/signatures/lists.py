"""Certificate revocation lists, read once per update and then asked by serial number."""

import hashlib
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from applications.signatures import fetching

# How long a list that was fetched is used before it is fetched again.
_KEPT_SECONDS = 10 * 60
_MOST_LISTS = 8
_STRONG = {"sha256", "sha384", "sha512"}
_CLOCKS_APART = timedelta(minutes=5)
_kept = {}


class Useless(Exception):
    """The list cannot be believed, or does not speak of this certificate."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """``body``: byte for byte as it came. ``signers``: who was found to have signed it."""

    body: bytes
    digest: str
    parsed: x509.CertificateRevocationList
    signers: set[x509.Certificate] = field(default_factory=set)

    def revoked_at(self, serial: int) -> datetime | None:
        """When the certificate of that number was revoked.

        The library looks through its bytes: some milliseconds for 200,000 entries, and no memory.
        A table of them would be ready sooner, and hold 40 MB in every process.
        """
        entry = self.parsed.get_revoked_certificate_by_serial_number(serial)
        return entry.revocation_date_utc if entry else None


def fetched(address: str) -> RevocationList:
    """The list at ``address``, at most ten minutes old. Raises Unreachable or Useless."""
    kept = _kept.get(address)
    if kept and time.monotonic() < kept[1]:
        return kept[0]
    body = fetching.fetch(address)
    digest = hashlib.sha256(body).hexdigest()
    unchanged = kept and kept[0].digest == digest
    found = kept[0] if unchanged else read(body, digest)
    if address not in _kept and len(_kept) >= _MOST_LISTS:
        _kept.pop(min(_kept, key=lambda each: _kept[each][1]))
    _kept[address] = (found, time.monotonic() + _KEPT_SECONDS)
    return found


def read(body: bytes, digest: str) -> RevocationList:
    """Parse a list. Raises Useless where it is none, or is one of a part of the certificates."""
    try:
        parsed = x509.load_der_x509_crl(body)
        for each in parsed.extensions:
            if isinstance(each.value, x509.IssuingDistributionPoint):
                _require_whole(each.value)
            elif each.critical:  # a delta, for one
                raise Useless(f"critical extension {each.oid.dotted_string}")
    except (ValueError, TypeError, x509.DuplicateExtension, UnsupportedAlgorithm) as error:
        raise Useless(str(error)) from error
    return RevocationList(body, digest, parsed)


def require_believable(found: RevocationList, issuer: x509.Certificate, *, now, for_authority):
    """Raise Useless unless ``issuer`` has signed the list and it is in force at ``now``."""
    parsed = found.parsed
    if parsed.issuer != issuer.subject:
        raise Useless("another authority's list")
    usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    algorithm = parsed.signature_hash_algorithm
    if not usage.crl_sign or algorithm is None or algorithm.name not in _STRONG:
        raise Useless("signed by a key or in a way that may not sign lists")
    if issuer not in found.signers:
        if not parsed.is_signature_valid(issuer.public_key()):
            raise Useless("its signature is wrong")
        found.signers.add(issuer)
    if parsed.last_update_utc > now + _CLOCKS_APART:
        raise Useless("it is of later")
    if parsed.next_update_utc is None or parsed.next_update_utc < now:
        raise Useless("it is out of date")
    for each in parsed.extensions:
        if isinstance(each.value, x509.IssuingDistributionPoint):
            only = each.value
            if (only.only_contains_user_certs and for_authority) or (
                only.only_contains_ca_certs and not for_authority
            ):
                raise Useless("it speaks of other certificates")


def _require_whole(part: x509.IssuingDistributionPoint):
    if part.indirect_crl or part.only_some_reasons or part.only_contains_attribute_certs:
        raise Useless("a list of only some certificates or reasons")
