"""Payment numbers for staff: what was taken when, and what stands under it. All read-only."""

from django.contrib import admin

from applications.models import Charge
from koss import numbers
from koss.admin_site import ReadOnlyAdmin
from payments.models import PaymentInformation, PaymentLine


@admin.register(PaymentInformation)
class PaymentInformationAdmin(ReadOnlyAdmin):
    list_display = ["number", "confirmation_number", "method", "amount", "due_on", "requested_at"]
    list_filter = ["method"]
    search_fields = ["payment_number"]  # draws the search field; see below
    sortable_by = ()

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(payment_number=numbers.fold(search_term)), False

    @admin.display(description=PaymentInformation._meta.get_field("payment_number").verbose_name)
    def number(self, information):
        return numbers.grouped(information.payment_number) or "-"


@admin.register(PaymentLine)
class PaymentLineAdmin(ReadOnlyAdmin):
    list_display = ["information", "charge", "application"]
    list_select_related = ["information", "charge__application"]
    sortable_by = ()

    @admin.display(description=Charge._meta.get_field("application").verbose_name)
    def application(self, line):
        return numbers.grouped(line.charge.application.receipt_number)
