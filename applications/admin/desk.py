"""The first page of staff who handle applications, and where each of its numbers leads."""

from urllib.parse import urlencode

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.admin import trail
from applications.admin.shown import due_in_words
from applications.models import Application, ProposalState
from applications.staff import desk, roles, work
from applications.status import Actor, MoveName, Status
from koss.admin_kit import charts
from koss.admin_kit.desk import NEAR, OVER, Desk, Panel, Tile
from koss.ground import clock

_TURNS = {
    Actor.APPLICANT: _("申請者・納付する方"),
    Actor.REVIEWER: roles.Role.REVIEWER.label,
    Actor.TAX_OFFICE: Actor.TAX_OFFICE.label,
    Actor.COUNTER: roles.Role.COUNTER.label,
}
# Bars for each day: every second one is named, or the words would touch.
_NAMED = 2


def _list(**conditions):
    return trail.list_url(urlencode(conditions))


def of(user, now):
    """The desk of ``user``, or None where the role sees no applications."""
    duties = roles.duties_of(user)
    if not (duties.actors or duties.sees_everything):
        return None
    figures = desk.figures(user, now=now)
    came = desk.arrivals(now=now) if desk.sees_all_offices(user) else {}
    second = desk.to_confirm(user)
    panels = [*_lists(user, now), *_charts(figures, came, now), _last_moves(user)]
    return Desk(_tiles(figures, came, now, second), [panel for panel in panels if panel])


def _tiles(figures, came, now, second):
    tiles = [
        Tile(status.label, _list(work="mine", status__exact=status.value), sum(ages))
        for status, ages in figures.waiting.items()
    ]
    if second is not None:
        tiles.append(Tile(ProposalState.WAITING.label, _list(work="second"), second))
    if not came:
        return tiles
    return [
        *tiles,
        Tile(_("期限を過ぎた申請"), _list(deadline="over"), figures.overdue, OVER),
        Tile(_("3日以内に期限の来る申請"), _list(deadline="3"), figures.near, NEAR),
        Tile(_("本日の申請"), _list(applied="0"), came[clock.day(now)]),
    ]


def _lists(user, now):
    """What waits longest, and what expires first."""
    if work.waiting_for(user):
        rows = desk.waits_longest(user)
        yield Panel(
            "next",
            _("いちばん長く待っている申請"),
            "admin/desk/_applications.html",
            {
                "rows": [_row(each, _since(each), work="mine") for each in rows],
                "last": _name_of("status_changed_at"),
                "start": trail.page_url(rows[0].pk, trail.MINE) if rows else "",
                "more": _list(work="mine"),
                "none": _("対応を待っている申請はありません。"),
            },
        )
    if desk.sees_all_offices(user):
        rows = desk.next_to_expire(now=now)
        yield Panel(
            "expiring",
            _("もうすぐ期限の申請"),
            "admin/desk/_applications.html",
            {
                "rows": [_row(each, _due(each, now), deadline="7") for each in rows],
                "last": _name_of("deadline"),
                "start": "",
                "more": _list(deadline="7"),
                "none": _("期限の決まっている申請はありません。"),
            },
        )


def _row(application, last, **conditions):
    return {
        "application": application,
        "url": trail.page_url(application.pk, urlencode(conditions)),
        "last": last,
    }


def _since(application):
    return f"{timezone.localtime(application.status_changed_at):%Y-%m-%d %H:%M}"


def _due(application, now):
    return due_in_words(application.deadline, clock.day(now))


def _name_of(field):
    return Application._meta.get_field(field).verbose_name


def _charts(figures, came, now):
    if figures.waiting:
        yield _waiting(figures)
    if came:
        yield _deadlines(figures, now)
        yield _arrivals(came)
        yield _turns(figures)


def _waiting(figures):
    lines = [
        (
            status.label,
            [
                charts.Point(
                    age.title,
                    count,
                    _list(work="mine", status__exact=status.value, since=age.key),
                )
                for age, count in zip(desk.AGES, ages, strict=True)
            ],
        )
        for status, ages in figures.waiting.items()
    ]
    return Panel(
        "ages",
        _("対応待ちの申請と、その状況になった日"),
        "admin/desk/_rows.html",
        {
            "chart": charts.rows(lines),
            "headings": [_name_of("status")] + [age.title for age in desk.AGES],
        },
    )


def _deadlines(figures, now):
    today = clock.day(now)
    points = [charts.Point(_("切れ"), figures.overdue, _list(deadline="over"), _("切れ"), OVER, "")]
    for day, count in figures.deadlines.items():
        left = (day - today).days
        near = left <= desk.NEAR_DAYS
        said = gettext("本日まで") if not left else gettext("あと%d日") % left
        points.append(
            charts.Point(
                f"{day:%Y-%m-%d}",
                count,
                _list(deadline=day.isoformat()),
                f"{day:%m-%d}",
                NEAR if near else "",
                said,
            )
        )
    return _columns("deadlines", _("これからの期限"), points, _name_of("deadline"))


def _arrivals(came):
    last = len(came) - 1
    points = [
        charts.Point(
            f"{day:%Y-%m-%d}",
            count,
            _list(applied=day.isoformat()),
            f"{day:%m-%d}" if (last - place) % _NAMED == 0 else "",
        )
        for place, (day, count) in enumerate(came.items())
    ]
    return _columns("arrivals", _("この14日間の申請"), points, _name_of("applied_on"))


def _columns(key, title, points, heading):
    facts = {"chart": charts.columns(points), "heading": heading}
    return Panel(key, title, "admin/desk/_columns.html", facts)


def _turns(figures):
    turns = desk.whose_turn()
    return Panel(
        "turns",
        _("だれの対応を待っているか"),
        "admin/desk/_turns.html",
        {
            "groups": [
                (
                    words,
                    [
                        (status, _list(status__exact=status.value), figures.by_turn[status])
                        for status, actor in turns.items()
                        if actor == whose
                    ],
                )
                for whose, words in _TURNS.items()
            ]
        },
    )


def _last_moves(user):
    if not roles.actors_of(user):
        return None
    return Panel(
        "last",
        _("最近行った操作"),
        "admin/desk/_moves.html",
        {
            "rows": [
                {
                    "entry": entry,
                    "move": MoveName(entry.move).label,
                    "status": Status(entry.to_status).label,
                    "url": trail.page_url(entry.application_id, ""),
                }
                for entry in desk.last_moves(user)
            ]
        },
    )


admin.site.desks.append(of)
