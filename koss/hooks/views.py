"""Webhookの通知先 on マイページ: a new secret is in the answer to the press that made it alone."""

import json
from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koss.access import leftovers, visitors
from koss.ground import clock
from koss.ground.paging import CappedPaginator
from koss.hooks import endpoints, outcomes, payload, signing
from koss.hooks.forms import PressForm, WebhookForm
from payments.labels import Screen
from payments.models import DeliveryState, WebhookDelivery, WebhookState
from payments.payer.sessions import MY_PAGE, signed_in

_REFUSED = 409
_PER_PAGE = 50


def _of_bulk_users(view):
    """Who has no 一括利用者ID has no webhooks; another's webhook is not found."""

    @signed_in(MY_PAGE)
    @wraps(view)
    def guarded(request, **rest):
        if not request.payment_user.bulk_id:
            raise Http404
        try:
            return view(request, **rest)
        except endpoints.WebhookGone:
            raise Http404 from None

    return guarded


@require_safe
@_of_bulk_users
def listing(request):
    """All webhooks of the user."""
    rows = list(request.payment_user.webhooks.order_by("-pk"))
    context = {"webhooks": rows, "at_most": settings.KOSS_WEBHOOKS_PER_USER}
    return render(request, "hooks/list.html", context)


@require_http_methods(["GET", "POST"])
@_of_bulk_users
@leftovers.keeps(Screen.NEW_WEBHOOK, WebhookForm)
def new(request):
    """A new webhook."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = endpoints.register(
                request.payment_user,
                **form.cleaned_data,
                now=clock.now(),
                source=visitors.source_of(request),
            )
        except endpoints.SameAddress:
            form.add_error("address", form.SAME_ADDRESS)
        except endpoints.TooManyWebhooks:
            context = {"at_most": settings.KOSS_WEBHOOKS_PER_USER}
            return render(request, "hooks/full.html", context, status=_REFUSED)
        else:
            return _shown(request, made, secret)
    leftovers.fill(request, form)
    return render(request, "hooks/new.html", {"form": form})


@require_safe
@_of_bulk_users
def webhook(request, reference):
    """One webhook, what can be done with it, and what was sent there, the newest first."""
    row = _own(request, reference)
    pages = CappedPaginator(endpoints.deliveries_of(row), _PER_PAGE)
    old_ends = row.sealed_before and row.rotated_at + signing.OVERLAP
    context = {
        "webhook": row,
        "page": pages.get_page(request.GET.get("page")),
        "old_ends": old_ends if old_ends and old_ends > clock.now() else None,
        "is_active": row.state == WebhookState.ACTIVE,
        "is_disabled": row.state == WebhookState.DISABLED,
    }
    return render(request, "hooks/webhook.html", context)


@require_http_methods(["GET", "POST"])
@_of_bulk_users
def rotate(request, reference):
    """A new secret; the old one signs too for a while."""
    row = _own(request, reference)
    form = PressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, secret = endpoints.rotate(
            request.payment_user,
            reference,
            **form.cleaned_data,
            now=clock.now(),
            source=visitors.source_of(request),
        )
        return _shown(request, made, secret)
    return render(request, "hooks/rotate.html", {"form": form, "webhook": row})


@require_http_methods(["GET", "POST"])
@_of_bulk_users
def delete(request, reference):
    """Look once more, and then it is gone with all that was sent to it."""
    row = _own(request, reference)
    if request.method == "GET":
        return render(request, "hooks/delete.html", {"webhook": row})
    source = visitors.source_of(request)
    endpoints.delete(request.payment_user, reference, now=clock.now(), source=source)
    return redirect("hooks:list", request.handle)


@require_POST
@_of_bulk_users
def pause(request, reference):
    """Send nothing for a while."""
    endpoints.pause(request.payment_user, reference, now=clock.now())
    return redirect("hooks:webhook", request.handle, reference)


@require_POST
@_of_bulk_users
def resume(request, reference):
    """Send again."""
    endpoints.resume(request.payment_user, reference, now=clock.now())
    return redirect("hooks:webhook", request.handle, reference)


@require_POST
@_of_bulk_users
def test(request, reference):
    """Send one message that tells of nothing, and lead to how it goes."""
    sent = endpoints.test(request.payment_user, reference, now=clock.now())
    return redirect("hooks:delivery", request.handle, reference, sent.reference)


@require_safe
@_of_bulk_users
def delivery(request, reference, delivery):
    """One message: what was sent and what was answered, as it is."""
    row = _delivery(request, reference, delivery)
    context = {
        "delivery": row,
        "webhook": row.webhook,
        "headers": "\n".join(f"{name}: {value}" for name, value in row.headers.items()),
        "body": json.dumps(json.loads(payload.body_of(row)), ensure_ascii=False, indent=2),
        "message_id": payload.message_id(row),
        "steps": len(outcomes.SCHEDULE),
        "is_waiting": row.state == DeliveryState.WAITING,
        "is_delivered": row.state == DeliveryState.DELIVERED,
    }
    return render(request, "hooks/delivery.html", context)


@require_POST
@_of_bulk_users
def again(request, reference, delivery):
    """Send it once more."""
    try:
        endpoints.send_again(request.payment_user, reference, delivery, now=clock.now())
    except endpoints.WebhookNotActive:
        row = _own(request, reference)
        return render(request, "hooks/not_now.html", {"webhook": row}, status=_REFUSED)
    return redirect("hooks:delivery", request.handle, reference, delivery)


def _own(request, reference):
    found = request.payment_user.webhooks.filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def _delivery(request, reference, delivery):
    own = WebhookDelivery.objects.filter(
        webhook__user=request.payment_user, webhook__reference=reference, reference=delivery
    )
    found = own.select_related(*payload.RELATED).first()
    if found is None:
        raise Http404
    return found


def _shown(request, made, secret):
    context = {"webhook": made, "secret": secret}
    response = render(request, "hooks/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response
