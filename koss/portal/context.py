"""What every page may use without its view's help: the official words, and the frame."""

from types import MappingProxyType

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

import applications.labels
import koss.labels
import payments.labels
import qrcodes.labels
from koss.ground.names import PORTAL_NAME, in_words
from koss.labels import TextSize
from koss.portal import planned_stops, schemes
from koss.portal.guides import shelf
from koss.portal.menu import MENUS
from koss.portal.places import this_address

_HOMES = (koss.labels, applications.labels, payments.labels, qrcodes.labels)

TEXT_SIZE_COOKIE = f"{settings.COOKIE_PREFIX}text_size"
TEXT_SIZES = {"s": TextSize.SMALL, "m": TextSize.MEDIUM, "l": TextSize.LARGE}


def _collect(kind):
    """The words of the classes named ``kind`` in all homes, by name; each name stands once."""
    words = {}
    for home in _HOMES:
        words_here = getattr(home, kind, object)
        if words_here.__module__ != home.__name__:  # only imported there
            continue
        for name, word in vars(words_here).items():
            if not name.isupper():
                continue
            if name in words:
                raise ImproperlyConfigured(f"{kind}.{name} has a second home in {home.__name__}")
            words[name] = word
    return MappingProxyType(words)


# "field" is left out: templates need that name for the fields of a form.
_WORDS = {
    kind.lower(): _collect(kind)
    for kind in ("Screen", "Section", "Button", "Menu", "Column", "Row")
}


def words(request):
    """``{{ button.WITHDRAW }}``: the labels of all apps, by kind and name, read-only."""
    return dict(_WORDS)


def frame(request):
    """What header and footer show. Asks no database and leaves the session alone."""
    return {
        "text_size": text_size_of(request),
        "text_sizes": TEXT_SIZES.items(),
        "languages": settings.LANGUAGES,
        **schemes.frame(request),
        "this_address": this_address(request),
        "demo": settings.DEMO,
        "menus": MENUS,
        "guide_here": _guide_of(request),
        "portal_name": PORTAL_NAME,
        "wordmark": _wordmark(in_words("KOSS_PORTAL_NAME")),
        "idle_minutes": settings.KOSS_IDLE_MINUTES,
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "idle_warned_after": settings.IDLE_WARNED_AFTER_SECONDS,
        "idle_warning": _time_in_words(settings.IDLE_WARNING_SECONDS),
        "lock_after": settings.KOSS_LOCK_AFTER,
        "contact": {
            "operator": in_words("KOSS_OPERATOR"),
            "phone": settings.KOSS_CONTACT_PHONE,
            "email": settings.KOSS_CONTACT_EMAIL,
            "hours": in_words("KOSS_CONTACT_HOURS"),
        },
    }


def _time_in_words(seconds):
    """2分, or 30秒 where that is no whole minute."""
    minutes, rest = divmod(seconds, 60)
    return gettext("%s秒") % seconds if rest else gettext("%s分") % minutes


def text_size_of(request):
    """The 文字サイズ that was chosen, a key of ``TEXT_SIZES``."""
    size = request.COOKIES.get(TEXT_SIZE_COOKIE)
    return size if size in TEXT_SIZES else "m"


def planned_stop(request):
    """The banner of a planned stop; read only where a page shows it."""
    return {"planned_stop": planned_stops.of_this_moment}


def _guide_of(request):
    """(name of the guide, number of the step) of the screen that is asked for, or None."""
    match = request.resolver_match
    return shelf.of_screen(match.view_name) if match else None


def _wordmark(name):
    """``name`` in two lines, broken after its last の or its first "for"."""
    first, particle, rest = name.partition(" for ")
    if not particle:
        first, particle, rest = name.rpartition("の")
    return {"small": (first + particle).strip(), "large": rest}
