"""What is counted of applications: arrivals, decisions, ends, and what the counter handed over.

Each is one query over an index by day. Who works for one office counts that office's alone.
"""

from collections import Counter

from django.db.models import Count, F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Channel, HistoryEntry
from applications.models.record import UNCOUNTED, is_counted
from applications.staff import roles
from applications.status import MoveName, Procedure
from koss.ground import clock
from koss.ground.csv_lines import name
from koss.ground.days import DayOf, DaysBetween
from koss.statistics.table import Counted, Heading, by_day, percentile
from qrcodes.labels import Field
from qrcodes.models import CodeKind, Pickup

NUMBER = Heading(_("件数"), is_number=True)
_DECISIONS = (
    MoveName.TURN_AWAY,
    MoveName.INVALIDATE,
    MoveName.REJECT,
    MoveName.PASS_REVIEW,
    MoveName.PASS_TAX,
)
_ENDS = tuple(move for move in MoveName if move not in (*_DECISIONS, *UNCOUNTED))


def arrivals(user, first, last):
    """By 申請年月日, 手続種別 and 申請方法."""
    found = _arrived(user, first, last).values_list("applied_on", "procedure", "channel")
    rows = [
        [day, Procedure(procedure).label, Channel(channel).label, count]
        for day, procedure, channel, count in sorted(found.annotate(Count("pk")))
    ]
    headings = [
        Heading(name(Application, field)) for field in ("applied_on", "procedure", "channel")
    ]
    return Counted([*headings, NUMBER], rows, _sum(rows, 3), by_day(rows))


def arrivals_by_office(user, first, last):
    """By office, 手続種別 and 申請方法."""
    found = _arrived(user, first, last).values_list(
        "office_id", "office__name", "procedure", "channel"
    )
    rows = [
        [office, Procedure(procedure).label, Channel(channel).label, count]
        for _key, office, procedure, channel, count in sorted(found.annotate(Count("pk")))
    ]
    headings = [Heading(name(Application, field)) for field in ("office", "procedure", "channel")]
    return Counted([*headings, NUMBER], rows, _sum(rows, 3))


def decisions(user, first, last):
    """By day and decision, with the days that had passed since 申請年月日."""
    found = (
        _moved(_DECISIONS, first, last)
        .annotate(waited=DaysBetween("application__applied_on", "day"))
        .values_list("day", "move", "waited")
        .annotate(Count("pk"))
    )
    waits, every = {}, Counter()
    for day, move, waited, count in found:
        waits.setdefault((day, _DECISIONS.index(move)), Counter())[waited] += count
        every[waited] += count
    rows = [
        [day, _DECISIONS[place].label, *_waits(waited)]
        for (day, place), waited in sorted(waits.items(), key=lambda item: item[0])
    ]
    headings = [
        Heading(_("処理日")),
        Heading(name(HistoryEntry, "move")),
        NUMBER,
        Heading(_("申請からの日数（中央値）"), is_number=True),
        Heading(_("申請からの日数（90％）"), is_number=True),
    ]
    totals = [gettext("合計"), "", *_waits(every)] if rows else []
    return Counted(headings, rows, totals, by_day(rows, 2))


def ends(user, first, last):
    """Withdrawals and what lapsed, by day and move."""
    found = _moved(_ENDS, first, last).values_list("day", "move").annotate(Count("pk"))
    counted = sorted((day, _ENDS.index(move), count) for day, move, count in found)
    rows = [[day, _ENDS[place].label, count] for day, place, count in counted]
    headings = [Heading(_("処理日")), Heading(name(HistoryEntry, "move")), NUMBER]
    return Counted(headings, rows, _sum(rows, 2), by_day(rows))


def pickups(user, first, last):
    """What was handed over, by office and code; without one to a recording agent."""
    found = (
        Pickup.objects.filter(roles.in_reach_of(user), **within("at", first, last))
        .order_by()
        .values_list("office_id", "office__name", "code__kind")
        .annotate(Count("pk"))
    )
    without = gettext("二次元コードなし（代行者による返付）")
    rows = [
        [office, CodeKind(kind).label if kind else without, count]
        for _key, office, kind, count in sorted(found, key=lambda row: (row[0], row[2] or ""))
    ]
    headings = [Heading(name(Pickup, "office")), Heading(Field.PURPOSE), NUMBER]
    return Counted(headings, rows, _sum(rows, 2))


def within(moment, first, last):
    """Conditions: ``moment`` lies on one of the days ``first`` … ``last`` in Japan."""
    return {f"{moment}__gte": clock.at(first), f"{moment}__lt": clock.end_of(last)}


def _arrived(user, first, last):
    return Application.objects.filter(
        roles.in_reach_of(user), applied_on__gte=first, applied_on__lte=last
    ).order_by()


def _moved(moves, first, last):
    counted = HistoryEntry.objects.filter(is_counted())  # as the index says
    return (
        counted.filter(move__in=moves, **within("at", first, last))
        .annotate(day=DayOf(F("at")))
        .order_by()
    )


def _waits(waited):
    return [sum(waited.values()), percentile(waited, 0.5), percentile(waited, 0.9)]


def _sum(rows, place):
    """The last line of a table whose only number stands at ``place``."""
    if not rows:
        return []
    return [gettext("合計"), *[""] * (place - 1), sum(row[place] for row in rows)]
