"""The file of one application as staff see it."""

from django.utils.translation import gettext_lazy as _

from applications.admin import particulars, versions
from applications.admin.forms import AnnouncementForm, AnnualTaxForm
from applications.admin.signatures import signatures_of
from applications.correcting import comparing
from applications.life import announcements, attachments, correctable
from applications.life.proposals import is_out_of_date
from applications.models import (
    AttachmentKind,
    AttachmentState,
    HistoryEntry,
    NoticeKind,
    Proposal,
    Signature,
)
from applications.status import MoveName, Procedure
from koss.ground import clock, numbers
from koss.labels import Word
from koss.mail import outbox
from koss.models import OutgoingMail
from koss.templatetags.koss import day, yen
from payments.numbers import information

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
    "seconded_by",
    "reason",
)
_PROPOSAL_COLUMNS = (
    "at",
    "move",
    "by",
    "note",
    "state",
    "decided_by",
    "decided_at",
    "answer",
)


def page_of(application, *, actors, proposals):
    """What the template of the page shows. Nine queries, however long the history is."""
    notices = list(application.notices.all())
    uploads = list(application.uploads.sent())
    signatures = signatures_of(application)
    official = [notice for notice in notices if notice.kind != NoticeKind.ANNOUNCEMENT]
    procedure = application.procedure
    return {
        "rows": _rows(application, _ROWS[procedure]),
        "review_rows": _rows(application, _REVIEW_ROWS[procedure]),
        "receiving_rows": _rows(application, _RECEIVING_ROWS),
        "staff_rows": _rows(application, _STAFF_ROWS),
        "particulars": particulars.rows_of(application),
        "attachments": [
            (each, getattr(each, "search", None))
            for each in application.attachments.select_related("search")
        ],
        "uploads": uploads,
        "attachment_states": AttachmentState.choices,
        "may_mark": attachments.may_be_marked(application, actors=actors),
        "annual_tax_form": _annual_tax_form(application, actors),
        "signatures": signatures,
        "signature_name": Signature._meta.verbose_name,
        "payments": information.blocks_of(application, now=clock.now()),
        "announcements": [n for n in notices if n.kind == NoticeKind.ANNOUNCEMENT],
        "announcement_form": AnnouncementForm() if announcements.may_write(actors) else None,
        "notices": [(notice, *_corrected(notice, uploads)) for notice in official],
        "versions": versions.of(application, official, uploads, signatures),
        "history": [
            (entry, MoveName(entry.move).label) for entry in application.history.order_by("version")
        ],
        "history_headings": _headings(HistoryEntry, _HISTORY_COLUMNS),
        "proposals": [
            (each, MoveName(each.move).label, is_out_of_date(each, application))
            for each in proposals
        ],
        "proposals_name": Proposal._meta.verbose_name,
        "proposal_headings": _headings(Proposal, _PROPOSAL_COLUMNS),
        "mails": _mails(application),
        "mail_headings": [
            *_headings(OutgoingMail, ("created_at", "to")),
            Word.MAIL_SUBJECT,
            *_headings(OutgoingMail, ("state", "sent_at")),
        ],
        "mail_name": OutgoingMail._meta.verbose_name,
    }


def _rows(application, names):
    """(label, value) of each field."""
    return [(correctable.label(name), _value(application, name)) for name in names]


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


def _corrected(notice, uploads):
    """What an order opened: ([(label, Difference or None while unanswered), …] of its fields,
    [(label, files that answered it), …] of its attachments)."""
    fields = [
        (
            correctable.label(name),
            comparing.difference(notice.application, name, *notice.answers[name])
            if name in notice.answers
            else None,
        )
        for name in notice.fields
    ]
    files = [
        (
            AttachmentKind(kind).label,
            [each for each in uploads if each.order_id == notice.pk and each.kind == kind],
        )
        for kind in notice.attachments
    ]
    return fields, files


def _headings(model, names):
    return [model._meta.get_field(name).verbose_name for name in names]


def _mails(application):
    mails = OutgoingMail.objects.filter(receipt_number=application.receipt_number)
    return [(mail, outbox.read(mail)[0]) for mail in mails.order_by("pk")]
