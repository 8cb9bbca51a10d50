"""Numbers in addresses and parameters: none is longer than a row's key can be."""

import re

from django.urls.converters import IntConverter

# So many digits fit into the 64 bits that both databases have.
_MOST_DIGITS = 18
_TOO_LONG = re.compile(rf"[-+]?[0-9]{{{_MOST_DIGITS + 1},}}")


def is_too_long(text):
    """Whether ``text`` is a number that no row's key can be."""
    return bool(_TOO_LONG.fullmatch(text))


class KeyConverter(IntConverter):
    """``<key:pk>``: a row's key. A longer number is no address, where ``int`` would ask for it."""

    regex = rf"[0-9]{{1,{_MOST_DIGITS}}}"
