"""Keeping answers so that the database alone does not tell them.

AES-256-GCM; the key comes from the portal's secret and the row's own random by HKDF, for one
purpose: what was sealed for another is not opened. A secret that was replaced still opens what it
sealed as long as it is one of ``SECRET_KEY_FALLBACKS``.
"""

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SALT_BYTES = 16
_NONCE_BYTES = 12
_PURPOSE = b"koss.applications.draft"


class SealBroken(ValueError):
    """No secret of this portal opens it."""


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def seal(answers: dict, salt: bytes, purpose: bytes = _PURPOSE) -> bytes:
    """``answers``, which JSON can hold, encrypted for this ``salt``."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode()
    return nonce + AESGCM(_key(settings.SECRET_KEY, salt, purpose)).encrypt(nonce, plain, None)


def open_sealed(sealed: bytes, salt: bytes, purpose: bytes = _PURPOSE) -> dict:
    """What ``seal`` was given, or SealBroken. Nothing sealed is no answers."""
    if not sealed:
        return {}
    nonce, rest = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return json.loads(AESGCM(_key(secret, salt, purpose)).decrypt(nonce, rest, None))
        except InvalidTag:
            continue
    raise SealBroken


def _key(secret: str, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, bytes(salt), purpose).derive(secret.encode())
