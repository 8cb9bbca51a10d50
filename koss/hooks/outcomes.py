"""What comes of a try: it arrived, it is made again, or the webhook is disabled."""

import secrets
from datetime import timedelta

from django.db import transaction

from koss.mail import outbox
from payments.models import (
    DeliveryFault,
    DeliveryState,
    Webhook,
    WebhookDelivery,
    WebhookEnd,
    WebhookState,
)
from payments.payer import letters

# The wait before the first, second, … tenth try (Standard Webhooks); after it nothing is tried.
SCHEDULE = (
    timedelta(),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# How long a webhook rests after a failure: twice as long after each, up to the second.
_REST, _LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
_DOUBLINGS = 6


def new_delivery(webhook, event, *, now):
    """A WebhookDelivery, not saved, that is due at ``now``. ``event``: None for a test."""
    return WebhookDelivery(
        webhook=webhook,
        event=event,
        reference=secrets.token_hex(16),
        made_at=now,
        due_at=now + SCHEDULE[0],
    )


@transaction.atomic
def note(webhook_key, tried, *, now):
    """Write down how a ``rounds.Tried`` went. Of what was deleted meanwhile nothing is noted."""
    webhooks = Webhook.objects.select_for_update(of=("self",), no_key=True)
    webhook = webhooks.select_related("user").filter(pk=webhook_key).first()
    if webhook is None:
        return
    waiting = webhook.deliveries.filter(pk=tried.key, state=DeliveryState.WAITING)
    delivery = waiting.first()
    if delivery is None:
        return
    _fill(delivery, tried, now)
    if tried.answer.fault:
        _failed(webhook, delivery, tried.answer.fault, now)
    else:
        _finish(delivery, DeliveryState.DELIVERED, now)
        webhook.failures, webhook.delivered_at = 0, now
    delivery.save()
    webhook.save(
        update_fields=["state", "end", "state_at", "failures", "rests_until", "delivered_at"]
    )


def _fill(delivery, tried, now):
    delivery.tries += 1
    delivery.sent_at, delivery.headers = now, tried.headers
    delivery.code, delivery.answer = tried.answer.code, tried.answer.beginning
    delivery.fault = tried.answer.fault


def _failed(webhook, delivery, fault, now):
    webhook.failures += 1
    rest = _REST * 2 ** min(webhook.failures - 1, _DOUBLINGS)
    webhook.rests_until = now + min(rest, _LONGEST_REST)
    once = delivery.event_id is None or delivery.finished_at is not None
    gone, last = fault == DeliveryFault.GONE, delivery.tries >= len(SCHEDULE)
    if once or gone or last:
        _finish(delivery, DeliveryState.FAILED, now)
    else:
        delivery.due_at = now + SCHEDULE[delivery.tries]
    if gone:
        _disable(webhook, WebhookEnd.GONE, now)
    elif last and not once and not _takes_others(webhook, delivery):
        _disable(webhook, WebhookEnd.FAILED, now)


def _takes_others(webhook, delivery):
    """Whether another message arrived since ``delivery`` began: then that one alone is refused."""
    return webhook.delivered_at is not None and webhook.delivered_at > delivery.made_at


def _finish(delivery, state, now):
    delivery.state, delivery.due_at = state, None
    delivery.finished_at = delivery.finished_at or now


def _disable(webhook, end, now):
    if webhook.state == WebhookState.DISABLED:
        return
    webhook.state, webhook.end, webhook.state_at = WebhookState.DISABLED, end, now
    letter = letters.letter(
        webhook.user,
        "users/webhook_disabled",
        f"{webhook.reference}:{now.isoformat()}",
        webhook=webhook.name,
        address=webhook.address,
        end=end.value,
    )
    outbox.put([letter], now=now)
