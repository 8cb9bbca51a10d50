"""Being signed in as a payment user, at 納付メニュー or on マイページ, and how long that lasts.

Each sign-in has a random handle of its own, and every address contains it: one browser can hold
several users, or the same in both areas, side by side.
"""

from functools import wraps

from django.conf import settings
from django.shortcuts import redirect, render

from koss import clock, handles
from payments import users
from payments.models import PaymentUser

PAYMENT, MY_PAGE = handles.PAYMENT, handles.MY_PAGE
LOGINS = {PAYMENT: "payments:login", MY_PAGE: "payments:my_page_login"}
# Whose password has to be changed, and which login that leads back to.
_MUST_CHANGE = "must_change"


def open_session(request, user, area):
    """Sign ``user`` in at ``area``; returns the handle. The browser's session gets a new id."""
    return handles.open_for(request, area, user=user.pk, version=user.version)


def end(request, area, handle):
    """終了: end this handle; the last one of the browser ends its session."""
    handles.end(request, area, handle)


def must_change(request, user, area):
    """The way to パスワード変更 for an expired password; that page then knows whose it is."""
    request.session[_MUST_CHANGE] = {"user_id": user.user_id, "area": area}
    return redirect("payments:password_change")


def to_change(request):
    """{"user_id", "area"} of the expired password that led to パスワード変更, or None."""
    return request.session.get(_MUST_CHANGE)


def changed(request):
    """The password is new: nothing has to be changed any more."""
    request.session.pop(_MUST_CHANGE, None)


def signed_in(area):
    """Give a view of ``area`` ``request.payment_user`` and ``request.handle``.

    Also ``request.password_days_left``, for payments/parts/_password_warning.html. The view gets
    no ``handle`` argument; further parts of its address it gets as they are. A handle that is not
    this browser's leads to the login of the area, and so does one from before the password was
    changed or staff locked the user; one that was idle too long to a page that says so; an
    expired password to パスワード変更. The view does not run then, so nothing is half-saved.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, handle, **rest):
            try:
                entry = handles.use(request, area, handle)
            except handles.Idle:
                context = {
                    "idle_minutes": settings.KOSS_IDLE_MINUTES,
                    "area": area,
                    "login": LOGINS[area],
                }
                return render(request, "payments/users/idle.html", context, status=403)
            if entry is None:
                return redirect(LOGINS[area])
            user = PaymentUser.objects.filter(pk=entry["user"], version=entry["version"]).first()
            if user is None or user.staff_locked_at:
                end(request, area, handle)
                return redirect(LOGINS[area])
            now = clock.now()
            if users.is_expired(user, now):
                return must_change(request, user, area)
            request.payment_user, request.handle = user, handle
            request.password_days_left = users.days_left(user, now)
            return view(request, **rest)

        return guarded

    return decorate
