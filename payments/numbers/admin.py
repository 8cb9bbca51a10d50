"""納付番号: what was taken, what stands under it, and what banks told. All read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Charge
from koss.admin_kit.lists import ReadOnlyAdmin
from koss.ground import numbers
from koss.ground.paging import CappedPaginator
from koss.templatetags.koss import day, moment, yen
from payments.labels import Column
from payments.models import DebitOrder, PaymentInformation, PaymentLine, SettlementNotice
from payments.numbers import amounts, failures
from payments.staff import finding
from payments.staff.filters import DueFilter, NumberFilter
from payments.staff.reading import (
    PageAdmin,
    Table,
    called,
    first,
    headings,
    link_to,
    list_of,
    rows_of,
    shown,
)

_LINES_AT_ONCE = 100


@admin.register(PaymentInformation)
class PaymentInformationAdmin(PageAdmin):
    """A number moves by what banks tell, by withdrawal and by the night; nobody edits it."""

    list_display = [
        "number",
        "state",
        "method",
        "kind",
        "amount_shown",
        "count",
        "due_on",
        "user",
        "requested_at",
    ]
    list_select_related = ["user"]
    list_filter = [NumberFilter, DueFilter, "state"]
    searches = (finding.by_payment(),)
    sortable_by = ()
    page_related = ("user",)

    def get_ordering(self, request):
        """Newest first; of due dates the nearest."""
        is_by_due_date = request.GET.get("due") in DueFilter.DAYS
        return ["due_on", "pk"] if is_by_due_date else ["-pk"]

    @admin.display(description=PaymentInformation._meta.get_field("payment_number").verbose_name)
    def number(self, information):
        return numbers.grouped(information.payment_number) or "-"

    @admin.display(description=PaymentInformation._meta.get_field("amount").verbose_name)
    def amount_shown(self, information):
        return yen(information.amount)

    def title_of(self, information):
        return called(information)

    def page_of(self, request, information):
        tables = [_notices(information, request.user), _debits(information, request.user)]
        if request.user.has_perm("payments.view_paymentline"):
            tables.insert(0, _lines(information, request))
        return {"rows": self._rows(information, request.user), "tables": tables}

    def _rows(self, information, user):
        payee, payee_kana = amounts.payee(information.kind)
        owner = information.user and (
            link_to(information.user)
            if user.has_perm("payments.view_paymentuser")
            else information.user.user_id
        )
        return [
            *rows_of(information, "state", "method", "kind"),
            (information._meta.get_field("user").verbose_name, owner or "-"),
            *rows_of(information, "agency_number", "payment_number", "confirmation_number"),
            (Column.PAYEE, payee),
            (Column.PAYEE_KANA, payee_kana),
            *rows_of(
                information,
                "amount",
                "count",
                "due_on",
                "requested_at",
                "numbered_at",
            ),
            (
                information._meta.get_field("refusal").verbose_name,
                failures.words(information.refusal) or "-",
            ),
            *rows_of(
                information,
                "presses",
                "pressed_at",
                "consented_at",
                "withdrawal_accepted_at",
                "ended_at",
                "reference",
            ),
        ]


def _lines(information, request):
    lines = information.lines.select_related("charge__application").order_by("pk")
    page = CappedPaginator(lines, _LINES_AT_ONCE).get_page(request.GET.get("page"))
    may_open = request.user.has_perm("applications.view_application")
    return Table(
        "lines",
        PaymentLine._meta.verbose_name,
        [
            *headings(Application, "receipt_number"),
            *headings(Charge, "kind", "amount", "due_on"),
            *headings(Application, "status"),
            *headings(Charge, "paid_at"),
            *headings(PaymentLine, "released_at"),
        ],
        [_cells_of(line, may_open) for line in page],
        page=page,
    )


def _cells_of(line, may_open):
    charge, application = line.charge, line.charge.application
    number = numbers.grouped(application.receipt_number)
    return [
        link_to(application, number) if may_open else number,
        charge.get_kind_display(),
        yen(charge.amount),
        day(charge.due_on),
        application.get_status_display(),
        moment(charge.paid_at) or "-",
        moment(line.released_at) or "-",
    ]


def _notices(information, user):
    rows, has_more = first(information.notices.select_related("refund").order_by("pk"))
    names = ("settled_at", "amount", "way", "bank", "verdict")
    return Table(
        "notices",
        SettlementNotice._meta.verbose_name,
        [*headings(SettlementNotice, "settlement_id", *names), _("還付")],
        [
            [
                link_to(notice) if user.has_perm("payments.view_settlementnotice") else str(notice),
                *(shown(notice, name) for name in names),
                refund_of(notice, user),
            ]
            for notice in rows
        ],
        more=list_of(SettlementNotice, information.payment_number) if has_more else "",
    )


def _debits(information, user):
    order = DebitOrder.objects.filter(information=information).select_related("account").first()
    names = ("debit_on", "state", "made_at", "finished_at")
    row = order and [
        link_to(order, str(order.account))
        if user.has_perm("payments.view_debitorder")
        else str(order.account),
        *(shown(order, name) for name in names),
    ]
    return Table(
        "debits",
        DebitOrder._meta.verbose_name,
        headings(DebitOrder, "account", *names),
        [row] if row else [],
    )


def refund_of(notice, user):
    """How far the refund of a notice is, or "-" where none is needed."""
    refund = getattr(notice, "refund", None)
    if refund is None:
        return "-"
    state = refund.get_state_display()
    return link_to(refund, state) if user.has_perm("payments.view_refund") else state


@admin.register(PaymentLine)
class PaymentLineAdmin(ReadOnlyAdmin):
    list_display = ["information", "charge", "application", "released_at"]
    list_select_related = ["information", "charge__application"]
    searches = (finding.by_payment("information"),)
    sortable_by = ()
    ordering = ["-pk"]

    @admin.display(description=Charge._meta.get_field("application").verbose_name)
    def application(self, line):
        return numbers.grouped(line.charge.application.receipt_number)
