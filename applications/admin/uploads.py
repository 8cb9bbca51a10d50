"""Files that applicants handed in: downloaded, or looked at as a picture of the first page."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _

from applications.admin.reach import ReachAdmin
from applications.models import Upload
from applications.uploads import serving


@admin.register(Upload)
class UploadAdmin(ReachAdmin):
    """Only what was sent; drafts and unsent corrections are nobody's business."""

    path_to_application = "application__"
    list_display = ["at", "application", "kind", "name", "media_type", "size", "retired_at"]
    list_select_related = ["application"]
    list_filter = ["kind"]
    sortable_by = ()
    ordering = ["-pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(application__isnull=False).sent()

    def get_urls(self):
        return [
            path(
                "<key:pk>/file/",
                self.admin_site.admin_view(self.download),
                name="applications_upload_file",
            ),
            path(
                "<key:pk>/preview/",
                self.admin_site.admin_view(self.preview),
                name="applications_upload_preview",
            ),
            *super().get_urls(),
        ]

    def download(self, request, pk):
        try:
            return serving.download(self._row(request, pk))
        except serving.Altered:
            said = _("保存したときの内容と違うため、このファイルは渡せません。")
            messages.error(request, said)
            return redirect("admin:applications_upload_change", pk)

    def preview(self, request, pk):
        return serving.preview(self._row(request, pk))

    def _row(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)
