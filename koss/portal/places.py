"""Where a small form of the frame leads back to."""

from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def place_to_go_on(request):
    """The address in the posted ``next`` where it is one of this site, else the top page."""
    here = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        here, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return here if safe else resolve_url("top")
