"""次回自動車重量税額照会サービス: a form of answers, and how the tax was reckoned."""

from datetime import timedelta

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.apply import certificate
from applications.intake import next_weight_tax
from applications.life.charges import NoRate, RateTable
from applications.models import Application, WeightClass
from koss.ground import clock
from koss.ground.form_fields import LineField, ReadField
from koss.ground.forms import DayField, PlainMessages

# Nobody knows the tables of a time further away.
_YEARS_AHEAD = 5


class FirstInspectionField(ReadField):
    """初度検査年月: a pair of year and month, the month None where it is not known."""

    reader = staticmethod(next_weight_tax.read_first_inspection)


class WeightTaxForm(PlainMessages, forms.Form):
    """A way to the answer that changes nothing: it is sent by GET."""

    codes = LineField(
        label=_("自動車検査証の二次元コードの文字（任意）"),
        required=False,
        max_length=2000,
        help_text=_(
            "読み取った文字を貼り付けると、初度検査年月を読み取ります。なくても計算できます。"
        ),
    )
    first_inspection = FirstInspectionField(
        label=_("初度検査年月"),
        required=False,
        max_length=20,
        help_text=_("自動車検査証の「初度検査年月」です。例：平成26年5月、2014年5月"),
    )
    inspected_on = DayField(
        label=_("次の車検を受ける日"), help_text=_("まだ決まっていないときは、おおよその日")
    )
    weight_class = forms.ChoiceField(
        label=Application._meta.get_field("weight_class").verbose_name,
        help_text=_(
            "前回の車検の書類や販売店の案内で確かめます。分からないときは「通常」を選んでください。"
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, table, **kwargs):
        super().__init__(*args, **kwargs)
        classes = next_weight_tax.choices(table, clock.today())
        self.fields["weight_class"].choices = [(each.value, each.label) for each in classes]

    def clean_inspected_on(self):
        day, today = self.cleaned_data["inspected_on"], clock.today()
        if not today <= day <= today + timedelta(days=366 * _YEARS_AHEAD):
            raise forms.ValidationError(
                _("今日から%(years)d年後までの日付を入力してください。"),
                params={"years": _YEARS_AHEAD},
            )
        return day

    def clean(self):
        cleaned = super().clean()
        if "first_inspection" in self.errors or "codes" in self.errors:
            return cleaned
        cleaned["first"] = cleaned.get("first_inspection") or self._of_codes(cleaned.get("codes"))
        if not cleaned["first"] and "first_inspection" not in self.errors:
            self.add_error(
                "first_inspection",
                _("初度検査年月を入力するか、二次元コードの文字を貼り付けてください。"),
            )
        elif cleaned["first"] and cleaned["first"][0] > clock.today().year:
            self.add_error("first_inspection", _("これまでの年月を入力してください。"))
        return cleaned

    def _of_codes(self, codes):
        found = certificate.read_first_inspection(codes) if codes else ""
        if codes and not found:
            self.add_error(
                "codes",
                _(
                    "初度検査年月を読み取れませんでした。三つ目のコードを貼り付けるか、下の欄に入力してください。"
                ),
            )
            self.add_error("first_inspection", _("初度検査年月を入力してください。"))
        return next_weight_tax.read_first_inspection(found) if found else None


@require_safe
def view(request, frame):
    """``frame``: what every reading page is drawn with."""
    asked = "inspected_on" in request.GET
    initial = {"inspected_on": clock.today(), "weight_class": WeightClass.NORMAL}
    table = RateTable()
    form = WeightTaxForm(request.GET if asked else None, initial=initial, table=table)
    context = {**frame, "form": form}
    if asked and form.is_valid():
        context |= _reckoned(form, table)
    return render(request, "pages/weight_tax.html", context)


def _reckoned(form, table):
    cleaned = form.cleaned_data
    year, month = cleaned["first"]
    said = {
        "inspected_on": cleaned["inspected_on"],
        "first_year": year,
        "first_month": month,
        "chosen": WeightClass(cleaned["weight_class"]),
    }
    try:
        tax = next_weight_tax.reckon(
            table, inspected_on=said["inspected_on"], first_year=year, of_class=said["chosen"]
        )
    except NoRate:
        return {"asked": said, "no_rate": True}
    return {"asked": said, "tax": tax}
