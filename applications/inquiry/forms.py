"""What is typed at 状況照会ログイン. Every message says what to do, beside its field."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.labels import Field
from koss.access.login_forms import TriedPassword
from koss.access.passwords import Verdict
from koss.ground import numbers
from koss.ground.form_fields import NumberField
from koss.ground.forms import PlainMessages


class ReceiptNumberForm(PlainMessages, forms.Form):
    """状況照会 ログイン, first step."""

    receipt_number = NumberField(
        label=Field.RECEIPT_NUMBER,
        reader=numbers.read_receipt_number,
        help_text=_("17桁の数字です。空白やハイフン、全角数字が入っていてもかまいません。"),
    )


class PasswordForm(PlainMessages, TriedPassword, forms.Form):
    """状況照会 ログイン, second step."""

    receipt_number_label = Field.RECEIPT_NUMBER
    refusals = {
        Verdict.WRONG: (200, _("受付番号（到達番号）または申請用パスワードが正しくありません。")),
        Verdict.LOCKED: (
            403,
            _(
                "申請用パスワードはロックされています。解除や再設定はできません。"
                "お問い合わせください。"
            ),
        ),
    }

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
