"""Choosing applications across the pages of a list, without a script.

Every button of such a list sends the boxes of its page, so the choice is kept while paging.
``shown`` says which boxes there were: one that is not ticked is taken out of the choice.
``what`` is "targets" or "direct": of the searches, the addresses and the templates.
"""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse

from koss.ground.paging import CappedPaginator
from payments.batches import choosing
from payments.batches.views import kept

_KEY = re.compile(r"[0-9]{1,18}")
_PER_PAGE = 50


def show(request, what, search, form, found, totals):
    """The list to choose from. ``totals``: of what was chosen."""
    page = CappedPaginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "conditions": form.conditions(),
        "search": search,
        "page": page,
        "rows": choosing.rows_of(list(page.object_list)),
        "totals": totals,
        "limit": settings.KOSS_BATCH_LIMIT,
        "note": request.GET.get("note"),
    }
    return render(request, f"payments/{what}/list.html", context)


def go_on(request, what, search, found):
    """Keep the choice as the form says it now, and lead to where its button goes.

    ``found``: what matches the search, for the button that chooses all of it.
    """
    search, all_kept = _changed(request, what, search, found)
    if not all_kept:
        return to_list(request, what, search.key, note="full")
    if request.POST.get("do") != "check":
        return to_list(request, what, search.key, page=_next_page(request))
    if not search.chosen:
        return to_list(request, what, search.key, note="none")
    return to_check(request, what, search.key)


def to_list(request, what, key, **more):
    """To the list of the search ``key``."""
    return redirect(_address(request, f"{what}_list", search=key, **more))


def to_check(request, what, key):
    """To the last look at what was chosen in the search ``key``."""
    return redirect(_address(request, f"{what}_check", search=key))


def keys_in_one(request, name):
    """The keys in a form's one field of this name, with spaces between them."""
    return _read(request.POST.get(name, "").split())


def _changed(request, what, search, found):
    """Keep the choice as the form says it now; returns (the search, whether all found room)."""
    shown, ticked = _read(request.POST.getlist("shown")), _read(request.POST.getlist("chosen"))
    chosen = [key for key in search.chosen if key not in set(shown)] + ticked
    asked = request.POST.get("do", "")
    if asked == "all":
        first = found.values_list("pk", flat=True)
        chosen = list(first[: settings.KOSS_BATCH_LIMIT + 1])
    elif asked == "none":
        chosen = []
    return kept.choose(request, what, search, chosen)


def _next_page(request):
    """The page of the list that the form leads to, "" for the first."""
    page = request.POST.get("page") or request.POST.get("at", "")
    return page if _KEY.fullmatch(page) else ""


def _address(request, name, **query):
    """A page of ``request.handle`` with those of ``query`` that are not empty."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return reverse(f"payments:{name}", args=[request.handle]) + (f"?{asked}" if asked else "")


def _read(typed):
    """The keys among ``typed``; what is no key is left out."""
    return [int(key) for key in typed if _KEY.fullmatch(key)]
