"""What is typed on the steps of 申請を行う about paying and receiving."""

from dataclasses import asdict

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.apply import address_file, fees
from applications.apply.description import ENTRUSTED
from applications.apply.forms.steps import StepForm, label_of, one_of
from applications.labels import Screen
from applications.models import Application, PaymentMethod
from applications.status import Procedure
from koss.ground import clock, numbers
from koss.ground.form_fields import CodeField, NameField, NumberField, ReadField
from koss.ground.joining import in_brackets
from koss.templatetags.koss import yen
from payments.labels import Screen as PaymentScreen
from payments.payer import batch_file
from qrcodes.issuing.names import LONGEST, read_receiver_name


class ProofForm(StepForm):
    """使用者の住所証明ファイル of a new vehicle's user, where the user made one."""

    file = forms.FileField(
        label=Screen.ADDRESS_FILE,
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "使用者がこのサイトで作成し、署名したファイルです。受け取っていないときは、"
            "選ばずに次へ進みます。"
        ),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file:
            return None
        packed = file.read(address_file.LARGEST + 1)
        try:
            proof = address_file.read(packed, now=clock.now())
        except address_file.AddressFileRefused as refused:
            raise forms.ValidationError(refused.fault.label) from refused
        values = asdict(proof)
        if not address_file.agrees(values, self.answers):
            raise forms.ValidationError(
                _(
                    "使用者の住所証明ファイルの氏名または住所が、入力した使用者名または住所と"
                    "一文字ずつ一致しません。"
                )
            )
        return {**values, "file": packed.decode("utf-8-sig")}

    def values(self):
        return self.cleaned_data["file"] or {}


def weight_choices(procedure, day):
    """The choices of 自動車重量税の区分, each with what it costs an application of ``day``."""
    classes = fees.weight_classes(procedure, day)
    return [(each.value, f"{each.label}{in_brackets(yen(amount))}") for each, amount in classes]


class WeightForm(StepForm):
    """自動車重量税の区分, each with what it costs today."""

    weight_class = one_of(
        label_of(Application, "weight_class"),
        (),
        help_text=gettext_lazy("分からないときは「通常」を選んでください。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["weight_class"].choices = weight_choices(self.procedure, clock.today())


class EarlierForm(StepForm):
    """以前の受付番号, whose fees may carry over."""

    has_earlier = one_of(
        gettext_lazy("取り下げた申請の手数料を引き継ぎますか"),
        [("no", gettext_lazy("引き継がない（初めての申請）")), ("yes", gettext_lazy("引き継ぐ"))],
    )
    earlier = NumberField(
        label=label_of(Application, "earlier"),
        reader=numbers.read_receipt_number,
        required=False,
        help_text=gettext_lazy("引き継ぐときに、取り下げた申請の17桁の番号を入力してください。"),
    )

    def clean(self):
        if self.cleaned_data.get("has_earlier") != "yes":
            self.cleaned_data["earlier"] = ""
        elif not self.cleaned_data.get("earlier") and "earlier" not in self.errors:
            self.add_error("earlier", _("以前の受付番号を入力してください。"))


class PaymentForm(StepForm):
    """納付方法."""

    method = one_of(label_of(Application, "payment_method"), PaymentMethod.choices)


class PayersFileForm(StepForm):
    """まとめ納付管理ファイル, which names who pays. Only what it says is kept, not the file.

    Whether the payer also acts for the applicant is said here and nowhere else: the file alone
    says no such thing (docs/adr/0024).
    """

    file = forms.FileField(
        label=PaymentScreen.BATCH_FILE,
        allow_empty_file=True,
        help_text=gettext_lazy("マイページで取得したファイルを選んでください。"),
    )
    payer_is_agent = one_of(
        label_of(Application, "payer_is_agent"),
        ENTRUSTED.items(),
        help_text=gettext_lazy(
            "申請の手続も任せると、納付する方は、申請用パスワードなしで申請状況を開き、補正、取り下げ、"
            "二次元コードの発行ができます。あとから変えることはできません。"
        ),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > batch_file.LARGEST:
            raise forms.ValidationError(_("16キロバイト以下のファイルを選んでください。"))
        try:
            return batch_file.read(file.read(), clock.now())
        except batch_file.BatchFileRefused as refused:
            raise forms.ValidationError(refused.reason.value) from refused

    def values(self):
        return {
            "payer": self.cleaned_data["file"].user_id,
            "payer_is_agent": self.cleaned_data["payer_is_agent"],
        }


class ReceivingForm(StepForm):
    """受取方法."""

    way = one_of(
        label_of(Application, "receiving_method"),
        [
            ("vehicle", gettext_lazy("自分で受け取る（車両ごとの二次元コード）")),
            ("receiver", gettext_lazy("登録した受取者（証明書等管理業者）が受け取る")),
            ("agent", gettext_lazy("記録等事務代行者に頼む（窓口へ行かない）")),
        ],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.procedure != Procedure.CONTINUED_INSPECTION:
            self.fields["way"].choices = self.fields["way"].choices[:2]


class ReceiverForm(StepForm):
    """The receiver's name, character by character as it was registered."""

    receiver_name = ReadField(
        label=label_of(Application, "receiver_name"),
        reader=read_receiver_name,
        max_length=LONGEST,
        help_text=gettext_lazy(
            "登録したとおりに、空白や括弧、数字もすべて全角で入力してください。"
            "一文字でも違うと、窓口で受け取れません。"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


_YES_NO = [("yes", gettext_lazy("はい")), ("no", gettext_lazy("いいえ"))]


class AgentForm(StepForm):
    """記録等事務代行者, and the three questions on which it depends whether one may be asked."""

    electronic = one_of(gettext_lazy("いまの自動車検査証はICタグの付いた電子車検証ですか"), _YES_NO)
    unchanged = one_of(gettext_lazy("自動車検査証に印刷された事項に変更はありませんか"), _YES_NO)
    no_papers = one_of(
        gettext_lazy("軽自動車税種別割や放置違反金の書面を窓口で示す必要はありませんか"), _YES_NO
    )
    recording_agent_number = CodeField(
        label=label_of(Application, "recording_agent_number"), max_length=20
    )
    recording_agent_name = NameField(
        label=label_of(Application, "recording_agent_name"), max_length=100
    )

    def clean_electronic(self):
        return self._only_yes(
            "electronic", _("紙の自動車検査証（ICタグなし）では、記録等事務代行者に頼めません。")
        )

    def clean_unchanged(self):
        return self._only_yes(
            "unchanged", _("印刷された事項が変わるときは、記録等事務代行者に頼めません。")
        )

    def clean_no_papers(self):
        return self._only_yes(
            "no_papers", _("窓口で書面を示す必要があるときは、記録等事務代行者に頼めません。")
        )

    def _only_yes(self, name, why_not):
        if self.cleaned_data[name] != "yes":
            choose = _("受取方法の画面に戻り、ほかの方法を選んでください。")
            raise forms.ValidationError(f"{why_not}{choose}")
        return "yes"
