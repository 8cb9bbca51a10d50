"""還付: the queue of money that has to go back, and the page on which a clerk closes one."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koss.admin_kit.lists import Reminder
from koss.ground import clock, numbers
from koss.ground.paging import COUNTED
from koss.templatetags.koss import yen
from payments.models import PaymentInformation, Refund, SettlementNotice
from payments.models.settlement import RefundState
from payments.numbers import refunds
from payments.staff import finding
from payments.staff.duties import acting, may_act
from payments.staff.forms import RefundForm
from payments.staff.reading import PageAdmin, link_to, rows_of


class QueueFilter(admin.SimpleListFilter):
    """What is open, unless something else is asked or searched for."""

    title = Refund._meta.get_field("state").verbose_name
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("done", RefundState.DONE.label), ("all", _("すべて"))]

    def choices(self, changelist):
        shown = shown_state(changelist.params)
        for value, title in [("", RefundState.OPEN.label), *self.lookup_choices]:
            yield {
                "selected": (value or "open") == shown,
                "query_string": changelist.get_query_string({self.parameter_name: value or "open"}),
                "display": title,
            }

    def queryset(self, request, queryset):
        state = shown_state(request.GET)
        return queryset if state == "all" else queryset.filter(state=state)


def shown_state(parameters):
    """open, done or all: a search looks everywhere unless told otherwise."""
    asked = parameters.get("state")
    if asked in ("open", "done", "all"):
        return asked
    return "all" if parameters.get("q") else "open"


@admin.register(Refund)
class RefundAdmin(PageAdmin):
    list_display = [
        "opened_at",
        "state",
        "reason",
        "amount_shown",
        "number",
        "settlement",
        "done_at",
        "done_by",
    ]
    list_select_related = ["notice"]
    list_filter = [QueueFilter]
    searches = (finding.by_settlement("notice__"), finding.by_payment("notice__information"))
    sortable_by = ()
    page_related = ("notice__information__user",)
    page_template = "admin/payments/refund.html"

    def get_urls(self):
        complete = self.admin_site.admin_view(self.complete_view)
        return [
            path("<key:pk>/complete/", complete, name="payments_refund_complete"),
            *super().get_urls(),
        ]

    def get_ordering(self, request):
        """The open ones oldest first, as they are to be worked off; others newest first."""
        return ["pk"] if shown_state(request.GET) == "open" else ["-pk"]

    @admin.display(description=Refund._meta.get_field("amount").verbose_name)
    def amount_shown(self, refund):
        return yen(refund.amount)

    @admin.display(description=SettlementNotice._meta.get_field("payment_number").verbose_name)
    def number(self, refund):
        return numbers.grouped(refund.notice.payment_number)

    @admin.display(description=SettlementNotice._meta.get_field("settlement_id").verbose_name)
    def settlement(self, refund):
        return refund.notice.settlement_id

    def title_of(self, refund):
        return f"{refund.get_reason_display()} {yen(refund.amount)}"

    def page_of(self, request, refund):
        is_open = refund.state == RefundState.OPEN
        return {
            "rows": _rows(refund, request.user),
            "tables": [],
            "can_complete": is_open and may_act(request.user),
            "complete_label": RefundState.DONE.label,
        }

    @acting
    def complete_view(self, request, pk):
        """Ask how the money went back, then close the refund.

        The second press of a form leads to the same page as the first; who comes after another
        clerk is told what that one wrote down.
        """
        refund = self.row_or_404(request, pk)
        form = RefundForm(request.POST if request.method == "POST" else None)
        name = request.user.get_username()
        if form.is_valid():
            note = form.cleaned_data["note"]
            refund = refunds.complete(refund, by=name, note=note, now=clock.now())
            if (refund.done_by, refund.note) == (name, note):
                messages.success(request, gettext("還付済みにしました。"))
                return redirect("admin:payments_refund_change", pk)
        if refund.state == RefundState.DONE:
            page = {"rows": _rows(refund, request.user)}
            return self.render(request, refund, "admin/payments/refund_done.html", page, status=409)
        page = {"rows": _rows(refund, request.user), "form": form}
        return self.render(request, refund, "admin/payments/refund_complete.html", page)


def _rows(refund, user):
    notice, information = refund.notice, refund.notice.information
    payer = information and information.user
    may_see = user.has_perm
    number = numbers.grouped(notice.payment_number)
    if information and may_see("payments.view_paymentinformation"):
        number = link_to(information, number)
    if payer and may_see("payments.view_paymentuser"):
        payer = link_to(payer, f"{payer.user_id} {payer.name}")
    return [
        *rows_of(refund, "state", "reason", "amount", "opened_at"),
        (
            Refund._meta.get_field("notice").verbose_name,
            link_to(notice) if may_see("payments.view_settlementnotice") else str(notice),
        ),
        (notice._meta.get_field("payment_number").verbose_name, number),
        *rows_of(notice, "settled_at", "way", "bank"),
        (PaymentInformation._meta.get_field("user").verbose_name, payer or "-"),
        *rows_of(refund, "done_at", "done_by", "note"),
    ]


def reminder(user):
    """On the first page of staff who close refunds: how many are open."""
    if not may_act(user):
        return None
    count = refunds.waiting().order_by().values("pk")[: COUNTED + 1].count()
    url = reverse("admin:payments_refund_changelist")
    return Reminder(_("還付を待っている入金"), url, count)


admin.site.reminders.append(reminder)
