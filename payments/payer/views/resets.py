"""パスワード初期化: ask for a link, and set a new password with it."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from koss.access import done, sources, visitors
from koss.access.passwords import Busy
from koss.ground import clock
from payments.payer import resets
from payments.payer.forms import NewPasswordForm, ResetForm

_BUSY = _TOO_MANY = 429


@never_cache
@require_http_methods(["GET", "POST"])
def reset(request):
    """Whose. The answer never tells whether there is such a user."""
    form, status = ResetForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        source = visitors.source_of(request)
        try:
            sources.admit(source, now=clock.now())
        except sources.TooMany as refused:
            form.say_too_many(refused.retry_at)
            status = _TOO_MANY
        else:
            resets.send.enqueue(form.cleaned_data["user_id"], source)
            return done.lead("payments:reset_asked")
    return render(request, "payments/users/reset.html", {"form": form}, status=status)


@require_safe
@done.only_after("payments:reset_asked", "payments:reset")
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
            return done.lead("payments:password_changed")
    except resets.DeadLink:
        return render(request, "payments/users/reset_dead.html", status=404)
    except resets.SamePassword:
        form.say_same()
    except Busy:
        form.say_busy()
        status = _BUSY
    context = {"form": form, "payment_user": user}
    return render(request, "payments/users/reset_link.html", context, status=status)
