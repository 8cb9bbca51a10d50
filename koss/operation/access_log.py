"""The outermost of all: gives a request its id, and notes what became of it. Asks no database.

The line names the kind of address (URL name and route), never the path: in it stand handles and
tokens. Nobody is named either.
"""

import logging
import time

from django.conf import settings

from koss.ground import figures, request_ids
from koss.ground.logs import Ours

logger = logging.getLogger("koss.access")

# Asked every few seconds by machines, or not worth a line: these are told at DEBUG.
_QUIET = {figures.STATIC, "health", "health_live", "health_ready"}


def keep(get_response):
    """Middleware: id in, id out; a line; the figures."""

    def middleware(request):
        begun = time.perf_counter()
        request.request_id = request_ids.hold(request_ids.of(request))
        response = get_response(request)
        response.headers[request_ids.HEADER] = request.request_id
        _note(request, response.status_code, time.perf_counter() - begun)
        return response

    return middleware


def _note(request, status, seconds):
    """Whatever goes wrong here is no reason to keep an answer back."""
    try:
        view, route = _kind(request)
        figures.request_done(request.method, view, status, seconds)
        facts = {
            "method": request.method,
            "view": Ours(view),
            "route": Ours(route),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        level = logging.DEBUG if view in _QUIET and status < 500 else logging.INFO
        logger.log(level, "request", extra={"facts": facts})
    except Exception:
        logger.exception("a request was not noted")


def _kind(request):
    """(URL name, route) of the address that was asked for."""
    match = request.resolver_match
    if match is not None:
        return match.view_name, match.route
    is_static = request.path_info.startswith(settings.STATIC_URL)
    return (figures.STATIC if is_static else figures.NOWHERE), ""
