"""The practice authority: made once, as files in one directory; its keys are then thrown away.

``anchors/``: what the demo believes. ``p12/``: the certificates with their keys. ``public/``: its
lists, and one OCSP answer for each certificate. The sandbox bank's program hands the last out.
"""

import fcntl
import os
import shutil
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12
from cryptography.x509 import ocsp

from applications.signatures.sandbox import certificates
from applications.signatures.sandbox.certificates import BEGINS, ENDS
from applications.signatures.sandbox.samples import PIN, SAMPLES

# Another number makes a directory of an older form anew.
_FORM = "1"
_ROUNDS = 20_000


def directory(data_dir: Path) -> Path:
    return data_dir / "sandbox_ca"


def make(data_dir: Path) -> bool:
    """Make the authority below ``data_dir`` unless it is there; returns whether it was made now.

    It appears whole, or not at all; of two programs that make it at once, the second finds it.
    """
    place = directory(data_dir)
    if _is_there(place):
        return False
    held = os.open(data_dir, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        return not _is_there(place) and _make(place)
    finally:
        os.close(held)


def _make(place):
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    for folder in ("anchors", "p12", "public"):
        (fresh / folder).mkdir(parents=True)
    try:
        _fill(fresh)
        (fresh / "form").write_text(_FORM)
        shutil.rmtree(place, ignore_errors=True)
        fresh.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def sign_list(authority, revoked):
    """A list of ``authority``, in DER. ``revoked``: serial numbers."""
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=authority.certificate.subject, last_update=BEGINS, next_update=ENDS
    )
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder(serial, revocation_date=BEGINS)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def answer(certificate, authority, responder, key, *, revoked):
    """The OCSP answer about ``certificate``, in DER."""
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=certificate,
            issuer=authority.certificate,
            algorithm=hashes.SHA1(),  # how every client names a certificate; nothing rests on it
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=BEGINS,
            next_update=ENDS,
            revocation_time=BEGINS if revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder)
        .certificates([responder])
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _is_there(place):
    form = place / "form"
    return form.exists() and form.read_text() == _FORM


def _fill(place):
    root = certificates.make_authority("root", "練習用ルート認証局")
    between = certificates.make_authority("issuing", "練習用発行認証局", above=root)
    foreign = certificates.make_authority("foreign", "無関係の認証局")
    for authority in (root, between):
        pem = authority.certificate.public_bytes(Encoding.PEM)
        (place / "anchors" / f"{authority.name}.pem").write_bytes(pem)
    responder_key = certificates.new_key()
    responder = certificates.make_responder(between, responder_key)
    # The bad ones share their keys: keys take long to make, and nothing rests on these.
    shared = {bits: certificates.new_key(bits) for bits in (1024, 2048)}
    revoked = []
    for sample in SAMPLES:
        issuer = foreign if sample.foreign else between
        key = shared[sample.bits] if sample.refusal else certificates.new_key(sample.bits)
        certificate = certificates.make(issuer, sample.holder, key)
        if sample.revoked:
            revoked.append(certificate.serial_number)
        said = answer(certificate, issuer, responder, responder_key, revoked=sample.revoked)
        asked = ocsp.load_der_ocsp_response(said)
        name = f"{asked.issuer_key_hash.hex()}-{certificate.serial_number:x}.ocsp"
        (place / "public" / name).write_bytes(said)
        chain = [issuer.certificate]
        (place / "p12" / sample.file).write_bytes(_file(sample, certificate, key, chain))
    (place / "public" / "root.crl").write_bytes(sign_list(root, []))
    (place / "public" / "issuing.crl").write_bytes(sign_list(between, revoked))


def _file(sample, certificate, key, chain):
    """The PKCS#12 file."""
    encryption = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(_ROUNDS)
    if sample.old_file:
        encryption = encryption.key_cert_algorithm(
            pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC
        ).hmac_hash(hashes.SHA1())
    else:
        encryption = encryption.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(
            hashes.SHA256()
        )
    return pkcs12.serialize_key_and_certificates(
        sample.file.removesuffix(".p12").encode(),
        key,
        certificate,
        chain,
        encryption.build(PIN.encode()),
    )
