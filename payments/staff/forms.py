"""What staff are asked when they act upon payments."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from koss.ground.form_fields import ReasonField
from koss.ground.forms import DayField, PlainMessages
from payments.labels import Column
from payments.models import Refund, UserEvent


def _reason(field, **kwargs):
    return ReasonField(
        label=field.verbose_name,
        max_length=field.max_length,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        **kwargs,
    )


class AccessReasonForm(PlainMessages, forms.Form):
    """Why a payment user is kept out, or let in again."""

    reason = _reason(UserEvent._meta.get_field("reason"))


class RefundForm(PlainMessages, forms.Form):
    """How the money went back."""

    note = _reason(
        Refund._meta.get_field("note"),
        help_text=_("還付した日、方法、金融機関の受付番号など。あとから変更できません。"),
    )


class DayForm(PlainMessages, forms.Form):
    """The day of the daily report."""

    day = DayField(
        label=Column.SETTLED_ON,
        error_messages={"invalid": _("入金日は「2024-06-05」の形で入力してください。")},
    )

    def __init__(self, *args, first, last, **kwargs):
        super().__init__(*args, **kwargs)
        said = {"first": first.isoformat(), "last": last.isoformat()}
        outside = _("入金日は%(first)sから%(last)sまでの日付を入力してください。") % said
        self.fields["day"].validators += [
            MinValueValidator(first, outside),
            MaxValueValidator(last, outside),
        ]
