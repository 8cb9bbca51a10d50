"""Signatures that other programs make are taken: OpenSSL's, and those of the example program."""

import subprocess
import sys

import pytest

from applications.signatures.checking import check
from applications.signatures.refusals import SignatureRefused
from applications.signatures.sandbox import authority
from applications.signatures.sandbox.samples import PIN
from tests.practice import home
from tests.processes import ROOT
from tests.rules.signatures.test_gates import CONTENT, NOW


@pytest.fixture
def to_sign(tmp_path):
    file = tmp_path / "application.txt"
    file.write_bytes(CONTENT)
    return file


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("certificate", ["personal.p12", "corporate.p12"])
def test_the_example_program(practice, to_sign, tmp_path, certificate):
    """corporate.p12 is encrypted in the old way, personal.p12 in the new one."""
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    p12 = authority.directory(home()) / "p12" / certificate
    program = ROOT / "docs" / "client" / "sign.py"

    run(sys.executable, program, p12, to_sign, "--pin-file", pin)

    signature = to_sign.with_name("application.txt.p7s").read_bytes()
    assert check(signature, CONTENT, now=NOW, names=["六本木商事", "軽自　太郎"]).practice


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
@pytest.mark.parametrize("padding", ["pkcs1", "pss"])
def test_openssl(practice, to_sign, tmp_path, digest, padding):
    p12 = authority.directory(home()) / "p12" / "scrivener.p12"
    pem, signature = tmp_path / "certificate.pem", tmp_path / "signature.p7s"
    how = ["-keyopt", "rsa_padding_mode:pss"] if padding == "pss" else []

    run("openssl", "pkcs12", "-in", p12, "-passin", f"pass:{PIN}", "-nodes", "-out", pem)
    run(
        *("openssl", "cms", "-sign", "-binary", "-in", to_sign, "-signer", pem, "-inkey", pem),
        *(*how, "-md", digest, "-outform", "DER", "-out", signature),
    )

    signer = check(signature.read_bytes(), CONTENT, now=NOW)
    assert signer.organisation == "軽自行政書士事務所"


def test_openssl_in_its_own_manner_is_told_what_to_change(practice, to_sign, tmp_path):
    """Without the two options of our instructions: text, and content inside."""
    p12 = authority.directory(home()) / "p12" / "scrivener.p12"
    pem = tmp_path / "certificate.pem"
    run("openssl", "pkcs12", "-in", p12, "-passin", f"pass:{PIN}", "-nodes", "-out", pem)
    said = {}
    manners = {"pem": ["-outform", "PEM"], "inside": ["-outform", "DER", "-nodetach"]}
    for name, how in manners.items():
        out = tmp_path / name
        run(
            *("openssl", "cms", "-sign", "-binary", "-in", to_sign, "-signer", pem),
            *("-inkey", pem, *how, "-out", out),
        )
        with pytest.raises(SignatureRefused) as refused:
            check(out.read_bytes(), CONTENT, now=NOW)
        said[name] = refused.value.refusal
    assert said == {"pem": "pem", "inside": "content_inside"}
