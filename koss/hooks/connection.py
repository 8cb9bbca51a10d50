"""One POST to one address: to the machine that was judged, within a time, with a short answer.

No proxy of the environment, no redirect, no cookie, no second request: ``http.client`` does none of
these by itself.
"""

import http.client
import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from threading import Timer

from koss.ground.text import Unreadable
from koss.hooks import addresses
from payments.models import DeliveryFault

CONNECT_SECONDS = 5
# For everything from the connection to the end of the answer, however slowly it drips.
SECONDS = 10
# Bytes of an answer that are read, and characters that are kept.
_READ, KEPT = 4096, 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """``code``: of HTTP, None where none came; ``fault``: a DeliveryFault, "" where it arrived."""

    code: int | None = None
    beginning: str = ""
    fault: str = ""


def post(address, body, headers):
    """The Reply of ``address`` (text) to ``body`` (bytes) with ``headers`` (dict).

    Never inside a transaction: this waits. What goes wrong out there is a Reply too.
    """
    try:
        target = addresses.read(address)
        found = addresses.places(target)
    except Unreadable:
        return Reply(fault=DeliveryFault.ADDRESS)
    except addresses.Refused as refused:
        return Reply(fault=refused.fault)
    call = _TimedCall()
    try:
        with call.open(found) as plain:
            reply = _exchange(plain, target, body, headers)
    except ssl.SSLError as error:
        return Reply(fault=_fault_of(error, call, DeliveryFault.TLS))
    except http.client.HTTPException as error:
        return Reply(fault=_fault_of(error, call, DeliveryFault.ANSWER))
    except OSError as error:
        return Reply(fault=_fault_of(error, call, DeliveryFault.CONNECTION))
    # What was cut off can look like the end of an answer.
    return Reply(fault=DeliveryFault.TIME) if call.late else reply


class _TimedCall:
    """A connection that is cut when its time is over. ``late``: whether it was."""

    def __init__(self):
        self.late = False

    @contextmanager
    def open(self, found):
        plain = _connect(found)
        timer = Timer(SECONDS, self._cut, [plain.dup()])
        timer.start()
        try:
            yield plain
        finally:
            timer.cancel()
            # The twin that the timer holds, whether it has run or not.
            timer.args[0].close()
            plain.close()

    def _cut(self, twin):
        self.late = True
        with suppress(OSError):  # gone already
            twin.shutdown(socket.SHUT_RDWR)


def _connect(found):
    """A socket to the first of ``found`` that takes it."""
    failed = None
    for family, where in found[:2]:
        plain = socket.socket(family, socket.SOCK_STREAM)
        plain.settimeout(CONNECT_SECONDS)
        try:
            plain.connect(where)
        except OSError as error:
            plain.close()
            failed = error
            continue
        plain.settimeout(SECONDS)
        return plain
    raise failed


def _exchange(plain, target, body, headers):
    carrier = plain
    if target.scheme == "https":
        carrier = tls().wrap_socket(plain, server_hostname=target.host)
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = carrier
    try:
        connection.request("POST", target.path, body, {"Host": target.netloc, **headers})
        response = connection.getresponse()
        return _read(response)
    finally:
        connection.close()
        carrier.close()


def _read(response):
    """The Reply that ``response`` is. Its status says enough where its body cannot be read."""
    try:
        raw = response.read(_READ)
    except (OSError, http.client.HTTPException):
        raw = b""
    text = "".join(
        sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}"
        for sign in raw.decode("utf-8", "replace").replace("\r\n", "\n")
    )
    return Reply(response.status, text[:KEPT], _fault_of_status(response.status))


def _fault_of_status(code):
    if 200 <= code < 300:
        return ""
    if code == 410:
        return DeliveryFault.GONE
    return DeliveryFault.REDIRECT if 300 <= code < 400 else DeliveryFault.STATUS


def _fault_of(error, call, otherwise):
    late = call.late or isinstance(error, TimeoutError)
    return DeliveryFault.TIME if late else otherwise


@cache
def tls():
    """The one context: the machine's own authorities, TLS 1.2 at least."""
    return ssl.create_default_context()
