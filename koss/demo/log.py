"""Requests to the bulk interface and messages of webhooks, as one list, the newest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koss.ground import dates
from koss.models import ApiExchange
from payments.models import DeliveryState, WebhookDelivery

PER_PAGE = 50
_PLACE = re.compile(r"([0-9]{1,17})\.([12])\.([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class LineKind(models.TextChoices):
    REQUEST = "request", _("APIの要求")
    DELIVERY = "delivery", _("Webhookの通知")

    @property
    def rank(self):
        """Of two at the same moment the higher one stands first."""
        return 1 if self is LineKind.REQUEST else 2


class Outcome(models.TextChoices):
    """How it went. The same words for both kinds."""

    DONE = "done", _("成功（2xx、届いた）")
    REFUSED = "refused", _("要求の誤り（4xx）")
    FAILED = "failed", _("失敗（5xx、届かなかった）")
    WAITING = "waiting", _("これから送る")


_OF_REQUESTS = {
    Outcome.DONE: Q(code__lt=400),
    Outcome.REFUSED: Q(code__gte=400, code__lt=500),
    Outcome.FAILED: Q(code__gte=500),
}
_OF_DELIVERIES = {
    Outcome.DONE: Q(state=DeliveryState.DELIVERED),
    Outcome.FAILED: Q(state=DeliveryState.FAILED),
    Outcome.WAITING: Q(state=DeliveryState.WAITING),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One of both: ``row`` is an ApiExchange or a WebhookDelivery, come about at ``at``."""

    kind: LineKind
    at: datetime
    row: object

    @property
    def order(self):
        return self.at, self.kind.rank, self.row.pk


@dataclass(frozen=True, slots=True)
class LogSearch:
    """What is empty does not narrow the list. ``credential`` stands for its user's webhooks too."""

    kind: str = ""
    outcome: str = ""
    credential: object = None


def page_of(search, place=None):
    """(lines, the place where the next page begins, or ""). One query for each kind."""
    found = [
        LogLine(kind, at_of(row), row)
        for kind, at_of, rows in (
            (LineKind.REQUEST, lambda row: row.at, _requests(search, place)),
            (LineKind.DELIVERY, lambda row: row.made_at, _deliveries(search, place)),
        )
        for row in rows[: PER_PAGE + 1]
    ]
    found.sort(key=lambda line: line.order, reverse=True)
    lines = found[:PER_PAGE]
    return lines, _written(lines[-1]) if len(found) > PER_PAGE else ""


def read_place(typed):
    """(moment, rank, key) of the line after which a page begins, or None where it is none."""
    parts = _PLACE.fullmatch(typed or "")
    if parts is None:
        return None
    moment = _EPOCH + int(parts[1]) * _MICROSECOND
    return (moment, int(parts[2]), int(parts[3])) if dates.is_within(moment) else None


def _written(line):
    micros = (line.at - _EPOCH) // _MICROSECOND
    return f"{micros}.{line.kind.rank}.{line.row.pk}"


def _requests(search, place):
    wanted = _wanted(search, LineKind.REQUEST, _OF_REQUESTS)
    if wanted is None:
        return ApiExchange.objects.none()
    if search.credential:
        wanted &= Q(credential=search.credential)
    rows = ApiExchange.objects.filter(wanted, _beyond("at", LineKind.REQUEST, place))
    return rows.select_related("credential").order_by("-at", "-pk")


def _deliveries(search, place):
    wanted = _wanted(search, LineKind.DELIVERY, _OF_DELIVERIES)
    if wanted is None:
        return WebhookDelivery.objects.none()
    if search.credential:
        wanted &= Q(webhook__user=search.credential.user_id)
    rows = WebhookDelivery.objects.filter(wanted, _beyond("made_at", LineKind.DELIVERY, place))
    return rows.select_related("webhook", "event").order_by("-made_at", "-pk")


def _wanted(search, kind, outcomes):
    """The condition for rows of ``kind``, or None where there can be none."""
    if search.kind not in ("", kind):
        return None
    return outcomes.get(search.outcome) if search.outcome else Q()


def _beyond(name, kind, place):
    """Rows that stand after ``place``."""
    if place is None:
        return Q()
    moment, rank, key = place
    same = Q(**{name: moment})
    if kind.rank == rank:
        same &= Q(pk__lt=key)
    elif kind.rank > rank:
        same = Q(pk__in=[])
    return Q(**{f"{name}__lte": moment}) & (Q(**{f"{name}__lt": moment}) | same)
