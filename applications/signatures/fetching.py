"""Reading what an authority publishes, over HTTP, from hosts that the operator has named."""

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request

from django.conf import settings

MOST_BYTES = 32 * 1024 * 1024
_SECONDS = 4
_CHUNK = 64 * 1024
# A host that did not answer is not waited for again by every next visitor.
_REST_AFTER_SILENCE = 60
_silent_until = {}


class Unreachable(Exception):
    """No answer, or the address is not one that may be asked."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """An authority that answers with another address has not answered."""

    def redirect_request(self, *_request):
        return None


# No proxy of the environment: which hosts are asked is said by a setting, and by nothing else.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def fetch(address: str, *, body: bytes | None = None, content_type: str = "") -> bytes:
    """What ``address`` answers; with ``body`` by POST. Never inside a transaction: this waits.

    Raises Unreachable: not on the list of KOSS_REVOCATION_HOSTS, silent, too long, or not 200.
    """
    place = _allowed(address)
    host = urllib.parse.urlsplit(place).netloc
    if time.monotonic() < _silent_until.get(host, 0):
        raise Unreachable(f"{host} did not answer a moment ago")
    headers = {"Content-Type": content_type} if body is not None else {}
    request = urllib.request.Request(place, data=body, headers=headers)
    try:
        with _opener.open(request, timeout=_SECONDS) as response:
            return _read(response, until=time.monotonic() + 2 * _SECONDS)
    except urllib.error.HTTPError as error:
        error.close()
        raise Unreachable(f"{address} was answered with {error.code}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        _silent_until[host] = time.monotonic() + _REST_AFTER_SILENCE
        raise Unreachable(str(error)) from error


def _allowed(address):
    """Where to ask for ``address``: itself, or the place that stands for its host."""
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError as error:
        raise Unreachable(str(error)) from error
    host = parts.netloc.lower()
    if parts.scheme not in ("http", "https") or host not in settings.KOSS_REVOCATION_HOSTS:
        raise Unreachable(f"{host or address} is not on the list of hosts")
    stands_for_it = settings.KOSS_REVOCATION_HOSTS[host]
    if not stands_for_it:
        return address
    query = f"?{parts.query}" if parts.query else ""
    return f"{stands_for_it}{parts.path}{query}"


def _read(response, *, until):
    pieces, size = [], 0
    while piece := response.read(_CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise Unreachable(f"more than {MOST_BYTES} bytes")
        if time.monotonic() > until:
            raise OSError("the answer takes too long")
    return b"".join(pieces)
