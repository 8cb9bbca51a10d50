"""What the lists of payments can be narrowed to. None of them reads a whole table."""

from datetime import timedelta

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from koss.ground import clock
from koss.ground.dates import read_day
from payments import banks
from payments.labels import Column
from payments.models import NoticeVerdict, PaymentInformation, PaymentState, SettlementNotice


class DueFilter(admin.SimpleListFilter):
    """Unpaid numbers by their due date."""

    title = PaymentInformation._meta.get_field("due_on").verbose_name
    parameter_name = "due"
    DAYS = {"over": -1, "today": 0, "7": 7}

    def lookups(self, request, model_admin):
        return [
            ("over", _("未納で期限切れ")),
            ("today", _("未納で本日まで")),
            ("7", _("未納で7日以内")),
        ]

    def queryset(self, request, queryset):
        if self.value() not in self.DAYS:
            return queryset
        today = clock.today()
        unpaid = queryset.filter(state=PaymentState.UNPAID)
        if self.value() == "over":
            return unpaid.filter(due_on__lt=today)
        last = today + timedelta(days=self.DAYS[self.value()])
        return unpaid.filter(due_on__gte=today, due_on__lte=last)


class NumberFilter(admin.SimpleListFilter):
    """Numbers that the collecting agency has yet to give."""

    title = PaymentInformation._meta.get_field("payment_number").verbose_name
    parameter_name = "number"

    def lookups(self, request, model_admin):
        return [("none", _("回答待ち"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(state=PaymentState.UNPAID, payment_number="")
        return queryset


class LookFilter(admin.SimpleListFilter):
    """Notices that somebody has to ask the bank about."""

    title = _("確認")
    parameter_name = "look"
    VERDICTS = (NoticeVerdict.CONFLICTING, NoticeVerdict.WRONG_AMOUNT, NoticeVerdict.UNKNOWN_NUMBER)

    def lookups(self, request, model_admin):
        return [("yes", _("要確認のみ"))]

    def queryset(self, request, queryset):
        return queryset.filter(verdict__in=self.VERDICTS) if self.value() == "yes" else queryset


class BankFilter(admin.SimpleListFilter):
    title = SettlementNotice._meta.get_field("bank").verbose_name
    parameter_name = "bank"

    def lookups(self, request, model_admin):
        return [(code, f"{code} {name}") for code, name in banks.current().BANKS.items()]

    def queryset(self, request, queryset):
        codes = {code for code, _name in self.lookup_choices}
        return queryset.filter(bank=self.value()) if self.value() in codes else queryset


class DayFilter(admin.SimpleListFilter):
    """One calendar day in Japan, typed or picked."""

    title = Column.SETTLED_ON
    parameter_name = "day"
    template = "admin/payments/day_filter.html"

    def lookups(self, request, model_admin):
        return [("", "")]  # Django hides a filter without any; the form is drawn by the template

    def queryset(self, request, queryset):
        day = read_day(self.value())
        if day is None:
            return queryset
        begins, ends = clock.at(day), clock.at(day + timedelta(days=1))
        return queryset.filter(settled_at__gte=begins, settled_at__lt=ends)

    def choices(self, changelist):
        """The form, with the other parameters that it carries along."""
        yield {
            "name": self.parameter_name,
            "value": self.value() or "",
            "others": [
                (name, value)
                for name, value in changelist.params.items()
                if name != self.parameter_name
            ],
        }
