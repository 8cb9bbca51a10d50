"""Reading the JSON of a request: UTF-8, whole characters, no number that JSON does not know."""

import json
import re

from django.utils.translation import gettext_lazy as _
from ninja.parser import Parser

from koss.api.problems import Problem

# JSON can write halves of characters. What else is no text, the reader of a field tells by name.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Nothing that is sent here lies deeper.
_DEEPEST = 20


class StrictParser(Parser):
    """For ninja; the gate has read the body."""

    def parse_body(self, request):
        return read(request.body)


def read(body):
    """What the JSON in ``body`` (bytes) says. Raises Problem."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Problem("not_text") from error
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_pairs)
    except (ValueError, RecursionError) as error:
        raise Problem("not_json") from error
    _require_text(value, 0)
    return value


def _refuse(name):
    raise ValueError(f"{name} is no JSON")


def _pairs(pairs):
    """An object that says something twice says nothing."""
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name stands twice")
    return read


def _require_text(value, depth):
    if depth > _DEEPEST:
        raise Problem("not_json", _("入れ子が深すぎます。"), "Too deeply nested.")
    if isinstance(value, str):
        if not value.isascii() and _SURROGATE.search(value):
            raise Problem("not_text")
    elif isinstance(value, dict):
        for name, each in value.items():
            _require_text(name, depth + 1)
            _require_text(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _require_text(each, depth + 1)
