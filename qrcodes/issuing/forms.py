"""What is typed on 二次元コード発行. Every message says what to do, beside its field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.status import Procedure
from koss.access import password_rule
from koss.access.login_forms import BUSY, SOURCE_BUSY, refusal, with_time
from koss.ground.form_fields import ReadField
from koss.ground.forms import PlainMessages
from qrcodes.issuing import codes
from qrcodes.issuing.names import LONGEST, read_receiver_name
from qrcodes.labels import Field
from qrcodes.models import Code, CodeKind

# More than any rule allows: a field that cuts off would change what somebody pasted.
_LONGEST_PASSWORD = 128
_TYPED = {"autocomplete": "off", "spellcheck": "false"}


def _purposes():
    return [(kind.value, kind.label) for kind in CodeKind if kind != CodeKind.VEHICLE]


def _procedures():
    return [("", _("選択してください")), *Procedure.choices]


def _password(label, **more):
    return forms.CharField(
        label=label,
        max_length=_LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs=_TYPED),
        **more,
    )


class IssueForm(PlainMessages, forms.Form):
    """使用目的, and what each purpose needs."""

    kind = forms.ChoiceField(label=Field.PURPOSE, choices=_purposes, widget=forms.RadioSelect)
    procedure = forms.ChoiceField(
        label=Code._meta.get_field("procedure").verbose_name,
        choices=_procedures,
        required=False,
        help_text=_("認証用のときだけ選んでください。"),
    )
    receiver_name = ReadField(
        label=Field.RECEIVER_NAME_FULL_WIDTH,
        reader=read_receiver_name,
        max_length=LONGEST,
        help_text=_("空白や数字、括弧も全角で入力してください。"),
        widget=forms.TextInput(attrs=_TYPED),
    )
    password = _password(
        Field.RECEIVER_PASSWORD,
        help_text=_(
            "新しく決めるときは、英大文字、英小文字、数字、記号のうち2種類以上を使い、"
            "8～64文字で入力してください。"
        ),
    )
    password_again = _password(Field.RECEIVER_PASSWORD_AGAIN)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].error_messages["required"] = _("使用目的を選んでください。")
        for field in (self.fields["kind"], self.fields["procedure"]):
            field.error_messages["invalid_choice"] = _("表示された中から選んでください。")

    def clean(self):
        typed = super().clean()
        kind = typed.get("kind")
        if kind == CodeKind.AUTHENTICATION:
            if "procedure" not in self.errors and not typed["procedure"]:
                self.add_error("procedure", _("手続種別を選んでください。"))
            if slip := password_rule.slip_of(typed.get("password") or ""):
                self.add_error("password", slip)
        elif kind and "password" in typed:
            name = typed.get("receiver_name", "")
            for fault in password_rule.faults_of(typed["password"], not_this=(name,)):
                self.add_error("password", fault)
        both = "password" in typed and "password_again" in typed
        if both and typed["password"] != typed["password_again"]:
            self.add_error("password_again", _("二つのパスワードが一致していません。"))
        return typed

    def issue(self, *, now, source, device):
        """The new Code; whether its name and password are right is not told to anybody here."""
        typed = self.cleaned_data
        name, password = typed["receiver_name"], typed["password"]
        if typed["kind"] == CodeKind.REGISTRATION:
            return codes.issue_registration(name, password, now=now)
        if typed["kind"] == CodeKind.PASSWORD_CHANGE:
            return codes.issue_password_change(name, password, now=now)
        return codes.issue_authentication(
            name, password, typed["procedure"], now=now, source=source, device=device
        )

    def say_busy(self):
        """Every place at the hasher was taken: nothing was issued."""
        self.add_error(None, BUSY)

    def say_not_now(self, answer):
        """The password was neither checked nor counted: nothing was issued. Returns the status."""
        status, said = refusal(answer)
        self.add_error("password", said)
        return status

    def say_too_many(self, retry_at):
        """This source issued too many of late: nothing was issued."""
        self.add_error(None, with_time(SOURCE_BUSY, retry_at))
