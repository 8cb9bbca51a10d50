"""申請一覧 as a CSV file for spreadsheet programs (docs/adr/0011)."""

from django.utils.translation import gettext as _

from applications.following import listing
from applications.labels import Section
from applications.models import Application
from koss.ground import clock
from koss.ground.csv_lines import in_groups, lines, name

_BEGINNING = ("receipt_number", "procedure", "plate", "chassis_number")
_PEOPLE = ("applicant_name", "user_name")
_STANDING = ("status", "status_changed_at")


def lines_of(user, search, *, now):
    """The whole list as ``search`` narrows it, as the lines of a file. Two queries per 1,000."""
    head = [
        *(name(Application, field) for field in (*_BEGINNING, *_PEOPLE, *_STANDING)),
        Section.NEXT_STEP,
        _("いま動くのは"),
        name(Application, "deadline"),
        name(Application, "applied_on"),
    ]
    rows = (
        _cells(row)
        for applications in listing.every(user, search, now=now)
        for row in listing.rows_of(user, applications, now=now)
    )
    return lines(head, rows)


def _cells(row):
    it = row.application
    return [
        in_groups(it.receipt_number),
        it.get_procedure_display(),
        it.plate,
        it.chassis_number,
        it.applicant_name,
        it.user_name,
        it.get_status_display(),
        clock.day(it.status_changed_at),
        row.step.sentence,
        row.who,
        row.step.deadline,
        it.applied_on,
    ]
