"""検索条件 of まとめ納付対象選択 and まとめ納付情報選択. What is left empty narrows nothing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.labels import Column as Owed
from applications.models import Application
from applications.status import Procedure
from koss import numbers
from koss.forms import DayInput, PlainMessages
from payments import batches, choosing
from payments.labels import Column
from payments.models import NumberKind, PaymentState

_EVERYTHING = [("", _("すべて"))]
# Only a debit can be cancelled, never a batch.
_STATES = [choice for choice in PaymentState.choices if choice[0] != PaymentState.CANCELLED]
_RECEIPT_NUMBER_MESSAGES = {
    "characters": _("受付番号は数字で入力してください。"),
    "length": _("受付番号は17桁の数字で入力してください。"),
    "check digit": _("受付番号に誤りがあります。1桁ずつ確かめて入力し直してください。"),
}
_PAYMENT_NUMBER_LENGTH = 20


class _Day(forms.DateField):
    """A day, picked from the browser's calendar or typed."""

    widget = DayInput
    default_error_messages = {"invalid": _("日付は2022-01-31のように入力してください。")}

    def __init__(self, **kwargs):
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
        super().__init__(required=False, input_formats=formats, **kwargs)


class _Number(forms.CharField):
    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        )
        super().__init__(required=False, max_length=60, widget=widget, **kwargs)


class TargetsForm(PlainMessages, forms.Form):
    """検索条件 of まとめ納付対象選択."""

    search_class = choosing.Search

    procedure = forms.ChoiceField(
        label=Column.DUTY, required=False, choices=_EVERYTHING + Procedure.choices
    )
    kind = forms.ChoiceField(
        label=Owed.CHARGE_KIND, required=False, choices=_EVERYTHING + NumberKind.choices
    )
    due_from = _Day(label=Column.DUE_FROM)
    due_to = _Day(label=Column.DUE_TO)
    receipt_number = _Number(label=Application._meta.get_field("receipt_number").verbose_name)

    def clean_receipt_number(self):
        typed = self.cleaned_data["receipt_number"]
        try:
            return numbers.read_receipt_number(typed) if typed else ""
        except numbers.NotANumber as error:
            raise forms.ValidationError(_RECEIPT_NUMBER_MESSAGES[error.reason]) from error

    def clean(self):
        first, last = self.cleaned_data.get("due_from"), self.cleaned_data.get("due_to")
        if first and last and first > last:
            self.add_error("due_to", _("納付期限（自）より前の日は入力できません。"))
        return self.cleaned_data

    @property
    def search(self):
        """What is searched for, once the form is valid."""
        return self.search_class(**self.cleaned_data)

    def conditions(self):
        """現在の検索条件: (name, value) in the order of the form; None where nothing is asked."""
        return [(field.label, self._shown(name)) for name, field in self.fields.items()]

    def _shown(self, name):
        value, field = self.cleaned_data.get(name), self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return dict(field.choices)[value] if value else None
        if isinstance(field, _Number):
            return numbers.grouped(value) or None
        return value


class BatchesForm(TargetsForm):
    """検索条件入力 of まとめ納付情報選択, in the order of まとめ納付情報確認."""

    search_class = batches.Search
    field_order = (
        "procedure",
        "kind",
        "due_from",
        "due_to",
        "payment_number",
        "receipt_number",
        "state",
    )

    payment_number = _Number(label=Column.PAYMENT_NUMBER)
    state = forms.ChoiceField(
        label=Column.BATCH_STATE, required=False, choices=_EVERYTHING + _STATES
    )

    def clean_payment_number(self):
        typed = self.cleaned_data["payment_number"]
        digits = numbers.fold(typed)
        is_number = digits.isascii() and digits.isdecimal()
        if typed and not (is_number and len(digits) == _PAYMENT_NUMBER_LENGTH):
            raise forms.ValidationError(_("納付番号は20桁の数字で入力してください。"))
        return digits
