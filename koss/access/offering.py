"""入力の途中の内容: the page after a sign-in that offers what was typed and not sent."""

from django.shortcuts import redirect, render

from koss.access import leftovers


def page(request, *, base, first_page, more=None):
    """The offer, or ``first_page`` where there is nothing (any more).

    ``base``: the template that the page stands in; ``more``: what it needs. Which of the two
    buttons was pressed: ``use`` leads to the form filled in, ``discard`` forgets; each names a text
    by its key.
    """
    waiting = leftovers.waiting(request)
    if request.method == "POST":
        used = [each for each in waiting if each.key == request.POST.get("use")]
        if used:
            leftovers.remember(request)
            return redirect(f"{used[0].address}?{leftovers.PARAMETER}={used[0].key}")
        leftovers.discard(request, request.POST.get("discard", ""))
        return redirect(request.get_full_path())
    if not waiting:
        return redirect(first_page)
    context = {"base": base, "waiting": waiting, "first_page": first_page, **(more or {})}
    return render(request, "leftovers/offer.html", context)
