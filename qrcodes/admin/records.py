"""Codes and what the counter did with them, as lists. All read-only, superusers included."""

from django.contrib import admin
from django.db.models import Q

from applications import roles
from koss import numbers
from koss.admin_site import ReadOnlyAdmin
from qrcodes.models import Code, Look, Pickup, ReceiverEvent


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
    search_fields = ["receiver__name"]
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
    search_fields = ["receiver_name"]  # draws the search field; see below
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

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        try:
            key = numbers.read_lookup_key(search_term)
        except numbers.NotANumber:
            return queryset.filter(receiver_name__icontains=search_term.strip()), False
        return queryset.filter(lookup_key=key), False

    @admin.display(description=Look._meta.get_field("tail").verbose_name)
    def tail(self, code):
        return code.lookup_key[-4:]


@admin.register(Pickup)
class PickupAdmin(ReadOnlyAdmin):
    list_display = ["at", "number", "receiver_name", "by", "office"]
    list_select_related = ["application", "office"]
    search_fields = ["receiver_name"]  # draws the search field; see below
    sortable_by = ()
    fields = ["at", "application", "receiver_name", "by", "office", "code", "papers_seen"]

    def get_queryset(self, request):
        return (
            super().get_queryset(request).filter(roles.in_reach_of(request.user, "application__"))
        )

    def get_search_results(self, request, queryset, search_term):
        """By a receipt number in any spelling, or by part of a receiver's name."""
        if not search_term:
            return queryset, False
        number = numbers.fold(search_term)
        if number.isascii() and number.isdecimal():
            return queryset.filter(application__receipt_number=number), False
        return queryset.filter(receiver_name__icontains=search_term.strip()), False

    @admin.display(description=Pickup._meta.get_field("application").verbose_name)
    def number(self, pickup):
        return numbers.grouped(pickup.application.receipt_number)


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    """Every search at the counter, found or not."""

    list_display = ["at", "by", "office", "how", "result", "tail"]
    list_select_related = ["office"]
    list_filter = ["result", "how"]
    search_fields = ["by"]
    sortable_by = ()

    def get_queryset(self, request):
        return super().get_queryset(request).filter(own_office_of(request.user))

    def get_search_results(self, request, queryset, search_term):
        return (queryset.filter(by=search_term.strip()) if search_term else queryset), False
