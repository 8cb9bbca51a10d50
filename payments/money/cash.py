"""日次収納報告: what banks told that came in on one day, per collecting agency. Amounts in yen."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, Sum

from koss.ground import clock
from payments.models import NoticeVerdict, NumberKind, SettlementNotice
from payments.models.settlement import Way


@dataclass(slots=True)
class CashLine:
    """Money of one agency, way and kind. ``kind`` is None for a number that nobody knows.

    ``applied`` paid what was owed; ``to_refund`` goes back, or has gone back since.
    """

    agency_number: str = ""
    way: Way | None = None
    kind: NumberKind | None = None
    count: int = 0
    applied: int = 0
    to_refund: int = 0

    @property
    def amount(self):
        return self.applied + self.to_refund

    def add(self, other):
        self.count += other.count
        self.applied += other.applied
        self.to_refund += other.to_refund


@dataclass(slots=True)
class Report:
    """``total`` is the sum of ``lines``, and so of every notice of ``day`` that tells of money.

    ``repeated`` and ``conflicting`` notices tell of money that an earlier one told of; they are
    counted, and add nothing.
    """

    day: date
    lines: list[CashLine] = field(default_factory=list)
    total: CashLine = field(default_factory=CashLine)
    repeated: int = 0
    conflicting: int = 0

    @property
    def notices(self):
        """How many notices of that day were kept at all."""
        return self.total.count + self.repeated + self.conflicting

    def agencies(self):
        """(agency number, its lines, their sum), by number."""
        for number, lines in groupby(self.lines, key=lambda line: line.agency_number):
            own, together = list(lines), CashLine(number)
            for line in own:
                together.add(line)
            yield number, own, together


def of_day(day):
    """The report of a calendar day in Japan: what was settled on it, whenever it was told.

    One query.
    """
    counted = (
        SettlementNotice.objects.filter(
            settled_at__gte=clock.at(day), settled_at__lt=clock.at(day + timedelta(days=1))
        )
        .order_by()  # the order of the list would be one more thing to tell rows apart by
        .values_list("agency_number", "way", "information__kind", "verdict")
        .annotate(count=Count("pk"), amount=Sum("amount"))
    )
    report, lines = Report(day), {}
    for agency_number, way, kind, verdict, count, amount in counted:
        verdict = NoticeVerdict(verdict)
        if verdict is NoticeVerdict.REPEATED:
            report.repeated += count
        elif verdict is NoticeVerdict.CONFLICTING:
            report.conflicting += count
        else:
            key = agency_number, Way(way), NumberKind(kind) if kind else None
            applied = amount if verdict is NoticeVerdict.APPLIED else 0
            part = CashLine(*key, count=count, applied=applied, to_refund=amount - applied)
            lines.setdefault(key, CashLine(*key)).add(part)
            report.total.add(part)
    report.lines = sorted(lines.values(), key=_place)
    return report


def _place(line):
    """By agency; within it as ways and kinds are declared, unknown numbers last."""
    kinds = [*NumberKind, None]
    return line.agency_number, list(Way).index(line.way), kinds.index(line.kind)
