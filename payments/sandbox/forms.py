"""What people type at the bank."""

from django import forms
from django.forms.renderers import TemplatesSetting

from payments.sandbox import numbers
from payments.sandbox.models import Training

_MOST_YEN = 999_999_999_999


class Renderer(TemplatesSetting):
    """Fields look as bank/field.html says."""

    field_template_name = "bank/field.html"


class PlainInput(forms.TextInput):
    """Shows again what was typed, but for the one sign that no HTML may hold."""

    def format_value(self, value):
        shown = super().format_value(value)
        return shown and shown.replace("\x00", "")


class _NumericInput(PlainInput):
    def __init__(self):
        super().__init__({"inputmode": "numeric", "autocomplete": "off"})


class DigitsField(forms.CharField):
    """So many digits, in any width, with spaces or hyphens between them."""

    def __init__(self, *, length, label, **more):
        super().__init__(label=label, help_text=f"数字{length}桁", widget=_NumericInput, **more)
        self._length = length
        self.error_messages["required"] = f"{label}を入力してください。"
        self.widget.attrs["maxlength"] = length * 2 + 4
        # What is no digit is told in one sentence, whatever it is.
        self.validators = []

    def clean(self, value):
        """The digits alone."""
        digits = numbers.fold(super().clean(value))
        if not (digits.isascii() and digits.isdecimal()) or len(digits) != self._length:
            raise forms.ValidationError(f"{self.label}は、数字{self._length}桁で入力してください。")
        return digits


class AtmForm(forms.Form):
    """オンライン方式: the three numbers that the portal showed."""

    agency_number = DigitsField(length=5, label="収納機関番号")
    payment_number = DigitsField(length=20, label="納付番号")
    confirmation_number = DigitsField(length=6, label="確認番号")


class SignInForm(forms.Form):
    """The customer's number, which is also that of the card, and the password."""

    customer_number = DigitsField(length=11, label="契約者番号（カード番号）")
    password = forms.CharField(
        label="パスワード",
        strip=False,
        max_length=100,
        error_messages={
            "required": "パスワードを入力してください。",
            "max_length": "パスワードは100文字以内で入力してください。",
        },
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class WholeField(forms.IntegerField):
    """A whole number from ``least`` to ``most``; ``said`` is shown for anything else."""

    def __init__(self, *, label, least, most, said, **more):
        super().__init__(
            label=label,
            min_value=least,
            max_value=most,
            widget=_NumericInput,
            error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], said),
            **more,
        )


class AccountForm(forms.Form):
    """What may be changed of a customer while training."""

    balance = WholeField(
        label="残高（円）",
        least=0,
        most=_MOST_YEN,
        said="残高は、0以上の整数を円で入力してください。",
    )
    daily_limit = WholeField(
        label="一日の取扱限度額（円）",
        least=0,
        most=_MOST_YEN,
        said="一日の取扱限度額は、0以上の整数を円で入力してください。",
    )
    closed = forms.BooleanField(label="口座を解約済みにする", required=False)


class TrainingForm(forms.Form):
    """How notices travel to the portal from now on."""

    mode = forms.ChoiceField(
        label="入金通知の届き方",
        choices=Training.Mode.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "入金通知の届き方を選んでください。",
            "invalid_choice": "入金通知の届き方を選んでください。",
        },
    )
    minutes = WholeField(
        label="遅れて届くまでの時間（分）",
        help_text="「遅れて届く」を選んだときに使います。",
        least=1,
        most=24 * 60,
        said="遅れて届くまでの時間は、1から1440までの整数で入力してください。",
    )
