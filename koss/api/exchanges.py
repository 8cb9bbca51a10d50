"""The log of requests and answers, in demo mode only: koss.demo shows it.

It costs one INSERT after the answer is made, outside of the request's own transactions, and where
that fails the answer goes out as it is.
"""

import logging
import re
import secrets
import time

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Subquery

from koss.api import problems
from koss.ground import clock
from koss.models import ApiExchange

logger = logging.getLogger(__name__)

HEADER = "X-Request-Id"
# Of a body so many characters are kept; of an address and a header's value so many.
MOST, _LINE = 8000, 500
# Beyond these the night deletes.
KEPT, DAYS = 1000, 7
_HIDDEN = "***"
_SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "proxy-authorization"}
_SECRETS = (
    (re.compile(r'("\w*(?:password|secret|token)"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.I), r'\1"***"'),
    (re.compile(r"\b(whsec|koss)_[\w+/=-]{12,}"), r"\1_***"),
)
_TEXTS = ("application/json", "application/problem+json", "text/")


def keep(get_response):
    """Middleware: note every request to the interface with its answer."""

    def middleware(request):
        if not settings.DEMO or not problems.is_for(request):
            return get_response(request)
        begun = time.monotonic()
        response = get_response(request)
        reference = secrets.token_hex(16)
        response[HEADER] = reference
        try:
            with transaction.atomic():
                _note(request, response, reference, round((time.monotonic() - begun) * 1000))
        except Exception:
            logger.exception("request %s is not in the log", reference)
        return response

    return middleware


def old(before):
    """The rows that are kept no longer: older than ``before``, or not among the newest."""
    beyond = ApiExchange.objects.order_by("-pk").values("pk")[KEPT : KEPT + 1]
    return ApiExchange.objects.filter(Q(at__lt=before) | Q(pk__lte=Subquery(beyond)))


def _note(request, response, reference, took):
    ApiExchange.objects.create(
        reference=reference,
        at=clock.now(),
        credential=getattr(request, "credential", None),
        method=request.method[:10],
        path=_cut(request.get_full_path(), _LINE),
        code=response.status_code,
        took=took,
        asked=_headers(request.headers),
        # What the gate did not read is not read here either.
        body=_text(getattr(request, "_body", b""), request.content_type),
        answered=_headers(response.headers),
        answer="" if response.streaming else _text(response.content, response["Content-Type"]),
    )


def _headers(headers):
    return {
        name: _HIDDEN if name.lower() in _SECRET_HEADERS else _cut(value, _LINE)
        for name, value in headers.items()
    }


def _text(body, content_type):
    """``body`` as it can be read, without its secrets; of a file its size alone."""
    if not body:
        return ""
    if not content_type.startswith(_TEXTS):
        return f"({len(body)} bytes)"
    text = body[: 4 * MOST].decode(errors="replace")
    for secret, hidden in _SECRETS:
        text = secret.sub(hidden, text)
    return _cut(text, MOST)


def _cut(text, most):
    """At most ``most`` characters, and none that a database refuses."""
    text = text.replace("\x00", "")
    return text if len(text) <= most else f"{text[: most - 1]}…"
