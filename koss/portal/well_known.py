"""Addresses that browsers, robots and finders of faults ask every site for."""

from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from koss.ground import clock

_GOOD_FOR = timedelta(days=180)
_CLOSED_TO_ROBOTS = (
    "/admin/",
    "/status/",
    "/payment/",
    "/mypage/",
    "/calendar/",
    "/codes/",
    "/demo/",
)


@require_safe
def favicon(request):
    """For what asks without reading a page."""
    return redirect(static("koss/favicon.svg"))


@require_safe
def robots(request):
    """Public pages may be found; those of procedures show nothing without a sign-in."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED_TO_ROBOTS)]
    return _text(lines)


@require_safe
def security(request):
    """RFC 9116: where to tell of a fault."""
    origin = settings.KOSS_ORIGIN
    mail = settings.KOSS_CONTACT_EMAIL
    contact = f"mailto:{quote(mail, safe='@')}" if mail else origin + reverse("contact")
    expires = (clock.system_now() + _GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z")
    return _text(
        [
            f"Contact: {contact}",
            f"Expires: {expires}",
            "Preferred-Languages: ja, en",
            f"Canonical: {origin}{reverse('security_txt')}",
        ]
    )


@require_safe
def change_password(request):
    """For managers of passwords: only payment users choose theirs on the portal."""
    return redirect("payments:my_page_login")


def _text(lines):
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
