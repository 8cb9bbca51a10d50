"""状況照会ログイン in two steps (申請状況照会の操作手順, ④ and ⑤)."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from applications.inquiry import signing_in
from applications.inquiry.forms import PasswordForm, ReceiptNumberForm
from koss.access import handles, offering
from koss.ground import clock


@never_cache
@require_http_methods(["GET", "POST"])
def login(request, then=""):
    """First step: the number. Pressing 次へ is consent to the terms.

    ``then``: where the menu entry that led here wants to go after the sign-in.
    """
    form = ReceiptNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return signing_in.to_password(form.cleaned_data["receipt_number"], then)
    context = {"form": form, "lost": handles.lost(request)}
    return render(request, "applications/login.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request, handle):
    """Second step: the password, for the number of the first step."""
    receipt_number = signing_in.typed_number(request, handle)
    if receipt_number is None:
        return handles.to_login(request, "applications:login")
    form, status = PasswordForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        answer, response = signing_in.sign_in(
            request, handle, form.cleaned_data["password"], now=clock.now()
        )
        if response:
            return response
        status = form.refuse(answer)
    context = {
        "form": form,
        "receipt_number": receipt_number,
        "procedure": signing_in.apparent_procedure(receipt_number),
    }
    return render(request, "applications/password.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signing_in.signed_in
def typed_before(request):
    """What was typed about this application, and not sent."""
    first_page = reverse("applications:status", args=[request.handle])
    return offering.page(request, base="applications/base.html", first_page=first_page)
