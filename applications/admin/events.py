"""What the bulk interface tells of changes, as lists of their own."""

from django.contrib import admin

from applications.models import (
    ApplicationEvent,
    EventFeed,
    HeldFile,
    Submission,
    SubmissionItem,
)
from koss.admin_kit.lists import ReadOnlyAdmin


@admin.register(ApplicationEvent)
class ApplicationEventAdmin(ReadOnlyAdmin):
    list_display = fields = ["number", "application", "bulk_id", "kind", "at"]
    list_filter = ["kind"]
    list_select_related = ["application"]
    sortable_by = ()


@admin.register(EventFeed)
class EventFeedAdmin(ReadOnlyAdmin):
    list_display = fields = ["last"]
    sortable_by = ()


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = fields = ["number", "bulk_id", "total", "received_at", "finished_at"]
    sortable_by = ()


@admin.register(SubmissionItem)
class SubmissionItemAdmin(ReadOnlyAdmin):
    """How a row went; what was typed in it is sealed and not shown."""

    list_display = ["submission", "place", "reference", "state", "application"]
    fields = [*list_display, "procedure", "faults"]
    list_filter = ["state"]
    list_select_related = ["submission", "application"]
    sortable_by = ()
    ordering = ["-pk"]


@admin.register(HeldFile)
class HeldFileAdmin(ReadOnlyAdmin):
    list_display = fields = ["at", "bulk_id", "name", "media_type", "size", "digest"]
    sortable_by = ()
