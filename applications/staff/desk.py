"""What the first page of staff who handle applications counts. Each number walks an index.

Days are those of Japan's calendar. Nothing here says where a number leads: the admin does.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from applications.life.asking import SECONDED
from applications.life.table import TABLE
from applications.models import Application, HistoryEntry
from applications.staff import roles, work
from applications.status import Actor, Status
from koss.ground import clock, counting
from koss.ground.paging import COUNTED

ARRIVAL_DAYS = 14
DEADLINE_DAYS = 7
NEAR_DAYS = 3
SHOWN = 6
_STAFF = (Actor.REVIEWER, Actor.TAX_OFFICE, Actor.COUNTER)
# Payments and corrections come from outside; of both the applicant's side has to act.
_OUTSIDE = Actor.APPLICANT


@dataclass(frozen=True, slots=True)
class Since:
    """How many days ago something began: ``least`` to ``most``, or without end."""

    key: str
    title: str
    least: int
    most: int | None

    def condition(self, today, moment="status_changed_at"):
        """Rows whose ``moment`` was that long ago, seen on ``today``."""
        before = clock.at(today - timedelta(days=self.least - 1))
        begins = Q(**{f"{moment}__lt": before})
        if self.most is None:
            return begins
        return begins & Q(**{f"{moment}__gte": clock.at(today - timedelta(days=self.most))})

    def holds(self, moment, today):
        """The same of one moment."""
        days = (today - clock.day(moment)).days
        return self.least <= max(days, 0) <= (days if self.most is None else self.most)


AGES = (
    Since("0", _("本日"), 0, 0),
    Since("1-3", _("1～3日前"), 1, 3),
    Since("4-7", _("4～7日前"), 4, 7),
    Since("8", _("8日以上前"), 8, None),
)


def whose_turn():
    """Open status → the Actor who has to act, in the order of the procedure."""
    turns = {}
    for status in Status:
        if status in Status.FINAL:
            continue
        by = {move.by for move in TABLE if move.source == status}
        turns[status] = next((actor for actor in _STAFF if actor in by), _OUTSIDE)
    return turns


@dataclass(frozen=True, slots=True)
class Figures:
    """``waiting``: status → number for each of AGES, of what the user can move. ``by_turn``:
    status → number, of all that is open; ``deadlines``: day → number, beside ``overdue``, ``near``.
    """

    waiting: dict
    by_turn: dict
    deadlines: dict
    overdue: int
    near: int


def figures(user, *, now):
    """All numbers but the arrivals, in one query. The counter sees those of its office."""
    today = clock.day(now)
    mine = work.waiting_for(user)
    if not sees_all_offices(user):
        return Figures(_waiting_in_office(user, mine, today), {}, {}, 0, 0)
    every = Application.objects.all()
    days = [today + timedelta(days=n) for n in range(DEADLINE_DAYS + 1)]
    turns = list(whose_turn())
    asked = [every.filter(age.condition(today), status=status) for status in mine for age in AGES]
    asked += [every.filter(status=status) for status in turns]
    asked += [every.filter(deadline=day) for day in days]
    asked.append(every.overdue_on(today - timedelta(days=1)))
    asked.append(every.with_deadline_between(today, today + timedelta(days=NEAR_DAYS)))
    answers = iter(counting.counts(asked))
    return Figures(
        {status: [next(answers) for _age in AGES] for status in mine},
        {status: next(answers) for status in turns},
        {day: next(answers) for day in days},
        next(answers),
        next(answers),
    )


def _waiting_in_office(user, mine, today):
    """An office has few that are ready: they are read, for its index holds no moments."""
    ready = Application.objects.filter(roles.in_reach_of(user), status__in=mine).order_by()
    rows = list(ready.values_list("status", "status_changed_at")[: COUNTED + 1])
    return {
        status: [sum(each == status and age.holds(at, today) for each, at in rows) for age in AGES]
        for status in mine
    }


def sees_all_offices(user):
    """Whether ``user`` watches deadlines and arrivals of all offices."""
    duties = roles.duties_of(user)
    return duties.sees_everything or bool(duties.roles & roles.ALL_OFFICES)


def arrivals(*, now):
    """Day → number of applications that were made on it, of the last days. One query."""
    today = clock.day(now)
    first = today - timedelta(days=ARRIVAL_DAYS - 1)
    found = Application.objects.filter(applied_on__gte=first, applied_on__lte=today).order_by()
    counted = dict(found.values_list("applied_on").annotate(Count("pk")))
    return {
        day: counted.get(day, 0) for day in (first + timedelta(days=n) for n in range(ARRIVAL_DAYS))
    }


def waits_longest(user):
    """The applications that wait longest for ``user``, in this order. Two queries."""
    reach = Application.objects.filter(roles.in_reach_of(user))
    keys = counting.first_keys(
        [
            reach.filter(status=status).order_by("status_changed_at", "pk")
            for status in work.waiting_for(user)
        ],
        SHOWN,
    )
    rows = Application.objects.filter(pk__in=keys).order_by("status_changed_at", "pk")
    return list(rows[:SHOWN]) if keys else []


def next_to_expire(*, now):
    """The applications whose deadline comes next, today first."""
    coming = Application.objects.filter(deadline__gte=clock.day(now))
    return list(coming.order_by("deadline", "pk")[:SHOWN])


def to_confirm(user):
    """How many proposals of others wait for ``user``; None where nobody is asked to confirm."""
    actors = roles.actors_of(user) & SECONDED
    if not (settings.KOSS_SECOND_REVIEW and actors):
        return None
    [count] = counting.counts([work.to_confirm(user)])
    return count


def last_moves(user):
    """What ``user`` moved last: HistoryEntry, newest first."""
    named = HistoryEntry.objects.exclude(by="").filter(by=user.get_username())  # as the index says
    moves = named.select_related("application")
    return list(moves.order_by("-at", "-pk")[:SHOWN])
