"""Sign a file with a PKCS#12 certificate: ``python sign.py certificate.p12 application.txt``.

Writes ``application.txt.p7s``: a detached CMS signature (RFC 5652) in DER, as the portal takes it.
Needs Python 3.11 and the package ``cryptography``. Key and PIN stay on this machine.
"""

import argparse
import getpass
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12


def sign(content: bytes, certificate_file: bytes, pin: bytes) -> bytes:
    """The signature under ``content``. ValueError: a wrong PIN, or another kind of file."""
    key, certificate, chain = pkcs12.load_key_and_certificates(certificate_file, pin)
    if key is None or certificate is None:
        raise ValueError("The file holds no key with its certificate.")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    for each in chain:
        builder = builder.add_certificate(each)
    # Binary: line ends are signed as they are.
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(Encoding.DER, options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("certificate", type=Path, help="PKCS#12 file (.p12, .pfx)")
    parser.add_argument("file", type=Path, help="what is to be signed")
    parser.add_argument("--pin-file", type=Path, help="read the PIN from here instead of asking")
    given = parser.parse_args()
    pin = given.pin_file.read_text().strip() if given.pin_file else getpass.getpass("PIN: ")
    try:
        signature = sign(given.file.read_bytes(), given.certificate.read_bytes(), pin.encode())
    except (OSError, ValueError) as error:
        sys.exit(f"Not signed: {error}")
    target = given.file.with_name(f"{given.file.name}.p7s")
    target.write_bytes(signature)
    print(target)


if __name__ == "__main__":
    main()
