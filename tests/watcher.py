"""A test client that looks at the headers of everything it gets, redirects included."""

import re

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    f"form-action 'self' {settings.KOSS_BANK_ORIGIN}",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


class Watcher(Client):
    """``codes``: of all responses so far. ``queries``: how many the last response took."""

    def __init__(self, **more):
        super().__init__(**more)
        # A process asks for these once in its life; no response shall be the one that does.
        ContentType.objects.get_for_models(*apps.get_models())
        self.codes = set()
        self.queries = 0

    def request(self, **request):
        with CaptureQueriesContext(connection) as captured:
            response = super().request(**request)
        self.queries = len(captured)
        self.codes.add(response.status_code)
        assert faults(response) == [], f"{request['PATH_INFO']} {response.status_code}"
        return response


def faults(response):
    """What the headers of a response lack, one sentence each."""
    policy = response.get("Content-Security-Policy", "")
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found = [name for name, value in expected.items() if response.get(name) != value]
    if not re.fullmatch("[0-9a-f]{32}", response.get("X-Request-Id", "")):
        found.append("X-Request-Id")
    if set(policy.split("; ")) != POLICY:
        found.append(f"Content-Security-Policy: {policy}")
    caching = response.get("Cache-Control", "")
    told = {name for name, cookie in response.cookies.items() if cookie.value}
    ours = ("sessionid", "koss_device", "koss_open_", "koss_typed_")
    if any(part in name for name in told for part in ours) and "no-store" not in caching:
        found.append("a session is told, and may be kept by a cache")
    if is_private(response) and "no-store" not in caching:
        found.append("a page for one person may be kept by a cache")
    return found


def is_private(response):
    request = response.wsgi_request
    session = getattr(request, "session", None)
    return getattr(request, "is_private", False) or (session is not None and session.accessed)
