"""Which codes this browser may look at: those it issued itself, and not for long.

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


def put(request, code):
    """Keep ``code`` for this browser; returns its handle."""
    handle = secrets.token_urlsafe(16)
    kept = request.session.get(_SHELF, {})
    kept[handle] = {"code": code.pk, "issued": _seconds()}
    for oldest in list(kept)[:-_AT_MOST]:
        del kept[oldest]
    request.session[_SHELF] = kept
    return handle


def find(request, handle):
    """The code behind ``handle``, or None: not of this browser, ended, or issued too long ago."""
    entry = request.session.get(_SHELF, {}).get(handle)
    if entry is None:
        return None
    age = _seconds() - entry["issued"]
    if age > timedelta(minutes=settings.KOSS_IDLE_MINUTES).total_seconds():
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
