"""Choosing applications across the pages of a list, without a script.

Every button of such a list sends the boxes of its page, so the choice is kept while paging.
``shown`` says which boxes there were: one that is not ticked is taken out of the choice.
"""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from payments.views import kept

_KEY = re.compile(r"[0-9]{1,18}")
PRESS = re.compile(r"[0-9a-f]{32}")


def changed(request, what, search, found):
    """Keep the choice as the form says it now; returns (the search, whether all found room).

    ``found``: what matches the search, for the button that chooses all of it.
    """
    shown, ticked = keys(request, "shown"), keys(request, "chosen")
    chosen = [key for key in search.chosen if key not in set(shown)] + ticked
    asked = request.POST.get("do", "")
    if asked == "all":
        first = found.values_list("pk", flat=True)
        chosen = list(first[: settings.KOSS_BATCH_LIMIT + 1])
    elif asked == "none":
        chosen = []
    return kept.choose(request, what, search, chosen)


def next_page(request):
    """The page of the list that the form leads to, "" for the first."""
    page = request.POST.get("page") or request.POST.get("at", "")
    return page if _KEY.fullmatch(page) else ""


def keys(request, name):
    """The keys in a form's fields of this name; what is no key is left out."""
    return _read(request.POST.getlist(name))


def keys_in_one(request, name):
    """The keys in a form's one field of this name, with spaces between them."""
    return _read(request.POST.get(name, "").split())


def address(request, name, **query):
    """A page of ``request.handle`` with those of ``query`` that are not empty."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return reverse(f"payments:{name}", args=[request.handle]) + (f"?{asked}" if asked else "")


def _read(typed):
    return [int(key) for key in typed if _KEY.fullmatch(key)]
