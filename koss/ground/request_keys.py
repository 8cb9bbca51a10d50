"""Request keys: the random name of one form, so that sending it twice does its work once."""

import re
import secrets

PATTERN = re.compile(r"[0-9a-f]{32}")


def fresh():
    """A new key: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def read(text):
    """``text`` when it is a key, else ""."""
    return text if PATTERN.fullmatch(text or "") else ""
