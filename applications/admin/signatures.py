"""Electronic signatures as staff see them: on the application's page, and as lists."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.admin.reach import ReachAdmin
from applications.models import RevocationAnswer, Signature
from koss.admin_kit import search
from koss.admin_kit.lists import ReadOnlyAdmin

# The application's page shows these, where the certificate could be read.
_FACTS = (
    "kind",
    "name",
    "organisation",
    "match",
    "revocation",
    "not_before",
    "not_after",
    "signed_at",
    "serial",
    "issuer",
    "fingerprint",
)
_MARK = "［{}］"


def signatures_of(application):
    """[(signature, its result, [(label, value), …]), …], the newest first. One query."""
    found = application.signatures.defer("content", "cms")
    return [(each, result_of(each), _facts(each)) for each in found]


def result_of(signature):
    return signature.get_refusal_display() or _("有効な電子署名")


def marked_name(signature):
    """The name with each substituted position in brackets: staff see what the card cannot hold."""
    marked = set(signature.substituted)
    return "".join(
        _MARK.format(character) if place in marked else character
        for place, character in enumerate(signature.name)
    )


def _facts(signature):
    if not signature.fingerprint:
        return []
    shown = {
        "kind": _("%(kind)s（練習用）") % {"kind": signature.get_kind_display()}
        if signature.practice
        else signature.get_kind_display(),
        "name": marked_name(signature),
        "match": signature.get_match_display(),
        "revocation": signature.get_revocation_display(),
    }
    rows = []
    for name in _FACTS:
        value = shown.get(name, getattr(signature, name))
        if hasattr(value, "tzinfo"):
            value = f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        rows.append((Signature._meta.get_field(name).verbose_name, value or "-"))
    return rows


@admin.register(Signature)
class SignatureAdmin(ReachAdmin):
    path_to_application = "application__"
    list_display = ["made_at", "application", "result", "kind", "match", "revocation"]
    list_select_related = ["application"]
    list_filter = ["kind", "match", "revocation"]
    searches = (search.ReceiptNumber("application__receipt_number"),)
    sortable_by = ()
    ordering = ["-pk"]
    hidden = ("content", "cms", "refusal")
    readonly_fields = ["result"]

    def get_urls(self):
        return [
            path(
                "<key:pk>/content/",
                self.admin_site.admin_view(self.content),
                name="applications_signature_content",
            ),
            *super().get_urls(),
        ]

    def content(self, request, pk):
        """What was signed, word for word: one version of the application."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        signature = get_object_or_404(self.get_queryset(request), pk=pk)
        response = HttpResponse(bytes(signature.content), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="signed-{signature.pk}.txt"'
        return response

    def get_fields(self, request, obj=None):
        return ["result", *super().get_fields(request, obj), "evidence"]

    @admin.display(description=Signature._meta.get_field("refusal").verbose_name)
    def result(self, signature):
        return result_of(signature)


@admin.register(RevocationAnswer)
class RevocationAnswerAdmin(ReadOnlyAdmin):
    """A list of thousands of certificates names no applicant: all who may see signatures see it."""

    list_display = ["fetched_at", "source", "digest"]
    hidden = ("body",)
    sortable_by = ()
    ordering = ["-pk"]
