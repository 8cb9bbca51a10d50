"""The page that says that an act is done, for the browser that did it and for nobody else.

A signed cookie that ends after some minutes remembers the act: strangers leave no row behind.
"""

from functools import wraps

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse

_COOKIE = "koss_done"
_LASTS = 10 * 60


def lead(name, *args, query=""):
    """Redirect to the page ``name`` of what was just done; only this browser is shown it."""
    response = redirect(f"{reverse(name, args=args)}{query}")
    response.set_signed_cookie(
        _COOKIE,
        _act(name, args),
        max_age=_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def was(request, name, *args):
    """Whether this browser has just done what the page ``name`` then tells."""
    return request.get_signed_cookie(_COOKIE, default="", max_age=_LASTS) == _act(name, args)


def only_after(name, otherwise):
    """For the view of the page ``name``: who did nothing is led to the page ``otherwise``.

    Of a signed-in area (``request.handle``) both pages take the handle.
    """

    def for_view(view):
        @wraps(view)
        def guarded(request):
            args = [request.handle] if hasattr(request, "handle") else []
            return view(request) if was(request, name, *args) else redirect(otherwise, *args)

        return guarded

    return for_view


def _act(name, args):
    return ":".join((name, *args))
