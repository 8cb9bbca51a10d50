"""What is typed before and after the steps: the first page, coming back, and the signature."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.apply import certificate, drafts
from applications.labels import Field
from applications.models import PAPERS, Application, Draft, Upload
from applications.signatures import der
from applications.status import Procedure
from applications.uploads import inspecting
from applications.uploads.refusals import FileRefused
from koss.access import password_rule
from koss.access.login_forms import TriedPassword
from koss.access.passwords import Verdict
from koss.ground.form_fields import MailField, NumberField, ReadField
from koss.ground.forms import PlainMessages

_PASSWORD = {"autocomplete": "new-password", "spellcheck": "false"}


class BeginForm(PlainMessages, forms.Form):
    """手続種別, 申請用パスワード and メールアドレス. Neither of the two can be changed later."""

    procedure = forms.ChoiceField(
        label=Application._meta.get_field("procedure").verbose_name,
        choices=Procedure.choices,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=Field.APPLICATION_PASSWORD,
        max_length=128,
        strip=False,
        help_text=gettext_lazy(
            "8文字以上64文字以内の半角で、英大文字、英小文字、数字、記号のうち2種類以上を使います。"
            "あとから変えたり、忘れたときに再設定したりすることはできません。"
        ),
        widget=forms.PasswordInput(attrs=_PASSWORD),
    )
    again = forms.CharField(
        label=gettext_lazy("申請用パスワード（確認用）"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs=_PASSWORD),
    )
    email = MailField(
        own=True,
        label=Application._meta.get_field("email").verbose_name,
        help_text=gettext_lazy(
            "受付番号や納付期限、補正の指示をお知らせします。申請したあとは変えられません。"
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choose = _("手続種別を選んでください。")
        self.fields["procedure"].error_messages |= {"required": choose, "invalid_choice": choose}

    def clean_password(self):
        password = self.cleaned_data["password"]
        for fault in password_rule.faults_of(password):
            self.add_error("password", fault)
        return password

    def clean(self):
        password, again = (self.cleaned_data.get(name) for name in ("password", "again"))
        if password and again and password != again:
            self.add_error("again", _("確認用のパスワードが一致しません。"))


class ResumeForm(PlainMessages, TriedPassword, forms.Form):
    """手続準備番号 and the password of the first page."""

    refusals = {
        Verdict.WRONG: (
            200,
            gettext_lazy("手続準備番号または申請用パスワードが正しくありません。"),
        ),
        Verdict.LOCKED: (
            403,
            gettext_lazy("申請用パスワードはロックされています。新しく申請を始めてください。"),
        ),
    }

    number = NumberField(
        label=Draft._meta.get_field("number").verbose_name,
        reader=drafts.read_number,
        help_text=gettext_lazy("12桁の数字です。空白やハイフンが入っていてもかまいません。"),
    )
    password = forms.CharField(
        label=Field.APPLICATION_PASSWORD,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PrefillForm(PlainMessages, forms.Form):
    """The codes of a 自動車検査証 as text or as a picture, or the file of the viewer."""

    codes = ReadField(
        reader=str,
        label=gettext_lazy("二次元コードの内容"),
        required=False,
        max_length=certificate.LARGEST,
        help_text=gettext_lazy(
            "USBの読み取り機で続けて読み取るか、読み取った文字を貼り付けてください。"
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("車検証閲覧アプリのファイル"),
        required=False,
        help_text=gettext_lazy("JSONまたはCSVのファイルです。"),
    )
    picture = forms.FileField(
        label=gettext_lazy("二次元コードの写真"),
        required=False,
        help_text=gettext_lazy("JPEGまたはPNGの写真です。読み取ったあとは保存しません。"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )

    def clean(self):
        given = [name for name in ("codes", "file", "picture") if self.cleaned_data.get(name)]
        if self.errors:
            return
        if len(given) != 1:
            raise forms.ValidationError(
                _("読み取った文字、ファイル、写真のどれか一つを入れてください。")
            )
        [name] = given
        try:
            self.cleaned_data["steps"] = self._read(name)
        except certificate.NotACertificate:
            self.add_error(
                name, _("軽自動車の自動車検査証として読み取れませんでした。入力し直してください。")
            )
        except FileRefused as refused:
            self.add_error(name, refused.fault.label)

    def _read(self, name):
        value = self.cleaned_data[name]
        if name == "codes":
            return certificate.read_codes(value)
        if name == "file":
            return certificate.read_file(value.read(certificate.LARGEST + 1))
        return certificate.read_codes("\n".join(inspecting.codes_in(value)))


class UploadForm(PlainMessages, forms.Form):
    """One file, and which paper it is."""

    kind = forms.ChoiceField(
        label=Upload._meta.get_field("kind").verbose_name, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=gettext_lazy("ファイル"),
        allow_empty_file=True,
        help_text=gettext_lazy("PDF、JPEG、PNG。1件10メガバイト、合わせて30メガバイトまで。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png"}),
    )

    def __init__(self, *args, procedure, **kwargs):
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.choices = [(each.value, each.label) for each in PAPERS[Procedure(procedure)]]
        choose = _("添付書類を選んでください。")
        kind.error_messages |= {"required": choose, "invalid_choice": choose}
        self.fields["file"].error_messages["required"] = _("ファイルを選んでください。")


class SignatureForm(PlainMessages, forms.Form):
    """The signature as a file; the page's own script puts what it signed into the same field."""

    signature = forms.FileField(label=gettext_lazy("署名ファイル"), allow_empty_file=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        messages = self.fields["signature"].error_messages
        messages["required"] = _("この画面で署名するか、署名ファイルを選んでください。")
        messages["invalid"] = messages["missing"] = messages["required"]

    def clean_signature(self):
        # One byte more than is taken: the check says that it is too large.
        return self.cleaned_data["signature"].read(der.MOST_BYTES + 1)
