"""The tables that staff keep: rates, offices, counter desks."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.models import ChargeKind, CounterDesk, Office, OfficeArea, Rate
from koss.admin_kit import search
from koss.admin_kit.lists import StaffAdmin
from koss.ground import clock


class RateForm(forms.ModelForm):
    def clean_first_day(self):
        first_day = self.cleaned_data["first_day"]
        if first_day <= clock.today():
            raise ValidationError(_("適用開始日には明日以降の日付を入力してください。"))
        return first_day

    def clean_kind(self):
        kind = self.cleaned_data["kind"]
        if kind == ChargeKind.VEHICLE_TAX:
            raise ValidationError(_("この税は取得価額と税率から計算するため、額表には載せません。"))
        return kind

    def clean(self):
        cleaned = super().clean()
        is_weight_tax = cleaned.get("kind") == ChargeKind.WEIGHT_TAX
        if "kind" in cleaned and is_weight_tax != bool(cleaned.get("weight_class")):
            self.add_error(
                "weight_class",
                _("自動車重量税のときは選び、それ以外のときは空のままにしてください。"),
            )
        # Nobody can pay nothing: an application that owes 0 would wait for ever.
        if cleaned.get("amount") == 0 and cleaned.get("kind") != ChargeKind.TECHNICAL_FEE:
            self.add_error("amount", _("1円以上の金額を入力してください。"))
        return cleaned


@admin.register(Rate)
class RateAdmin(StaffAdmin):
    """A line that is in force never changes: what a day costs is the same whenever it is asked."""

    form = RateForm
    list_display = ["kind", "procedure", "weight_class", "first_day", "amount"]
    list_filter = ["kind", "procedure", "weight_class"]

    def has_change_permission(self, request, obj=None):
        is_in_force = obj is not None and obj.first_day <= clock.today()
        return not is_in_force and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changeform_initial_data(self, request):
        return {"first_day": clock.today() + timedelta(days=1)}


@admin.register(Office)
class OfficeAdmin(StaffAdmin):
    list_display = ["name", "prefecture", "address", "hours", "order"]
    searches = (search.Words(_("事務所名・所在都道府県"), "name", "prefecture"),)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OfficeArea)
class OfficeAreaAdmin(StaffAdmin):
    list_display = ["place", "office"]
    list_select_related = ["office"]
    searches = (search.Words(_("区域・事務所名"), "place", "office__name"),)


@admin.register(CounterDesk)
class CounterDeskAdmin(StaffAdmin):
    list_display = ["user", "office"]
    list_select_related = ["user", "office"]
