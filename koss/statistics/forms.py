"""What is asked of who wants statistics."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground.forms import DayField, PlainMessages

MOST_DAYS = 400


class PeriodForm(PlainMessages, forms.Form):
    """A kind and a period of at most ``MOST_DAYS`` days. ``today``: the last day of all."""

    kind = forms.ChoiceField(label=_("種類"))
    first = DayField(label=_("最初の日"))
    last = DayField(label=_("最後の日"))

    def __init__(self, *args, kinds, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.key, kind.title) for kind in kinds]
        self._today = today

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and day > self._today:
                self.add_error(
                    name, _("%sまでの日付を入力してください。") % self._today.isoformat()
                )
        if self.errors or not (first and last):
            return
        if last < first:
            self.add_error("last", _("最初の日か、それより後の日付を入力してください。"))
        elif last - first >= timedelta(days=MOST_DAYS):
            self.add_error("last", _("期間は%d日までです。") % MOST_DAYS)
