"""Pages that are the same for everybody: drawn once for each kind of reader, then kept.

What staff write drops all of them in its own process as soon as it is stored; other processes, and
whatever no signal tells of, are late by ``_SECONDS`` at most (docs/adr/0041).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from applications.models import Office
from koss.ground import clock, drawn
from koss.models import News
from koss.portal import planned_stops, schemes
from koss.portal.context import text_size_of

_SECONDS = timedelta(seconds=5)
_NAME = "kept-pages"
# What these pages show and staff can write.
_WRITTEN = (News, Office)
_pages = drawn.DrawnPages(most=400)


def render(request, template, context_of):
    """``template`` with what ``context_of()`` gives, which is asked only where it is drawn.

    An address with a query is drawn anew: the forms of its frame lead back to it.
    """
    if request.META.get("QUERY_STRING"):
        return _draw(request, template, context_of).answer(request)
    now, key = clock.now(), _key(request)
    drawn_at, page = _pages.get(key) or (None, None)
    if drawn_at is None or not drawn_at <= now < drawn_at + _SECONDS:
        page = _draw(request, template, context_of)
        _pages.put(key, (now, page))
    return page.answer(request)


def _draw(request, template, context_of):
    return drawn.draw(request, template, context_of())


def _key(request):
    return request.path, *drawn.frame_of(request)


def _frame(request):
    """What the frame of every page depends on."""
    stop = planned_stops.of_this_moment()
    if stop:
        news = stop["news"]
        told = news.pk, news.headline, news.stops_at, news.resumes_at, stop["in_force"]
    else:
        told = None
    return request.LANGUAGE_CODE, text_size_of(request), schemes.of(request), told


def drop():
    """Draw every page anew."""
    _pages.clear()


def drop_after(sender, **_about):
    """Something that the pages show was stored or deleted."""
    transaction.on_commit(drop)


def watch():
    """Called once, when the portal starts."""
    drawn.frame_shows.append(_frame)
    for model in _WRITTEN:
        post_save.connect(drop_after, sender=model, dispatch_uid=_NAME)
        post_delete.connect(drop_after, sender=model, dispatch_uid=_NAME)
