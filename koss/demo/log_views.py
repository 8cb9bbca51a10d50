"""APIの要求と通知の記録: what programs asked, what was answered, what webhooks were told."""

import json

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from koss.api import exchanges
from koss.demo import log
from koss.ground import clock
from koss.hooks import endpoints, outcomes, payload
from koss.models import ApiExchange
from payments.models import Credential, DeliveryState, WebhookDelivery

_REFUSED = 409
# So many of the newest API keys can be chosen among.
_KEYS = 100


class LogForm(forms.Form):
    """What the list is narrowed by; nonsense narrows it by nothing."""

    kind = forms.ChoiceField(label=_("種類"), required=False)
    outcome = forms.ChoiceField(label=_("結果"), required=False)
    credential = forms.ChoiceField(label=_("APIキー"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        newest = Credential.objects.select_related("user").order_by("-pk")[:_KEYS]
        self._keys = {str(each.pk): each for each in newest}
        every = [("", _("すべて"))]
        self.fields["kind"].choices = every + log.LineKind.choices
        self.fields["outcome"].choices = every + log.Outcome.choices
        self.fields["credential"].choices = every + [
            (pk, f"{each.user.bulk_id} {each}") for pk, each in self._keys.items()
        ]

    def search(self):
        """The LogSearch that is asked for."""
        if not self.is_valid():
            return log.LogSearch()
        asked = self.cleaned_data
        return log.LogSearch(asked["kind"], asked["outcome"], self._keys.get(asked["credential"]))


@require_safe
def listing(request):
    """A page of the log; without script, 最新の情報に更新 leads to it again."""
    form = LogForm(request.GET)
    place = log.read_place(request.GET.get("before"))
    lines, older = log.page_of(form.search(), place)
    context = {
        "form": form,
        "lines": lines,
        "older": older,
        "is_first": place is None,
        "kept": exchanges.KEPT,
        "days": exchanges.DAYS,
        "kinds": log.LineKind,
    }
    return render(request, "demo/log.html", context)


@require_safe
def exchange(request, reference):
    """One request with its answer."""
    row = get_object_or_404(
        ApiExchange.objects.select_related("credential__user"), reference=reference
    )
    context = {"exchange": row, "asked": _lines(row.asked), "answered": _lines(row.answered)}
    return render(request, "demo/exchange.html", context)


@require_safe
def delivery(request, reference):
    """One message of a webhook with its answer."""
    row = _delivery(reference)
    context = {
        "delivery": row,
        "headers": _lines(row.headers),
        "body": json.dumps(json.loads(payload.body_of(row)), ensure_ascii=False, indent=2),
        "message_id": payload.message_id(row),
        "steps": len(outcomes.SCHEDULE),
        "is_waiting": row.state == DeliveryState.WAITING,
    }
    return render(request, "demo/delivery.html", context)


@require_POST
def again(request, reference):
    """Send it once more, as its user can on マイページ."""
    row = _delivery(reference)
    try:
        endpoints.send_again(row.webhook.user, row.webhook.reference, reference, now=clock.now())
    except (endpoints.WebhookNotActive, endpoints.WebhookGone):
        return render(request, "demo/not_sent.html", {"delivery": row}, status=_REFUSED)
    return redirect("demo_delivery", reference)


def _delivery(reference):
    rows = WebhookDelivery.objects.select_related("webhook__user", *payload.RELATED)
    return get_object_or_404(rows, reference=reference)


def _lines(headers):
    return "\n".join(f"{name}: {value}" for name, value in headers.items())
