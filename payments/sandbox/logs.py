"""The bank's log: one JSON object a line, or plain text; bodies and addresses' queries never."""

import json
import logging
import re
import time
import traceback

HEADER = "X-Request-Id"
_MOMENT = "%Y-%m-%dT%H:%M:%S"
_FORM = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger("bank.access")


class Json(logging.Formatter):
    """One JSON object a line. Of an error its kind and the places in the code."""

    converter = time.gmtime

    def format(self, record):
        found = {
            "at": f"{self.formatTime(record, _MOMENT)}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "program": "bank",
            "logger": record.name,
            "message": _message(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            found["error"] = type(record.exc_info[1]).__name__
            found["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(found, default=str)


def _message(record):
    # Django names the address, in which stands the key of a visit.
    if hasattr(record, "request"):
        return f"answered with {getattr(record, 'status_code', 'an error')}"
    return record.getMessage().partition("\n")[0]


def keep(get_response):
    """Middleware: a line for each request, with the id that the portal gave its question."""

    def middleware(request):
        begun = time.perf_counter()
        given = request.headers.get(HEADER, "")
        response = get_response(request)
        match = request.resolver_match
        facts = {
            "method": request.method,
            "route": match.route if match else "",
            "status": response.status_code,
            "ms": round((time.perf_counter() - begun) * 1000, 1),
        }
        if _FORM.fullmatch(given):
            facts["request_id"] = response[HEADER] = given
        _log.info("request", extra={"facts": facts})
        return response

    return middleware
