"""Which version of the portal this is."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def version():
    """The number in pyproject.toml, such as 0.1.0."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
