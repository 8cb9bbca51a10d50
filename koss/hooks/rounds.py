"""Messages are written from numbered events, sent by a worker, and tried again by a schedule.

1. ``spread`` writes a delivery for each event that a webhook has not been told of, in the
   transaction that moves ``Webhook.told`` on: however often it is cut off, none is left out or
   written twice.
2. ``send_due`` visits webhooks that have something due, some at once, each by one worker at a time.
   The threads do nothing but HTTP. What came of a try is noted at once; where a worker is killed
   before that, the lease of the visit runs out and the try is made again (at least once).

A receiver that is slow or away costs its own messages time: a visit ends with the first failure or
with its time, and the webhook then rests.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from queue import SimpleQueue

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Greatest
from django_tasks import task

from applications.life import feed
from applications.models import ApplicationEvent
from koss.ground import clock, planned
from koss.ground.sealing import SealBroken
from koss.hooks import connection, outcomes, payload, signing
from koss.hooks.connection import Reply
from payments.models import DeliveryFault, Webhook, WebhookDelivery, WebhookState

logger = logging.getLogger(__name__)

# How many deliveries of one webhook wait at most; further events wait in the feed.
MOST_WAITING = 1000
_CHUNK = 500
# In one round: so many webhooks, of each so many messages, each within so many seconds.
AT_ONCE = 8
PER_VISIT = 50
VISIT_SECONDS = 15
# How long a worker that took a webhook may be silent before another one visits it.
LEASE = timedelta(minutes=2)
_LEAST_WAIT = timedelta(seconds=1)
# What a person has asked for is sent whatever the state of the webhook is.
_BY_HAND = Q(event=None) | Q(finished_at__isnull=False)
# What waits has a moment, and an index of just those (a constraint says so too).
_WAITS = Q(due_at__isnull=False)
# Whom staff have locked is told nothing; it waits until they are unlocked.
_OPEN = (
    _WAITS
    & Q(webhook__user__staff_locked_at=None)
    & (Q(webhook__state=WebhookState.ACTIVE) | _BY_HAND)
)


@dataclass(frozen=True, slots=True)
class Tried:
    """One try: of the delivery ``key``, with these ``headers``, and what was answered."""

    key: int
    headers: dict
    answer: Reply


@dataclass(frozen=True, slots=True)
class _Visit:
    """What one thread has to do. ``messages``: (key of the delivery, message id, body)."""

    webhook: int
    address: str
    secrets: list
    messages: list


# Receivers are strangers: after mail and bank.
@task(queue_name="hooks", priority=-10)
def deliver():
    """One round, and a plan for the next one. Twice does nothing twice."""
    now = clock.now()
    try:
        spread(now=now)
        send_due(now=now)
    finally:
        _come_back(clock.now())


def wake(bulk_ids):
    """Something was noted for ``bulk_ids``: have a worker look, in the same transaction."""
    told = Webhook.objects.filter(user__bulk_id__in=bulk_ids, state=WebhookState.ACTIVE)
    if told.exists():
        deliver.enqueue()


def sweep(*, now):
    """Have a worker look at what a killed one may have left, when it is due."""
    feed.number_new()
    if _behind().exists():
        _plan(clock.system_now())
    else:
        _come_back(now)


def spread(*, now):
    """Write the deliveries of all events that active webhooks have not been told of."""
    feed.number_new()
    for key in list(_behind().values_list("pk", flat=True)):
        while _spread_some(key, now):
            pass


def send_due(*, now):
    """Make the tries that are due at ``now``; returns how many."""
    visits = [visit for key in _due_webhooks(now) if (visit := _begin(key, now))]
    if not visits:
        return 0
    done, count, left = SimpleQueue(), 0, len(visits)
    begun = time.monotonic()
    with ThreadPoolExecutor(max_workers=len(visits)) as threads:
        for visit in visits:
            threads.submit(copy_context().run, _go, visit, done)
        while left:
            visit, tried = done.get()
            at = now + timedelta(seconds=time.monotonic() - begun)
            if tried is None:
                left -= 1
                Webhook.objects.filter(pk=visit.webhook).update(busy_until=at)
            else:
                count += 1
                outcomes.note(visit.webhook, tried, now=at)
    return count


def next_moment():
    """When the next try is to be made, or None."""
    moment = Greatest("due_at", "webhook__rests_until", "webhook__busy_until")
    rows = WebhookDelivery.objects.filter(_OPEN).annotate(at=moment).order_by("at")
    return rows.values_list("at", flat=True).first()


def _behind():
    events = ApplicationEvent.objects.filter(
        bulk_id=OuterRef("user__bulk_id"), number__gt=OuterRef("told")
    )
    free = Webhook.objects.filter(state=WebhookState.ACTIVE, user__staff_locked_at=None)
    return free.filter(Exists(events))


@transaction.atomic
def _spread_some(key, now):
    """One chunk of one webhook; whether there may be more."""
    locked = Webhook.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    webhook = locked.filter(pk=key, state=WebhookState.ACTIVE).first()
    if webhook is None:
        return False
    waiting = webhook.deliveries.filter(_WAITS).count()
    limit = min(_CHUNK, MOST_WAITING - waiting)
    if limit <= 0:
        return False
    newer = ApplicationEvent.objects.filter(bulk_id=webhook.user.bulk_id, number__gt=webhook.told)
    events = list(newer.order_by("number").only("number")[:limit])
    if events:
        WebhookDelivery.objects.bulk_create(
            outcomes.new_delivery(webhook, event, now=now) for event in events
        )
        webhook.told = events[-1].number
        webhook.save(update_fields=["told"])
    return len(events) == limit


def _due_webhooks(now):
    """Keys of the next AT_ONCE to be visited: who was not visited for the longest first."""
    due = WebhookDelivery.objects.filter(_OPEN, webhook=OuterRef("pk"), due_at__lte=now)
    rows = Webhook.objects.filter(Exists(due), busy_until__lte=now, rests_until__lte=now)
    return list(rows.order_by("busy_until", "pk").values_list("pk", flat=True)[:AT_ONCE])


def _begin(key, now):
    """The _Visit of one webhook, which nobody else visits meanwhile; None where somebody does."""
    if not _claim(key, now):
        return None
    webhook = Webhook.objects.filter(pk=key).first()
    if webhook is None:
        return None
    due = WebhookDelivery.objects.filter(_OPEN, webhook=webhook, due_at__lte=now)
    rows = list(due.select_related(*payload.RELATED).order_by("pk")[:PER_VISIT])
    try:
        secrets = signing.secrets_of(webhook, now=now)
    except SealBroken:
        logger.error("the secret of webhook %s cannot be opened", webhook.pk)
        secrets = []
    messages = [(row.pk, payload.message_id(row), payload.body_of(row)) for row in rows]
    return _Visit(webhook.pk, webhook.address, secrets, messages)


def _claim(key, now):
    free = Webhook.objects.filter(pk=key, busy_until__lte=now)
    return bool(free.update(busy_until=now + LEASE))


def _go(visit, done):
    """In a thread, without the database: puts (visit, Tried) for each try, and (visit, None)."""
    until = time.monotonic() + VISIT_SECONDS
    try:
        for key, message_id, body in visit.messages:
            tried = _try(visit, key, message_id, body)
            done.put((visit, tried))
            if tried.answer.fault or time.monotonic() > until:
                break
    except Exception:
        logger.exception("the visit to webhook %s was cut off", visit.webhook)
    finally:
        done.put((visit, None))


def _try(visit, key, message_id, body):
    if not visit.secrets:
        return Tried(key, {}, Reply(fault=DeliveryFault.SECRET))
    signed = signing.headers(message_id, body, visit.secrets, at=clock.system_now())
    headers = {**payload.headers(), **signed}
    return Tried(key, headers, connection.post(visit.address, body, headers))


def _come_back(now):
    """Plan the next round, where anything is due some time."""
    if moment := next_moment():
        _plan(clock.system_now() + max(moment - now, _LEAST_WAIT))


def _plan(at):
    """A round at ``at``, the machine's own moment, unless one is planned already."""
    if not planned.is_planned(deliver, at + _LEAST_WAIT):
        deliver.using(run_after=at).enqueue()
