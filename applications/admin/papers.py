"""What hangs on an application, as lists of their own. All read-only, superusers included."""

from django.contrib import admin
from django.utils.translation import gettext as _

from applications.admin.reach import ReachAdmin
from applications.correcting import comparing
from applications.life import correctable
from applications.models import (
    Attachment,
    AttachmentKind,
    Charge,
    HistoryEntry,
    Notice,
    PaperSearch,
    Particulars,
    Proposal,
    Review,
)
from applications.status import MoveName
from koss.admin_kit import search
from koss.ground.joining import listed


class _PartAdmin(ReachAdmin):
    path_to_application = "application__"
    list_select_related = ["application"]
    searches = (search.ReceiptNumber("application__receipt_number"),)
    sortable_by = ()
    ordering = ["-pk"]


@admin.register(Attachment)
class AttachmentAdmin(_PartAdmin):
    list_display = ["application", "kind", "state"]
    list_filter = ["state", "kind"]


@admin.register(PaperSearch)
class PaperSearchAdmin(_PartAdmin):
    path_to_application = "attachment__application__"
    list_display = ["application", "attachment", "number", "tries", "asked_at", "next_at"]
    list_select_related = ["attachment__application"]
    searches = (search.ReceiptNumber("attachment__application__receipt_number"),)

    @admin.display(description=Attachment._meta.get_field("application").verbose_name)
    def application(self, paper_search):
        return paper_search.attachment.application


@admin.register(Particulars)
class ParticularsAdmin(_PartAdmin):
    list_display = ["application", "applicant_kind", "vehicle_use", "base_address"]
    list_filter = ["applicant_kind", "vehicle_use"]
    fields = [
        *(
            each.name
            for each in Particulars._meta.fields
            if each.name not in ("id", "address_file")
        ),
        "address_file_shown",
    ]
    readonly_fields = ["address_file_shown"]

    @admin.display(description=Particulars._meta.get_field("address_file").verbose_name)
    def address_file_shown(self, row):
        return comparing.shown(row.application, "address_file", row.address_file) or "-"


@admin.register(Review)
class ReviewAdmin(_PartAdmin):
    """Advisory marks: they hinder nobody, so nobody has to lift one."""

    list_display = fields = ["application", "by", "since", "until"]
    list_select_related = ["application", "by"]


@admin.register(Proposal)
class ProposalAdmin(_PartAdmin):
    """What staff proposed and others decided; the application's page has the buttons."""

    list_display = ["at", "application", "move_shown", "by", "state", "decided_by", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["application", "by", "decided_by"]
    fields = [*list_display, "note", "answer"]
    readonly_fields = ["move_shown"]

    @admin.display(description=Proposal._meta.get_field("move").verbose_name)
    def move_shown(self, proposal):
        return MoveName(proposal.move).label


@admin.register(Charge)
class ChargeAdmin(_PartAdmin):
    list_display = ["application", "kind", "amount", "due_on", "number_taken_at", "paid_at"]
    list_filter = ["kind"]


@admin.register(Notice)
class NoticeAdmin(_PartAdmin):
    list_display = ["at", "application", "kind", "agency", "deadline", "answered_at"]
    list_filter = ["kind", "agency"]
    fields = [
        "application",
        "kind",
        "agency",
        "deadline",
        "reason_shown",
        "fields_shown",
        "attachments_shown",
        "at",
        "by",
        "answered_at",
        "answers_shown",
    ]
    readonly_fields = ["reason_shown", "fields_shown", "attachments_shown", "answers_shown"]

    @admin.display(description=Notice._meta.get_field("reason").verbose_name)
    def reason_shown(self, notice):
        return notice.reason_in_words

    @admin.display(description=Notice._meta.get_field("fields").verbose_name)
    def fields_shown(self, notice):
        return listed(correctable.label(name) for name in notice.fields) or "-"

    @admin.display(description=Notice._meta.get_field("attachments").verbose_name)
    def attachments_shown(self, notice):
        return listed(AttachmentKind(kind).label for kind in notice.attachments) or "-"

    @admin.display(description=Notice._meta.get_field("answers").verbose_name)
    def answers_shown(self, notice):
        """A line for each field: before → after."""
        lines = []
        for name, (before, after) in notice.answers.items():
            change = comparing.difference(notice.application, name, before, after)
            became = change.after if change.changed else _("（変更なし）")
            lines.append(f"{correctable.label(name)}：{change.before or '-'} → {became or '-'}")
        return "\n".join(lines) or "-"


@admin.register(HistoryEntry)
class HistoryAdmin(_PartAdmin):
    list_display = ["at", "application", "move_shown", "from_status", "to_status", "actor", "by"]
    list_filter = ["actor"]
    fields = [
        "application",
        "version",
        "move_shown",
        "from_status",
        "to_status",
        "actor",
        "by",
        "seconded_by",
        "reason_shown",
        "at",
    ]
    readonly_fields = ["move_shown", "reason_shown"]

    @admin.display(description=HistoryEntry._meta.get_field("move").verbose_name)
    def move_shown(self, entry):
        return MoveName(entry.move).label

    @admin.display(description=HistoryEntry._meta.get_field("reason").verbose_name)
    def reason_shown(self, entry):
        return entry.reason_in_words
