"""Log lines: one JSON object each, or plain text for people. Nothing of people in either.

Every logger writes through these formatters: those of the house, of Django and of libraries. A
message that is written in the code stays; what is put into it is masked (``koss.ground.masking``),
but for numbers, moments and UUIDs. Of an error its kind and the places in the code are told, and
the masked first line of what it says: a database says more (a whole row) in those that follow.
"""

import json
import logging
import re
import sys
import time
import traceback
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from koss.ground import masking, request_ids

_BROKEN, _AWAY = 500, 503
_ROOT = f"{Path(__file__).resolve().parents[2]}/"
_LIBRARIES = "site-packages/"
_PLACES = 40
_MOMENT = "%Y-%m-%dT%H:%M:%S"
# Errors quote what was typed; names of constraints and fields are ours and stay.
_QUOTED = re.compile(r"""(["'])(?![a-z]+(?:_[a-z]+)+\1).*?\1""")
_PROGRAMS = {"db_worker": "worker"}
_encode = json.JSONEncoder(default=str).encode


class Ours(str):
    """Words that stand in the code: nothing to hide, and no time lost on it."""

    __slots__ = ()


# What cannot hold a text that somebody typed.
_AS_IT_IS = (int, float, Decimal, date, timedelta, UUID, type(None), Ours)
# A number from here on is no key and no count.
_LARGE = 10**12


class Lines(logging.Formatter):
    """The facts of a record, for the two forms below. ``program``: which one writes."""

    program = ""
    converter = time.gmtime

    def facts(self, record):
        """What the line says, in its order, as values of JSON."""
        found = {
            "at": f"{self.formatTime(record, _MOMENT)}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "program": self.program or _by_command(),
            "logger": record.name,
            "message": _message(record),
        }
        if current := request_ids.current():
            found["request_id"] = current
        for name, value in getattr(record, "facts", {}).items():
            found[name] = _clean(value)
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            found["error"] = type(error).__name__
            found["says"] = _says(error)
            found["where"] = list(_where(error))
        return found


class Json(Lines):
    """One JSON object a line."""

    def format(self, record):
        return _encode(self.facts(record))


class Plain(Lines):
    """For a terminal: moment, level, logger, message, then the other facts."""

    def format(self, record):
        found = self.facts(record)
        places = found.pop("where", [])
        head = " ".join(str(found.pop(name)) for name in ("at", "level", "logger", "message"))
        del found["program"]
        rest = "".join(f" {name}={value}" for name, value in found.items())
        return "\n  ".join([head + rest, *places])


class OnlyWhatBroke(logging.Filter):
    """Of requests that were refused, a line where somebody asked for DEBUG; no traceback.

    A traceback is for what broke. Where the store is away one line each says so: the same
    traceback for every visitor hides the reason. Each request has its line in the access log.
    """

    def filter(self, record):
        status = getattr(record, "status_code", None)
        if status is None or status == _BROKEN:
            return True
        if status == _AWAY and record.exc_info:
            record.msg, record.args = "%s (%s)", (record.getMessage(), f"{record.exc_info[1]}")
        record.exc_info = record.exc_text = None
        if status < _BROKEN:
            record.levelno, record.levelname = logging.DEBUG, "DEBUG"
        return record.levelno >= logging.getLevelName(settings.LOGGING["root"]["level"])


def _message(record):
    """The message, with what is put into it masked; the path of a request is never told."""
    request = getattr(record, "request", None)
    path = getattr(request, "path", None)
    try:
        if not record.args:
            return masking.line(_without(path, str(record.msg)))
        given = record.args
        if isinstance(given, dict):
            clean = {name: _clean(value, path) for name, value in given.items()}
        else:
            clean = tuple(_clean(value, path) for value in given)
        return str(record.msg) % clean
    except Exception:  # a line that cannot be said must not break what it tells of
        return "(a line that could not be written)"


def _without(path, text):
    """A path names what a visitor has open; its kind stands in the access log."""
    return text.replace(path, "(path)") if path and path != "/" else text


def _clean(value, path=None):
    if isinstance(value, _AS_IT_IS) and not (isinstance(value, int) and value >= _LARGE):
        return value
    return masking.line(_without(path, str(value)))


def _says(error):
    first, _, _rest = str(error).strip().partition("\n")
    return masking.line(_QUOTED.sub(masking.HIDDEN, first))


def _where(error):
    """The places in the code, the newest last, of the error and of those it came from."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for frame in traceback.extract_tb(error.__traceback__)[-_PLACES:]:
            yield f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is not None:
            yield f"after {type(error).__name__}: {_says(error)}"


def _short(filename):
    if _LIBRARIES in filename:
        return filename.rpartition(_LIBRARIES)[2]
    return filename.removeprefix(_ROOT)


@cache
def _by_command():
    """The name of the program by its command line."""
    name, *arguments = [*sys.argv, ""]
    if Path(name).name != "manage.py" or not arguments[0]:
        return Path(name).stem or "python"
    return _PROGRAMS.get(arguments[0], arguments[0])
