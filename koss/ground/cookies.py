"""Names of cookies that are not settings of Django."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _PrefixedCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}{CookieStorage.cookie_name}"


class MessageStorage(FallbackStorage):
    """Django's default, with the portal's prefix on its cookie."""

    storage_classes = (_PrefixedCookie, SessionStorage)
