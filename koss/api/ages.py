"""How old parts of the interface are, and until when they work (docs/api.md, 版).

``AGES`` is empty while everything is of today. A line in it gives every answer of an operation the
headers Deprecation (RFC 9745) and Sunset (RFC 8594), and marks it in the description.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from django.conf import settings
from django.utils.http import http_date

from koss.ground import clock

# Between the day on which something is deprecated and the day on which it ends.
LEAST_NOTICE = timedelta(days=365)
_RULE = "/api/#" + quote("版")


@dataclass(frozen=True, slots=True)
class Age:
    """``deprecated_on``, ``ends_on``: days in Japan, LEAST_NOTICE apart at least."""

    deprecated_on: date
    ends_on: date

    def __post_init__(self):
        if self.ends_on - self.deprecated_on < LEAST_NOTICE:
            raise ValueError("too short a notice")

    def headers(self):
        return {
            "Deprecation": f"@{round(clock.at(self.deprecated_on).timestamp())}",
            "Sunset": http_date(clock.at(self.ends_on).timestamp()),
            "Link": f'<{settings.KOSS_ORIGIN}{_RULE}>; rel="deprecation"; type="text/html"',
        }


# Name of an operation's address → its Age.
AGES = {}


def headers_of(name):
    return AGES[name].headers() if name in AGES else {}
