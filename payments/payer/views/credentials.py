"""APIキー on マイページ: what programs of a 一括利用者ID show instead of a password.

A new key is in the answer to the press that made it and nowhere else, so that page is not led to.
"""

from functools import wraps

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from koss.access import leftovers, visitors
from koss.ground import clock
from payments.labels import Screen
from payments.payer import credentials
from payments.payer.credential_forms import CredentialForm, RotationForm
from payments.payer.sessions import MY_PAGE, signed_in

_GONE = 409


def _of_bulk_users(view):
    """Who has no 一括利用者ID is told so."""

    @wraps(view)
    def guarded(request, **rest):
        if not request.payment_user.bulk_id:
            return render(request, "payments/my_page/credentials_none.html")
        return view(request, **rest)

    return guarded


@require_safe
@signed_in(MY_PAGE)
@_of_bulk_users
def listing(request):
    """Every key that was ever made, the good ones first to see."""
    now = clock.now()
    rows = list(request.payment_user.credentials.order_by("-pk"))
    context = {
        "good": [row for row in rows if not row.ends_at or row.ends_at > now],
        "ended": [row for row in rows if row.ends_at and row.ends_at <= now],
        "at_most": credentials.AT_MOST,
    }
    return render(request, "payments/my_page/credentials.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
@_of_bulk_users
@leftovers.keeps(Screen.NEW_CREDENTIAL, CredentialForm)
def new(request):
    """A new key."""
    form = CredentialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, key = credentials.make(
                request.payment_user,
                **form.cleaned_data,
                now=clock.now(),
                source=visitors.source_of(request),
            )
        except credentials.TooManyCredentials:
            context = {"at_most": credentials.AT_MOST}
            return render(request, "payments/my_page/credentials_full.html", context, status=_GONE)
        return _shown(request, made, key)
    leftovers.fill(request, form)
    return render(request, "payments/my_page/credential_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
@_of_bulk_users
def rotate(request, pk):
    """A new key in the place of the one ``pk``."""
    old = _good(request, pk)
    form = RotationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, key = credentials.rotate(
                request.payment_user,
                pk,
                **form.cleaned_data,
                now=clock.now(),
                source=visitors.source_of(request),
            )
        except credentials.CredentialGone:
            return _gone(request)
        return _shown(request, made, key)
    if old is None:
        return _gone(request)
    context = {"form": form, "credential": old}
    return render(request, "payments/my_page/credential_rotate.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(MY_PAGE)
@_of_bulk_users
def revoke(request, pk):
    """Look once more, and then the key ``pk`` is good no longer."""
    old = _good(request, pk)
    if old is None:
        return _gone(request)
    if request.method == "GET":
        context = {"credential": old}
        return render(request, "payments/my_page/credential_revoke.html", context)
    try:
        credentials.revoke(
            request.payment_user, pk, now=clock.now(), source=visitors.source_of(request)
        )
    except credentials.CredentialGone:
        return _gone(request)
    return redirect("payments:credentials", request.handle)


def _good(request, pk):
    return request.payment_user.credentials.good_at(clock.now()).filter(pk=pk).first()


def _gone(request):
    return render(request, "payments/my_page/credential_gone.html", status=_GONE)


def _shown(request, made, key):
    context = {"credential": made, "key": key}
    response = render(request, "payments/my_page/credential_made.html", context)
    response["Cache-Control"] = "no-store"
    return response
