"""入金通知: every notice as it came in, and what became of it. Nobody changes one."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from koss.admin_kit.lists import ReadOnlyAdmin, Reminder
from koss.ground import dates, numbers
from koss.ground.paging import COUNTED
from koss.templatetags.koss import yen
from payments import banks
from payments.models import NoticeVerdict, PaymentInformation, Reconciliation, SettlementNotice
from payments.money import awaiting
from payments.numbers.admin import refund_of
from payments.staff import finding
from payments.staff.duties import may_act
from payments.staff.filters import BankFilter, DayFilter, LookFilter, read_day
from payments.staff.reading import (
    PageAdmin,
    Table,
    first,
    headings,
    link_to,
    list_of,
    rows_of,
    shown,
)

_LOOK = LookFilter.title
# What staff do about a notice that did not simply arrive.
_TO_DO = {
    NoticeVerdict.CONFLICTING: _(
        "すでに受け取った入金と同じ番号ですが、内容が異なります。先に受け取った内容だけが有効です。"
        "どちらが正しいかを金融機関に確認してください。"
    ),
    NoticeVerdict.WRONG_AMOUNT: _(
        "納付すべき金額と異なるため、消込をしていません。金融機関に確認し、還付してください。"
    ),
    NoticeVerdict.UNKNOWN_NUMBER: _(
        "この納付番号はありません。金融機関に確認し、還付してください。"
    ),
    NoticeVerdict.REPEATED: _("先に受け取った通知と同じ内容です。何もする必要はありません。"),
}
_TO_REFUND = _("消込をしていない入金です。還付してください。")


@admin.register(SettlementNotice)
class SettlementNoticeAdmin(PageAdmin):
    list_display = [
        "settled",
        "settlement_id",
        "number",
        "amount_shown",
        "way",
        "bank",
        "verdict",
        "look",
    ]
    list_display_links = ["settled", "settlement_id"]
    list_select_related = ["refund"]
    list_filter = [LookFilter, DayFilter, BankFilter, "verdict"]
    searches = (finding.by_settlement(), finding.by_payment("information"))
    sortable_by = ()
    page_related = ("information", "refund")

    def get_ordering(self, request):
        """Newest first; those of one day in the order in which they were paid."""
        return ["settled_at", "pk"] if read_day(request.GET.get("day")) else ["-pk"]

    @admin.display(description=SettlementNotice._meta.get_field("settled_at").verbose_name)
    def settled(self, notice):
        return dates.bounded(notice.settled_at)

    @admin.display(description=SettlementNotice._meta.get_field("payment_number").verbose_name)
    def number(self, notice):
        return numbers.grouped(notice.payment_number)

    @admin.display(description=SettlementNotice._meta.get_field("amount").verbose_name)
    def amount_shown(self, notice):
        return yen(notice.amount)

    @admin.display(description=_LOOK)
    def look(self, notice):
        """In words, what stands out."""
        if notice.verdict in LookFilter.VERDICTS:
            return _("要確認")
        if hasattr(notice, "refund"):
            return _("還付：%s") % notice.refund.get_state_display()
        return "-"

    def page_of(self, request, notice):
        information = notice.information
        if information and request.user.has_perm("payments.view_paymentinformation"):
            number = link_to(information, shown(notice, "payment_number"))
        else:
            number = shown(notice, "payment_number")
        rows = [
            *rows_of(notice, "verdict", "settlement_id", "agency_number"),
            (notice._meta.get_field("payment_number").verbose_name, number),
            *_owed(information),
            *rows_of(notice, "amount", "settled_at", "received_at", "way"),
            (notice._meta.get_field("bank").verbose_name, _bank(notice.bank)),
            *rows_of(notice, "found_by"),
            (_("還付"), refund_of(notice, request.user)),
        ]
        return {"rows": rows, "tables": [_others(notice)], "attention": _to_do(notice)}


def _to_do(notice):
    verdict = NoticeVerdict(notice.verdict)
    if verdict in _TO_DO:
        return _TO_DO[verdict]
    return _TO_REFUND if verdict.goes_back else ""


def _owed(information):
    """What should have come in under this number, to be compared."""
    if information is None:
        return []
    label = PaymentInformation._meta.get_field("amount").verbose_name
    return [
        (_("納付すべき%s") % label, yen(information.amount)),
        *rows_of(information, "kind", "due_on", "state"),
    ]


def _others(notice):
    """The other notices of the same money: what came again, or came differently."""
    same = SettlementNotice.objects.filter(settlement_id=notice.settlement_id)
    rows, has_more = first(same.exclude(pk=notice.pk).order_by("pk"))
    names = ("payment_number", "amount", "settled_at", "way", "bank", "verdict")
    return Table(
        "others",
        _("同じ入金番号のほかの通知"),
        headings(SettlementNotice, "received_at", *names),
        [
            [
                link_to(each, shown(each, "received_at")),
                *(shown(each, name) for name in names),
            ]
            for each in rows
        ],
        more=list_of(SettlementNotice, notice.settlement_id) if has_more else "",
    )


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    """照合の状況: until when everything that the bank settled is known."""

    list_display = ["answered_until"]
    fields = ["answered_until"]
    sortable_by = ()


def reminder(user):
    """On the first page of operators: numbers that the night left open for the bank's answer."""
    if not may_act(user):
        return None
    count = awaiting.waiting().order_by().values("pk")[: COUNTED + 1].count()
    if not count:
        return None
    url = reverse("admin:payments_paymentinformation_changelist") + "?due=over"
    return Reminder(_("金融機関の回答を待っている期限切れの納付番号"), url, count)


admin.site.reminders.append(reminder)


def _bank(code):
    name = banks.current().BANKS.get(code, "")
    return f"{code} {name}".strip()
