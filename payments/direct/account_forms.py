"""What is typed for a ダイレクト納付口座."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.ground.form_fields import DigitsField, ReadField
from koss.ground.forms import PlainMessages
from payments import banks
from payments.direct import accounts
from payments.labels import Column, Field
from payments.models import DirectAccount
from payments.models.direct import AccountType

_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class AccountForm(PlainMessages, forms.Form):
    """国庫金／地方税ダイレクト納付口座新規作成."""

    bank = forms.ChoiceField(label=Field.BANK_CODE)
    branch = DigitsField(count=3, label=Field.BRANCH_CODE, help_text=_("3桁の店番号です。"))
    account_type = forms.ChoiceField(
        label=DirectAccount._meta.get_field("account_type").verbose_name,
        choices=AccountType.choices,
        widget=forms.RadioSelect,
    )
    account_number = DigitsField(
        count=7,
        label=DirectAccount._meta.get_field("account_number").verbose_name,
        help_text=_("7桁です。7桁に満たないときは、先頭に0を付けてください。"),
    )
    holder_kana = ReadField(
        label=Column.HOLDER_KANA,
        reader=accounts.read_holder,
        max_length=accounts.LONGEST_HOLDER,
        help_text=_("通帳のとおりに、カタカナで入力してください。半角でも全角でもかまいません。"),
        widget=forms.TextInput(attrs=_TYPED),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bank"].choices = [
            ("", _("選択してください")),
            *banks.current().BANKS.items(),
        ]
        for name in ("bank", "account_type"):
            field = self.fields[name]
            choose = _("%(label)sを選んでください。") % {"label": field.label}
            field.error_messages |= {"required": choose, "invalid_choice": choose}

    def clean_holder_kana(self):
        holder = self.cleaned_data["holder_kana"]
        if accounts.length_of_holder(holder) > accounts.LONGEST_HOLDER:
            raise forms.ValidationError(
                _("半角カナで48文字以内になるように入力してください。濁点も1文字に数えます。")
            )
        return holder

    def rows(self):
        """(label, what was typed) of each field, to be looked at once more."""
        return [(field.label, self._shown(name)) for name, field in self.fields.items()]

    def _shown(self, name):
        value, field = self.cleaned_data[name], self.fields[name]
        return dict(field.choices)[value] if isinstance(field, forms.ChoiceField) else value
