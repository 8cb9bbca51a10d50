"""Planned stops, of which every page tells: kept for a few seconds, so that pages ask nothing.

What staff write drops what this process keeps, as soon as it is stored; other processes ask again
within ``_SECONDS``.
"""

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models.signals import post_delete, post_save

from koss.ground import clock
from koss.models import News

_SECONDS = 5
_KEY = "planned-stops"
# More are never planned at once; the nearest count.
_MOST = 20


def current(now):
    """The News of the nearest planned stop that is announced or in force at ``now``, or None."""
    return next((news for news in _kept(now) if news.published_at <= now < news.resumes_at), None)


def of_this_moment():
    """For templates: the same now, with ``in_force``; None also where the store is away."""
    now = clock.now()
    news = current(now)
    return news and {"news": news, "in_force": news.stops_at <= now}


def keep(stops, seconds=_SECONDS):
    cache.set(_KEY, stops, seconds)


def _kept(now):
    stops = cache.get(_KEY)
    if stops is None:
        try:
            stops = list(News.objects.planned_stops(now=now).defer("body")[:_MOST])
        except DatabaseError:  # a page that asks nothing else is still shown
            stops = []
        keep(stops)
    return stops


def drop_after(sender, **_about):
    """A News was stored or deleted: what is kept here is asked for anew."""
    transaction.on_commit(lambda: cache.delete(_KEY))


def watch():
    """Called once, when the portal starts."""
    post_save.connect(drop_after, sender=News, dispatch_uid=_KEY)
    post_delete.connect(drop_after, sender=News, dispatch_uid=_KEY)
