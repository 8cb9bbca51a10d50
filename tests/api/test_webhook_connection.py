"""The one POST of a webhook, to a real receiver: its name, its time, its answer."""

import datetime
import socket
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from koss.ground import clock
from koss.hooks import addresses, connection
from payments.models import DeliveryFault

NAME = "hooks.koss.example"
ADDRESS = f"https://{NAME}/in?a=1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A PEM file with a key and a certificate of NAME that signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = clock.system_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    return path


class Receiver:
    """``answer(handler)`` answers; ``got``: (path, headers, body) of each request."""

    def __init__(self, certificate):
        self.got, self.names = [], []
        self.answer = lambda handler: says(handler, 204)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                outer.answer(self)

            do_GET = do_POST

            def log_message(self, *_said):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_who: None  # the portal hung up, as it should
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _line, name, _context: self.names.append(name)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.where = (socket.AF_INET, self.server.server_address)


def says(handler, code, body=b"", **headers):
    handler.send_response(code)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture(scope="module")
def _running(certificate):
    receiver = Receiver(certificate)
    thread = threading.Thread(target=receiver.server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
    thread.join()


@pytest.fixture
def receiver(_running, certificate, monkeypatch):
    _running.got.clear()
    _running.names.clear()
    _running.answer = lambda handler: says(handler, 204)
    trusted = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(connection, "tls", lambda: trusted)
    monkeypatch.setattr(addresses, "places", lambda target: [_running.where])
    return _running


def post(address=ADDRESS):
    return connection.post(address, b"{}", {"webhook-id": "msg_1"})


def test_the_judged_address_is_called_by_the_name(receiver, monkeypatch):
    # A proxy of the environment, and any second look-up, would lead elsewhere.
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: pytest.fail("looked up"))

    assert post() == connection.Reply(204)

    [(path, headers, body)] = receiver.got
    assert (path, headers["Host"], body) == ("/in?a=1", NAME, b"{}")
    assert headers["webhook-id"] == "msg_1"
    assert receiver.names == [NAME]


def test_a_certificate_of_another_name_or_authority_ends_it(receiver, monkeypatch):
    assert post("https://other.koss.example/").fault == DeliveryFault.TLS
    stranger = ssl.create_default_context()
    monkeypatch.setattr(connection, "tls", lambda: stranger)
    assert post().fault == DeliveryFault.TLS
    assert receiver.got == []


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (200, ""),
        (299, ""),
        (301, DeliveryFault.REDIRECT),
        (307, DeliveryFault.REDIRECT),
        (404, DeliveryFault.STATUS),
        (410, DeliveryFault.GONE),
        (503, DeliveryFault.STATUS),
    ],
)
def test_what_an_answer_means(receiver, code, fault):
    receiver.answer = lambda handler: says(handler, code, b"ok", Location="https://127.0.0.1/")

    assert post() == connection.Reply(code, "ok", fault)
    assert len(receiver.got) == 1


def test_only_the_beginning_of_an_answer_is_read_and_it_is_text(receiver):
    receiver.answer = lambda handler: says(handler, 200, b"\x00\xff\r\n" + b"x" * 10_000_000)

    answer = post()

    assert answer.code == 200
    assert answer.beginning == "��\n" + "x" * (connection.KEPT - 3)


def drips(handler):
    """A header that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    with suppress(OSError):  # the other end hangs up
        while True:
            handler.wfile.write(b"x")
            threading.Event().wait(0.02)


def test_who_is_silent_and_who_drips_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(connection, "SECONDS", 0.3)
    over = threading.Event()
    for answer in (lambda handler: over.wait(20), drips):
        receiver.answer = answer
        assert post() == connection.Reply(fault=DeliveryFault.TIME)
    over.set()


def test_what_is_no_http_is_told_apart(receiver):
    receiver.answer = lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n")
    assert post().fault == DeliveryFault.ANSWER


def test_nobody_listens(monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = (socket.AF_INET, free.getsockname())
    monkeypatch.setattr(addresses, "places", lambda target: [where, where, where])

    assert post().fault == DeliveryFault.CONNECTION


def test_an_address_that_may_no_longer_be_called(monkeypatch):
    monkeypatch.setattr(addresses, "places", lambda target: pytest.fail("called"))
    assert post("http://127.0.0.1:8210/").fault == DeliveryFault.ADDRESS
    monkeypatch.undo()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: _all_private())
    assert post().fault == DeliveryFault.ADDRESS


def _all_private():
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.1", 443))]
