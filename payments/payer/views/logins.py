"""納付ログイン, マイページログイン, パスワード変更.

【画面申請】まとめ納付管理ファイルの取得手順, 2 and 4.
"""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koss.access import done, handles, visitors
from koss.access.passwords import Busy
from koss.ground import clock
from payments.models import EventKind
from payments.payer import sessions, users
from payments.payer.forms import LoginForm, PasswordChangeForm
from payments.payer.sessions import MY_PAGE, PAYMENT

_BUSY = 429
_STALE = 409
_KINDS = {PAYMENT: EventKind.PAYMENT_LOGIN, MY_PAGE: EventKind.MY_PAGE_LOGIN}
_FIRST_PAGES = {PAYMENT: "payments:menu", MY_PAGE: "payments:my_page"}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def payment_login(request):
    """納付ログイン (【申請共通】申請取り下げの操作手順, 2)."""
    return _login(request, PAYMENT)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def my_page_login(request):
    """マイページログイン."""
    return _login(request, MY_PAGE)


def _login(request, area):
    form, status = LoginForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        now, visit = clock.now(), visitors.visit_of(request)
        answer, user = users.sign_in(
            form.cleaned_data["user_id"],
            form.cleaned_data["password"],
            _KINDS[area],
            now=now,
            **visit,
        )
        if user:
            response = _enter(request, user, area, now)
            visitors.remember_device(response, visit["device"])
            return response
        status = form.refuse(answer)
    context = {"form": form, "area": area, "lost": handles.lost(request)}
    return render(request, "payments/users/login.html", context, status=status)


def _enter(request, user, area, now):
    if users.is_expired(user, now):
        return sessions.must_change(request, user, area)
    return sessions.lead_to(request, user, area, _FIRST_PAGES[area])


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request):
    """パスワード変更. An expired password leads here by itself, with its ID filled in."""
    chosen = request.POST.get("from") or request.GET.get("from")
    expired = sessions.to_change(request) if chosen not in sessions.LOGINS else None
    area = expired["area"] if expired else _area(chosen)
    form, status = PasswordChangeForm(request.POST or None, initial=expired), 200
    if request.method == "POST" and form.is_valid():
        response, status = _changed(request, form, area, expired)
        if response:
            return response
    context = {"form": form, "area": area, "expired": expired}
    return render(request, "payments/users/password_change.html", context, status=status)


def _changed(request, form, area, expired):
    """(the way to パスワード変更結果通知, 200), or (None, status) with the form saying why not."""
    visit = visitors.visit_of(request)
    try:
        answer, user = users.change_password(
            form.cleaned_data["user_id"],
            form.cleaned_data["current_password"],
            form.cleaned_data["new_password"],
            now=clock.now(),
            **visit,
        )
    except Busy:
        form.say_busy()
        return None, _BUSY
    except users.Stale:
        form.say_stale()
        return None, _STALE
    if user is None:
        return None, form.refuse(answer)
    if expired:
        sessions.changed(request, expired)
    response = done.lead("payments:password_changed", query=f"?{urlencode({'from': area})}")
    visitors.remember_device(response, visit["device"])
    return response, 200


@require_safe
@done.only_after("payments:password_changed", "payments:password_change")
def password_changed(request):
    """パスワード変更結果通知."""
    login = sessions.LOGINS[_area(request.GET.get("from"))]
    return render(request, "payments/users/password_changed.html", {"login": login})


def _area(chosen):
    return chosen if chosen in sessions.LOGINS else MY_PAGE


@require_POST
def end_payment(request, handle):
    """終了 at 納付メニュー and what lies behind it."""
    return _end(request, PAYMENT, handle)


@require_POST
def end_my_page(request, handle):
    """終了 on マイページ."""
    return _end(request, MY_PAGE, handle)


def _end(request, area, handle):
    sessions.end(request, area, handle)
    response = redirect("top")
    response["Clear-Site-Data"] = '"cache"'
    return response
