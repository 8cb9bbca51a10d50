"""Secrets of webhooks, and signatures with them (Standard Webhooks, ``v1``).

A secret is ``whsec_`` and 32 random bytes in base64, which are the key of an HMAC-SHA256. It is
shown once and kept sealed with the portal's own secret, because signing needs it again.
"""

import base64
import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from koss.ground import sealing

PREFIX = "whsec_"
_BYTES = 32
# How long the secret of before signs beside the new one.
OVERLAP = timedelta(hours=24)


def new_secret():
    """A secret as it is shown: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def seal(secret, salt):
    """``secret`` for the column ``sealed``."""
    return sealing.seal({"secret": secret}, salt)


def secrets_of(webhook, *, now):
    """The secrets that sign at ``now``, the newest first. Raises ``sealing.SealBroken``."""
    sealed = [webhook.sealed]
    if webhook.sealed_before and now < webhook.rotated_at + OVERLAP:
        sealed.append(webhook.sealed_before)
    return [sealing.open_sealed(each, webhook.salt)["secret"] for each in sealed]


def headers(message_id, body, signing_secrets, *, at):
    """The three headers of a message. ``body``: bytes; ``at``: the machine's own moment."""
    timestamp = str(int(at.timestamp()))
    signatures = [_signature(each, message_id, timestamp, body) for each in signing_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret, message_id, timestamp, body):
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
