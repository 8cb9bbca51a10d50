"""The bank's side of the signatures that docs/bank.md describes."""

import base64
import binascii
import hashlib
import hmac
import json
import re

from django.conf import settings

HEADER = "Koss-Signature"
AGE_LIMIT = 300

_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


class BadSignature(ValueError):
    """Missing, unreadable, wrong, or more than 300 seconds off."""


def sign(purpose, body, *, now):
    """The header's value for ``body``."""
    seconds = str(int(now.timestamp()))
    return f"t={seconds},v1={_hmac(f'{purpose}.{seconds}.'.encode() + body).hex()}"


def check(purpose, body, value, *, now):
    """Raise BadSignature unless the portal made ``value`` for ``body``, at most 300 s away."""
    form = _FORM.fullmatch(value or "")
    if not form:
        raise BadSignature("unreadable")
    seconds, given = form.groups()
    wanted = _hmac(f"{purpose}.{seconds}.".encode() + body)
    if not hmac.compare_digest(wanted, bytes.fromhex(given)):
        raise BadSignature("wrong")
    if abs(now.timestamp() - int(seconds)) > AGE_LIMIT:
        raise BadSignature("too old")


def read_token(token):
    """The object that the portal put into a link's token, or BadSignature."""
    packed, dot, given = token.partition(".")
    wanted = _packed(_hmac(f"link.{packed}".encode(errors="replace")))
    if not dot or not hmac.compare_digest(wanted.encode(), given.encode(errors="replace")):
        raise BadSignature("wrong")
    try:
        content = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (ValueError, RecursionError, binascii.Error) as error:
        raise BadSignature("unreadable") from error
    if not isinstance(content, dict):
        raise BadSignature("unreadable")
    return content


def _packed(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _hmac(message):
    return hmac.digest(settings.SHARED_SECRET.encode(), message, hashlib.sha256)
