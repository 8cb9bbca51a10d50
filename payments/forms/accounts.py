"""What is typed for a ダイレクト納付口座, and the file that is to be checked."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from koss.forms import PlainMessages
from payments import accounts, banks, batch_file
from payments.labels import Column, Field, Screen
from payments.models import DirectAccount
from payments.models.direct import AccountType

_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class _Digits(forms.CharField):
    """Exactly ``count`` digits, however wide they were typed."""

    def __init__(self, count, **kwargs):
        self.count = count
        widget = forms.TextInput(attrs={"inputmode": "numeric", **_TYPED})
        super().__init__(max_length=30, widget=widget, **kwargs)

    def clean(self, value):
        folded = unicodedata.normalize("NFKC", super().clean(value)).strip()
        if not re.fullmatch(rf"[0-9]{{{self.count}}}", folded, re.ASCII):
            raise forms.ValidationError(
                _("%(label)sは%(count)s桁の数字で入力してください。"),
                params={"label": self.label, "count": self.count},
            )
        return folded


class AccountForm(PlainMessages, forms.Form):
    """国庫金／地方税ダイレクト納付口座新規作成."""

    bank = forms.ChoiceField(label=Field.BANK_CODE)
    branch = _Digits(3, label=Field.BRANCH_CODE, help_text=_("3桁の店番号です。"))
    account_type = forms.ChoiceField(
        label=DirectAccount._meta.get_field("account_type").verbose_name,
        choices=AccountType.choices,
        widget=forms.RadioSelect,
    )
    account_number = _Digits(
        7,
        label=DirectAccount._meta.get_field("account_number").verbose_name,
        help_text=_("7桁です。7桁に満たないときは、先頭に0を付けてください。"),
    )
    holder_kana = forms.CharField(
        label=Column.HOLDER_KANA,
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
        try:
            holder = accounts.read_holder(self.cleaned_data["holder_kana"])
        except accounts.NotKana as error:
            raise forms.ValidationError(
                _("口座名義に使用できない文字が入っています：%(signs)s"),
                params={"signs": error.signs},
            ) from error
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


class BatchFileForm(PlainMessages, forms.Form):
    """まとめ納付管理ファイルの確認."""

    file = forms.FileField(label=Screen.BATCH_FILE, allow_empty_file=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        messages = self.fields["file"].error_messages
        messages["required"] = _("確認するファイルを選んでください。")
        messages["invalid"] = messages["missing"] = messages["required"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > batch_file.LARGEST:
            raise forms.ValidationError(_("16キロバイト以下のファイルを選んでください。"))
        return file.read()

    def refuse(self, reason):
        """Say beside the field why the file binds nobody."""
        self.add_error("file", reason.value)
