"""What every response says to the browser, also where the answer is no page.

The headers of pages are looked at on the walk of test_every_page.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.utils import get_random_secret_key

from applications.signatures.sandbox import authority
from koss.ground import clock
from koss.models import News
from koss.portal import kept_pages
from tests import practice
from tests.signing_in import signs_in
from tests.visitor import Visitor
from tests.watcher import Watcher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

ROOT = Path(__file__).resolve().parents[2]


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

    monkeypatch.setattr(kept_pages, "render", breaks)
    client = Watcher(raise_request_exception=False)

    client.get("/faq/")

    assert client.codes == {500}


def test_only_what_was_made_for_everybody_may_be_kept(client):
    assert not client.get("/faq/").has_header("Cache-Control")


def test_the_way_to_https_carries_the_policies(settings):
    settings.SECURE_SSL_REDIRECT = True

    response = Watcher().get("/faq/")

    assert response.status_code == 301
    assert response["Location"] == "https://testserver/faq/"


def test_cookies_are_bound_to_the_host_over_https(tmp_path):
    """The names are settings: they are read at the start."""
    told = checked(tmp_path, "shell", "--no-imports", "--command", _TELL_COOKIES)
    names = told.stdout.split()
    assert len(names) == 5, told.stderr
    assert all(name.startswith("__Host-") for name in names)


_TELL_COOKIES = """
from django.conf import settings
from koss.access import visitors
from koss.ground import cookies
from koss.portal import context
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, visitors._DEVICE_COOKIE)
print(context.TEXT_SIZE_COOKIE, cookies.MessageStorage.storage_classes[0].cookie_name)
assert settings.SESSION_COOKIE_SECURE and settings.SESSION_COOKIE_PATH == "/"
assert not settings.SESSION_COOKIE_DOMAIN
"""


def test_production_settings_leave_nothing_to_warn_of(tmp_path):
    """Over TLS and behind one proxy."""
    done = checked(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "forgotten",
    [
        # What cannot be forgotten together is forgotten apart.
        {
            "W009": {"KOSS_BANK": ""},
            "W010": {"KOSS_HOSTS": "*"},
            "W012": {"KOSS_HTTPS": "0"},
            "W013": {"KOSS_MAIL_FROM": ""},
            "W015": {"KOSS_CONTACT_EMAIL": ""},
            "W016": {"KOSS_COLLECTED_STATIC": ""},
            "W018": {"KOSS_ORIGIN": "https://oss.example"},
            "W019": {"KOSS_UPLOADS": str(ROOT / ".data/uploads")},
            "W020": {"KOSS_TRUST_ANCHORS": ""},
        },
        {
            "W007": {"EMAIL_URL": "dummymail://"},
            "W021": {"KOSS_BANK": "", "KOSS_BANK_ORIGIN": ""},
        },
        {
            "W011": {"KOSS_HOSTS": ""},
            "W014": {"KOSS_OPERATOR": "", "KOSS_CONTACT_EMAIL": ""},
        },
        {"E008": {"KOSS_SECRET_KEY": "", "DATABASE_URL": "postgres://x@127.0.0.1:1/none"}},
    ],
    ids=" ".join,
)
def test_what_a_stranger_forgets(tmp_path, forgotten):
    settings = {name: value for each in forgotten.values() for name, value in each.items()}

    done = checked(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **settings)

    assert done.returncode == 1
    told = {number for number in forgotten if f"koss.{number}" in done.stderr}
    assert told == set(forgotten), done.stderr


def checked(tmp_path, *arguments, **more):
    """A command with the settings of a live portal, but for ``more``."""
    environment = {
        "PATH": os.environ["PATH"],
        "KOSS_DATA_DIR": str(tmp_path),
        "KOSS_HTTPS": "1",
        "KOSS_PROXIES": "1",
        "KOSS_COLLECTED_STATIC": "1",
        "KOSS_BANK": "tests.banks",
        "KOSS_MAIL_FROM": "no-reply@oss.test",
        "KOSS_HOSTS": "oss.test",
        "KOSS_ORIGIN": "https://oss.test",
        "KOSS_SECRET_KEY": get_random_secret_key() * 2,
        "KOSS_OPERATOR": "軽自動車検査協会",
        "KOSS_CONTACT_EMAIL": "help@oss.test",
        "KOSS_TRUST_ANCHORS": str(authority.directory(practice.home()) / "anchors"),
        "EMAIL_URL": "smtp+tls://user:password@mail.test:587",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | more,
        capture_output=True,
        text=True,
        check=False,
    )
