"""What every response says to the browser, whatever the answer is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.utils import get_random_secret_key
from django.test import Client

from koss import clock, views
from koss.models import News
from tests.every_page import EVERY, begins
from tests.signing_in import signs_in
from tests.staff import a_user
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

ROOT = Path(__file__).resolve().parents[2]
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
    """A client that looks at the headers of everything it gets, redirects included."""

    def __init__(self, **more):
        super().__init__(**more)
        self.codes = set()
        self.asked = 0

    def request(self, **request):
        response = super().request(**request)
        self.codes.add(response.status_code)
        self.asked += 1
        assert faults(response) == [], f"{request['PATH_INFO']} {response.status_code}"
        return response


def faults(response):
    policy = response.get("Content-Security-Policy", "")
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found = [name for name, value in expected.items() if response.get(name) != value]
    if set(policy.split("; ")) != POLICY:
        found.append(f"Content-Security-Policy: {policy}")
    caching = response.get("Cache-Control", "")
    told = {name for name, cookie in response.cookies.items() if cookie.value}
    if told & {"sessionid", "koss_device"} and "no-store" not in caching:
        found.append("a session is told, and may be kept by a cache")
    if is_private(response) and "no-store" not in caching:
        found.append("a page for one person may be kept by a cache")
    return found


def is_private(response):
    session = getattr(response.wsgi_request, "session", None)
    return session is not None and session.accessed


@pytest.mark.parametrize("kind", EVERY, ids=str)
def test_every_page(kind, an_application):
    client = Watcher()
    if kind.role:
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(a_user(kind.role), backend=backend)
    visitor = Visitor(client)
    begins(visitor, kind, an_application)

    kind.way(visitor)

    assert kind.code in client.codes


def test_what_is_no_page(an_application):
    client = Watcher()
    visitor = Visitor(client)
    signs_in(visitor, an_application("検査申請補正待ち"))
    News.objects.create(title="題", body="文", published_at=clock.now())

    for path in ("/static/koss/base.css", "/static/koss/koss.js", "/news/feed/", "/health/"):
        response = client.get(path)
        assert response.status_code == 200
        assert response.getvalue()  # to its end, which closes the file
    assert "BEGIN:VCALENDAR" in client.get(f"{visitor.path}deadline.ics").content.decode()
    client.post("/text-size/", {"size": "l", "next": "/faq/"})
    client.get("/status/login")
    client.get("/%00")
    client.get("/?page=%00")
    client.post("/faq/")
    visitor.presses("終了")
    client.get("/static/koss/no-such-file.css")

    assert client.codes == {200, 301, 302, 400, 404, 405}


def test_a_form_from_elsewhere():
    client = Watcher(enforce_csrf_checks=True)

    client.post("/status/login/", {"receipt_number": "1"})

    assert client.codes == {403}


def test_a_broken_page(monkeypatch):
    def breaks(*_arguments, **_more):
        raise RuntimeError

    monkeypatch.setattr(views, "render", breaks)
    client = Watcher(raise_request_exception=False)

    client.get("/faq/")

    assert client.codes == {500}


def test_only_what_was_made_for_everybody_may_be_kept(client):
    assert not client.get("/faq/").has_header("Cache-Control")


def test_production_settings_leave_nothing_to_warn_of(tmp_path):
    """G-16, over TLS and behind one proxy."""
    environment = {
        "PATH": os.environ["PATH"],
        "KOSS_DATA_DIR": str(tmp_path),
        "KOSS_HTTPS": "1",
        "KOSS_PROXIES": "1",
        "KOSS_HOSTS": "oss.example",
        "KOSS_ORIGIN": "https://oss.example",
        "KOSS_SECRET_KEY": get_random_secret_key() * 2,
        "KOSS_OPERATOR": "軽自動車検査協会",
        "KOSS_CONTACT_EMAIL": "help@oss.example",
        "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
