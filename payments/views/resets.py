"""パスワード初期化: ask for a link, and set a new password with it."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from koss import clock, visitors
from koss.passwords import Busy
from payments import resets
from payments.forms.users import NewPasswordForm, ResetForm

_BUSY = 429


@never_cache
@require_http_methods(["GET", "POST"])
def reset(request):
    """Whose. The answer never tells whether there is such a user."""
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        resets.send.enqueue(form.cleaned_data["user_id"], visitors.source_of(request))
        return redirect("payments:reset_asked")
    return render(request, "payments/users/reset.html", {"form": form})


@require_safe
def reset_asked(request):
    """What happens next, for everybody alike."""
    minutes = int(resets.LASTS.total_seconds() // 60)
    return render(request, "payments/users/reset_asked.html", {"minutes": minutes})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reset_link(request, token):
    """The mailed link: a new password, once. A link that works no more says so (404)."""
    now = clock.now()
    try:
        user = resets.find(token, now=now).user
        form, status = NewPasswordForm(request.POST or None, not_this=(user.user_id,)), 200
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data["new_password"]
            resets.use(token, typed, now=now, source=visitors.source_of(request))
            return redirect("payments:password_changed")
    except resets.DeadLink:
        return render(request, "payments/users/reset_dead.html", status=404)
    except resets.SamePassword:
        form.say_same()
    except Busy:
        form.say_busy()
        status = _BUSY
    context = {"form": form, "payment_user": user}
    return render(request, "payments/users/reset_link.html", context, status=status)
