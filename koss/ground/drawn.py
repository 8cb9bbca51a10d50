"""Pages that are drawn once and shown again, with what is each reader's own filled in.

What is own, such as the token of the forms, is drawn as a mark that nobody can have typed: it is
random and made anew by each process.
"""

import re
import secrets
from collections import OrderedDict
from threading import Lock

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

# Off, every page is drawn anew: tests look at what a page says now.
KEEPS = True
_MARKS = {name: secrets.token_hex(32) for name in ("csrf_token", "request_key")}
_NAMES = {mark.encode(): name for name, mark in _MARKS.items()}
_ANY_MARK = re.compile(b"(" + b"|".join(_NAMES) + b")")


# What the frame of every page shows adds a function here: from a request to what that depends on.
frame_shows = []


def frame_of(request):
    """What the frame of a page depends on for ``request``, as a key."""
    return tuple(depends_on(request) for depends_on in frame_shows)


class Drawn:
    """A page without what is its reader's own."""

    def __init__(self, html):
        self._pieces = _ANY_MARK.split(html.encode())

    def answer(self, request, **own):
        """The page for ``request``; ``own``: what stands for ``request_key``, where it is drawn."""
        own["csrf_token"] = get_token(request)
        filled = {mark: str(own[name]).encode() for mark, name in _NAMES.items() if name in own}
        return HttpResponse(b"".join([filled.get(piece, piece) for piece in self._pieces]))


def draw(request, template, context):
    """``template`` with ``context``, and marks where its reader's own stands."""
    return Drawn(render_to_string(template, {**context, **_MARKS}, request))


class DrawnPages:
    """The ``most`` pages that were asked for last. Threads may share it."""

    def __init__(self, most):
        self._most, self._pages, self._lock = most, OrderedDict(), Lock()

    def get(self, key):
        """What was put under ``key``, or None."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key, page):
        if not KEEPS:
            return
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)

    def clear(self):
        with self._lock:
            self._pages.clear()
