"""What came in and what goes back, on the first page of who keeps the payments."""

from datetime import timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.staff.desk import AGES
from koss.admin_kit import charts
from koss.admin_kit.desk import OVER, Desk, Panel, Tile
from koss.ground import clock, counting
from payments.labels import Column
from payments.models import Refund, SettlementNotice
from payments.models.settlement import RefundState
from payments.numbers import refunds
from payments.staff.duties import may_see_report
from payments.staff.filters import LookFilter

_DAYS = 14
# A busy day has more than a list counts.
_COUNTED = 100_000


def of(user, now):
    """Notices to look at, notices of the last days, and refunds by age. One query."""
    if not may_see_report(user):
        return None
    today = clock.day(now)
    days = [today - timedelta(days=n) for n in reversed(range(_DAYS))]
    notices = SettlementNotice.objects.order_by()
    counts = counting.counts(
        [
            notices.filter(verdict__in=LookFilter.VERDICTS),
            *(refunds.waiting().filter(age.condition(today, "opened_at")) for age in AGES),
            *(
                notices.filter(
                    settled_at__gte=clock.at(day), settled_at__lt=clock.at(day + timedelta(days=1))
                )
                for day in days
            ),
        ],
        cap=_COUNTED,
    )
    look, open_refunds, came = counts[0], counts[1 : 1 + len(AGES)], counts[1 + len(AGES) :]
    return Desk(
        [Tile(_("確認の必要な入金通知"), _list("settlementnotice", "look=yes"), look, OVER)],
        [_notices(days, came), _refunds(open_refunds)],
    )


def _list(model, query):
    return reverse(f"admin:payments_{model}_changelist") + f"?{query}"


def _notices(days, came):
    points = [
        charts.Point(
            f"{day:%Y-%m-%d}",
            count,
            _list("settlementnotice", f"day={day.isoformat()}"),
            f"{day:%m-%d}" if (_DAYS - 1 - place) % 2 == 0 else "",
        )
        for place, (day, count) in enumerate(zip(days, came, strict=True))
    ]
    facts = {"chart": charts.columns(points), "heading": Column.SETTLED_ON}
    return Panel("notices", _("この14日間の入金通知"), "admin/desk/_columns.html", facts)


def _refunds(counts):
    url = _list("refund", f"state={RefundState.OPEN.value}")
    points = [charts.Point(age.title, count, url) for age, count in zip(AGES, counts, strict=True)]
    facts = {
        "chart": charts.rows([(RefundState.OPEN.label, points)]),
        "headings": [Refund._meta.get_field("state").verbose_name] + [age.title for age in AGES],
    }
    return Panel("refunds", _("未処理の還付と、発生した日"), "admin/desk/_rows.html", facts)


admin.site.desks.append(of)
