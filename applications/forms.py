"""What applicants type. Every message says what to do, beside its field."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import corrections
from applications.labels import Field
from applications.models import Application
from applications.plates import NotAPlate, read_plate
from koss import numbers
from koss.forms import SOURCE_SPENT, WAIT, PlainMessages
from koss.passwords import Verdict

_NUMBER_MESSAGES = {
    "characters": _("受付番号（到達番号）は数字で入力してください。"),
    "length": _("受付番号（到達番号）は17桁の数字で入力してください。"),
    "check digit": _("受付番号（到達番号）に誤りがあります。1桁ずつ確かめて入力し直してください。"),
}

_REFUSALS = {
    Verdict.WRONG: (
        200,
        _("受付番号（到達番号）または申請用パスワードが正しくありません。"),
    ),
    Verdict.LOCKED: (
        403,
        _("申請用パスワードはロックされています。解除や再設定はできません。お問い合わせください。"),
    ),
    Verdict.WAIT: (429, WAIT),
    Verdict.SOURCE_SPENT: (429, SOURCE_SPENT),
    Verdict.BUSY: (
        429,
        _("ただいま混み合っています。少し待ってから、もう一度ログインを押してください。"),
    ),
}


class ReceiptNumberForm(PlainMessages, forms.Form):
    """状況照会 ログイン, first step."""

    receipt_number = forms.CharField(
        label=Field.RECEIPT_NUMBER,
        max_length=60,
        help_text=_("17桁の数字です。空白やハイフン、全角数字が入っていてもかまいません。"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_receipt_number(self):
        try:
            return numbers.read_receipt_number(self.cleaned_data["receipt_number"])
        except numbers.NotANumber as error:
            raise forms.ValidationError(_NUMBER_MESSAGES[error.reason]) from error


class PasswordForm(PlainMessages, forms.Form):
    """状況照会 ログイン, second step."""

    receipt_number_label = Field.RECEIPT_NUMBER

    password = forms.CharField(
        label=Field.APPLICATION_PASSWORD,
        max_length=128,
        strip=False,
        help_text=_(
            "申請のときに決めたパスワードです。続けて%(times)s回誤るとロックされ、"
            "解除や再設定はできません。"
        ),
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.help_text = field.help_text % {"times": settings.KOSS_LOCK_AFTER}

    def refuse(self, answer):
        """Say beside the field why the password did not open anything; returns the HTTP status."""
        status, message = _REFUSALS[answer.verdict]
        if answer.retry_at:
            moment = timezone.localtime(answer.retry_at)
            message = message % {"time": f"{moment:%H:%M:%S}"}
        self.add_error("password", message)
        return status


class CorrectionForm(PlainMessages, forms.ModelForm):
    """申請の補正: the fields that the order names, and no others."""

    class Meta:
        model = Application
        fields = corrections.ALL_FIELDS

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(order.fields):
            del self.fields[name]
        self.order_fields(order.fields)

    def clean_plate(self):
        try:
            return read_plate(self.cleaned_data["plate"])
        except NotAPlate as error:
            raise forms.ValidationError(str(error)) from error

    def changes(self):
        """Each field's label, what stands in the application, and what was typed."""
        return [
            {"label": field.label, "before": self.initial[name], "after": self.cleaned_data[name]}
            for name, field in self.fields.items()
        ]

    def _post_clean(self):
        """Leave the application alone: the move writes it, under its lock."""
