"""検索条件 of まとめ納付対象選択 and まとめ納付情報選択. What is left empty narrows nothing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.labels import Column as Owed
from applications.models import Application
from applications.status import Procedure
from koss.ground import numbers
from koss.ground.form_fields import NumberField
from koss.ground.forms import DayField, PlainMessages
from payments.batches import choosing, overview
from payments.labels import Column
from payments.models import NumberKind, PaymentState

_EVERYTHING = [("", _("すべて"))]
# Only a debit can be cancelled, never a batch.
_STATES = [choice for choice in PaymentState.choices if choice[0] != PaymentState.CANCELLED]


class TargetsForm(PlainMessages, forms.Form):
    """検索条件 of まとめ納付対象選択."""

    search_class = choosing.TargetSearch
    explains = False  # five fields in a row that those who search know

    procedure = forms.ChoiceField(
        label=Column.DUTY, required=False, choices=_EVERYTHING + Procedure.choices
    )
    kind = forms.ChoiceField(
        label=Owed.CHARGE_KIND, required=False, choices=_EVERYTHING + NumberKind.choices
    )
    due_from = DayField(required=False, label=Column.DUE_FROM)
    due_to = DayField(required=False, label=Column.DUE_TO)
    receipt_number = NumberField(
        label=Application._meta.get_field("receipt_number").verbose_name,
        reader=numbers.read_receipt_number,
        required=False,
    )

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
        if isinstance(field, NumberField):
            return numbers.grouped(value) or None
        return value


class BatchesForm(TargetsForm):
    """検索条件入力 of まとめ納付情報選択, in the order of まとめ納付情報確認."""

    search_class = overview.BatchSearch
    field_order = (
        "procedure",
        "kind",
        "due_from",
        "due_to",
        "payment_number",
        "receipt_number",
        "state",
    )

    payment_number = NumberField(
        label=Column.PAYMENT_NUMBER, reader=numbers.read_payment_number, required=False
    )
    state = forms.ChoiceField(
        label=Column.BATCH_STATE, required=False, choices=_EVERYTHING + _STATES
    )
