"""What staff are asked when they move an application, write to it, or mark its papers."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.intake import plates
from applications.intake.plate_field import PlateField
from applications.life import attachments, charges, correctable, corrections
from applications.life.asking import Ask, asked_of
from applications.life.moves import Inputs, RequestKey
from applications.life.table import TABLE
from applications.models import PAPERS, Application, AttachmentState, HistoryEntry, Notice, Proposal
from applications.status import MoveName
from koss.ground import clock, numbers
from koss.ground.form_fields import NumberField, ReasonField
from koss.ground.forms import DayField, PlainMessages
from koss.ground.joining import listed
from koss.ground.text import Unreadable

# Beginnings that staff may pick instead of typing them each time.
USUAL_REASONS = {
    MoveName.ORDER_CORRECTION: [
        _("申請書の記載と添付書類の内容が一致しません。"),
        _("添付書類を確認できません。内容を確かめてください。"),
        _("記載に漏れがあります。"),
    ],
    MoveName.INVALIDATE: [
        _("申請内容から車両を特定できません。"),
        _("同じ車両の申請がすでに受け付けられています。"),
    ],
    MoveName.REJECT: [
        _("補正によって直すことのできない不備があります。"),
        _("検査の基準に適合していることを確認できません。"),
    ],
}
_RATES = [("0", _("0％")), ("0.5", _("0.5％")), ("1", _("1％")), ("2", _("2％"))]
_HIGHEST_PRICE = 100_000_000
_LONGEST_ORDER_DAYS = 366


def read_price(typed):
    """取得価額 in yen, or Unreadable."""
    try:
        price = numbers.read_yen(typed)
    except numbers.NotANumber as error:
        raise Unreadable(_("%(label)sは円の単位で、数字で入力してください。")) from error
    if price > _HIGHEST_PRICE:
        raise Unreadable(_("%(label)sが大きすぎます。桁数を確かめてください。"))
    return price


class ReasonForm(PlainMessages, forms.Form):
    """A reason: one of the usual ones, words of one's own, or both."""

    usual_reason = forms.ChoiceField(label=_("定型文"), required=False)
    reason = ReasonField(
        label=HistoryEntry._meta.get_field("reason").verbose_name,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        usual = USUAL_REASONS.get(name, [])
        if usual:
            self.fields["usual_reason"].choices = [
                ("", _("選ばない")),
                *((sentence, sentence) for sentence in usual),
            ]
        else:
            del self.fields["usual_reason"]
        if any(move.notice for move in TABLE if move.name == name):
            self.fields["reason"].help_text = _("申請者の画面とメールにそのまま載ります。")

    def clean(self):
        cleaned = super().clean()
        pieces = [cleaned.get("usual_reason", ""), cleaned.get("reason", "")]
        cleaned["whole_reason"] = "\n".join(filter(None, pieces))
        if not cleaned["whole_reason"] and "reason" not in self.errors:
            self.add_error("reason", _("理由を入力してください。"))
        return cleaned


class MoveForm(ReasonForm):
    """What one move of one application asks, and nothing else."""

    deadline = DayField(
        label=Notice._meta.get_field("deadline").verbose_name,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("期限日は「2024-06-05」の形で入力してください。")},
    )
    fields_to_correct = forms.MultipleChoiceField(
        label=Notice._meta.get_field("fields").verbose_name,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("選べない補正項目が含まれています。")},
    )
    attachments_to_correct = forms.MultipleChoiceField(
        label=Notice._meta.get_field("attachments").verbose_name,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("申請者は、選んだ添付書類のファイルを提出します。"),
        required=False,
        error_messages={"invalid_choice": _("選べない添付書類が含まれています。")},
    )
    plate = PlateField(
        label=Application._meta.get_field("plate").verbose_name,
        reader=plates.read_new_plate,
        help_text=_("例：品川 - 580 - さ - 1234"),
    )
    acquisition_price = NumberField(
        label=Application._meta.get_field("acquisition_price").verbose_name,
        reader=read_price,
        help_text=_("円。カンマが入っていてもかまいません。"),
    )
    vehicle_tax_rate = forms.TypedChoiceField(
        label=Application._meta.get_field("vehicle_tax_rate").verbose_name,
        choices=_RATES,
        coerce=Decimal,
        widget=forms.RadioSelect,
    )
    despite_missing = forms.BooleanField(
        label=_("そろっていないものがあることを確かめました。このまま審査を完了します")
    )
    note = ReasonField(
        label=Proposal._meta.get_field("note").verbose_name,
        required=False,
        max_length=Proposal._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("2人目に確認してもらいたいことがあれば書きます。申請者には見えません。"),
    )
    request_key = forms.CharField(widget=forms.HiddenInput, required=False)

    _FIELDS = {
        Ask.REASON: ["usual_reason", "reason"],
        Ask.DEADLINE: ["deadline"],
        Ask.FIELDS: ["fields_to_correct", "attachments_to_correct"],
        Ask.PLATE: ["plate"],
        Ask.PRICE: ["acquisition_price", "vehicle_tax_rate"],
    }

    def __init__(self, *args, name, move, application, now, is_proposal=False, **kwargs):
        super().__init__(*args, name=name, **kwargs)
        self.today = clock.day(now)
        self.application = application
        self.questions = asked_of(move, application)
        shown = {name for question in self.questions for name in self._FIELDS[question]}
        if is_proposal:
            shown.add("note")
        missing = attachments.missing(application) if name == MoveName.PASS_REVIEW else []
        if missing:
            shown.add("despite_missing")
            box = self.fields["despite_missing"]
            box.error_messages["required"] = _(
                "そろっていないものを確かめて、チェックを付けてください。"
            )
            box.help_text = _("そろっていないもの：%s") % listed(missing)
        for field in set(self.fields) - shown - {"request_key"}:
            del self.fields[field]
        if "vehicle_tax_rate" in self.fields:
            box = self.fields["vehicle_tax_rate"]
            box.error_messages["required"] = _("%(label)sを選んでください。") % {"label": box.label}
        self.initial.update(
            request_key=str(RequestKey.fresh(application)),
            deadline=corrections.usual_deadline(now),
            plate=application.plate,
        )
        if "deadline" in self.fields:
            self.fields["deadline"].widget.attrs["min"] = self._tomorrow.isoformat()
        if "fields_to_correct" in self.fields:
            self.fields["fields_to_correct"].choices = [
                (item.key, item.label) for item in correctable.items_of(application)
            ]
            self.fields["fields_to_correct"].help_text = _hints(application)
            self.fields["attachments_to_correct"].choices = [
                (kind.value, kind.label) for kind in PAPERS[application.procedure]
            ]

    @property
    def _tomorrow(self):
        return self.today + timedelta(days=1)

    def clean_deadline(self):
        deadline = self.cleaned_data["deadline"]
        if deadline < self._tomorrow:
            raise ValidationError(_("期限日には明日以降の日付を入力してください。"))
        if deadline > self.today + timedelta(days=_LONGEST_ORDER_DAYS):
            raise ValidationError(_("期限日には1年以内の日付を入力してください。"))
        return deadline

    def clean(self):
        cleaned = super().clean() if Ask.REASON in self.questions else forms.Form.clean(self)
        named = self._FIELDS[Ask.FIELDS] if Ask.FIELDS in self.questions else []
        if named and not any(cleaned.get(name) or name in self.errors for name in named):
            self.add_error(
                "fields_to_correct", _("補正項目を選んでください。添付書類だけでもかまいません。")
            )
        return cleaned

    def inputs(self):
        """What was said, for ``moves.perform``. Only when the form is valid."""
        said = self.cleaned_data
        changes = ("plate", "acquisition_price", "vehicle_tax_rate")
        return Inputs(
            reason=said.get("whole_reason", ""),
            deadline=said.get("deadline"),
            fields=self._fields_opened(said.get("fields_to_correct", ())),
            attachments=tuple(said.get("attachments_to_correct", ())),
            changes={name: said[name] for name in changes if name in said},
        )

    def _fields_opened(self, keys):
        items = [item for item in correctable.items_of(self.application) if item.key in keys]
        return tuple(dict.fromkeys(name for item in items for name in item.fields))

    @property
    def closed_fields(self):
        """What no order opens, and why; [] where no order is given."""
        asks = "fields_to_correct" in self.fields
        return correctable.closed_to(self.application) if asks else []

    @property
    def asks_price(self):
        return Ask.PRICE in self.questions

    def tax(self):
        """軽自動車税環境性能割 in yen for what was typed, before anything is saved."""
        self.application.acquisition_price = self.cleaned_data["acquisition_price"]
        self.application.vehicle_tax_rate = self.cleaned_data["vehicle_tax_rate"]
        return charges.vehicle_tax(self.application)


def _hints(application):
    """What to think of before one field is ordered and its neighbour is not."""
    hints = [gettext("申請者は、選んだ項目だけを直すことができます。")]
    particulars = getattr(application, "particulars", None)
    if particulars and particulars.base_address == particulars.address:
        hints.append(gettext("使用者の住所を直しても、使用の本拠の位置は変わりません。"))
    if particulars and particulars.address_file:
        hints.append(
            gettext(
                "使用者名と住所は、使用者の住所証明ファイルと一文字ずつ一致する必要があります。"
                "ファイルの内容も違うときは、ファイルも選んでください。"
            )
        )
    return "".join(hints)


class SecondForm(PlainMessages, forms.Form):
    """What a second member of staff says to a proposal; a reason only to send it back."""

    proposal = forms.CharField(widget=forms.HiddenInput)
    answer = ReasonField(
        label=Proposal._meta.get_field("answer").verbose_name,
        required=False,
        max_length=Proposal._meta.get_field("answer").max_length,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=_("差し戻すときだけ入力します。"),
    )

    def __init__(self, *args, proposal, sends_back, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["proposal"] = str(proposal.pk)
        self.sends_back = sends_back

    def clean(self):
        if self.sends_back and not self.cleaned_data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("差し戻しの理由を入力してください。"))


class AttachmentForm(forms.Form):
    state = forms.ChoiceField(choices=AttachmentState.choices)


class AnnualTaxForm(forms.Form):
    """軽自動車税種別割の納付確認, as found out by staff."""

    # What is posted, what it means for the application, and how it is said.
    _ANSWERS = (
        ("", None, _("未確認")),
        ("yes", True, _("確認できた")),
        ("no", False, _("確認できなかった")),
    )

    confirmed = forms.TypedChoiceField(
        label=Application._meta.get_field("annual_tax_confirmed").verbose_name,
        choices=[(posted, words) for posted, _meaning, words in _ANSWERS],
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
        required=False,
    )

    @classmethod
    def about(cls, application):
        """The form with the answer as it stands."""
        confirmed = application.annual_tax_confirmed
        posted = next(posted for posted, meaning, _words in cls._ANSWERS if meaning is confirmed)
        return cls(initial={"confirmed": posted})

    @classmethod
    def words(cls, meaning):
        """How an answer is said."""
        return next(words for _posted, known, words in cls._ANSWERS if known is meaning)


class AnnouncementForm(PlainMessages, forms.Form):
    text = ReasonField(
        label=_("申請者へのお知らせ"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
