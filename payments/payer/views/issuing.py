"""利用者IDの発行: details, a look at them with the passwords, and the IDs."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koss.access import handles, visitors
from koss.access.passwords import Busy
from koss.ground import clock, request_keys
from payments.models import PaymentUser
from payments.payer import users
from payments.payer.forms import DetailsForm, FirstPasswordsForm

# The IDs stay on the screen of the browser that asked for them, and not for long.
_ISSUED = handles.Shelf("issued_ids", stays=True)
_BUSY = 429
_TOO_MANY = 429


@never_cache
@require_http_methods(["GET", "POST"])
def issue(request):
    """The details; sent without a fault, they lead to the look at them."""
    form = DetailsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _look(request, form, FirstPasswordsForm())
    return render(request, "payments/users/issue.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_POST
def issue_check(request):
    """発行 or 戻る; the details travel along either way, passwords never."""
    form = DetailsForm(request.POST)
    if "back" in request.POST or not form.is_valid():
        return render(request, "payments/users/issue.html", {"form": form})
    chosen, status = FirstPasswordsForm(request.POST), 200
    if chosen.is_valid():
        try:
            user = users.issue(
                now=clock.now(),
                source=visitors.source_of(request),
                request_key=_request_key_of(request),
                language=get_language(),
                **chosen.passwords(),
                **form.cleaned_data,
            )
        except Busy:
            chosen.say_busy()
            status = _BUSY
        except users.TooManyIssued:
            chosen.say_too_many()
            status = _TOO_MANY
        else:
            return redirect("payments:issued", _ISSUED.put(request, user=user.pk))
    return _look(request, form, chosen, status=status)


@require_safe
def issued(request, handle):
    """The IDs, for the browser that asked for them."""
    try:
        opened = _ISSUED.find(request, handle)
    except handles.Ended:
        opened = None
    user = get_object_or_404(PaymentUser, pk=opened.facts["user"] if opened else None)
    return render(request, "payments/users/issued.html", {"payment_user": user})


def _request_key_of(request):
    """The key of this form, which is a new one where none came along."""
    return request_keys.read(request.POST.get("request_key", "")) or request_keys.fresh()


def _look(request, details, chosen, *, status=200):
    context = {"form": chosen, "details": details, "request_key": _request_key_of(request)}
    return render(request, "payments/users/issue_check.html", context, status=status)
