"""Direct payment: accounts and debits. Users register and order them; banks decide."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koss import numbers
from koss.admin_site import ReadOnlyAdmin
from koss.templatetags.koss import yen
from payments import failures
from payments.admin import finding
from payments.models import DebitOrder, DirectAccount, PaymentInformation

_SHOWN_DIGITS = 3


@admin.register(DirectAccount)
class DirectAccountAdmin(ReadOnlyAdmin):
    """Of the account number only the end is shown: nobody here debits by hand."""

    list_display = ["account_id", "user", "kind", "bank_name", "branch_name", "state", "made_at"]
    list_select_related = ["user"]
    list_filter = ["state", "kind"]
    search_fields = ["account_id"]  # draws the search field; see below
    search_help_text = _("口座ID、納付利用者ID、一括利用者IDで検索します。")
    sortable_by = ()
    ordering = ["-pk"]
    fields = [
        "account_id",
        "user",
        "kind",
        "holder_kana",
        "bank",
        "bank_name",
        "branch",
        "branch_name",
        "account_type",
        "end_of_number",
        "state",
        "refusal",
        "made_at",
        "decided_at",
        "reference",
    ]
    readonly_fields = ["end_of_number"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        word = finding.folded(search_term)
        return queryset.filter(Q(account_id=word) | finding.of_user(word)), False

    @admin.display(description=DirectAccount._meta.get_field("account_number").verbose_name)
    def end_of_number(self, account):
        return _("末尾 %s") % account.account_number[-_SHOWN_DIGITS:]


@admin.register(DebitOrder)
class DebitOrderAdmin(ReadOnlyAdmin):
    list_display = [
        "made_at",
        "number",
        "account",
        "user",
        "amount",
        "debit_on",
        "state",
        "why_not",
    ]
    list_select_related = ["information", "account__user"]
    list_filter = ["state"]
    search_fields = ["account__account_id"]  # draws the search field; see below
    search_help_text = _(
        "納付番号、受付番号（空白・ハイフン・全角も可）、口座ID、納付利用者IDで検索します。"
    )
    sortable_by = ()
    fields = [
        "information",
        "account",
        "user",
        "amount",
        "debit_on",
        "state",
        "why_not",
        "made_at",
        "ordered_at",
        "finished_at",
    ]
    readonly_fields = ["user", "amount", "why_not"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        found = finding.informations(search_term)
        account = Q(account__account_id=finding.folded(search_term))
        return queryset.filter(account | Q(information__in=found.values("pk"))), False

    @admin.display(description=PaymentInformation._meta.get_field("payment_number").verbose_name)
    def number(self, order):
        return numbers.grouped(order.information.payment_number) or "-"

    @admin.display(description=DirectAccount._meta.get_field("user").verbose_name)
    def user(self, order):
        return order.account.user.user_id

    @admin.display(description=PaymentInformation._meta.get_field("amount").verbose_name)
    def amount(self, order):
        return yen(order.information.amount)

    @admin.display(description=DebitOrder._meta.get_field("failure").verbose_name)
    def why_not(self, order):
        return failures.words(order.failure) or "-"
