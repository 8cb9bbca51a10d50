"""入金通知: every notice as it came in, and what became of it. Nobody changes one."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koss import numbers
from koss.templatetags.koss import yen
from payments import banks
from payments.admin import finding
from payments.admin.filters import BankFilter, DayFilter, LookFilter, read_day
from payments.admin.numbers import refund_of
from payments.admin.reading import (
    PageAdmin,
    Table,
    first,
    headings,
    link_to,
    list_of,
    rows_of,
    shown,
)
from payments.models import PaymentInformation, SettlementNotice, Verdict

_LOOK = LookFilter.title
# What staff do about a notice that did not simply arrive.
_TO_DO = {
    Verdict.CONFLICTING: _(
        "すでに受け取った入金と同じ番号ですが、内容が異なります。先に受け取った内容だけが有効です。"
        "どちらが正しいかを金融機関に確認してください。"
    ),
    Verdict.WRONG_AMOUNT: _(
        "納付すべき金額と異なるため、消込をしていません。金融機関に確認し、還付してください。"
    ),
    Verdict.UNKNOWN_NUMBER: _("この納付番号はありません。金融機関に確認し、還付してください。"),
    Verdict.REPEATED: _("先に受け取った通知と同じ内容です。何もする必要はありません。"),
}
_TO_REFUND = _("消込をしていない入金です。還付してください。")


@admin.register(SettlementNotice)
class SettlementNoticeAdmin(PageAdmin):
    list_display = [
        "settled_at",
        "settlement_id",
        "number",
        "amount_shown",
        "way",
        "bank",
        "verdict",
        "look",
    ]
    list_display_links = ["settled_at", "settlement_id"]
    list_select_related = ["refund"]
    list_filter = [LookFilter, DayFilter, BankFilter, "verdict"]
    search_fields = ["settlement_id"]  # draws the search field; see below
    search_help_text = _(
        "入金番号、納付番号、受付番号（空白・ハイフン・全角も可）、納付利用者IDで検索します。"
    )
    sortable_by = ()
    page_related = ("information", "refund")

    def get_ordering(self, request):
        """Newest first; those of one day in the order in which they were paid."""
        return ["settled_at", "pk"] if read_day(request.GET.get("day")) else ["-pk"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        found = finding.informations(search_term)
        return queryset.filter(
            Q(settlement_id=search_term.replace("\x00", "").strip())
            | Q(payment_number=finding.folded(search_term))
            | Q(information__in=found.values("pk"))
        ), False

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
    verdict = Verdict(notice.verdict)
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


def _bank(code):
    name = banks.current().BANKS.get(code, "")
    return f"{code} {name}".strip()
