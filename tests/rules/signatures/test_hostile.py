"""Signatures made to hurt are refused at once, and in little time."""

import time
from datetime import UTC, datetime

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding

from applications.signatures.checking import check
from applications.signatures.refusals import Refusal, SignatureRefused
from tests.practice import opened, signed

CONTENT = b"x"
NOW = datetime(2026, 11, 28, tzinfo=UTC)
SECONDS = 0.2


def long_identifier():
    """16 KB of one arc: parsers spend the square of its length on it."""
    return b"\x06\x82\x3f\xf0" + b"\x81" * 0x3FEF + b"\x01"


def deep():
    value = b""
    while len(value) < 16_000:
        size = len(value)
        length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2)
        if 0x80 <= size < 0x100:
            length = b"\x81" + bytes([size])
        value = b"\x30" + length + value
    return value


def many_certificates():
    info = cms.ContentInfo.load(signed(CONTENT))
    own = info["content"]["certificates"][0]
    info["content"]["certificates"] = cms.CertificateSet([own] * 11)
    return info.dump(force=True)[: 16 * 1024]


@pytest.mark.parametrize(
    ("make", "refusals"),
    [
        (long_identifier, {Refusal.NOT_DER}),
        (deep, {Refusal.NOT_DER}),
        (lambda: b"\x30\x84\x7f\xff\xff\xff" + bytes(100), {Refusal.NOT_DER}),
        (lambda: bytes(20 * 1024 * 1024), {Refusal.TOO_LARGE}),
        (lambda: b"\x30\x82\x3f\xf0" + b"\x05\x00" * 0x1FF8, {Refusal.NOT_SIGNED_DATA}),
        (many_certificates, {Refusal.NOT_DER, Refusal.NOT_SIGNED_DATA}),
    ],
    ids=["long identifier", "deep", "false length", "20 MB", "8,000 values", "11 certificates"],
)
def test_it_is_refused_in_no_time(practice, make, refusals):
    check_once(signed(CONTENT))  # the libraries are loaded
    data = make()

    begun = time.process_time()
    refusal = check_once(data)

    assert time.process_time() - begun < SECONDS
    assert refusal in refusals


def check_once(data):
    try:
        check(data, CONTENT, now=NOW)
    except SignatureRefused as refused:
        return refused.refusal
    return None


def test_the_certificate_alone_is_no_signature(practice):
    certificate = opened("scrivener.p12")[1].public_bytes(Encoding.DER)

    assert check_once(certificate) == Refusal.NOT_SIGNED_DATA
