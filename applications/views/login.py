"""状況照会ログイン in two steps (申請状況照会の操作手順, ④ and ⑤)."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from applications import inquiry
from applications.forms import PasswordForm, ReceiptNumberForm
from koss import clock


@never_cache
@require_http_methods(["GET", "POST"])
def login(request):
    """First step: the number. Pressing 次へ is consent to the terms."""
    form = ReceiptNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        handle = inquiry.keep_number(request, form.cleaned_data["receipt_number"])
        return redirect("applications:password", handle)
    return render(request, "applications/login.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request, handle):
    """Second step: the password, for the number of the first step."""
    receipt_number = inquiry.typed_number(request, handle)
    if receipt_number is None:
        return redirect("applications:login")
    form, status = PasswordForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        answer, response = inquiry.sign_in(
            request, handle, form.cleaned_data["password"], now=clock.now()
        )
        if response:
            return response
        status = form.refuse(answer)
    context = {
        "form": form,
        "receipt_number": receipt_number,
        "procedure": inquiry.apparent_procedure(receipt_number),
    }
    return render(request, "applications/password.html", context, status=status)
