"""Signatures on what travels between the portal and a bank: pure functions, no clock, no settings.

``Koss-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of purpose "." t "." body>``. The purpose
names direction, method and path, so that a message means nothing anywhere else; docs/bank.md lists
the purposes.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime

HEADER = "Koss-Signature"
AGE_LIMIT = 300

_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


class BadSignature(ValueError):
    """It is missing, unreadable, wrong, or more than five minutes off."""


def sign(secret: str, purpose: str, body: bytes, *, now: datetime) -> str:
    """The header's value for ``body``."""
    seconds = str(int(now.timestamp()))
    return f"t={seconds},v1={_digest(secret, purpose, seconds, body).hex()}"


def check(secret: str, purpose: str, body: bytes, value, *, now: datetime):
    """Raise BadSignature unless ``value`` is the header that ``sign`` makes, at most 300 s away."""
    form = _FORM.fullmatch(value or "")
    if not form:
        raise BadSignature("missing or unreadable")
    seconds, given = form.groups()
    if not hmac.compare_digest(_digest(secret, purpose, seconds, body), bytes.fromhex(given)):
        raise BadSignature("wrong")
    if abs(now.timestamp() - int(seconds)) > AGE_LIMIT:
        raise BadSignature("too old")


def token(secret: str, purpose: str, content: bytes) -> str:
    """``content`` with its signature, fit for a form field; everybody who holds it can read it."""
    packed = _packed(content)
    return f"{packed}.{_packed(_hmac(secret, f'{purpose}.{packed}'.encode()))}"


def _digest(secret, purpose, seconds, body):
    return _hmac(secret, f"{purpose}.{seconds}.".encode() + body)


def _hmac(secret, message):
    return hmac.digest(secret.encode(), message, hashlib.sha256)


def _packed(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
