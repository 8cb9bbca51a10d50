"""The authorities that are believed: files in one directory, read once per process and change."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Anchors:
    """``roots`` are believed; ``between`` only help to find a way up to them."""

    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...]


def configured() -> Anchors:
    """Those of KOSS_TRUST_ANCHORS; in demo mode those of the practice authority, and no others."""
    directory = settings.DATA_DIR / "sandbox_ca" / "anchors" if settings.DEMO else None
    directory = directory or settings.KOSS_TRUST_ANCHORS
    if not directory:
        return Anchors((), ())
    files = sorted(Path(directory).glob("*.pem"))
    return _read(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _read(files):
    roots, between = [], []
    for file, _changed in files:
        try:
            for _kind, _headers, der in pem.unarmor(file.read_bytes(), multiple=True):
                certificate = x509.Certificate.load(der, strict=True)
                itself = certificate.self_signed in ("yes", "maybe")
                (roots if itself else between).append(certificate)
        except (ValueError, TypeError) as error:
            raise ImproperlyConfigured(f"{file} holds no certificate: {error}") from error
    return Anchors(tuple(roots), tuple(between))
