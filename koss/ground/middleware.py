"""What holds for every request."""

import re

from django.core.exceptions import BadRequest
from django.http.request import UnreadablePostError
from django.middleware.security import SecurityMiddleware

from koss.ground import signs

# As Django writes a byte of the path that is not UTF-8. No address of ours has a percent sign.
_BROKEN_BYTE = re.compile("%[89A-F][0-9A-F]")
_FORM = "application/x-www-form-urlencoded"


class PoliciesEverywhere(SecurityMiddleware):
    """To stand around Django's, which leaves its headers out where it redirects to https itself."""

    def process_request(self, request):
        return None


class OnlyText:
    """The gate: a request is UTF-8 text without control signs, or it is answered with 400.

    Views that are ``csrf_exempt`` read the bodies of machines by readers of their own.
    """

    def __init__(self, get_response):
        self._get_response = get_response

    def __call__(self, request):
        _require_text_around(request)
        return self._get_response(request)

    def process_view(self, request, view, _args, _kwargs):
        if not getattr(view, "csrf_exempt", False):
            _require_text_inside(request)


def _require_text_around(request):
    """The address, the cookies and the other headers."""
    _require(request.content_params.get("charset", "utf-8").lower() == "utf-8", "charset")
    meta = request.META
    for name, value in meta.items():
        if name.startswith("HTTP_"):
            _require(not any(sign < " " and sign != "\t" for sign in value), "header")
    path = _decoded(meta.get("PATH_INFO", ""))
    _require(signs.is_text(path) and not _BROKEN_BYTE.search(path), "path")
    _require(signs.is_text(_decoded(meta.get("QUERY_STRING", ""))), "query")
    for name, values in request.GET.lists():
        _require(_all_text([name]) and _all_text(values, lines=True), "query")
    _require(signs.is_text(_decoded(meta.get("HTTP_COOKIE", ""))), "cookie")
    for name, value in request.COOKIES.items():
        _require(_all_text([name, value]), "cookie")


def _require_text_inside(request):
    """The fields of a form. Django cleans the names of files, and files have readers."""
    try:
        fields = request.POST
    except (LookupError, UnreadablePostError) as error:
        raise BadRequest("unreadable form") from error
    if request.content_type == _FORM:
        _decoded(request.body)
    for name, values in fields.lists():
        _require(_all_text([name]) and _all_text(values, lines=True), "form")


def _decoded(raw):
    """Bytes, or WSGI's text whose characters stand for bytes, as UTF-8, or BadRequest."""
    try:
        return (raw if isinstance(raw, bytes) else raw.encode("latin-1")).decode()
    except UnicodeEncodeError:
        return raw  # the server has decoded it
    except UnicodeDecodeError as error:
        raise BadRequest("not UTF-8") from error


def _all_text(texts, **how):
    return all(signs.is_text(text, **how) for text in texts)


def _require(holds, where):
    if not holds:
        raise BadRequest(f"no text in the {where}")


def answer_head_as_get(get_response):
    """Views know reading and sending: HEAD is reading, and the web server leaves the body out."""

    def middleware(request):
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        try:
            return get_response(request)
        finally:
            request.method = "HEAD"

    return middleware


def never_store_private_pages(get_response):
    """Forbid every cache to keep a page that was made for one person."""

    def middleware(request):
        response = get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware
