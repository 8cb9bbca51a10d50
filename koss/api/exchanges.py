"""The log of requests and answers, in demo mode only: koss.demo shows it.

It costs one INSERT after the answer is made, outside of the request's own transactions, and where
that fails the answer goes out as it is.
"""

import json
import logging
import re
import time

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Subquery

from koss.api import problems
from koss.ground import clock, masking, request_ids
from koss.models import ApiExchange

logger = logging.getLogger(__name__)

# Of a body so many characters are kept; of an address and a header's value so many.
MOST, _LINE = 8000, 500
# So many bytes of a body are read as JSON; of a longer one its beginning is a text.
_READ = 65_536
# Beyond these the night deletes.
KEPT, DAYS = 1000, 7
_SECRET_NAME = re.compile("password|secret|token|authorization|cookie|api.?key", re.I)
_TEXTS = ("application/json", "application/problem+json", "text/")


def keep(get_response):
    """Middleware: note every request to the interface with its answer."""

    def middleware(request):
        if not settings.DEMO or not problems.is_for(request):
            return get_response(request)
        begun = time.monotonic()
        response = get_response(request)
        try:
            with transaction.atomic():
                took = round((time.monotonic() - begun) * 1000)
                _note(request, response, request_ids.current(), took)
        except Exception:
            logger.exception("a request is not in the log")
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
        path=_cut(masking.secrets_of(request.get_full_path()), _LINE),
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
        name: masking.HIDDEN
        if _SECRET_NAME.search(name)
        else _cut(masking.secrets_of(value), _LINE)
        for name, value in headers.items()
    }


def _text(body, content_type):
    """``body`` as it can be read, without its secrets; of a file its size alone."""
    if not body:
        return ""
    if not content_type.startswith(_TEXTS):
        return f"({len(body)} bytes)"
    begins = body[:_READ]
    text = begins.decode(json.detect_encoding(begins), "replace").replace("\x00", "")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return _cut(masking.secrets_of(text), MOST)
    if (shown := _masked(said)) != said:
        text = json.dumps(shown, ensure_ascii=False)
    return _cut(masking.secrets_of(text), MOST)


def _masked(said):
    """``said``, read from JSON, without what stands under a secret's name."""
    if isinstance(said, dict):
        return {
            name: masking.HIDDEN if _SECRET_NAME.search(name) else _masked(value)
            for name, value in said.items()
        }
    return [_masked(each) for each in said] if isinstance(said, list) else said


def _cut(text, most):
    """At most ``most`` characters, and none that a database refuses."""
    text = text.replace("\x00", "")
    return text if len(text) <= most else f"{text[: most - 1]}…"
