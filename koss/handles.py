"""Random handles in the database session: what one browser has under way, each kind on its shelf.

A handle stands in every address of a page that shows something private, so an address tells
nothing, works in no other browser, and two tabs never act on each other's thing.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.middleware.csrf import rotate_token

from koss import clock

# The shelves of people who signed in. Their entries know when they were last used.
INQUIRIES, PAYMENT, MY_PAGE = "inquiries", "payment", "my_page"
_SIGNED_IN = (INQUIRIES, PAYMENT, MY_PAGE)
# How many things of a kind one browser may have at once; the oldest gives way.
_AT_MOST = 20
# The moment of the last request is written back only when it is this old.
_SEEN_STEP_SECONDS = 60


class Idle(Exception):
    """What stood behind the handle was not used for too long; it is gone now."""


def put(request, shelf, value):
    """Keep ``value``, which JSON can hold, on ``shelf``; returns its new handle."""
    handle = secrets.token_urlsafe(16)
    _set(request, shelf, handle, value)
    return handle


def replace(request, shelf, handle, value):
    """Keep ``value`` behind ``handle`` instead of what stood there."""
    _set(request, shelf, handle, value)


def find(request, shelf, handle):
    """What stands behind ``handle``, or None."""
    return request.session.get(shelf, {}).get(handle)


def drop(request, shelf, handle):
    """Forget ``handle``; nothing happens where there is none."""
    kept = request.session.get(shelf, {})
    if kept.pop(handle, None) is not None:
        request.session[shelf] = kept


def open_for(request, shelf, **facts):
    """Sign somebody in: ``facts`` on one of the signed-in shelves. The session gets a new id."""
    request.session.cycle_key()
    # The forms that stand in other tabs carry the token; they are spoilt only where nobody was
    # signed in before.
    if not _anybody(request):
        rotate_token(request)
    return put(request, shelf, {**facts, "seen": _seconds()})


def use(request, shelf, handle):
    """The facts behind ``handle``, which count as used now, or None. Raises Idle."""
    entry = find(request, shelf, handle)
    if entry is None:
        return None
    idle = _seconds() - entry["seen"]
    if idle > timedelta(minutes=settings.KOSS_IDLE_MINUTES).total_seconds():
        end(request, shelf, handle)
        raise Idle
    if idle > _SEEN_STEP_SECONDS:
        _set(request, shelf, handle, {**entry, "seen": _seconds()})
    return entry


def end(request, shelf, handle):
    """終了: end this handle; the last one of anybody ends the session."""
    drop(request, shelf, handle)
    if not _anybody(request) and not request.user.is_authenticated:
        request.session.flush()


def _anybody(request):
    return any(request.session.get(shelf) for shelf in _SIGNED_IN)


def _set(request, shelf, handle, value):
    kept = request.session.get(shelf, {})
    kept.pop(handle, None)
    kept[handle] = value
    for oldest in list(kept)[:-_AT_MOST]:
        del kept[oldest]
    request.session[shelf] = kept


def _seconds():
    return int(clock.system_now().timestamp())
