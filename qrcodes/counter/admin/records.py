"""Codes and what the counter did with them, as lists. All read-only, superusers included."""

from django.contrib import admin
from django.db.models import Q

from applications.staff import roles
from koss.admin_kit import search
from koss.admin_kit.lists import ReadOnlyAdmin
from koss.ground import numbers
from qrcodes.models import Code, Look, Pickup, Receiver, ReceiverEvent


def own_office_of(user, path="office"):
    """Condition for the rows that ``user`` may see: a counter those of its own office."""
    duties = roles.duties_of(user)
    if duties.sees_everything or roles.Role.OPERATOR in duties.roles:
        return Q()
    return Q(**{path: duties.office_id}) if duties.office_id else Q(pk__in=[])


@admin.register(ReceiverEvent)
class ReceiverEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "receiver", "kind", "by", "office"]
    list_select_related = ["receiver", "office"]
    list_filter = ["kind"]
    searches = (search.Names(Receiver._meta.get_field("name").verbose_name, "receiver__names"),)
    sortable_by = ()
    fields = ["at", "receiver", "kind", "by", "office", "reason"]


@admin.register(Code)
class CodeAdmin(ReadOnlyAdmin):
    """A code is known here by the end of its lookup key: the whole key would open it."""

    list_display = [
        "issued_at",
        "kind",
        "receiver_name",
        "procedure",
        "tail",
        "verdict",
        "used_at",
        "voided_at",
    ]
    list_filter = ["kind", "verdict"]
    searches = (
        search.Exact(
            Code._meta.get_field("lookup_key").verbose_name,
            "lookup_key",
            read=numbers.read_lookup_key,
        ),
        search.Names(Receiver._meta.get_field("name").verbose_name, "names"),
    )
    sortable_by = ()
    fields = [
        "kind",
        "tail",
        "issued_at",
        "issue_number",
        "procedure",
        "receiver_name",
        "application",
        "verdict",
        "password_version",
        "expires_on",
        "used_at",
        "used_by",
        "voided_at",
    ]
    readonly_fields = ["tail"]

    def get_queryset(self, request):
        """Codes of receivers are everybody's; that of a vehicle belongs to its application."""
        reach = roles.in_reach_of(request.user, "application__")
        return super().get_queryset(request).filter(Q(application=None) | reach)

    @admin.display(description=Look._meta.get_field("tail").verbose_name)
    def tail(self, code):
        return code.lookup_key[-4:]


@admin.register(Pickup)
class PickupAdmin(ReadOnlyAdmin):
    list_display = ["at", "number", "receiver_name", "by", "office"]
    list_select_related = ["application", "office"]
    searches = (
        search.ReceiptNumber("application__receipt_number"),
        search.Names(Receiver._meta.get_field("name").verbose_name, "names"),
    )
    sortable_by = ()
    fields = ["at", "application", "receiver_name", "by", "office", "code", "papers_shown"]
    readonly_fields = ["papers_shown"]

    def get_queryset(self, request):
        return (
            super().get_queryset(request).filter(roles.in_reach_of(request.user, "application__"))
        )

    @admin.display(description=Pickup._meta.get_field("application").verbose_name)
    def number(self, pickup):
        return numbers.grouped(pickup.application.receipt_number)

    @admin.display(description=Pickup._meta.get_field("papers_seen").verbose_name)
    def papers_shown(self, pickup):
        return pickup.papers_seen_in_words


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    """Every search at the counter, found or not."""

    list_display = ["at", "by", "office", "how", "result", "tail"]
    list_select_related = ["office"]
    list_filter = ["result", "how"]
    searches = (search.Exact(Look._meta.get_field("by").verbose_name, "by", read=str.strip),)
    sortable_by = ()

    def get_queryset(self, request):
        return super().get_queryset(request).filter(own_office_of(request.user))
