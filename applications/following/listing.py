"""申請一覧: every application that a payment user follows, the newest change first.

A page begins at the place of a row and not at a number of rows, so the last page opens as fast as
the first; counts go no further than ``COUNTED``.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from applications.following import whose
from applications.labels import Party
from applications.models import Application, Charge
from applications.staff import search as numbers_and_names
from applications.status import Actor, Status
from applications.status_page import next_step
from applications.status_page.next_step import NextStep
from koss.ground import clock, dates
from koss.ground.paging import COUNTED
from payments.models import PaymentUser
from payments.numbers import situations

PER_PAGE = 50
# So many rows are sorted faster than the list is walked for them.
_FEW = 500
_PLACE = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Near(models.TextChoices):
    """How near a deadline is; the value of all but the first is a number of days."""

    OVER = "over", _("期限を過ぎたもの")
    TODAY = "0", _("今日まで")
    SOON = "3", _("3日以内")
    WEEK = "7", _("7日以内")
    MONTH = "30", _("30日以内")


@dataclass(frozen=True, slots=True)
class Search:
    """What the list is narrowed by. What is empty does not narrow it."""

    status: str = ""
    deadline: str = ""
    procedure: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The row after which a page begins, or, with ``is_before``, before which it ends."""

    moment: datetime
    key: int
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """One application as its status page has it. ``who``: acts next, as the payment user reads it.

    ``is_open``: its status page opens without its password.
    """

    application: Application
    step: NextStep
    who: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """``newer`` and ``older``: the places of the neighbouring pages, as text, or ""."""

    applications: list
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many applications have a status. ``is_capped``: there are more than could be counted."""

    status: Status
    count: int
    is_capped: bool


def read_place(typed, *, is_before=False):
    """The Place in ``typed``, or None where there is none."""
    parts = _PLACE.fullmatch(typed or "")
    if parts is None:
        return None
    moment = _EPOCH + int(parts[1]) * _MICROSECOND
    return Place(moment, int(parts[2]), is_before) if dates.is_within(moment) else None


def page_of(user, search, *, now, place=None, size=None):
    """The ListPage at ``place``, by default the first.

    One query for each of ``whose.strands``, with a text two.
    """
    size = size or PER_PAGE
    backwards = place is not None and place.is_before
    order = ("status_changed_at", "pk") if backwards else ("-status_changed_at", "-pk")
    found = []
    for strand in whose.strands(user):
        rows = _beyond(_narrow(strand, search, clock.day(now)), place)
        found += rows.select_related("office").order_by(*order)[: size + 1]
    found.sort(key=lambda row: (row.status_changed_at, row.pk), reverse=not backwards)
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    newer, older = (has_more, True) if backwards else (place is not None, has_more)
    return ListPage(
        found,
        _place_of(found[0]) if found and newer else "",
        _place_of(found[-1]) if found and older else "",
    )


def every(user, search, *, now, size=1000):
    """The same rows from the first to the last, in lists of ``size``."""
    place = None
    while True:
        page = page_of(user, search, now=now, place=place, size=size)
        if page.applications:
            yield page.applications
        if not page.older:
            return
        place = read_place(page.older)


def rows_of(user, applications, *, now):
    """``FollowedRow`` for each of ``applications``, from the status page's source. One query."""
    steps = next_step.of_many(applications, now=now)
    return [_row(user, application, steps[application.pk]) for application in applications]


def counts(user):
    """A ``Count`` for each status that there is, in the order of the statuses. One query."""
    asked = {
        status.value: sum(
            (_CappedCount(strand.filter(status=status)) for strand in whose.strands(user)[1:]),
            start=_CappedCount(whose.strands(user)[0].filter(status=status)),
        )
        for status in Status
    }
    found = PaymentUser.objects.filter(pk=user.pk).values(**asked).get()
    return [
        Count(status, min(found[status.value], COUNTED), found[status.value] > COUNTED)
        for status in Status
        if found[status.value]
    ]


class _CappedCount(Subquery):
    """How many rows a QuerySet has, counted no further than one beyond ``COUNTED``."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()

    def __init__(self, rows):
        super().__init__(rows.order_by().values("pk")[: COUNTED + 1])


def _narrow(rows, search, today):
    if search.status:
        rows = rows.filter(status=search.status)
    if search.procedure:
        rows = rows.filter(procedure=search.procedure)
    if search.deadline:
        rows = _with_deadline(rows, search.deadline, today)
    return _with_text(rows, search.text) if search.text else rows


def _with_text(rows, text):
    """Those that ``text`` finds: a number or a plate is looked up before the order is asked for."""
    found = numbers_and_names.find(rows, text)
    if not numbers_and_names.is_exact(text):
        return found
    keys = list(found.order_by().values_list("pk", flat=True)[: _FEW + 1])
    return found if len(keys) > _FEW else rows.filter(pk__in=keys)


def _with_deadline(rows, near, today):
    """Those whose deadline is told: what settles itself has none, as on the status page."""
    if near == Near.OVER:
        rows = rows.filter(deadline__lt=today)
    else:
        last = today + timedelta(days=int(near))
        rows = rows.filter(deadline__gte=today, deadline__lte=last)
    charges = Charge.objects.unpaid().filter(application=OuterRef("pk"))
    return rows.exclude(Exists(charges.filter(situations.settles_itself(today))))


def _beyond(rows, place):
    """``place`` as two conditions that an index can walk from, in either direction."""
    if place is None:
        return rows
    if place.is_before:
        return rows.filter(status_changed_at__gte=place.moment).exclude(
            status_changed_at=place.moment, pk__lte=place.key
        )
    return rows.filter(status_changed_at__lte=place.moment).exclude(
        status_changed_at=place.moment, pk__gte=place.key
    )


def _place_of(application):
    return f"{(application.status_changed_at - _EPOCH) // _MICROSECOND}.{application.pk}"


def _row(user, application, step):
    is_agent = whose.acts_for(user, application)
    return FollowedRow(application, step, who_acts(step.who, is_agent=is_agent).label, is_agent)


def who_acts(party, *, is_agent):
    """The Party as a payment user reads it: the reader is the payer, and may be the agent."""
    if party == Party.PAYER or (party == Party.YOU and is_agent):
        return Party.YOU
    return Actor.APPLICANT if party == Party.YOU else party
