"""Where a small form of the frame leads back to, and what it keeps in a cookie."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

_YEAR = 365 * 24 * 60 * 60
# A longer address would not come back whole from every browser and server.
_LONGEST = 2000


def this_address(request):
    """The address that a form of the frame leads back to; without its query where that is long."""
    whole = request.get_full_path()
    return whole if len(whole) < _LONGEST else request.path


def keep_and_go_back(request, cookie, chosen, known):
    """Keep ``chosen`` for a year where it is ``known``; go to ``next``, a page of this site."""
    response = HttpResponseRedirect(_place_to_go_on(request))
    if chosen in known:
        response.set_cookie(
            cookie, chosen, max_age=_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    return response


def _place_to_go_on(request):
    """The address in the posted ``next`` where it is one of this site, else the top page."""
    here = request.POST.get("next", "")
    return here if is_of_this_site(request, here) else resolve_url("top")


def is_of_this_site(request, address):
    """Whether ``address`` leads nowhere else."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
