"""Every gate of a signature says its own sentence, and a good one passes them all."""

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import algos, cms, core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options as Option
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from applications.models import CertificateKind, Revocation
from applications.signatures.checking import check
from applications.signatures.refusals import Refusal, SignatureRefused
from applications.signatures.sandbox import certificates
from applications.signatures.sandbox.samples import SAMPLES
from tests.practice import GOOD, opened, signed

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
CONTENT = "申請者名：軽自行政書士事務所\n車台番号：AX01-0000001\n".encode()
# Nothing of the fixtures changes between examples.
FEW = {"suppress_health_check": [HealthCheck.function_scoped_fixture]}
NAMES = ["軽自行政書士事務所", "六本木商事", "軽自 太郎"]


def refusal_of(signature, content=CONTENT, *, now=NOW, names=NAMES):
    """Why the signature is refused, or None."""
    try:
        check(signature, content, now=now, names=names)
    except SignatureRefused as refused:
        return refused.refusal
    return None


def with_changes(change, **how):
    """A good signature whose parts ``change`` has altered; its value stays as it was."""
    info = cms.ContentInfo.load(signed(CONTENT, **how))
    change(info["content"])
    return info.dump(force=True)


def resigned(change):
    """A signature whose SignerInfo ``change`` has altered before it was signed."""
    key, _certificate, _chain = opened(GOOD)

    def do(content):
        signer = content["signer_infos"][0]
        change(signer)
        attributes = signer["signed_attrs"].untag().dump(force=True)
        signer["signature"] = key.sign(attributes, padding.PKCS1v15(), hashes.SHA256())

    return with_changes(do)


def drop_attribute(name):
    def change(signer):
        kept = [each for each in signer["signed_attrs"] if each["type"].native != name]
        signer["signed_attrs"] = cms.CMSAttributes(kept)

    return change


def say_digest(name):
    def change(signer):
        signer["digest_algorithm"] = {"algorithm": name}

    return change


def say_signature(name):
    def change(signer):
        signer["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": name})

    return change


def drop_certificates(content):
    content["certificates"] = cms.CertificateSet([])


def no_signers(content):
    content["signer_infos"] = cms.SignerInfos([])


def wrong_value(content):
    signer = content["signer_infos"][0]
    signer["signature"] = bytes(len(signer["signature"].native))


def forge(content):
    """As if the authority had issued it."""
    certificate = content["certificates"][0].chosen
    certificate["signature_value"] = bytes(256)


def of_another_type():
    return cms.ContentInfo({"content_type": "data", "content": b"x"}).dump()


def nested(depth):
    value = b"\x05\x00"
    for _ in range(depth):
        value = core.Sequence(contents=value).dump()
    return value


def bad_name():
    """The certificate names its holder with a character that nobody can print."""
    holder = certificates.Holder(CertificateKind.SCRIVENER, "軽自\u0007太郎")
    return own_certificate(holder)


def own_certificate(holder, key=None):
    """A signature with a certificate for ``holder`` by an authority that nobody knows."""
    known = opened(GOOD)[0]
    stranger = certificates.make_authority("stranger", "無関係の認証局", key=known)
    return signed_by(certificates.make(stranger, holder, key or known), key or known)


def signed_by(certificate, key, *others):
    builder = pkcs7.PKCS7SignatureBuilder().set_data(CONTENT)
    for other in others:
        builder = builder.add_certificate(other)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [Option.DetachedSignature, Option.Binary])


def another_curve():
    holder = certificates.Holder(CertificateKind.SCRIVENER, "軽自　太郎")
    return own_certificate(holder, ec.generate_private_key(ec.SECP521R1()))


def chained_under_a_leaf():
    """A certificate issued with the key of a practice certificate, which is no authority."""
    key, certificate, _chain = opened(GOOD)
    leaf = certificates.Authority("leaf", certificate, key)
    holder = certificates.Holder(CertificateKind.SCRIVENER, "軽自　太郎")
    return signed_by(certificates.make(leaf, holder, key), key, certificate)


GATES = {
    "nothing": (lambda: b"", Refusal.NOT_DER),
    "16 KB and one byte": (lambda: bytes(16 * 1024 + 1), Refusal.TOO_LARGE),
    "PEM": (lambda: b"\n-----BEGIN CMS-----\n", Refusal.PEM),
    "trailing byte": (lambda: signed(CONTENT) + b"\0", Refusal.NOT_DER),
    "cut short": (lambda: signed(CONTENT)[:-1], Refusal.NOT_DER),
    "no definite length": (lambda: b"\x30\x80\x05\x00\x00\x00", Refusal.NOT_DER),
    "length in a longer form": (lambda: b"\x30\x81\x02\x05\x00", Refusal.NOT_DER),
    "nested 33 deep": (lambda: nested(33), Refusal.NOT_DER),
    "long identifier": (lambda: b"\x06\x82\x3f\x00" + b"\x81" * 0x3F00, Refusal.NOT_DER),
    "high tag": (lambda: b"\x1f\x81\x01\x00", Refusal.NOT_DER),
    "other DER": (lambda: b"\x30\x03\x02\x01\x05", Refusal.NOT_SIGNED_DATA),
    "plain data": (of_another_type, Refusal.NOT_SIGNED_DATA),
    "content inside": (
        lambda: signed(CONTENT, options=[Option.Binary]),
        Refusal.CONTENT_INSIDE,
    ),
    "two signers": (lambda: signed(CONTENT, signers=2), Refusal.NOT_ONE_SIGNER),
    "no signer": (lambda: with_changes(no_signers), Refusal.NOT_ONE_SIGNER),
    "no certificate": (lambda: with_changes(drop_certificates), Refusal.NO_CERTIFICATE),
    "no signed attributes": (
        lambda: signed(
            CONTENT, options=[Option.DetachedSignature, Option.Binary, Option.NoAttributes]
        ),
        Refusal.NO_SIGNED_ATTRIBUTES,
    ),
    "no digest among them": (
        lambda: resigned(drop_attribute("message_digest")),
        Refusal.NO_SIGNED_ATTRIBUTES,
    ),
    "no content type among them": (
        lambda: resigned(drop_attribute("content_type")),
        Refusal.NO_SIGNED_ATTRIBUTES,
    ),
    "SHA-1 of the content": (lambda: resigned(say_digest("sha1")), Refusal.WEAK_DIGEST),
    "SHA-1 in the signature": (lambda: resigned(say_signature("sha1_rsa")), Refusal.WEAK_DIGEST),
    "P-521": (another_curve, Refusal.WEAK_KEY),
    "value of another key": (lambda: with_changes(wrong_value), Refusal.BAD_SIGNATURE),
    "said to be ECDSA": (
        lambda: resigned(say_signature("sha256_ecdsa")),
        Refusal.BAD_SIGNATURE,
    ),
    "text mode": (
        lambda: signed(CONTENT.replace(b"\n", b"\r\n")),
        Refusal.ALTERED,
    ),
    "unprintable name": (bad_name, Refusal.BAD_CERTIFICATE),
    "under a leaf": (chained_under_a_leaf, Refusal.FOREIGN),
    "forged certificate": (lambda: with_changes(forge), Refusal.BAD_PATH),
}


@pytest.fixture
def good(practice):
    return signed(CONTENT)


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_that_is_shut(practice, gate):
    make, refusal = GATES[gate]

    assert refusal_of(make()) == refusal


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_each_certificate_of_the_practice_authority(practice, sample):
    names = NAMES if sample.refusal else []

    assert refusal_of(signed(CONTENT, sample.file), names=names) == sample.refusal


def test_every_refusal_is_shown_by_one_of_these():
    shown = {refusal for _make, refusal in GATES.values()} | {s.refusal for s in SAMPLES}

    assert set(Refusal) - shown == {Refusal.PRACTICE}  # the next test


def test_practice_certificates_are_refused_in_earnest(practice, settings):
    settings.DEMO = False
    settings.KOSS_TRUST_ANCHORS = str(settings.DATA_DIR / "sandbox_ca" / "anchors")

    assert refusal_of(signed(CONTENT)) == Refusal.PRACTICE


def test_each_refusal_has_a_sentence_of_its_own():
    sentences = {str(refusal.label) for refusal in Refusal}

    assert len(sentences) == len(Refusal)
    assert all(sentence.endswith("。") for sentence in sentences)


def test_what_a_good_one_tells(practice):
    before = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the signer's own clock
    signer = check(signed(CONTENT, "corporate.p12"), CONTENT, now=NOW)

    assert (signer.kind, signer.organisation, signer.name) == (
        CertificateKind.CORPORATE,
        "六本木商事",
        "軽自　太郎",
    )
    assert (signer.revocation, signer.practice) == (Revocation.GOOD, True)
    assert signer.signed_at >= before
    assert "練習用発行認証局" in signer.issuer
    certificate = opened("corporate.p12")[1]
    assert signer.serial == f"{certificate.serial_number:x}"
    assert signer.fingerprint == certificate.fingerprint(hashes.SHA256()).hex()


def test_the_personal_one_tells_which_characters_were_substituted(practice):
    signer = check(signed(CONTENT, "personal-substituted.p12"), CONTENT, now=NOW)

    assert (signer.name, signer.substituted) == ("軽自　太〓", (4,))


@pytest.mark.parametrize("digest", [hashes.SHA384(), hashes.SHA512()], ids=lambda each: each.name)
def test_longer_digests_are_good(practice, digest):
    assert refusal_of(signed(CONTENT, digest=digest)) is None


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=lambda each: each.name)
def test_elliptic_keys_pass_up_to_the_authority(practice, curve):
    holder = certificates.Holder(CertificateKind.SCRIVENER, "軽自　太郎")

    assert refusal_of(own_certificate(holder, ec.generate_private_key(curve))) == Refusal.FOREIGN


def test_validity_is_judged_at_the_moment_of_the_server(practice):
    signature = signed(CONTENT)
    ends = opened(GOOD)[1].not_valid_after_utc

    assert refusal_of(signature, now=ends) is None
    assert refusal_of(signature, now=ends + timedelta(minutes=1)) == Refusal.EXPIRED
    assert refusal_of(signature, now=datetime(2023, 12, 31, tzinfo=UTC)) == Refusal.NOT_YET_VALID


def test_without_anchors_nobody_is_believed(practice, settings, tmp_path):
    settings.DATA_DIR = tmp_path

    assert refusal_of(signed(CONTENT)) == Refusal.FOREIGN


def test_a_signature_of_one_application_does_not_fit_another(practice):
    other = CONTENT.replace(b"0000001", b"0000002")

    assert refusal_of(signed(CONTENT), other) == Refusal.ALTERED


@given(place=st.integers(0, len(CONTENT) - 1), bit=st.integers(0, 7))
@settings(max_examples=20, **FEW)
def test_every_flipped_bit_of_the_content_is_noticed(good, place, bit):
    changed = bytearray(CONTENT)
    changed[place] ^= 1 << bit

    assert refusal_of(good, bytes(changed)) == Refusal.ALTERED


@given(place=st.integers(0, 1_000_000), bit=st.integers(0, 7))
@settings(max_examples=150, **FEW)
def test_every_flipped_bit_of_the_signature_is_refused_or_changes_nothing(good, place, bit):
    """No byte of it makes an error, and none makes another signer."""
    changed = bytearray(good)
    changed[place % len(changed)] ^= 1 << bit

    try:
        signer = check(bytes(changed), CONTENT, now=NOW)
    except SignatureRefused:
        return
    assert signer.fingerprint == opened(GOOD)[1].fingerprint(hashes.SHA256()).hex()


def test_a_certificate_of_no_known_version_is_refused(good):
    third, fourth = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03"

    assert refusal_of(good.replace(third, fourth, 1)) == Refusal.BAD_CERTIFICATE


def test_a_certificate_with_a_number_below_zero_is_refused(good):
    number = opened(GOOD)[1].serial_number.to_bytes(
        20, "big"
    )  # there, and where its signer is named

    below = bytes([number[0] | 0x80]) + number[1:]
    assert refusal_of(good.replace(number, below)) == Refusal.BAD_CERTIFICATE


@given(garbage=st.binary(max_size=200))
@example(b"\x30\x84\xff\xff\xff\xff")
@example(b"\x30\x85\x01\x00\x00\x00\x00")
@settings(max_examples=100, **FEW)
def test_garbage_is_refused(good, garbage):
    assert refusal_of(garbage) is not None
