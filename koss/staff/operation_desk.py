"""The first page of who keeps the portal running: mails, locks, and the last night."""

from datetime import timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.staff.roles import Role, duties_of
from koss.admin_kit import charts, log
from koss.admin_kit.desk import OVER, Desk, Panel, Tile
from koss.ground import clock, counting
from koss.models import MailState, NightRun, OutgoingMail, PasswordLock
from koss.operation import gauges, night

_DAYS = 14
_SHOWN = 6
_WAITING = (MailState.QUEUED, MailState.SENDING)
_MAILS = (*_WAITING, MailState.DEAD)


def of(user, now):
    """Mails that have not left, locks of the last days, the last night, and what one did."""
    duties = duties_of(user)
    if Role.OPERATOR not in duties.roles and not duties.sees_everything:
        return None
    today = clock.day(now)
    days = [today - timedelta(days=n) for n in reversed(range(_DAYS))]
    waiting = OutgoingMail.objects.filter(state__in=_WAITING)  # as the index says
    counts = counting.counts(
        [
            *(waiting.filter(state=state) for state in _WAITING),
            OutgoingMail.objects.filter(state=MailState.DEAD),
            *(
                PasswordLock.objects.filter(
                    locked_at__gte=clock.at(day), locked_at__lt=clock.at(day + timedelta(days=1))
                )
                for day in days
            ),
        ]
    )
    mails, locks = counts[: len(_MAILS)], counts[len(_MAILS) :]
    return Desk(
        [
            Tile(_("送信できなかったメール"), _mails_url(MailState.DEAD), mails[-1], OVER),
            Tile(_("本日のパスワードロック"), _locks_url(), locks[-1]),
        ],
        [_night(now), _mails(mails), _locks(days, locks), _last_acts(user)],
    )


def _mails_url(state):
    return reverse("admin:koss_outgoingmail_changelist") + f"?state__exact={state.value}"


def _locks_url():
    return reverse("admin:koss_passwordlock_changelist") + "?locked_at__isempty=0"


def _night(now):
    """The newest run, and whether it is the one that should have ended by now."""
    run = NightRun.objects.order_by("-business_date", "-pk").first()
    expected = gauges.night_due(now)
    return Panel(
        "night",
        _("前回の夜間処理"),
        "admin/desk/_night.html",
        {
            "run": run,
            "expected": expected,
            "is_late": run is not None and run.business_date < expected,
            "done": [(title, count) for title, count in night.told(run) if count] if run else [],
            "more": reverse("admin:koss_nightrun_changelist"),
        },
    )


def _mails(counts):
    lines = [
        (state.label, [charts.Point(state.label, count, _mails_url(state))])
        for state, count in zip(_MAILS, counts, strict=True)
    ]
    facts = {
        "chart": charts.rows(lines),
        "headings": [OutgoingMail._meta.get_field("state").verbose_name, _("件数")],
    }
    return Panel("mails", _("まだ届けていないメール"), "admin/desk/_rows.html", facts)


def _locks(days, counts):
    points = [
        charts.Point(
            f"{day:%Y-%m-%d}",
            count,
            _locks_url(),
            f"{day:%m-%d}" if (_DAYS - 1 - place) % 2 == 0 else "",
        )
        for place, (day, count) in enumerate(zip(days, counts, strict=True))
    ]
    facts = {
        "chart": charts.columns(points),
        "heading": PasswordLock._meta.get_field("locked_at").verbose_name,
    }
    return Panel("locks", _("この14日間のパスワードロック"), "admin/desk/_columns.html", facts)


def _last_acts(user):
    """From Django's log: an operator moves no application."""
    entries = user.logentry_set.select_related("content_type").order_by("-action_time")[:_SHOWN]
    rows = [(entry, log.words(entry)) for entry in entries]
    return Panel("last-acts", _("最近行った操作"), "admin/desk/_log.html", {"rows": rows})


admin.site.desks.append(of)
