"""What staff are asked when they move an application, write to it, or mark its papers."""

import unicodedata
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications import charges, corrections, plates
from applications.models import Application, AttachmentState, HistoryEntry, Notice
from applications.moves import Inputs, Press
from applications.status import MoveName, Procedure
from applications.table import TABLE
from koss import clock
from koss.forms import PlainMessages

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
_BESIDE_DIGITS = str.maketrans("", "", " ,、円¥\\")
_HIGHEST_PRICE = 100_000_000
_LONGEST_ORDER_DAYS = 366


def asked(asks, application):
    """Of what the table asks, what has to be typed for this application.

    A plate is given to a new vehicle only; a price matters only where the tax can be owed.
    """
    left_out = set()
    if application.procedure != Procedure.NEW_VEHICLE:
        left_out.add("plate")
    reviewed_on = application.reviewed_on
    if reviewed_on is None or reviewed_on > charges.VEHICLE_TAX_LAST_DAY:
        left_out.add("price")
    return [question for question in asks if question not in left_out]


class ReasonForm(PlainMessages, forms.Form):
    """A reason: one of the usual ones, words of one's own, or both."""

    usual_reason = forms.ChoiceField(label=_("定型文"), required=False)
    reason = forms.CharField(
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

    deadline = forms.DateField(
        label=Notice._meta.get_field("deadline").verbose_name,
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("期限日は「2024-06-05」の形で入力してください。")},
    )
    fields_to_correct = forms.MultipleChoiceField(
        label=Notice._meta.get_field("fields").verbose_name,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("申請者は、選んだ項目だけを直すことができます。"),
        error_messages={"invalid_choice": _("選べない補正項目が含まれています。")},
    )
    plate = forms.CharField(
        label=Application._meta.get_field("plate").verbose_name,
        max_length=40,
        help_text=_("例：品川 - 580 - さ - 1234"),
    )
    acquisition_price = forms.CharField(
        label=Application._meta.get_field("acquisition_price").verbose_name,
        max_length=20,
        help_text=_("円。カンマが入っていてもかまいません。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    vehicle_tax_rate = forms.TypedChoiceField(
        label=Application._meta.get_field("vehicle_tax_rate").verbose_name,
        choices=_RATES,
        coerce=Decimal,
        widget=forms.RadioSelect,
    )
    press = forms.CharField(widget=forms.HiddenInput, required=False)

    _FIELDS = {
        "reason": ["usual_reason", "reason"],
        "deadline": ["deadline"],
        "fields": ["fields_to_correct"],
        "plate": ["plate"],
        "price": ["acquisition_price", "vehicle_tax_rate"],
    }

    def __init__(self, *args, asks, application, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = clock.day(now)
        self.application = application
        self.questions = asked(asks, application)
        shown = {name for question in self.questions for name in self._FIELDS[question]}
        for name in set(self.fields) - shown - {"press"}:
            del self.fields[name]
        for name in {"fields_to_correct", "vehicle_tax_rate"} & set(self.fields):
            said = {"label": self.fields[name].label}
            self.fields[name].error_messages["required"] = _("%(label)sを選んでください。") % said
        self.initial.update(
            press=str(Press.fresh(application)),
            deadline=corrections.usual_deadline(now),
            plate=application.plate,
        )
        if "deadline" in self.fields:
            self.fields["deadline"].widget.attrs["min"] = self._tomorrow.isoformat()
        if "fields_to_correct" in self.fields:
            self.fields["fields_to_correct"].choices = [
                (name, corrections.field_label(name))
                for name in corrections.CORRECTABLE[application.procedure]
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

    def clean_plate(self):
        try:
            return plates.read_plate(self.cleaned_data["plate"])
        except plates.NotAPlate as error:
            raise ValidationError(str(error)) from error

    def clean_acquisition_price(self):
        typed = unicodedata.normalize("NFKC", self.cleaned_data["acquisition_price"])
        digits = typed.translate(_BESIDE_DIGITS)
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 10:
            raise ValidationError(_("取得価額は円の単位で、数字で入力してください。"))
        if int(digits) > _HIGHEST_PRICE:
            raise ValidationError(_("取得価額が大きすぎます。桁数を確かめてください。"))
        return int(digits)

    def clean(self):
        return super().clean() if "reason" in self.questions else forms.Form.clean(self)

    def inputs(self):
        """What was said, for ``moves.perform``. Only when the form is valid."""
        said = self.cleaned_data
        changes = ("plate", "acquisition_price", "vehicle_tax_rate")
        return Inputs(
            reason=said.get("whole_reason", ""),
            deadline=said.get("deadline"),
            fields=tuple(said.get("fields_to_correct", ())),
            changes={name: said[name] for name in changes if name in said},
        )

    def tax(self):
        """軽自動車税環境性能割 in yen for what was typed, before anything is saved."""
        self.application.acquisition_price = self.cleaned_data["acquisition_price"]
        self.application.vehicle_tax_rate = self.cleaned_data["vehicle_tax_rate"]
        return charges.vehicle_tax(self.application)


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
    text = forms.CharField(
        label=_("申請者へのお知らせ"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
