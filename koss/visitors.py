"""From where a request comes, and from which browser."""

import secrets

from django.conf import settings

_DEVICE_COOKIE = "koss_device"
_SALT = "koss.visitors.device"
_YEAR = 365 * 24 * 60 * 60


def source_of(request):
    """The client's address. Behind ``KOSS_PROXIES`` proxies, the address the outermost one saw."""
    if settings.KOSS_PROXIES:
        chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(chain) >= settings.KOSS_PROXIES:
            return chain[-settings.KOSS_PROXIES].strip()
    return request.META.get("REMOTE_ADDR", "")


def device_of(request):
    """The browser's own random name, or "" before it was let in for the first time."""
    return request.get_signed_cookie(_DEVICE_COOKIE, default="", salt=_SALT, max_age=_YEAR)


def new_device():
    """A name for a browser that has none yet."""
    return secrets.token_urlsafe(16)


def remember_device(response, device):
    """Let the browser keep its name. It opens nothing; it only counts wrong passwords apart."""
    response.set_signed_cookie(
        _DEVICE_COOKIE,
        device,
        salt=_SALT,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
