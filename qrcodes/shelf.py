"""Which codes this browser may look at: those it issued itself, for as long as it is in use.

Each has a random handle of its own in the database session, so no address of 二次元コード確認
tells anything, and none works in another browser.
"""

import secrets
from datetime import timedelta

from django.conf import settings

from koss import clock
from qrcodes.models import Code

_SHELF = "codes"
# How many codes one browser may have on its shelf; the oldest gives way.
_AT_MOST = 20


def put(request, code, press):
    """Keep ``code`` for this browser; returns its handle. ``press``: of the form that asked."""
    handle = secrets.token_urlsafe(16)
    kept = request.session.get(_SHELF, {})
    kept[handle] = {"code": code.pk, "press": press, "seen": _seconds()}
    for oldest in list(kept)[:-_AT_MOST]:
        del kept[oldest]
    request.session[_SHELF] = kept
    return handle


def handle_of(request, press):
    """The handle of the code that this press of the form already made, or None."""
    for handle, entry in request.session.get(_SHELF, {}).items():
        if press and entry["press"] == press:
            return handle
    return None


def find(request, handle):
    """The code behind ``handle``, or None: not of this browser, ended, or idle for too long."""
    entry = request.session.get(_SHELF, {}).get(handle)
    if entry is None:
        return None
    idle = _seconds() - entry["seen"]
    if idle > timedelta(minutes=settings.KOSS_IDLE_MINUTES).total_seconds():
        drop(request, handle)
        return None
    return Code.objects.filter(pk=entry["code"]).first()


def drop(request, handle):
    """終了: this browser shows the code no more. The code itself stays good."""
    kept = request.session.get(_SHELF, {})
    if kept.pop(handle, None) is not None:
        request.session[_SHELF] = kept


def _seconds():
    return int(clock.system_now().timestamp())
