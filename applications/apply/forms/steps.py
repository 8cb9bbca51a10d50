"""What is typed on the steps of 申請を行う about the vehicle, the people and the places.

Every form gets the ``procedure`` and the ``answers`` of the draft, and gives ``values()``: what the
draft keeps of it, which JSON can hold. Messages stand beside their field and say what to do.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.apply import names
from applications.intake import plates
from applications.intake.plate_field import PlateField
from applications.models import Application, Office, OfficeArea, Particulars
from applications.models.particulars import ApplicantKind, VehicleUse
from applications.postal import table as postal
from applications.status import Procedure
from koss.ground import text
from koss.ground.form_fields import (
    ChassisNumberField,
    CodeField,
    DigitsField,
    NameField,
    ReadField,
)
from koss.ground.forms import PlainMessages
from koss.ground.joining import listed

# Letters that a chassis number hardly ever has, and the digit that is meant …
_CONFUSABLE = {"O": "0", "I": "1", "Q": "0"}
# … and those that stand in many a type (LA100S), but hardly ever in the serial number after it.
_CONFUSABLE_IN_SERIAL = {"D": "0", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}


def label_of(model, name):
    return model._meta.get_field(name).verbose_name


class StepForm(PlainMessages, forms.Form):
    """One step. ``procedure`` and ``answers`` are those of the draft."""

    def __init__(self, *args, procedure, answers, **kwargs):
        self.procedure, self.answers = procedure, answers
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                say_choose(field)

    def values(self):
        """What the draft keeps: field name → text, as it was understood."""
        return dict(self.cleaned_data)


def say_choose(field):
    """Let the messages of a choice say what to do."""
    choose = _("%(label)sを選んでください。") % {"label": field.label}
    field.error_messages |= {"required": choose, "invalid_choice": choose}


def one_of(label, choices, **kwargs):
    """A choice by radio buttons."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


class PlateForm(StepForm):
    """車両番号 and 用途, which its kana must fit."""

    vehicle_use = one_of(label_of(Particulars, "vehicle_use"), VehicleUse.choices)
    plate = PlateField(
        label=label_of(Application, "plate"), help_text=gettext_lazy("例：品川 - 580 - さ - 1234")
    )

    field_order = ["plate", "vehicle_use"]

    def clean(self):
        plate, use = self.cleaned_data.get("plate"), self.cleaned_data.get("vehicle_use")
        if plate and use and use != plates.use_of(plate):
            self.add_error(
                "vehicle_use",
                _(
                    "車両番号のひらがなと用途が合いません。"
                    "事業用は「り」「れ」、貸渡は「わ」、そのほかは自家用です。"
                ),
            )


class UseForm(StepForm):
    """用途 of a new vehicle, which has no plate yet."""

    vehicle_use = one_of(label_of(Particulars, "vehicle_use"), VehicleUse.choices)


class SureOfLetters:
    """Mixin for forms with 車台番号. By a wrong one no paper is ever found, so a doubtful letter is
    asked about: the box ``sure`` is there only where the number has one."""

    @staticmethod
    def doubtful(typed):
        """Letter → digit, of the letters in ``typed`` that are easily taken for one."""
        try:
            number = text.read_chassis_number(typed)
        except text.Unreadable:
            return {}
        _type, _hyphen, serial = number.rpartition("-")
        in_serial = serial if _type else ""
        return {
            **{letter: digit for letter, digit in _CONFUSABLE.items() if letter in number},
            **{each: digit for each, digit in _CONFUSABLE_IN_SERIAL.items() if each in in_serial},
        }

    def offer_to_be_sure(self):
        typed = self.data.get("chassis_number") or self.initial.get("chassis_number", "")
        if self.doubtful(typed):
            self.fields["sure"] = forms.BooleanField(
                label=_("入力した文字で間違いありません"), required=False
            )

    def ask_about_letters(self):
        letters = self.doubtful(self.cleaned_data.get("chassis_number", ""))
        if letters and not self.cleaned_data.get("sure"):
            for letter, digit in letters.items():
                self.add_error(
                    "chassis_number",
                    _(
                        "英字の「%(letter)s」が入っています。数字の「%(digit)s」ではありませんか。"
                        "正しいときは、下の欄に印を付けてください。"
                    )
                    % {"letter": letter, "digit": digit},
                )


class ChassisForm(SureOfLetters, StepForm):
    """車台番号."""

    chassis_number = ChassisNumberField(
        label=label_of(Application, "chassis_number"),
        max_length=30,
        help_text=gettext_lazy(
            "自動車検査証や完成検査終了証のとおりに、英数字とハイフンで入力してください。"
            "例：AX01-0000001"
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_to_be_sure()

    def clean(self):
        self.ask_about_letters()

    def values(self):
        return {"chassis_number": self.cleaned_data["chassis_number"]}


class ModelForm(StepForm):
    """型式指定番号 and 類別区分番号 of a new vehicle."""

    type_designation = DigitsField(count=5, label=label_of(Particulars, "type_designation"))
    category_number = DigitsField(count=4, label=label_of(Particulars, "category_number"))


def _paper(name, **more):
    longest = Particulars._meta.get_field(name).max_length
    return CodeField(label=label_of(Particulars, name), max_length=longest, required=False, **more)


class PapersForm(StepForm):
    """Numbers of papers that other systems hold. They are looked for by 車台番号 all the same."""

    insurance_number = _paper("insurance_number")
    certificate_number = _paper("certificate_number")
    completion_number = _paper("completion_number")
    reservation_number = _paper(
        "reservation_number",
        help_text=gettext_lazy("希望番号を予約していないときは、空欄にしてください。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        other = (
            ("completion_number", "reservation_number")
            if self.procedure == Procedure.CONTINUED_INSPECTION
            else ("certificate_number",)
        )
        for name in other:
            del self.fields[name]


class PlainNames:
    """Mixin for forms: 高水準文字 only in ``…_name_full``, which not every procedure has."""

    def clean(self):
        for name in [name for name in self.fields if name.endswith("_name")]:
            if self.cleaned_data.get(name):
                self._refuse_high_level(name)
        return self.cleaned_data

    def _refuse_high_level(self, name):
        typed = self.cleaned_data[name]
        high = names.high_level(typed)
        if not high:
            return
        said = {"signs": listed(high), "name": names.substituted(typed)}
        if names.high_level(said["name"]):
            self.add_error(
                name,
                _("高水準文字（%(signs)s）は使えません。同等の文字に置き換えてください。") % said,
            )
        else:
            self.add_error(
                name,
                _("高水準文字（%(signs)s）は使えません。「%(name)s」と入力してください。") % said,
            )


class ApplicantForm(PlainNames, StepForm):
    """申請者."""

    applicant_kind = one_of(label_of(Particulars, "applicant_kind"), ApplicantKind.choices)
    applicant_name = NameField(
        label=label_of(Application, "applicant_name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class UserForm(PlainNames, StepForm):
    """使用者; a new vehicle's certificate prints 高水準文字."""

    user_name = NameField(label=label_of(Application, "user_name"), max_length=100)
    user_name_full = NameField(
        label=label_of(Application, "user_name_full"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("氏名に高水準文字があるときだけ、その文字で入力してください。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        applicant = self.answers.get("applicant", {})
        if applicant.get("applicant_kind") == ApplicantKind.SELF:
            self.fields["user_name"].initial = applicant["applicant_name"]
        if self.procedure == Procedure.CONTINUED_INSPECTION:
            del self.fields["user_name_full"]


class OwnerForm(PlainNames, StepForm):
    """所有者, who may be the user (同上)."""

    same = one_of(
        gettext_lazy("所有者"),
        [("yes", gettext_lazy("使用者と同じ（同上）")), ("no", gettext_lazy("使用者と異なる"))],
    )
    owner_name = NameField(
        label=label_of(Application, "owner_name"), max_length=100, required=False
    )
    owner_name_full = NameField(
        label=label_of(Application, "owner_name_full"), max_length=100, required=False
    )

    def clean(self):
        same, name = self.cleaned_data.get("same"), self.cleaned_data.get("owner_name")
        if same == "yes":
            self.cleaned_data |= {"owner_name": "", "owner_name_full": ""}
        elif same == "no" and not name and "owner_name" not in self.errors:
            self.add_error("owner_name", _("所有者名を入力してください。"))
        super().clean()


class FitsPostalCode:
    """Mixin for forms with an ``address`` and its postal code."""

    def compare_with_code(self, code, address):
        known = postal.addresses_of(code) if code else []
        if address and known and not any(address.startswith(one.prefecture) for one in known):
            self.add_error(
                "address",
                _("郵便番号%(code)sは%(prefecture)sの番号です。住所と郵便番号を確かめてください。")
                % {"code": postal.shown(code), "prefecture": known[0].prefecture},
            )


class AddressForm(FitsPostalCode, StepForm):
    """使用者の住所, found by its postal code or typed."""

    postal_code = ReadField(
        label=label_of(Particulars, "postal_code"),
        reader=postal.read_code,
        help_text=gettext_lazy("7桁の数字です。ハイフンがあってもかまいません。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    address = ReadField(
        label=label_of(Particulars, "address"),
        reader=names.read_address,
        max_length=200,
        help_text=gettext_lazy("都道府県から、番地や建物の名前まで入力してください。"),
    )

    def clean(self):
        self.compare_with_code(
            self.cleaned_data.get("postal_code"), self.cleaned_data.get("address")
        )


class AddressFileForm(AddressForm, UserForm):
    """使用者の住所証明ファイル作成: the user's name in both forms, and the address."""

    field_order = ["user_name", "user_name_full", "postal_code", "address"]

    def clean(self):
        AddressForm.clean(self)
        UserForm.clean(self)


class BaseForm(StepForm):
    """使用の本拠の位置."""

    same = one_of(
        label_of(Particulars, "base_address"),
        [("yes", gettext_lazy("使用者の住所と同じ")), ("no", gettext_lazy("使用者の住所と異なる"))],
    )
    base_address = ReadField(
        label=gettext_lazy("使用の本拠の住所"),
        reader=names.read_address,
        max_length=200,
        required=False,
        help_text=gettext_lazy("使用者の住所と異なるときに、都道府県から入力してください。"),
    )

    def clean(self):
        same, typed = self.cleaned_data.get("same"), self.cleaned_data.get("base_address")
        if same == "yes":
            self.cleaned_data["base_address"] = ""
        elif same == "no" and not typed and "base_address" not in self.errors:
            self.add_error("base_address", _("使用の本拠の住所を入力してください。"))


class OfficeForm(StepForm):
    """申請先: the offices of one prefecture, at first of the one where the vehicle is based.

    The office to whose area the place belongs is marked until another is chosen.
    """

    prefecture = forms.ChoiceField(
        label=gettext_lazy("事務所等のある都道府県"),
        choices=[
            ("", gettext_lazy("選んでください")),
            *((each, each) for each in names.PREFECTURES),
        ],
    )
    office = one_of(label_of(Application, "office"), ())

    def __init__(self, *args, prefecture="", **kwargs):
        super().__init__(*args, **kwargs)
        where = prefecture if prefecture in names.PREFECTURES else self._place()
        self.initial = {**self.initial, "prefecture": where}
        offices = Office.objects.filter(prefecture=where)
        self.fields["office"].choices = [(str(each.pk), each.name) for each in offices]
        if not self.fields["office"].choices:  # which there are is seen once a prefecture is chosen
            del self.fields["office"]

    def _place(self):
        """Where the office that was chosen before is, else the one for the vehicle's base."""
        based = names.base_address(self.answers)
        office = Office.objects.filter(pk=self.initial.get("office") or None).first()
        if office is None and not self.is_bound and (office := OfficeArea.office_of(based)):
            self.initial = {**self.initial, "office": str(office.pk)}
        return office.prefecture if office else names.prefecture_of(based) or ""

    def clean(self):
        if "office" not in self.fields and not self.errors:
            self.add_error("prefecture", self.fields["prefecture"].error_messages["required"])

    def values(self):
        return {"office": self.cleaned_data["office"]}
