"""Strict DER, looked at before any library parses it.

Parsers tolerate what DER forbids, and some spend seconds on a single long object identifier. This
walk is linear in the bytes.
"""

from applications.signatures.refusals import Refusal, SignatureRefused

MOST_BYTES = 16 * 1024
_DEEPEST = 32
_LONGEST_IDENTIFIER = 64
_CONSTRUCTED = 0x20
_HIGH_TAG = 0x1F
_OBJECT_IDENTIFIER = 0x06


def require_strict(data: bytes):
    """Raise SignatureRefused unless ``data`` is exactly one DER value of at most 16 KB."""
    if len(data) > MOST_BYTES:
        raise SignatureRefused(Refusal.TOO_LARGE)
    if data.lstrip().startswith(b"-----BEGIN"):
        raise SignatureRefused(Refusal.PEM)
    end = _value(data, 0, len(data), depth=0)
    if end != len(data):
        raise SignatureRefused(Refusal.NOT_DER)


def _value(data, at, end, *, depth):
    """Walk the value that begins at ``at`` and must end by ``end``; returns where it ends."""
    if depth > _DEEPEST or end - at < 2:
        raise SignatureRefused(Refusal.NOT_DER)
    tag = data[at]
    # No tag of CMS or of a certificate needs the long form.
    if tag & _HIGH_TAG == _HIGH_TAG:
        raise SignatureRefused(Refusal.NOT_DER)
    at, stop = _length(data, at + 1, end)
    if tag & _CONSTRUCTED:
        while at < stop:
            at = _value(data, at, stop, depth=depth + 1)
    elif tag == _OBJECT_IDENTIFIER and stop - at > _LONGEST_IDENTIFIER:
        raise SignatureRefused(Refusal.NOT_DER)
    return stop


def _length(data, at, end):
    """(where the content begins, where it ends); definite and in its shortest form."""
    first = data[at]
    at += 1
    length = first
    if first >= 0x80:
        count = first - 0x80
        if not 1 <= count <= 4 or at + count > end:
            raise SignatureRefused(Refusal.NOT_DER)
        length = int.from_bytes(data[at : at + count])
        if length < 0x80 or length >> (8 * (count - 1)) == 0:
            raise SignatureRefused(Refusal.NOT_DER)
        at += count
    if at + length > end:
        raise SignatureRefused(Refusal.NOT_DER)
    return at, at + length
