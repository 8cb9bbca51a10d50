"""Pages of requests that were not carried out: refused, broken, or while the store is away.

They ask neither database nor session, and share one frame, ``base_problem.html``.
"""

import errno
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.template.context_processors import csrf
from django.template.loader import render_to_string

from koss.api import problems as for_programs
from koss.portal.context import frame, words

RETRY_SECONDS = 30
_LOCKED_SECONDS = 60 * 60
_PAGES = {400, 403, 404, 405, 411, 413, 429, 500, 503}
# Where the request came as far as the cookie that its header's form needs.
_WITH_FORMS = {403, 404, 405, 429}
_STORE_IS_AWAY = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
# For when not even the templates can be read.
_BARE = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>ただいま表示できません</title></head>
<body><h1>ただいま表示できません</h1><p>少し待ってから、もう一度お試しください。</p></body></html>
"""


def page(request, status, **headers):
    """The page that stands for ``status``; needs nothing but the program's own files.

    Programs get it as a problem.
    """
    if for_programs.is_for(request):
        return for_programs.of_status(status, **headers)
    return HttpResponse(_html(request, status), status=status, headers=headers)


def _html(request, status):
    context = {**words(request), **frame(request), "request": request}
    if status in _WITH_FORMS:
        context |= csrf(request)
    return render_to_string(f"{status}.html", context)


def bad_request(request, exception):
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request, exception):
    return page(request, 403)


def not_found(request, exception):
    return page(request, 404)


def broken(request):
    """500, or what better describes the exception that is being handled."""
    error = sys.exc_info()[1]
    try:
        if isinstance(error, UnreadablePostError):  # the visitor has gone
            return page(request, 400)
        if _store_is_away(error):
            headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
            return page(request, 503, **headers)
        return page(request, 500)
    except Exception:
        return HttpResponse(_BARE, status=500)


def locked_out(request, _response, _credentials):
    """The staff login after too many failures."""
    return page(request, 429, **{"Retry-After": str(_LOCKED_SECONDS)})


def give_a_page(get_response):
    """Middleware: an answer that is an error and says nothing gets the page of its status."""

    def middleware(request):
        response = get_response(request)
        says_nothing = not response.streaming and not response.content
        if says_nothing and response.status_code in _PAGES and not for_programs.is_for(request):
            response.content = _html(request, response.status_code)
        return response

    return middleware


def _store_is_away(error):
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    return isinstance(error, OSError) and error.errno in _STORE_IS_AWAY
