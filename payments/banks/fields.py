"""Reading the fields of a bank's JSON: each is exactly of its form, or the message is malformed."""

import json
import re

from koss.ground import dates, signs

_SIGNS = re.compile(r"[A-Za-z0-9._:-]+")
_MOST_YEN = 2**31 - 1


class Malformed(ValueError):
    """Something is missing, of another type, too long, or no JSON at all."""


def read_object(body: bytes) -> dict:
    """The JSON object in ``body``."""
    try:
        found = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed("no JSON") from error
    if not isinstance(found, dict):
        raise Malformed("no object")
    return found


def digits(content, name, length):
    """So many ASCII digits."""
    found = text(content, name, most=length)
    if len(found) != length or not (found.isascii() and found.isdecimal()):
        raise Malformed(name)
    return found


def identifier(content, name, *, most):
    """A name that a program gave: letters, digits and . _ : - of ASCII."""
    found = text(content, name, most=most)
    if not _SIGNS.fullmatch(found):
        raise Malformed(name)
    return found


def text(content, name, *, most):
    """Text that every database can keep; it may be empty."""
    found = content.get(name)
    if not isinstance(found, str) or len(found) > most or not signs.is_text(found):
        raise Malformed(name)
    return found


def choice(content, name, choices):
    """One of ``choices``."""
    found = content.get(name)
    if not isinstance(found, str) or found not in choices:
        raise Malformed(name)
    return found


def yen(content, name):
    """Whole yen, at least one."""
    found = content.get(name)
    if type(found) is not int or not 0 < found <= _MOST_YEN:
        raise Malformed(name)
    return found


def moment(content, name):
    """An ISO moment of the portal's time that says its time zone."""
    found = dates.read_moment(text(content, name, most=40))
    if found is None:
        raise Malformed(name)
    return found
