"""A browser's window for pages that were drawn in this process: ``Window.shows(drawn)``.

A small server hands out the page and its static files, with the headers that Django gave it. What
a page does when it is used, people at the running portal see (tests/browser).
"""

import mimetypes
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, RequestFactory
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.browser.axe import faint_in_the_dark, violations
from tests.browser.person import DESK, ENLARGED, PHONE, Person, new_context

_STATIC = "/static/"
# What scripts of pages ask for, the same for everybody.
_WORDS_OF_THE_ADMIN, _DESCRIPTION = "/admin/jsi18n/", "/api/v1/openapi.json"
_NOT_HANDED_ON = {"content-length", "content-encoding", "set-cookie", "connection"}


@dataclass(frozen=True)
class Drawn:
    """A page as it was answered."""

    path: str
    html: str
    status: int = 200
    headers: dict = field(default_factory=dict)


class Window(Person):
    """Shows one page after the other, none of which leads anywhere."""

    def __init__(self, context, server):
        super().__init__(context, f"http://127.0.0.1:{server.server_port}")
        self._server = server

    def shows(self, drawn):
        self._server.pages = {**_asked_for(), drawn.path: drawn}
        self.opens(drawn.path)

    def faults(self, *, looked_at=(DESK, PHONE), in_the_dark=True):
        """What is wrong at a desk, enlarged, and for axe in the windows ``looked_at``."""
        found = []
        sizes = [size for size in (DESK, PHONE, ENLARGED) if size != PHONE or size in looked_at]
        # To make a window another size takes longer than to measure what is in it.
        for size in sorted(sizes, key=lambda size: size != self.page.viewport_size):
            if self.page.viewport_size != size:
                self.page.set_viewport_size(size)
            found += self.sideways()
            if size in looked_at:
                found += violations(self.page)
        if looked_at and in_the_dark:
            found += faint_in_the_dark(self.page)
        complaints, self.complaints = self.complaints, []
        return found + complaints


@cache
def _asked_for():
    request = RequestFactory().get(_WORDS_OF_THE_ADMIN)
    answers = {
        _WORDS_OF_THE_ADMIN: admin.site.i18n_javascript(request),
        _DESCRIPTION: Client().get(_DESCRIPTION),
    }
    return {
        path: Drawn(path, answer.content.decode(), headers=answer.headers)
        for path, answer in answers.items()
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith(_STATIC):
            self._send_file(self.path.removeprefix(_STATIC).partition("?")[0])
            return
        drawn = self.server.pages.get(self.path)
        if drawn is None:
            self._send(HTTPStatus.NOT_FOUND, b"", {})
            return
        headers = {k: v for k, v in drawn.headers.items() if k.lower() not in _NOT_HANDED_ON}
        self._send(drawn.status, drawn.html.encode(), headers)

    def _send_file(self, name):
        file = finders.find(name)
        if file is None:
            self._send(HTTPStatus.NOT_FOUND, b"", {})
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"Content-Type": kind, "Cache-Control": "max-age=3600"}
        self._send(HTTPStatus.OK, Path(file).read_bytes(), headers)

    def _send(self, status, content, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        """Say nothing."""


@contextmanager
def _served():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.pages = {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def window(request):
    """A ``Window``, or None without a browser; on PostgreSQL the pages are the same."""
    path = chromium.find_lightest()
    if path is None or connection.vendor != "sqlite":
        yield None
        return
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop on this thread while it waits for nobody.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright, _served() as server:
            browser = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-gpu"]
            )
            yield Window(new_context(browser), server)
            browser.close()
