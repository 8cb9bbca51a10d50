"""Being signed in as a payment user, at 納付メニュー or on マイページ, and how long that lasts.

Each sign-in has a random handle of its own, and every address contains it: one browser can hold
several users, or the same in both areas, side by side.
"""

from functools import wraps

from django.shortcuts import redirect, render
from django.urls import reverse

from koss.access import handles, leftovers
from koss.ground import clock
from payments.models import PaymentUser
from payments.payer import users

PAYMENT, MY_PAGE = "payment", "my_page"
LOGINS = {PAYMENT: "payments:login", MY_PAGE: "payments:my_page_login"}
_SHELVES = {area: handles.Shelf(area) for area in LOGINS}
# Whose password has to be changed, and which login that leads back to.
_MUST_CHANGE = handles.Shelf("must_change")


def open_session(request, user, area):
    """Sign ``user`` in at ``area``; returns the handle."""
    return _SHELVES[area].put(request, user=user.pk, version=user.version)


def lead_to(request, user, area, page):
    """Sign ``user`` in and lead to ``page``, or on マイページ to what was typed and not sent.

    Behind 納付ログイン nothing is typed but conditions of lists.
    """
    if area == MY_PAGE and leftovers.is_waiting(request, typist(user.pk, area)):
        page = "payments:typed"
    return redirect(page, open_session(request, user, area))


def typist(key, area):
    """Who typed what is kept, and where: an area has forms of its own."""
    return f"{area}:{key}"


def _keep(request, area, opened, *, is_own):
    """Whether what was sent under the handle of ``opened``, which may be None, is kept."""
    if opened is None:
        return False
    return leftovers.keep(request, typist(opened.facts["user"], area), is_own=is_own)


def end(request, area, handle):
    """終了: end this handle."""
    _SHELVES[area].end(request, handle)


def must_change(request, user, area):
    """The way to パスワード変更 for an expired password; that page then knows whose it is."""
    handle = _MUST_CHANGE.put(request, user_id=user.user_id, area=area)
    return redirect(f"{reverse('payments:password_change')}?for={handle}")


def to_change(request):
    """{"handle", "user_id", "area"} of the expired password that led to パスワード変更, or None."""
    handle = request.POST.get("for") or request.GET.get("for") or ""
    try:
        opened = _MUST_CHANGE.find(request, handle)
    except handles.Ended:
        return None
    return opened and {"handle": handle, **opened.facts}


def changed(request, expired):
    """The password that ``to_change`` told of is new."""
    _MUST_CHANGE.end(request, expired["handle"])


def signed_in(area):
    """Give a view of ``area`` ``request.payment_user``, ``request.handle`` and ``request.opened``.

    ``opened``: what stands behind the handle, for what ends with it. There is also
    ``request.password_days_left``, for payments/parts/_password_warning.html. The view gets no
    ``handle`` argument; further parts of its address it gets as they are.

    A handle that is not this browser's leads to the login of the area, which says so, and so does
    one from before the password was changed or staff locked the user; one that has ended by itself
    to a page that says why; an expired password to パスワード変更. The view does not run then, so
    nothing is half-saved.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, handle, **rest):
            try:
                opened = _SHELVES[area].find(request, handle)
            except handles.Ended as ended:
                context = {
                    "kept": _keep(request, area, ended.opened, is_own=ended.is_own),
                    "idle": ended.idle,
                    "at_most": handles.AT_MOST,
                    "area": area,
                    "login": LOGINS[area],
                }
                return render(request, "payments/users/ended.html", context, status=403)
            user = opened and (
                PaymentUser.objects.filter(
                    pk=opened.facts["user"], version=opened.facts["version"]
                ).first()
            )
            if user is None or user.staff_locked_at:
                lost = opened or _SHELVES[area].lost(handle)
                kept = _keep(request, area, lost, is_own=False)
                return handles.to_login(request, LOGINS[area], kept=kept)
            now = clock.now()
            if users.is_expired(user, now):
                return must_change(request, user, area)
            if answered := leftovers.let_in(request, typist(user.pk, area)):
                return answered
            request.payment_user, request.handle, request.opened = user, handle, opened
            request.password_days_left = users.days_left(user, now)
            return view(request, **rest)

        return guarded

    return decorate
