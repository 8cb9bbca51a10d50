"""Making certificates in the likeness of real ones, with policies that only serve practice."""

from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from cryptography.x509.oid import NameOID

from applications.models import CertificateKind
from applications.signatures import profiles

# As every certificate of the practice authority names it; a setting says where that is.
HOST = "ca.renshu.example"
_ORGANISATION = "練習用認証局"
BEGINS, ENDS = datetime(2024, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_AUTHORITIES_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Authority:
    """A certificate that issues others, with its key. ``name``: of its list, in addresses."""

    name: str
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


@dataclass(frozen=True)
class Holder:
    """What a certificate shall say, and in what it shall differ from a good one."""

    kind: CertificateKind
    name: str
    organisation: str = ""
    substituted: str = ""
    not_before: datetime = BEGINS
    not_after: datetime = ENDS
    may_sign: bool = True
    extended_usage: tuple = ()
    policy: str = ""
    strange: bool = False
    by_sha_1: bool = False


def make_authority(name, common_name, *, above=None, key=None):
    """A root, or what lies between ``above`` and the certificates of people."""
    key = key or new_key()
    subject = _named(common_name)
    issuer, signing_key = (above.certificate.subject, above.key) if above else (subject, key)
    builder = (
        x509.CertificateBuilder(
            subject_name=subject, issuer_name=issuer, public_key=key.public_key()
        )
        .serial_number(x509.random_serial_number())
        .not_valid_before(_AUTHORITIES_BEGIN)
        .not_valid_after(ENDS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_identifier_of(signing_key), critical=False)
    )
    if above:
        any_policy = x509.PolicyInformation(x509.ObjectIdentifier("2.5.29.32.0"), None)
        builder = builder.add_extension(x509.CertificatePolicies([any_policy]), critical=True)
        builder = builder.add_extension(_list_at(above), critical=False)
    return Authority(name, builder.sign(signing_key, hashes.SHA256()), key)


def make_responder(authority, key):
    """The certificate that answers for ``authority`` by OCSP."""
    no_check = x509.OCSPNoCheck()
    usage = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.OCSP_SIGNING])
    return (
        _begun(authority, _named(f"{_ORGANISATION} OCSP"), key, BEGINS, ENDS)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(no_check, critical=False)
        .sign(authority.key, hashes.SHA256())
    )


def make(authority, holder, key):
    """A certificate of ``holder`` by ``authority`` over ``key``."""
    builder = _begun(authority, _subject(holder), key, holder.not_before, holder.not_after)
    usage = (
        _usage(digital_signature=True, content_commitment=True)
        if holder.may_sign
        else _usage(key_encipherment=True)
    )
    policy = holder.policy or profiles.PRACTICE_POLICIES[holder.kind]
    policies = x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]
    )
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(policies, critical=True)
    if holder.extended_usage:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage(list(holder.extended_usage)), critical=False
        )
    for value, critical in _OF_KIND[holder.kind](authority, holder, policies):
        builder = builder.add_extension(value, critical=critical)
    if holder.strange:
        oid = x509.ObjectIdentifier("1.3.6.1.4.1.32473.99")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, b"\x05\x00"), critical=True)
    certificate = builder.sign(authority.key, hashes.SHA256())
    return _in_the_old_way(certificate, authority.key) if holder.by_sha_1 else certificate


def _in_the_old_way(certificate, key):
    """The same, signed with SHA-1: the library has given up making such certificates."""
    plain = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    old = {"algorithm": "sha1_rsa"}
    plain["tbs_certificate"]["signature"] = old
    plain["signature_algorithm"] = old
    signed = plain["tbs_certificate"].dump(force=True)
    plain["signature_value"] = key.sign(signed, padding.PKCS1v15(), hashes.SHA1())
    return x509.load_der_x509_certificate(plain.dump(force=True))


def new_key(bits=2048):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _begun(authority, subject, key, not_before, not_after):
    public = key.public_key()
    return (
        x509.CertificateBuilder(
            subject_name=subject, issuer_name=authority.certificate.subject, public_key=public
        )
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_identifier_of(authority.key), critical=False)
    )


def _subject(holder):
    if holder.kind == CertificateKind.SCRIVENER:
        return _named(holder.name, holder.organisation)
    if holder.kind == CertificateKind.CORPORATE:
        return _named(holder.organisation)
    # Like the card's: the common name is a number, and the name stands among the alternatives.
    return _named("20240101000000000000000000000001")


def _personal(authority, holder, _policies):
    def other(oid, text):
        return x509.OtherName(oid, core.UTF8String(text).dump())

    substituted = holder.substituted or "0" * len(holder.name)
    names = [
        other(profiles.PERSONAL_NAME, holder.name),
        other(profiles.PERSONAL_SUBSTITUTED, substituted),
    ]
    yield x509.SubjectAlternativeName(names), False
    # Its list has a name in a directory and no address: only OCSP can be asked.
    issuer = [x509.DirectoryName(authority.certificate.subject)]
    point = x509.DistributionPoint(issuer, None, None, None)
    yield x509.CRLDistributionPoints([point]), False
    yield _responder_at(), False


def _corporate(authority, holder, policies):
    yield x509.UnrecognizedExtension(profiles.CORPORATE_POLICIES, policies.public_bytes()), True
    registrar = core.UTF8String("練習用登記所").dump()
    yield x509.UnrecognizedExtension(profiles.CORPORATE_REGISTRAR, registrar), True
    parts = {0: holder.organisation, 3: holder.name, 4: "代表取締役"}
    content = b"".join(core.UTF8String(text, explicit=tag).dump() for tag, text in parts.items())
    corporation = core.Sequence(contents=content).dump()
    yield x509.UnrecognizedExtension(profiles.CORPORATION, corporation), True
    yield _list_at(authority), False
    yield _responder_at(), False


def _scrivener(authority, _holder, _policies):
    yield _list_at(authority), False


_OF_KIND = {
    CertificateKind.PERSONAL: _personal,
    CertificateKind.CORPORATE: _corporate,
    CertificateKind.SCRIVENER: _scrivener,
}


def _named(common_name, organisation=_ORGANISATION):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _identifier_of(key):
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _list_at(authority):
    address = x509.UniformResourceIdentifier(f"http://{HOST}/{authority.name}.crl")
    return x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)])


def _responder_at():
    address = x509.UniformResourceIdentifier(f"http://{HOST}/ocsp")
    return x509.AuthorityInformationAccess([x509.AccessDescription(Access.OCSP, address)])


def _usage(**said):
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: said.get(name, False) for name in names})
