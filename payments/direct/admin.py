"""Direct payment: accounts and debits. Users register and order them; banks decide."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from koss.admin_kit.lists import ReadOnlyAdmin
from koss.admin_kit.search import Exact
from koss.ground import numbers
from koss.templatetags.koss import yen
from payments.direct import accounts
from payments.labels import Column
from payments.models import DebitOrder, DirectAccount, PaymentInformation
from payments.numbers import failures
from payments.staff import finding

_SHOWN_DIGITS = 3


@admin.register(DirectAccount)
class DirectAccountAdmin(ReadOnlyAdmin):
    """Of the account number only the end is shown: nobody here debits by hand."""

    list_display = ["account_id", "user", "kind", "bank_name", "branch_name", "state", "made_at"]
    list_select_related = ["user"]
    list_filter = ["state", "kind"]
    searches = (Exact(Column.ACCOUNT_ID, "account_id", read=finding.folded), finding.by_user())
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
        "why_refused",
        "made_at",
        "decided_at",
        "reference",
    ]
    readonly_fields = ["end_of_number", "why_refused"]

    @admin.display(description=DirectAccount._meta.get_field("account_number").verbose_name)
    def end_of_number(self, account):
        return _("末尾 %s") % account.account_number[-_SHOWN_DIGITS:]

    @admin.display(description=DirectAccount._meta.get_field("refusal").verbose_name)
    def why_refused(self, account):
        return accounts.refusal_words(account.refusal) if account.refusal else "-"


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
    searches = (
        Exact(Column.ACCOUNT_ID, "account__account_id", read=finding.folded),
        finding.by_payment("information"),
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
