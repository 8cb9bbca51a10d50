"""Requests that are not carried out: each gets a page, and the log tells only of what broke."""

import errno
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http.request import UnreadablePostError
from django.test import Client

from koss.ground.logs import OnlyWhatBroke
from koss.portal import kept_pages, problems
from tests import pages
from tests.page_faults import faults
from tests.staff import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def breaks(monkeypatch):
    """``breaks(error)``: the page /faq/ raises it. Returns the client."""

    def prepare(error):
        def fails(*_arguments, **_more):
            raise error

        monkeypatch.setattr(kept_pages, "render", fails)
        return Client(raise_request_exception=False)

    return prepare


@pytest.mark.parametrize("status", sorted(problems._PAGES))
def test_one_frame(rf, status):
    html = problems.page(rf.get("/"), status).content.decode()

    assert faults(html) == []
    page = pages.read(html)
    assert [each["href"] for each in page.all("a") if each.text == "トップページへ戻る"] == ["/"]
    assert page.all("footer")


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database or disk is full"),
        OperationalError("connection to server failed: Connection refused"),
        InterfaceError("connection already closed"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
    ids=lambda error: str(error)[:20],
)
def test_while_the_store_is_away(breaks, error, django_assert_num_queries):
    client = breaks(error)

    with django_assert_num_queries(0):
        response = client.get("/faq/")

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "no-store" in response["Cache-Control"]
    assert "ただいまご利用いただけません" in response.content.decode()
    assert "Content-Security-Policy" in response


def test_what_is_broken_is_no_absence(breaks):
    response = breaks(OSError(errno.ENOENT, "No such file")).get("/faq/")

    assert response.status_code == 500
    assert "処理中に問題が起きました" in response.content.decode()


def test_even_without_templates(breaks, monkeypatch):
    client = breaks(RuntimeError())
    monkeypatch.setattr(problems, "render_to_string", lambda *_rest: 1 / 0)

    response = client.get("/faq/")

    assert response.status_code == 500
    assert "ただいま表示できません" in response.content.decode()


def test_who_left_before_the_end_of_the_form(breaks):
    assert breaks(UnreadablePostError("gone")).get("/faq/").status_code == 400


def test_the_wrong_method(client):
    for method, path in [("post", "/faq/"), ("get", "/text-size/"), ("put", "/status/login/")]:
        response = getattr(client, method)(path)
        assert response.status_code == 405
        assert response["Allow"]
        assert "この操作は受け付けていません" in response.content.decode()


def test_too_much(client):
    response = client.post("/status/login/", {"receipt_number": "1" * 3_000_000})
    assert response.status_code == 413
    assert "大きすぎます" in response.content.decode()


def test_too_many_tries(client):
    a_user("reviewer")
    for _ in range(6):
        response = client.post("/admin/login/", {"username": "reviewer", "password": "x"})

    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "しばらく受け付けられません" in response.content.decode()


class TestLog:
    @pytest.fixture
    def lines(self):
        """What the handler of the portal would write, as lines."""
        written = []

        class Writer(logging.Handler):
            def emit(self, record):
                written.append(self.format(record))

        handler = Writer()
        handler.addFilter(OnlyWhatBroke())
        for name in ("django.request", "django.security", "django.security.DisallowedHost"):
            logging.getLogger(name).addHandler(handler)
        yield written
        for name in ("django.request", "django.security", "django.security.DisallowedHost"):
            logging.getLogger(name).removeHandler(handler)

    def test_nothing_of_what_was_refused(self, client, breaks, lines):
        client.get("/no-such-page/")
        client.get("/%00")
        client.get("/faq/", headers={"Host": "evil.example"})
        Client(enforce_csrf_checks=True).post("/status/login/", {})
        breaks(PermissionDenied()).get("/faq/")

        assert lines == []

    def test_one_line_while_the_store_is_away(self, breaks, lines):
        breaks(OperationalError("disk is full")).get("/faq/")

        [line] = set(lines)
        assert "disk is full" in line
        assert "Traceback" not in line

    def test_the_traceback_of_what_broke(self, breaks, lines):
        breaks(RuntimeError("a fault")).get("/faq/")

        assert any("Traceback" in line and "a fault" in line for line in lines)
