"""A list that is read page by page: its items, whether there are more, and where they are."""

from urllib.parse import urlencode

from koss.api import showing


def first(rows, limit):
    """(at most ``limit`` of ``rows``, whether there are more); ask for one more than the limit."""
    found = list(rows)
    return found[:limit], len(found) > limit


def page(items, more, again, name, *arguments, **facts):
    """The answer. ``again``: with what the address ``name`` is asked for the next page."""
    links = {"next": showing.link(name, *arguments, query=f"?{urlencode(again)}")} if more else {}
    return {"items": items, "has_more": more, "_links": links, **facts}
