"""Which draft a browser has open, and how long that lasts."""

from functools import wraps

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from applications.apply import drafts
from applications.models import Draft
from koss.access import handles, leftovers, passwords, visitors
from koss.ground import clock, sealing

_SHELF = handles.Shelf("drafts")


def open_for(request, draft):
    """Open ``draft`` for this browser; returns its handle."""
    return _SHELF.put(request, draft=draft.pk)


def end(request, handle):
    _SHELF.end(request, handle)


def resume(request, number, typed, *, now):
    """Try the password of a draft. Returns (answer, response or None)."""
    draft = drafts.find(number, now=now)
    visit = visitors.visit_of(request)
    answer = passwords.attempt(
        drafts.LOCK_KIND,
        number,
        typed,
        draft.password if draft else None,
        now=now,
        **visit,
    )
    if answer.verdict is not passwords.Verdict.RIGHT:
        return answer, None
    page = "typed" if leftovers.is_waiting(request, typist(draft.pk)) else "tasks"
    response = redirect(f"apply:{page}", open_for(request, draft))
    visitors.remember_device(response, visit["device"])
    return answer, response


def typist(key):
    return f"draft:{key}"


def opened(view):
    """Give the view ``request.draft``, ``request.handle`` and ``request.answers``.

    A handle that this browser does not have leads to the page that opens a draft again; one that
    was idle too long to a page that says that everything saved is still there. Where that cannot
    be opened any more, a page says so.
    """

    @never_cache
    @wraps(view)
    def guarded(request, handle, **rest):
        try:
            entry = _SHELF.find(request, handle)
        except handles.Ended as ended:
            owner = typist(ended.opened.facts["draft"])
            kept = leftovers.keep(request, owner, is_own=ended.is_own)
            context = {"idle": ended.idle, "at_most": handles.AT_MOST, "kept": kept}
            return render(request, "applications/apply/ended.html", context, status=403)
        draft = entry and (
            Draft.objects.filter(pk=entry.facts["draft"], expires_at__gte=clock.now())
            .select_related("application")
            .first()
        )
        if not draft:
            lost = entry or _SHELF.lost(handle)
            kept = bool(lost) and leftovers.keep(request, typist(lost.facts["draft"]), is_own=False)
            return handles.to_login(request, "apply:resume", kept=kept)
        if answered := leftovers.let_in(request, typist(draft.pk)):
            return answered
        request.draft, request.handle = draft, handle
        try:
            request.answers = drafts.answers_of(draft)
        except sealing.SealBroken:  # the portal's secret was replaced
            return render(request, "applications/apply/lost.html", status=410)
        return view(request, **rest)

    return guarded


def unsent(view):
    """Only for a draft that was not sent; a sent one leads to its receipt."""

    @opened
    @wraps(view)
    def guarded(request, **rest):
        if request.draft.application_id:
            return redirect("apply:receipt", request.handle)
        return view(request, **rest)

    return guarded
