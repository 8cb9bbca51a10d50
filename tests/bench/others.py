"""What is no page: a password, a symbol."""

import io
from types import SimpleNamespace

import qrcode
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from qrcode.constants import ERROR_CORRECT_H

from koss.access.hashers import LeanArgon2Hasher
from qrcodes.issuing import symbol
from qrcodes.models import CodeKind


def hash_of_a_login():
    lean, usual = LeanArgon2Hasher(), PBKDF2PasswordHasher()
    yield (
        lambda: lean.encode("shinsei-2024", "salt-salt-salt"),
        lambda: usual.encode("shinsei-2024", "salt-salt-salt"),
    )


def symbol_as_png():
    """A symbol of the same size; all eight masks are weighed on both sides."""
    code = SimpleNamespace(kind=CodeKind.values[0], public_id="A" * 20, issue_number=1)

    def usual():
        drawing = qrcode.QRCode(symbol.VERSION, error_correction=ERROR_CORRECT_H)
        drawing.add_data(symbol.payload(code))
        drawing.make(fit=True)
        drawing.make_image().save(io.BytesIO(), "PNG")

    yield lambda: symbol.png(code), usual
