"""The file of one application as staff see it."""

from django.utils.translation import gettext_lazy as _

from applications import announcements, attachments, corrections
from applications.admin.forms import AnnouncementForm, AnnualTaxForm
from applications.models import AttachmentState, HistoryEntry, NoticeKind
from applications.status import MoveName, Procedure
from koss import clock, numbers, outbox
from koss.models import OutgoingMail
from koss.templatetags.koss import day, yen
from payments import information

# The rows of the status page in its order, then what staff see beside them.
_ROWS = {
    Procedure.CONTINUED_INSPECTION: (
        "applied_on",
        "receipt_number",
        "plate",
        "chassis_number",
        "applicant_name",
        "user_name",
        "office",
        "recording_agent_number",
        "recording_agent_name",
        "recording_agent_allowed",
    ),
    Procedure.NEW_VEHICLE: (
        "applied_on",
        "receipt_number",
        "chassis_number",
        "applicant_name",
        "user_name",
        "user_name_full",
        "owner_name",
        "owner_name_full",
        "office",
    ),
}
_REVIEW_ROWS = {
    Procedure.CONTINUED_INSPECTION: ("reviewed_on", "annual_tax_confirmed"),
    Procedure.NEW_VEHICLE: ("partial_review", "reviewed_on", "plate"),
}
_RECEIVING_ROWS = ("receiving_method", "receiver_name")
_STAFF_ROWS = (
    "procedure",
    "channel",
    "payment_method",
    "payer",
    "weight_class",
    "acquisition_price",
    "vehicle_tax_rate",
    "email",
    "status_email",
    "earlier",
)
_HISTORY_COLUMNS = (
    "version",
    "at",
    "move",
    "from_status",
    "to_status",
    "actor",
    "by",
    "reason",
)
_MAIL_COLUMNS = ("created_at", "to", "subject", "state", "sent_at")


def page_of(application, *, actors):
    """What the template of the page shows. Five queries, however long the history is."""
    notices = list(application.notices.all())
    official = [notice for notice in notices if notice.kind != NoticeKind.ANNOUNCEMENT]
    procedure = application.procedure
    return {
        "rows": _rows(application, _ROWS[procedure]),
        "review_rows": _rows(application, _REVIEW_ROWS[procedure]),
        "receiving_rows": _rows(application, _RECEIVING_ROWS),
        "staff_rows": _rows(application, _STAFF_ROWS),
        "attachments": list(application.attachments.all()),
        "attachment_states": AttachmentState.choices,
        "may_mark": attachments.may_be_marked(application, actors=actors),
        "annual_tax_form": _annual_tax_form(application, actors),
        "payments": information.blocks_of(application, now=clock.now()),
        "announcements": [n for n in notices if n.kind == NoticeKind.ANNOUNCEMENT],
        "announcement_form": AnnouncementForm() if announcements.may_write(actors) else None,
        "notices": [(notice, _corrected(notice)) for notice in official],
        "history": [
            (entry, MoveName(entry.move).label) for entry in application.history.order_by("version")
        ],
        "history_headings": _headings(HistoryEntry, _HISTORY_COLUMNS),
        "mails": _mails(application),
        "mail_headings": _headings(OutgoingMail, _MAIL_COLUMNS),
        "mail_name": OutgoingMail._meta.verbose_name,
    }


def _rows(application, names):
    """(label, value) of each field."""
    return [(corrections.field_label(name), _value(application, name)) for name in names]


def _value(application, name):
    value = getattr(application, name)
    if name in _SHOWN_AS:
        return _SHOWN_AS[name](value)
    if application._meta.get_field(name).choices:
        return getattr(application, f"get_{name}_display")()
    return "-" if value in (None, "") else value


_SHOWN_AS = {
    "receipt_number": numbers.grouped,
    "applied_on": day,
    "reviewed_on": lambda value: day(value) or "-",
    "annual_tax_confirmed": AnnualTaxForm.words,
    "recording_agent_allowed": lambda value: _("利用可") if value else _("利用不可"),
    "acquisition_price": lambda value: yen(value) or "-",
}


def _annual_tax_form(application, actors):
    if not attachments.may_confirm_annual_tax(application, actors=actors):
        return None
    return AnnualTaxForm.about(application)


def _corrected(notice):
    """(label, before, after) of each field that the order opened; "" while unanswered."""
    return [
        (corrections.field_label(name), *notice.answers.get(name, ("", "")))
        for name in notice.fields
    ]


def _headings(model, names):
    return [model._meta.get_field(name).verbose_name for name in names]


def _mails(application):
    mails = OutgoingMail.objects.filter(receipt_number=application.receipt_number)
    return [
        (mail, mail.subject or outbox.render(mail.template, mail.facts)[0])
        for mail in mails.order_by("pk")
    ]
