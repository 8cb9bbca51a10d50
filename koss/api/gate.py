"""What stands around every operation: which requests reach it, and what every answer carries.

A body is read here, by the limit of its operation, and not by Django, whose limit is that of forms.
"""

from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy as _

from koss.api import ages, bearer, faults
from koss.api.problems import MEDIA_TYPE, Problem

JSON = "application/json"
# How the names of addresses begin that exist in the demo only.
SANDBOX = "sandbox_"
_MEGABYTE = 1024 * 1024
_WITH_BODY = {"POST", "PUT", "PATCH"}


@dataclass(frozen=True, slots=True)
class Takes:
    """Which bodies an operation takes: their media types, and at most how many bytes."""

    types: tuple[str, ...] = (JSON,)
    most: int = _MEGABYTE


ONLY_SMALL_JSON = Takes()


def around(view, name, takes, asks):
    """``view`` behind the gate. ``name``: of its address; ``takes``: which bodies; ``asks``:
    method → the names that may stand in the address' query.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            if name.startswith(SANDBOX) and not settings.DEMO:
                raise Problem("not_found")
            if request.method not in asks:
                raise Problem("method_not_allowed", headers={"Allow": ", ".join(sorted(asks))})
            _require_readable_answer(request)
            _require_known_names(request, asks[request.method])
            if request.method in _WITH_BODY:
                bearer.require_some_key(request)
                _read_body(request, takes)
            response = view(request, *args, **kwargs)
        except Problem as problem:
            response = problem.response()
        response.headers.setdefault("Cache-Control", "no-store")
        for header, value in {**getattr(request, "rate", {}), **ages.headers_of(name)}.items():
            response[header] = value
        return response

    guarded.csrf_exempt = True
    return guarded


def _require_known_names(request, names):
    """A name that is mistyped would be left out, and the answer be one to another question."""
    if unknown := [name for name in request.GET if name not in names]:
        raise Problem("invalid", faults=[faults.unknown_parameter(name) for name in unknown])


def _require_readable_answer(request):
    if not (request.accepts(JSON) or request.accepts(MEDIA_TYPE)):
        raise Problem("not_acceptable")


def _read_body(request, takes):
    """Read the body to where Django would have put it."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > takes.most:
        raise _too_large(takes)
    try:
        body = request.read(takes.most + 1)
    except (OSError, UnreadablePostError) as gone:
        raise Problem("bad_request") from gone
    if len(body) > takes.most:
        raise _too_large(takes)
    if body and request.content_type not in takes.types:
        raise Problem(
            "unsupported_media_type",
            _("本文は次の形式で送ってください：%s") % "、".join(takes.types),
            f"Send the body as {' or '.join(takes.types)}.",
            headers={"Accept": ", ".join(takes.types)},
        )
    request._body = body


def _too_large(takes):
    return Problem(
        "too_large",
        _("本文は%sバイトまでです。") % takes.most,
        f"At most {takes.most} bytes.",
    )
