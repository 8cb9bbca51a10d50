"""Speaking to the portal: one signed POST of JSON."""

import http.client
import json
import urllib.error
import urllib.request

from django.conf import settings

from payments.sandbox import signing

_SECONDS = 10
_MOST_BYTES = 65_536
INQUIRIES = "/payment/bank/inquiries/"


class NoAnswer(Exception):
    """The portal could not be reached, or said nothing that can be read."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_request):
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)


def post(path, body, *, now):
    """The status and body of the portal's answer to ``body`` (text), or NoAnswer."""
    content = body.encode()
    request = urllib.request.Request(
        settings.PORTAL + path,
        data=content,
        method="POST",
        headers={
            "Content-Type": "application/json",
            signing.HEADER: signing.sign(f"bank-to-portal:{path}", content, now=now),
        },
    )
    try:
        with _opener.open(request, timeout=_SECONDS) as response:
            return response.status, response.read(_MOST_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NoAnswer(type(error).__name__) from error


def inquire(agency_number, payment_number, confirmation_number, *, now):
    """What the portal says of numbers that were typed at a cash machine, as an object."""
    body = {
        "agency_number": agency_number,
        "payment_number": payment_number,
        "confirmation_number": confirmation_number,
    }
    status, answer = post(INQUIRIES, json.dumps(body), now=now)
    try:
        found = json.loads(answer) if status == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("found"), bool):
        raise NoAnswer(f"HTTP {status}")
    return found
