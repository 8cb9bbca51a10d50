"""The practice authority beside the bank: what the portal asks over HTTP, and the answers."""

import shutil
import urllib.error
import urllib.request

import pytest
from cryptography.x509 import ocsp

from applications.models import Revocation
from applications.signatures import fetching, lists
from applications.signatures.checking import check
from applications.signatures.refusals import Refusal, SignatureRefused
from applications.signatures.sandbox import certificates
from koss.ground import clock
from tests.bank.process import Bank
from tests.practice import home, signed

CONTENT = b"x"


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """The bank's program, with the authority's files in its data directory."""
    place = tmp_path_factory.mktemp("authority")
    shutil.copytree(home() / "sandbox_ca", place / "sandbox_ca")
    bank = Bank(place, "http://127.0.0.1:9")
    bank.start()
    yield bank
    bank.stop()


@pytest.fixture
def portal(beside, settings, db, monkeypatch):
    """The portal of the demo: believes the authority, and knows where it answers."""
    settings.DEMO = True
    settings.DATA_DIR = home()
    settings.KOSS_REVOCATION_HOSTS = {certificates.HOST: f"{beside.origin}/authority"}
    monkeypatch.setattr(lists, "_kept", {})
    monkeypatch.setattr(fetching, "_silent_until", {})


def test_good_certificates_are_good_and_revoked_ones_revoked(portal):
    now = clock.now()
    for file in ("personal.p12", "corporate.p12", "scrivener.p12"):
        assert check(signed(CONTENT, file), CONTENT, now=now).revocation == Revocation.GOOD
    for file in ("revoked.p12", "revoked-corporate.p12", "revoked-personal.p12"):
        with pytest.raises(SignatureRefused) as refused:
            check(signed(CONTENT, file), CONTENT, now=now)
        assert refused.value.refusal == Refusal.REVOKED


def test_other_questions_get_the_protocols_own_no(beside):
    def said(question):
        request = urllib.request.Request(f"{beside.origin}/authority/ocsp", data=question)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return ocsp.load_der_ocsp_response(answer.read()).response_status

    assert said(b"what?") == ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    for path in ("unknown.crl", "form", "..%2Fform", "personal.p12"):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"{beside.origin}/authority/{path}", timeout=20)
        assert error.value.code == 404
        error.value.close()
