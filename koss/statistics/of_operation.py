"""What is counted of money and of mails. Amounts in yen."""

from django.db.models import Count, F, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koss.ground.csv_lines import name
from koss.ground.days import DayOf
from koss.models import MailState, OutgoingMail
from koss.statistics.of_applications import NUMBER, within
from koss.statistics.table import Counted, Heading, by_day
from payments.labels import Column
from payments.models import NoticeVerdict, Refund, SettlementNotice
from payments.models.settlement import Way


def payments(user, first, last):
    """Money that came in, by 入金日 and 納付方式, as 日次収納報告 counts it."""
    found = (
        SettlementNotice.objects.filter(**within("settled_at", first, last))
        .annotate(day=DayOf(F("settled_at")))
        .order_by()
        .values_list("day", "way", "verdict")
        .annotate(Count("pk"), Sum("amount"))
    )
    sums = {}
    for day, way, verdict, count, amount in found:
        if not NoticeVerdict(verdict).is_money:
            continue
        line = sums.setdefault((day, Way.values.index(way)), [0, 0, 0])
        line[0] += count
        line[2 if NoticeVerdict(verdict).goes_back else 1] += amount
    headings = [
        Heading(Column.SETTLED_ON),
        Heading(name(SettlementNotice, "way")),
        *(
            Heading(title, is_number=True)
            for title in (Column.SETTLEMENTS, Column.APPLIED, Column.TO_REFUND)
        ),
    ]
    return _of_days_and_ways(headings, sums)


def refunds(user, first, last):
    """Refunds that were opened and that were made, by day and 納付方式."""
    sums = {}
    for moment, place in (("opened_at", 0), ("done_at", 2)):
        found = (
            Refund.objects.filter(**within(moment, first, last))
            .annotate(day=DayOf(F(moment)))
            .order_by()
            .values_list("day", "notice__way")
            .annotate(Count("pk"), Sum("amount"))
        )
        for day, way, count, amount in found:
            line = sums.setdefault((day, Way.values.index(way)), [0, 0, 0, 0])
            line[place : place + 2] = count, amount
    headings = [
        Heading(_("日付")),
        Heading(name(SettlementNotice, "way")),
        *(
            Heading(title, is_number=True)
            for title in (_("発生件数"), _("発生額"), _("還付件数"), _("還付額"))
        ),
    ]
    return _of_days_and_ways(headings, sums)


def mails(user, first, last):
    """Mails by the day on which they were written, and what became of them."""
    found = (
        OutgoingMail.objects.filter(**within("created_at", first, last))
        .annotate(day=DayOf(F("created_at")))
        .order_by()
        .values_list("day", "state")
        .annotate(Count("pk"))
    )
    sums = {}
    for day, state, count in found:
        sums.setdefault(day, dict.fromkeys(MailState.values, 0))[state] = count
    rows = [[day, sum(line.values()), *line.values()] for day, line in sorted(sums.items())]
    headings = [
        Heading(name(OutgoingMail, "created_at")),
        NUMBER,
        *(Heading(state.label, is_number=True) for state in MailState),
    ]
    return Counted(headings, rows, _totals(rows, 1), by_day(rows, 1))


def _of_days_and_ways(headings, sums):
    rows = [
        [day, list(Way)[place].label, *line]
        for (day, place), line in sorted(sums.items(), key=lambda item: item[0])
    ]
    return Counted(headings, rows, _totals(rows, 2), by_day(rows, 2))


def _totals(rows, place):
    """The last line of a table whose numbers begin at ``place``."""
    if not rows:
        return []
    sums = [sum(row[n] for row in rows) for n in range(place, len(rows[0]))]
    return [gettext("合計"), *[""] * (place - 1), *sums]
