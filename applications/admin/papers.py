"""What hangs on an application, as lists of their own. All read-only, superusers included."""

from django.contrib import admin

from applications.admin.reach import ReachAdmin
from applications.models import Attachment, Charge, HistoryEntry, Notice
from applications.status import MoveName
from koss import numbers


class _PartAdmin(ReachAdmin):
    path_to_application = "application__"
    list_select_related = ["application"]
    search_fields = ["application__receipt_number"]  # draws the search field; see below
    sortable_by = ()
    ordering = ["-pk"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        number = numbers.fold(search_term)
        return queryset.filter(application__receipt_number=number), False


@admin.register(Attachment)
class AttachmentAdmin(_PartAdmin):
    list_display = ["application", "kind", "state"]
    list_filter = ["state", "kind"]


@admin.register(Charge)
class ChargeAdmin(_PartAdmin):
    list_display = ["application", "kind", "amount", "due_on", "number_taken_at", "paid_at"]
    list_filter = ["kind"]


@admin.register(Notice)
class NoticeAdmin(_PartAdmin):
    list_display = ["at", "application", "kind", "agency", "deadline", "answered_at"]
    list_filter = ["kind", "agency"]


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
        "reason",
        "at",
    ]
    readonly_fields = ["move_shown"]

    @admin.display(description=HistoryEntry._meta.get_field("move").verbose_name)
    def move_shown(self, entry):
        return MoveName(entry.move).label
