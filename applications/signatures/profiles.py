"""What a certificate of each kind may look like: policies, usages, critical extensions."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID
from django.conf import settings

from applications.models import CertificateKind

# 商業登記: private extensions (policies in the standard's own syntax, registrar, corporation).
_MINISTRY = "1.2.392.100300.1.1"
CORPORATE_POLICIES = x509.ObjectIdentifier(f"{_MINISTRY}.1")
CORPORATE_REGISTRAR = x509.ObjectIdentifier(f"{_MINISTRY}.2")
CORPORATION = x509.ObjectIdentifier(f"{_MINISTRY}.3")

# 公的個人認証: names in the subject's alternative names, and which characters were substituted.
_JPKI = "1.2.392.200149.8.5.5"
PERSONAL_NAME = x509.ObjectIdentifier(f"{_JPKI}.1")
PERSONAL_SUBSTITUTED = x509.ObjectIdentifier(f"{_JPKI}.2")

# The arc that RFC 5612 sets aside for examples: no real authority issues under it.
_PRACTICE = "1.3.6.1.4.1.32473.20"
PRACTICE_POLICIES = {
    CertificateKind.PERSONAL: f"{_PRACTICE}.1",
    CertificateKind.CORPORATE: f"{_PRACTICE}.2",
    CertificateKind.SCRIVENER: f"{_PRACTICE}.3",
}

_EXTENDED_USAGES = {
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
}
_CRITICAL_IN_ALL = {
    ExtensionOID.KEY_USAGE,
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.EXTENDED_KEY_USAGE,
}
_CRITICAL_IN = {
    CertificateKind.PERSONAL: _CRITICAL_IN_ALL,
    CertificateKind.CORPORATE: _CRITICAL_IN_ALL
    | {CORPORATE_POLICIES, CORPORATE_REGISTRAR, CORPORATION},
    CertificateKind.SCRIVENER: _CRITICAL_IN_ALL,
}
PRIVATE_EXTENSIONS = {
    each.dotted_string for each in (CORPORATE_POLICIES, CORPORATE_REGISTRAR, CORPORATION)
}


@dataclass(frozen=True, slots=True)
class Profile:
    kind: CertificateKind
    practice: bool


def profile_of(policies) -> Profile | None:
    """The kind of certificate that ``policies`` (dotted strings) stand for; None if unknown.

    A policy of KOSS_CERTIFICATE_POLICIES stands for itself and for whatever lies below it.
    """
    for kind, practice in PRACTICE_POLICIES.items():
        if practice in policies:
            return Profile(kind, practice=True)
    for kind, allowed in settings.KOSS_CERTIFICATE_POLICIES:
        if any(f"{policy}.".startswith(f"{allowed}.") for policy in policies):
            return Profile(CertificateKind(kind), practice=False)
    return None


def has_foreign_usage(extensions: x509.Extensions) -> bool:
    """Whether the extended usages, where there are any, name one that is no signing."""
    usages = extension(extensions, x509.ExtendedKeyUsage)
    return usages is not None and not set(usages) <= _EXTENDED_USAGES


def may_sign(extensions: x509.Extensions) -> bool:
    """Whether the key usage names digitalSignature or nonRepudiation."""
    usage = extension(extensions, x509.KeyUsage)
    return usage is not None and (usage.digital_signature or usage.content_commitment)


def has_unknown_critical(extensions: x509.Extensions, kind: CertificateKind) -> bool:
    return any(each.critical and each.oid not in _CRITICAL_IN[kind] for each in extensions)


def extension(extensions: x509.Extensions, kind):
    """The value of the extension of the class ``kind``, or None."""
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
