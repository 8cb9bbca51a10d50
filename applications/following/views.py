"""申請一覧 and お知らせの受け取り方 on マイページ, and the calendar behind its address."""

import hashlib

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.following import (
    calendar_address,
    calendar_feed,
    list_file,
    listing,
    morning,
    opening,
    whose,
)
from applications.following.forms import ListForm, MailLanguageForm, MorningMailForm
from koss.access import done, handles
from koss.ground import clock
from payments.payer import users
from payments.payer.sessions import MY_PAGE, signed_in

_STALE, _TOO_MANY = 409, 429
_SEARCHES = handles.Drawer("list_searches")


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
def applications(request):
    """申請一覧. What is typed is kept with the sign-in: no name or number stands in an address."""
    if request.method == "POST":
        form = ListForm(request.POST)
        if form.is_valid():
            return _to_list(request, _SEARCHES.put(request.opened, typed=form.cleaned_data))
        return _list(request, form, listing.Search())
    form = ListForm(_typed(request))
    return _list(request, form, form.search if form.is_valid() else listing.Search())


def _list(request, form, search):
    user, now = request.payment_user, clock.now()
    place = listing.read_place(request.GET.get("before"), is_before=True) or listing.read_place(
        request.GET.get("after")
    )
    page = listing.page_of(user, search, now=now, place=place)
    if place and not page.applications:  # what was there has changed meanwhile, and moved up
        page = listing.page_of(user, search, now=now)
    counts = listing.counts(user)
    context = {
        "form": form,
        "search": search,
        "key": request.GET.get("search", ""),
        "is_narrowed": search != listing.Search(),
        "page": page,
        "rows": listing.rows_of(user, page.applications, now=now),
        "counts": counts,
        "total": sum(each.count for each in counts),
        "is_capped": any(each.is_capped for each in counts),
        "now": now,
    }
    return render(request, "applications/following/list.html", context)


@require_safe
@signed_in(MY_PAGE)
def list_csv(request):
    """The list as it is narrowed, as a file."""
    form = ListForm(_typed(request))
    search = form.search if form.is_valid() else listing.Search()
    lines = list_file.lines_of(request.payment_user, search, now=clock.now())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"applications-{clock.today():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@signed_in(MY_PAGE)
def open_status(request):
    """The status page of one application; anybody else's does not exist."""
    application = whose.find(request.payment_user, request.POST.get("application", ""))
    if application is None:
        raise Http404
    return opening.lead_to(request, application)


@require_safe
@signed_in(MY_PAGE)
def settings(request):
    """お知らせの受け取り方: one mail in the morning, the language of mails, and the calendar."""
    return _settings(request)


@require_POST
@signed_in(MY_PAGE)
def morning_mail(request):
    """One mail for each change, or one in the morning."""
    form = MorningMailForm(request.POST)
    if not form.is_valid():
        return _settings(request, form=form)
    if form.cleaned_data["way"] == "morning":
        morning.choose(request.payment_user, now=clock.now())
    else:
        morning.give_up(request.payment_user, now=clock.now())
    return _done(request, "mail")


@require_POST
@signed_in(MY_PAGE)
def mail_language(request):
    """Mails come in another language."""
    form = MailLanguageForm(request.POST)
    if not form.is_valid():
        return _settings(request, language_form=form)
    users.choose_language(request.payment_user, form.cleaned_data["language"])
    return _done(request, "language")


@require_POST
@signed_in(MY_PAGE)
def calendar(request):
    """The address is made, replaced or taken back."""
    user, now, seen = request.payment_user, clock.now(), request.POST.get("seen", "")
    act = request.POST.get("act", "")
    try:
        if act == "make":
            calendar_address.make(user, now=now)
        elif act == "renew":
            calendar_address.renew(user, seen, now=now)
        elif act == "revoke":
            calendar_address.revoke(user, seen)
        else:
            return redirect("following:settings", request.handle)
    except calendar_address.AddressReplaced:
        return _settings(request, stale=True, status=_STALE)
    return _done(request, act)


def _settings(request, *, form=None, language_form=None, stale=False, status=200):
    user = request.payment_user
    is_chosen = morning.is_chosen(user)
    address = calendar_address.of(user)
    was_done = done.was(request, "following:settings", request.handle)
    context = {
        "form": form or MorningMailForm(initial={"way": "morning" if is_chosen else "each"}),
        "language_form": language_form or MailLanguageForm(initial={"language": user.language}),
        "address": address,
        "in_full": calendar_address.in_full(address) if address else "",
        "stale": stale,
        "done": request.GET.get("done", "") if was_done and request.method == "GET" else "",
    }
    return render(request, "applications/following/settings.html", context, status=status)


def _done(request, what):
    return done.lead("following:settings", request.handle, query=f"?done={what}")


@require_safe
def feed(request, reference, signature):
    """The calendar, for programs: who knows the address reads it, as often as is sensible."""
    try:
        user = calendar_address.read(reference, signature, system_now=clock.system_now())
    except calendar_address.TooManyReads as refusal:
        response = render(request, "429.html", status=_TOO_MANY)
        response["Retry-After"] = int(refusal.retry_after.total_seconds())
        return response
    if user is None:
        raise Http404
    content = calendar_feed.of(user, now=clock.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _typed(request):
    """What the list is narrowed by: a search of this sign-in, or a status that a link names."""
    key = request.GET.get("search", "")
    kept = _SEARCHES.find(request.opened, key) if key else None
    return kept.facts["typed"] if kept else {"status": request.GET.get("status", "")}


def _to_list(request, key):
    return redirect(f"{reverse('following:list', args=[request.handle])}?search={key}#list")
