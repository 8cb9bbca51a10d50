"""画面の配色 of the bank: light, dark, or as the device asks; one choice on the portal's host."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

_COOKIE = "__Host-scheme" if settings.CSRF_COOKIE_SECURE else "scheme"
_YEAR = 365 * 24 * 60 * 60
_SCHEMES = {"light": "明るい", "dark": "暗い", "device": "端末に合わせる"}
# When the dark sheets are in force: never on paper.
_DARK_IN = {"dark": "screen", "device": "screen and (prefers-color-scheme: dark)"}


def frame(request):
    """What the head and the footer show; no choice on an answer to a form, which has no address."""
    chosen = request.COOKIES.get(_COOKIE)
    chosen = chosen if chosen in _SCHEMES else "device"
    here = request.get_full_path() if request.method == "GET" else ""
    return {
        "scheme": chosen,
        "schemes": _SCHEMES.items(),
        "dark_in": _DARK_IN.get(chosen),
        "this_address": here,
    }


@require_POST
def choose(request):
    """Keep the chosen scheme for a year and go back to ``next``, an address of the bank."""
    here = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        here, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(here if safe else resolve_url("home"))
    chosen = request.POST.get("scheme")
    if chosen in _SCHEMES:
        secure = settings.CSRF_COOKIE_SECURE
        response.set_cookie(
            _COOKIE, chosen, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax"
        )
    return response
