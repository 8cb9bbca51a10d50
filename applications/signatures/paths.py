"""From a certificate up to an authority that is believed (pyhanko-certvalidator).

Revocation is not asked here: ``revocation`` asks both CRL and OCSP, where this library would stop
at the first answer, and would parse a long CRL for seconds.
"""

import asyncio

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator import validate as rules
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    ValidationError,
)

from applications.signatures import anchors, profiles
from applications.signatures.refusals import Refusal, SignatureRefused

# The library refuses every critical extension that it does not know. Which of them a certificate
# may have is a gate of our own, per kind (profiles.py).
rules.SUPPORTED_EXTENSIONS = frozenset(rules.SUPPORTED_EXTENSIONS) | profiles.PRIVATE_EXTENSIONS


def build(certificate: x509.Certificate, others, *, now) -> list[x509.Certificate]:
    """The way up from ``certificate`` to an anchor, both included, valid at ``now``.

    Raises SignatureRefused: FOREIGN, EXPIRED, NOT_YET_VALID, WEAK_CERTIFICATE, BAD_PATH.
    """
    believed = anchors.configured()
    if not believed.roots:
        raise SignatureRefused(Refusal.FOREIGN)
    context = ValidationContext(
        trust_roots=list(believed.roots),
        other_certs=[*believed.between, *others],
        moment=now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        path = asyncio.run(validator.async_validate_path())
    except PathBuildingError as error:
        raise SignatureRefused(Refusal.FOREIGN) from error
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise SignatureRefused(_refusal_for(error)) from error
    found = list(reversed(list(path)))
    if len(found) < 2:  # an authority that signs itself
        raise SignatureRefused(Refusal.FOREIGN)
    return found


def _refusal_for(error):
    named = {
        ExpiredError: Refusal.EXPIRED,
        NotYetValidError: Refusal.NOT_YET_VALID,
        DisallowedAlgorithmError: Refusal.WEAK_CERTIFICATE,
    }
    return named.get(type(error), Refusal.BAD_PATH)
