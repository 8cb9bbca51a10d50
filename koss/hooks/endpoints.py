"""Webhooks of a 一括利用者ID: registered, given a new secret, paused, tried out, deleted.

A secret is shown once, by what makes it, like an API key (``payments.payer.credentials``).
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from applications.life import feed
from applications.models import ApplicationEvent, EventFeed
from koss.ground import sealing
from koss.hooks import outcomes, rounds, signing
from payments.models import (
    DeliveryState,
    EventKind,
    PaymentUser,
    Webhook,
    WebhookDelivery,
    WebhookState,
)
from payments.payer import events

# After a pause, or once a disabled webhook is used again: what is older is not sent any more.
CATCHES_UP = timedelta(days=7)


class TooManyWebhooks(Exception):
    """This user has as many as there may be."""


class SameAddress(Exception):
    """This user has a webhook with this address already."""


class WebhookGone(Exception):
    """It was deleted, or is somebody else's."""


class WebhookNotActive(Exception):
    """It waits until the webhook is active again."""


def register(user, *, name, address, now, source="", request_key=None):
    """(webhook, its secret). The secret is "" where this ``request_key`` made it before.

    ``address``: as text of an ``addresses.Target``. It is told of what happens from now on. Raises
    TooManyWebhooks, SameAddress; ValueError without a 一括利用者ID.
    """
    if not user.bulk_id:
        raise ValueError("a webhook is of a 一括利用者ID")
    feed.number_new()
    with transaction.atomic():
        _lock(user)
        if made := _pressed(user, request_key):
            return made, ""
        if user.webhooks.filter(address=address).exists():
            raise SameAddress
        if user.webhooks.count() >= settings.KOSS_WEBHOOKS_PER_USER:
            raise TooManyWebhooks
        secret, salt = signing.new_secret(), sealing.new_salt()
        webhook = Webhook.objects.create(
            user=user,
            reference=secrets.token_hex(16),
            name=name,
            address=address,
            salt=salt,
            sealed=signing.seal(secret, salt),
            told=_newest_number(),
            made_at=now,
            state_at=now,
            busy_until=now,
            rests_until=now,
            request_key=request_key,
        )
        events.record(user, EventKind.WEBHOOK_MADE, now=now, source=source)
    return webhook, secret


@transaction.atomic
def rotate(user, reference, *, now, source="", request_key=None):
    """(webhook, its new secret). The old one signs beside it for ``signing.OVERLAP``.

    The secret is "" where this ``request_key`` made it before. Raises WebhookGone.
    """
    _lock(user)
    webhook = _own(user, reference)
    if request_key and webhook.request_key == request_key:
        return webhook, ""
    secret = signing.new_secret()
    webhook.sealed_before, webhook.sealed = webhook.sealed, signing.seal(secret, webhook.salt)
    webhook.rotated_at, webhook.request_key = now, request_key
    webhook.save(update_fields=["sealed_before", "sealed", "rotated_at", "request_key"])
    events.record(user, EventKind.WEBHOOK_ROTATED, now=now, source=source)
    return webhook, secret


@transaction.atomic
def pause(user, reference, *, now):
    """Nothing is sent until ``resume``. Raises WebhookGone."""
    webhook = _own(user, reference)
    if webhook.state == WebhookState.ACTIVE:
        _set_state(webhook, WebhookState.PAUSED, now)
    return webhook


@transaction.atomic
def resume(user, reference, *, now):
    """Send again, beginning with what happened meanwhile, up to CATCHES_UP. Raises WebhookGone."""
    webhook = _own(user, reference)
    if webhook.state != WebhookState.ACTIVE:
        _set_state(webhook, WebhookState.ACTIVE, now)
        old = ApplicationEvent.objects.filter(
            bulk_id=user.bulk_id, number__gt=webhook.told, at__lt=now - CATCHES_UP
        )
        left_out = old.order_by("-number").values_list("number", flat=True).first()
        webhook.told = left_out or webhook.told
        webhook.rests_until, webhook.failures = now, 0
        webhook.save(update_fields=["told", "rests_until", "failures"])
        rounds.deliver.enqueue()
    return webhook


@transaction.atomic
def delete(user, reference, *, now, source=""):
    """The webhook and what was sent to it. Raises WebhookGone."""
    webhook = _own(user, reference)
    webhook.delete()
    events.record(user, EventKind.WEBHOOK_DELETED, now=now, source=source)


@transaction.atomic
def test(user, reference, *, now):
    """Send one message that tells of nothing, once, in any state; returns its delivery.

    While a test waits there is no second one. Raises WebhookGone.
    """
    webhook = _own(user, reference)
    waiting = webhook.deliveries.filter(event=None, state=DeliveryState.WAITING).first()
    delivery = waiting or outcomes.new_delivery(webhook, None, now=now)
    delivery.save()
    _at_once(webhook, now)
    return delivery


@transaction.atomic
def send_again(user, reference, delivery_reference, *, now):
    """Send a message once more, now; of what waits, the next try.

    Raises WebhookGone, WebhookNotActive.
    """
    webhook = _own(user, reference)
    found = webhook.deliveries.select_for_update(no_key=True, of=("self",))
    delivery = found.filter(reference=delivery_reference).first()
    if delivery is None:
        raise WebhookGone
    by_hand = delivery.event_id is None or delivery.finished_at
    if webhook.state != WebhookState.ACTIVE and not by_hand:
        raise WebhookNotActive
    delivery.state, delivery.due_at = DeliveryState.WAITING, now
    delivery.save(update_fields=["state", "due_at"])
    _at_once(webhook, now)
    return delivery


def forget_secrets(business_date, *, now, chunk):
    """A step of the night: secrets of before that sign no longer. Yields how many."""
    over = Webhook.objects.filter(rotated_at__lt=now - signing.OVERLAP)
    if count := over.exclude(sealed_before=b"").update(sealed_before=b""):
        yield count


def deliveries_of(webhook):
    """What was sent to ``webhook``, the newest first, with what a list shows."""
    return WebhookDelivery.objects.filter(webhook=webhook).select_related("event__application")


def _lock(user):
    return PaymentUser.objects.select_for_update(no_key=True).get(pk=user.pk)


def _own(user, reference):
    locked = user.webhooks.select_for_update(no_key=True).filter(reference=reference).first()
    if locked is None:
        raise WebhookGone
    return locked


def _pressed(user, request_key):
    return user.webhooks.filter(request_key=request_key).first() if request_key else None


def _set_state(webhook, state, now):
    webhook.state, webhook.end, webhook.state_at = state, "", now
    webhook.save(update_fields=["state", "end", "state_at"])


def _at_once(webhook, now):
    """A person waits for it: the rest after failures is over."""
    Webhook.objects.filter(pk=webhook.pk).update(rests_until=now)
    rounds.deliver.enqueue()


def _newest_number():
    return EventFeed.objects.values_list("last", flat=True).first() or 0
