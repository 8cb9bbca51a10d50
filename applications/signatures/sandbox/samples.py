"""The practice certificates: good ones in the names of the demo world, and one of each bad kind."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.x509.oid import ExtendedKeyUsageOID

from applications.models import CertificateKind
from applications.signatures.refusals import Refusal
from applications.signatures.sandbox.certificates import Holder

PIN = "renshu-2024"
_P, _C, _S = CertificateKind.PERSONAL, CertificateKind.CORPORATE, CertificateKind.SCRIVENER
_TARO, _OFFICE, _COMPANY = "軽自　太郎", "軽自行政書士事務所", "六本木商事"
_PAST = {
    "not_before": datetime(2021, 1, 1, tzinfo=UTC),
    "not_after": datetime(2023, 12, 31, tzinfo=UTC),
}
_FUTURE = {"not_before": datetime(2048, 1, 1, tzinfo=UTC)}


@dataclass(frozen=True)
class Sample:
    """One file. ``refusal``: what a signature made with it is refused for; None: it is good.

    ``foreign``: by another authority. ``revoked``: by the authority's own word. ``old_file``: the
    file is encrypted in the old way, as older programs write it.
    """

    file: str
    holder: Holder
    refusal: Refusal | None = None
    bits: int = 2048
    foreign: bool = False
    revoked: bool = False
    old_file: bool = False


SAMPLES = (
    Sample("personal.p12", Holder(_P, _TARO)),
    Sample("personal-substituted.p12", Holder(_P, "軽自　太〓", substituted="00001")),
    Sample("corporate.p12", Holder(_C, _TARO, _COMPANY), old_file=True),
    Sample("scrivener.p12", Holder(_S, _TARO, _OFFICE)),
    Sample("expired.p12", Holder(_S, _TARO, _OFFICE, **_PAST), Refusal.EXPIRED),
    Sample("not-yet-valid.p12", Holder(_S, _TARO, _OFFICE, **_FUTURE), Refusal.NOT_YET_VALID),
    Sample("revoked.p12", Holder(_S, _TARO, _OFFICE), Refusal.REVOKED, revoked=True),
    Sample("revoked-corporate.p12", Holder(_C, _TARO, _COMPANY), Refusal.REVOKED, revoked=True),
    Sample("revoked-personal.p12", Holder(_P, _TARO), Refusal.REVOKED, revoked=True),
    Sample("wrong-usage.p12", Holder(_S, _TARO, _OFFICE, may_sign=False), Refusal.KEY_USAGE),
    Sample(
        "server.p12",
        Holder(_S, _TARO, _OFFICE, extended_usage=(ExtendedKeyUsageOID.SERVER_AUTH,)),
        Refusal.EXTENDED_USAGE,
    ),
    Sample("wrong-name.p12", Holder(_S, "指定整備事業者　品川A", "指定整備事業者"), Refusal.NAME),
    Sample("foreign.p12", Holder(_S, _TARO, _OFFICE), Refusal.FOREIGN, foreign=True),
    Sample("rsa-1024.p12", Holder(_S, _TARO, _OFFICE), Refusal.WEAK_KEY, bits=1024),
    Sample("sha-1.p12", Holder(_S, _TARO, _OFFICE, by_sha_1=True), Refusal.WEAK_CERTIFICATE),
    Sample(
        "unknown-extension.p12",
        Holder(_S, _TARO, _OFFICE, strange=True),
        Refusal.CRITICAL_EXTENSION,
    ),
    Sample(
        "unknown-policy.p12",
        Holder(_S, _TARO, _OFFICE, policy="1.3.6.1.4.1.32473.21"),
        Refusal.UNKNOWN_KIND,
    ),
)
