"""Requests without sockets: what a web server would call, and a browser's cookies."""

import sys
from io import BytesIO

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from applications.inquiry import signing_in
from tests.bench import twin
from tests.signing_in import let_in

urlpatterns = [
    path("nothing/", lambda request: HttpResponse("")),
    path("twin/<int:pk>/", twin.status),
    path("", include("koss.urls")),
]


class Browser:
    """One browser; ``cookies`` as it sends them. ``get`` fails unless the answer is 200."""

    def __init__(self):
        self._answer, self.cookies = get_wsgi_application(), ""

    def get(self, address):
        place, _, query = address.partition("?")
        said = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "HTTP_ACCEPT_LANGUAGE": "ja",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        response = self._answer(environ, lambda status, headers: said.append(status))
        body = b"".join(response)
        response.close()
        if not said[0].startswith("200"):
            raise RuntimeError(f"{address}: {said[0]}")
        return body

    def take_cookies(self, client):
        self.cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())


def applicant(application):
    """(browser, address of the status page)."""
    client, browser = Client(), Browser()
    handle = let_in(client, signing_in.open_inquiry, application)
    browser.take_cookies(client)
    return browser, reverse("applications:status", args=[handle])


def staff(user):
    client, browser = Client(), Browser()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    browser.take_cookies(client)
    return browser
