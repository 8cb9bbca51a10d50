"""CRL and OCSP are both asked; revoked by either wins; nobody's answer is believed unsigned."""

import http.server
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core, crl
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from applications.models import Revocation
from applications.signatures import fetching, lists, revocation
from applications.signatures.sandbox import certificates
from tests.practice import opened

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
GOOD, REVOKED, UNKNOWN = Revocation.GOOD, Revocation.REVOKED, Revocation.UNKNOWN


@pytest.fixture(scope="module")
def issuer():
    """An authority whose key the tests hold."""
    return certificates.make_authority("issuing", "練習用発行認証局", key=opened("personal.p12")[0])


@pytest.fixture
def certificate(issuer):
    """Names a list and a responder."""
    return certificates.make(issuer, opened_holder(), opened("scrivener.p12")[0])


def opened_holder():
    return certificates.Holder("corporate", "軽自　太郎", "六本木商事")


@pytest.fixture
def ask(practice, issuer, certificate):
    """``ask(crl=…, ocsp=…, now=…)``: what comes of these bytes; None: nobody answers."""

    def asked(*, crl=None, ocsp=None, now=NOW):
        lists._kept.clear()
        for name, body in (("issuing.crl", crl), ("ocsp", ocsp)):
            practice.hidden.discard(name)
            if body is None:
                practice.hidden.add(name)
            else:
                practice.instead[name] = body
        return revocation.ask([certificate, issuer.certificate], now=now)[0]

    return asked


def a_list(issuer, *revoked, begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=1), **how):
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=how.get("name", issuer.certificate.subject),
        last_update=begins,
        next_update=ends,
    )
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder(certificate.serial_number, NOW)
        builder = builder.add_revoked_certificate(entry.build())
    for extension in how.get("extensions", ()):
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(how.get("key", issuer.key), hashes.SHA256()).public_bytes(Encoding.DER)


def a_long_list(issuer, count):
    """A list of ``count`` strangers; written by hand, since the library's builder takes minutes."""
    short = crl.CertificateList.load(a_list(issuer, issuer.certificate))
    fields = {name: short["tbs_cert_list"][name] for name in short["tbs_cert_list"]}
    when = fields["revoked_certificates"][0]["revocation_date"].dump()
    entries = (b"\x02\x08" + (2**62 + place).to_bytes(8) + when for place in range(count))
    all_of_them = b"".join(bytes([0x30, len(entry)]) + entry for entry in entries)
    parts = {name: value.dump() for name, value in fields.items()}
    parts["revoked_certificates"] = core.Sequence(contents=all_of_them).dump()
    signed = core.Sequence(contents=b"".join(parts.values())).dump()
    algorithm = short["signature_algorithm"].dump()
    value = b"\x03\x82\x01\x01\0" + issuer.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return core.Sequence(contents=signed + algorithm + value).dump()


def an_answer(issuer, certificate, *, revoked=False, key=None, responder=None, **times):
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=times.get("begins", NOW - timedelta(hours=1)),
            next_update=times.get("ends", NOW + timedelta(hours=1)),
            revocation_time=NOW if revoked else None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder or issuer.certificate)
    )
    if responder:
        builder = builder.certificates([responder])
    return builder.sign(key or issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_either_may_say_revoked(ask, issuer, certificate):
    clean, listed = a_list(issuer), a_list(issuer, certificate)
    good = an_answer(issuer, certificate)
    bad = an_answer(issuer, certificate, revoked=True)

    assert ask(crl=clean, ocsp=good) == GOOD
    assert ask(crl=listed, ocsp=good) == REVOKED
    assert ask(crl=clean, ocsp=bad) == REVOKED
    assert ask(crl=listed, ocsp=None) == REVOKED
    assert ask(crl=None, ocsp=bad) == REVOKED


def test_one_answer_is_enough_and_none_is_unknown(ask, issuer, certificate):
    assert ask(crl=a_list(issuer)) == GOOD
    assert ask(ocsp=an_answer(issuer, certificate)) == GOOD
    assert ask() == UNKNOWN


def test_lists_that_are_not_believed(ask, issuer, certificate):
    part = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    only_authorities = x509.IssuingDistributionPoint(**part | {"only_contains_ca_certs": True})
    only_people = x509.IssuingDistributionPoint(**part | {"only_contains_user_certs": True})
    indirect = x509.IssuingDistributionPoint(**part | {"indirect_crl": True})
    other = opened("scrivener.p12")[0]

    assert ask(crl=a_list(issuer, extensions=[only_people])) == GOOD
    not_believed = {
        "forged": a_list(issuer, key=other),
        "of another": a_list(issuer, name=certificate.subject),
        "stale": a_list(issuer, ends=NOW - timedelta(minutes=1)),
        "of later": a_list(issuer, begins=NOW + timedelta(hours=1)),
        "of authorities": a_list(issuer, extensions=[only_authorities]),
        "indirect": a_list(issuer, extensions=[indirect]),
        "of changes": a_list(issuer, extensions=[x509.DeltaCRLIndicator(1)]),
        "no list": b"<html>",
    }
    assert {name: ask(crl=body) for name, body in not_believed.items()} == dict.fromkeys(
        not_believed, UNKNOWN
    )


def test_answers_that_are_not_believed(ask, issuer, certificate):
    other = opened("scrivener.p12")[0]
    delegate = certificates.make_responder(issuer, other)
    without_right = certificates.make(issuer, opened_holder(), other)
    good = an_answer(issuer, certificate)
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(
        ocsp.OCSPResponseStatus.TRY_LATER
    ).public_bytes(Encoding.DER)

    assert ask(ocsp=an_answer(issuer, certificate, key=other, responder=delegate)) == GOOD
    not_believed = {
        "forged": good[:-1] + bytes([good[-1] ^ 1]),
        "by no responder": an_answer(issuer, certificate, key=other, responder=without_right),
        "about another": an_answer(issuer, without_right),
        "stale": an_answer(
            issuer,
            certificate,
            begins=NOW - timedelta(hours=3),
            ends=NOW - timedelta(hours=1),
        ),
        "of later": an_answer(
            issuer,
            certificate,
            begins=NOW + timedelta(hours=1),
            ends=NOW + timedelta(hours=2),
        ),
        "try later": refused,
        "no answer": b"<html>",
    }
    assert {name: ask(ocsp=body) for name, body in not_believed.items()} == dict.fromkeys(
        not_believed, UNKNOWN
    )


def test_what_was_believed_is_handed_on_byte_for_byte(practice, issuer, certificate):
    practice.instead = {
        "issuing.crl": a_list(issuer),
        "ocsp": an_answer(issuer, certificate),
    }

    _result, answers = revocation.ask([certificate, issuer.certificate], now=NOW)

    assert {answer.body for answer in answers} == set(practice.instead.values())


def test_a_list_is_fetched_once_in_ten_minutes(practice, issuer, certificate):
    practice.instead = {
        "issuing.crl": a_list(issuer),
        "ocsp": an_answer(issuer, certificate),
    }
    for _ in range(2):
        revocation.ask([certificate, issuer.certificate], now=NOW)

    assert [address.rpartition("/")[2] for address in practice.asked] == [
        "issuing.crl",
        "ocsp",
        "ocsp",
    ]


def test_a_list_of_200_000_costs_no_seconds(ask, issuer, certificate):
    """The first look takes a moment, every further one next to none."""
    long = a_long_list(issuer, 200_000)
    assert len(long) > 4_000_000

    begun = time.process_time()
    assert ask(crl=long) == GOOD
    assert time.process_time() - begun < 2

    found = lists.fetched(f"http://{certificates.HOST}/issuing.crl")
    begun = time.process_time()
    for _ in range(5):
        lists.require_believable(found, issuer.certificate, now=NOW, for_authority=False)
    assert time.process_time() - begun < 1


class Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        self.wfile.write(b"x" * 100)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(fetching, "_silent_until", {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.KOSS_REVOCATION_HOSTS = {"ca.example": f"http://127.0.0.1:{server.server_port}"}
        yield server
        server.shutdown()
        thread.join()


def test_only_hosts_on_the_list_are_asked(server):
    assert fetching.fetch("http://ca.example/list") == b"x" * 100
    for address in (
        f"http://127.0.0.1:{server.server_port}/list",
        "http://ca.example.evil/",
        "http://ca.example@127.0.0.1/",
        "http://[::1/",
        "ldap://ca.example/",
        "file:///etc/passwd",
    ):
        with pytest.raises(fetching.Unreachable, match=r"list of hosts|Invalid IPv6"):
            fetching.fetch(address)


def test_no_other_address_is_followed_and_no_page_of_errors_read(server, monkeypatch):
    for path in ("away", "none"):
        with pytest.raises(fetching.Unreachable, match="answered with"):
            fetching.fetch(f"http://ca.example/{path}")
    monkeypatch.setattr(fetching, "MOST_BYTES", 99)
    with pytest.raises(fetching.Unreachable, match="more than"):
        fetching.fetch("http://ca.example/")


def test_a_silent_host_is_left_alone_for_a_while(server, settings):
    settings.KOSS_REVOCATION_HOSTS = {"ca.example": "http://127.0.0.1:9"}
    with pytest.raises(fetching.Unreachable, match="refused"):
        fetching.fetch("http://ca.example/")
    with pytest.raises(fetching.Unreachable, match="a moment ago"):
        fetching.fetch("http://ca.example/")
