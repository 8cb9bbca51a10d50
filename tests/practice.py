"""The practice authority for tests: its certificates, signatures made with them, and its answers.

The authority is made once for each state of its code and kept with the other caches: keys take
long to make.
"""

import hashlib
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12
from cryptography.x509 import ocsp

from applications.signatures import fetching, lists, sandbox
from applications.signatures.sandbox import authority
from applications.signatures.sandbox.samples import PIN, SAMPLES

CACHE = Path(__file__).parents[1] / ".data" / "cache" / "practice"
GOOD = "scrivener.p12"


@cache
def home():
    """The directory in which the authority lies."""
    code = hashlib.sha256()
    for file in sorted(Path(sandbox.__file__).parent.glob("*.py")):
        code.update(file.read_bytes())
    place = CACHE / code.hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    authority.make(place)
    return place


def sample(file):
    return next(sample for sample in SAMPLES if sample.file == file)


@cache
def opened(file):
    """(key, certificate, [the authority's certificate]) out of a practice file."""
    data = (authority.directory(home()) / "p12" / file).read_bytes()
    key, certificate, chain = pkcs12.load_key_and_certificates(data, PIN.encode())
    return key, certificate, chain


def signed(content, file=GOOD, *, digest=None, options=(), signers=1):
    """A signature under ``content``, in DER, detached unless ``options`` say otherwise."""
    key, certificate, _chain = opened(file)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    for _ in range(signers):
        builder = builder.add_signer(certificate, key, digest or hashes.SHA256())
    options = options or (pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary)
    return builder.sign(Encoding.DER, list(options))


class Network:
    """What stands in for the network: the authority's files, unless they are ``hidden``.

    ``instead``: address → other bytes. ``asked``: every address, in order.
    """

    def __init__(self):
        self.asked, self.hidden, self.instead = [], set(), {}

    def fetch(self, address, *, body=None, content_type=""):
        self.asked.append(address)
        name = address.rpartition("/")[2]
        if name in self.hidden:
            raise fetching.Unreachable(address)
        if name in self.instead:
            return self.instead[name]
        if name == "ocsp":
            question = ocsp.load_der_ocsp_request(body)
            name = f"{question.issuer_key_hash.hex()}-{question.serial_number:x}.ocsp"
        return (authority.directory(home()) / "public" / name).read_bytes()


@pytest.fixture
def practice(settings, monkeypatch):
    """Demo mode, the practice authority believed, and its answers at hand."""
    settings.DEMO = True
    settings.DATA_DIR = home()
    network = Network()
    monkeypatch.setattr(fetching, "fetch", network.fetch)
    monkeypatch.setattr(lists, "_kept", {})
    return network
