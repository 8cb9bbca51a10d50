"""Applications that are being prepared: how many and until when, never what is in them."""

from django.contrib import admin

from applications.models import Draft
from koss.admin_kit.lists import ReadOnlyAdmin


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    list_display = fields = ["procedure", "begun_at", "changed_at", "expires_at"]
    list_filter = ["procedure"]
    sortable_by = ()
    ordering = ["-pk"]
