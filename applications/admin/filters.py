"""What the list of applications can be narrowed to. None of them reads a whole table."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from applications.life import night
from applications.models import Application, Office, ProposalState
from applications.staff import desk, roles, work
from applications.status import Status
from koss.ground import clock
from koss.ground.dates import read_day

_TAXES_DUE = [status for status in night.STAYS if status in Status.PAYABLE]


class WorkFilter(admin.SimpleListFilter):
    """What waits for the person at the screen, and taxes that were not paid in time.

    The latter stay where they are until they are paid: staff see them here and can ask.
    """

    title = _("担当する作業")
    parameter_name = "work"
    UNPAID_TAX = "unpaid_tax"
    SECOND = "second"

    def lookups(self, request, model_admin):
        mine = [("mine", _("対応待ち"))] if roles.actors_of(request.user) else []
        if mine and settings.KOSS_SECOND_REVIEW:
            mine.append((self.SECOND, ProposalState.WAITING.label))
        return [*mine, (self.UNPAID_TAX, _("税の納付期限切れ"))]

    def queryset(self, request, queryset):
        if self.value() == "mine":
            waiting = work.waiting_for(request.user)
            chosen = request.GET.get("status__exact")
            # Of one status alone the index has the list's own order.
            return queryset.filter(status__in=[chosen] if chosen in waiting else waiting)
        if self.value() == self.SECOND:
            return queryset.filter(pk__in=work.to_confirm(request.user).values("application"))
        if self.value() == self.UNPAID_TAX:
            yesterday = clock.today() - timedelta(days=1)
            return queryset.filter(status__in=_TAXES_DUE).overdue_on(yesterday)
        return queryset


class DeadlineFilter(admin.SimpleListFilter):
    title = Application._meta.get_field("deadline").verbose_name
    parameter_name = "deadline"
    DAYS = ("over", "3", "7")

    def lookups(self, request, model_admin):
        return [
            ("over", _("切れ")),
            ("3", _("3日以内")),
            ("7", _("7日以内")),
            ("none", _("なし")),
            *_one_day(request, self.parameter_name),
        ]

    @classmethod
    def is_by_deadline(cls, value):
        """Whether what ``value`` asks for has deadlines to be ordered by."""
        return value in cls.DAYS or read_day(value) is not None

    def queryset(self, request, queryset):
        today = clock.today()
        if self.value() == "over":
            return queryset.overdue_on(today - timedelta(days=1))
        if self.value() == "none":
            return queryset.filter(deadline=None)
        if self.value() in self.DAYS:
            last = today + timedelta(days=int(self.value()))
            return queryset.with_deadline_between(today, last)
        day = read_day(self.value())
        return queryset if day is None else queryset.filter(deadline=day)


class AppliedFilter(admin.SimpleListFilter):
    """By the day of the application; any day that a link asks for."""

    title = Application._meta.get_field("applied_on").verbose_name
    parameter_name = "applied"
    _DAYS = {"0": (0, 0), "1": (1, 1), "7": (6, 0)}

    def lookups(self, request, model_admin):
        return [
            ("0", _("本日")),
            ("1", _("昨日")),
            ("7", _("本日までの7日間")),
            *_one_day(request, self.parameter_name),
        ]

    def queryset(self, request, queryset):
        if self.value() in self._DAYS:
            today = clock.today()
            first, last = (today - timedelta(days=n) for n in self._DAYS[self.value()])
            if first != last:
                return queryset.filter(applied_on__gte=first, applied_on__lte=last)
            return queryset.filter(applied_on=first)  # the index then has the list's own order
        day = read_day(self.value())
        return queryset if day is None else queryset.filter(applied_on=day)


class AgeFilter(admin.SimpleListFilter):
    """For how long the application has had its status."""

    title = _("現在の状況になった日")
    parameter_name = "since"
    _AGES = {age.key: age for age in desk.AGES}

    def lookups(self, request, model_admin):
        return [(age.key, age.title) for age in desk.AGES]

    def queryset(self, request, queryset):
        if self.value() not in self._AGES:
            return queryset
        return queryset.filter(self._AGES[self.value()].condition(clock.today()))


def _one_day(request, parameter):
    """The day that the address asks for, as a choice of its own, where it is one."""
    day = read_day(request.GET.get(parameter))
    return [(day.isoformat(), day.isoformat())] if day else []


class OfficeFilter(admin.SimpleListFilter):
    """A list of ninety offices, folded into one field."""

    title = _("事務所")
    parameter_name = "office"
    template = "admin/applications/folded_filter.html"

    def lookups(self, request, model_admin):
        return list(Office.objects.values_list("pk", "name"))

    def queryset(self, request, queryset):
        offices = {str(key) for key, _name in self.lookup_choices}
        return queryset.filter(office=self.value()) if self.value() in offices else queryset

    def choices(self, changelist):
        return _as_one_field(
            changelist, self.parameter_name, _("すべての事務所"), self.lookup_choices, self.value()
        )


class StatusFilter(admin.ChoicesFieldListFilter):
    """The twenty statuses, folded the same way."""

    template = OfficeFilter.template

    def choices(self, changelist):
        return _as_one_field(
            changelist,
            self.lookup_kwarg,
            _("すべての状況"),
            Status.choices,
            changelist.params.get(self.lookup_kwarg),
        )


def _as_one_field(changelist, parameter, everything, choices, chosen):
    """Each choice, and the other parameters, which the form carries along."""
    yield {
        "everything": everything,
        "options": [
            {"value": key, "name": name, "selected": str(key) == chosen} for key, name in choices
        ],
        "others": [(name, value) for name, value in changelist.params.items() if name != parameter],
        "name": parameter,
    }
