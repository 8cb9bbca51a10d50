"""What is typed in a correction: fields that the order names, and a file for each attachment."""

from copy import deepcopy

from django import forms
from django.utils.translation import gettext as _

from applications.apply import address_file
from applications.apply.forms import paying, steps
from applications.correcting import comparing, sending, whole
from applications.intake import plates
from applications.labels import Screen
from applications.life import correctable, corrections
from applications.models import AttachmentKind, Office
from koss.ground.forms import speak_plainly

PROOF = "address_file"
_FILE = "file_"
# The fields of 申請を行う, so that a correction is read by the same readers.
TYPED_FORMS = (
    steps.PlateForm,
    steps.ChassisForm,
    steps.ModelForm,
    steps.PapersForm,
    steps.ApplicantForm,
    steps.UserForm,
    steps.OwnerForm,
    steps.AddressForm,
    steps.BaseForm,
    steps.OfficeForm,
    paying.WeightForm,
    paying.ReceiverForm,
    paying.AgentForm,
)
_TYPED = {name: field for form in TYPED_FORMS for name, field in form.base_fields.items()}
# Optional, or not, in another way than on the steps.
_REQUIRED = {
    "owner_name": True,
    "base_address": True,
    "recording_agent_number": False,
    "recording_agent_name": False,
}


def file_field(kind):
    """The name of the field for a file of this kind of attachment."""
    return f"{_FILE}{kind}"


class CorrectionForm(steps.PlainNames, steps.SureOfLetters, steps.FitsPostalCode, forms.Form):
    """申請の補正. Files are kept by the view as soon as they come, so a fault loses none.

    ``faults``: what was wrong with them, field → sentence. ``judged``: False while a file is only
    added or taken away.
    """

    def __init__(self, *args, order, faults=None, judged=True, **kwargs):
        application = order.application
        self.standing = {name: correctable.value_of(application, name) for name in order.fields}
        super().__init__(*args, initial={**self.standing, **order.proposal}, **kwargs)
        self.order, self.faults, self.judged = order, faults or {}, judged
        for name in order.fields:
            self.fields[name] = field = _field(name, application)
            now = comparing.shown(application, name, self.standing[name]) or _("（空欄）")
            field.help_text = _("いまの申請内容：%s") % now
            if name == PROOF:
                made = _("使用者がこのサイトで作成し、署名したファイルを選んでください。")
                field.help_text = f"{made}{field.help_text}"
            if name == "chassis_number":
                self.offer_to_be_sure()
        for kind in order.attachments:
            self.fields[file_field(kind)] = forms.FileField(
                label=AttachmentKind(kind).label,
                required=False,
                help_text=_("PDF、JPEG、PNG。1件10メガバイト、合わせて30メガバイトまで。"),
                widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png"}),
            )

    def texts(self):
        return [field for field in self if field.name != PROOF and not self._is_paper(field)]

    def proof(self):
        """使用者の住所証明ファイル: (field, what the new file says), or None where it is not asked
        for."""
        if PROOF not in self.fields:
            return None
        new = self.order.proposal.get(PROOF, "")
        is_new = new != self.standing[PROOF]
        return self[PROOF], comparing.shown(self.order.application, PROOF, new) if is_new else ""

    def papers(self):
        """(field, files that count now, files of this correction) of each attachment."""
        asked = self.order.attachments
        standing = list(self.order.application.uploads.standing()) if asked else []
        added = list(self.order.uploads.all()) if asked else []
        return [
            (
                self[file_field(kind)],
                [each for each in standing if each.kind == kind],
                [each for each in added if each.kind == kind],
            )
            for kind in asked
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("chassis_number") not in (None, self.standing.get("chassis_number")):
            self.ask_about_letters()
        self._check_use()
        if "address" in self.fields:
            self.compare_with_code(self._becomes("postal_code"), cleaned.get("address"))
        self._check_agent()
        for name, fault in self.faults.items():
            self.add_error(name, fault)
        if not self.errors:
            self._check_proof()
        if self.judged:
            self._check_completeness()
        return cleaned

    def changes(self):
        """Field name → what was typed, as it was understood."""
        kept = self.order.proposal.get(PROOF, self.standing.get(PROOF))
        return {
            name: kept if name == PROOF else self.cleaned_data[name] for name in self.order.fields
        }

    @staticmethod
    def _is_paper(field):
        return field.name.startswith(_FILE)

    def _becomes(self, name):
        """What stands in the field ``name`` after this correction; None where that is not clear."""
        if name in self.fields:
            return self.cleaned_data.get(name)
        row = getattr(self.order.application, "particulars", None)
        named = name == "plate" or row
        return correctable.value_of(self.order.application, name) if named else None

    def _check_completeness(self):
        for kind in corrections.missing_kinds(self.order):
            if file_field(kind) not in self.faults:
                self.add_error(file_field(kind), _("%sのファイルを選んでください。") % kind.label)
        if PROOF in self.fields and not self.errors and not self.changes()[PROOF]:
            choose = _("%sを選んでください。") % Screen.ADDRESS_FILE
            self.add_error(PROOF, choose)
        if not self.errors and not sending.changes_something(self.order, self.changes()):
            self.add_error(
                next(iter(self.fields)),
                _(
                    "どの項目も変わっていません。"
                    "補正の指示に合わせて、少なくとも1つを直してください。"
                ),
            )

    def _check_use(self):
        if not {"plate", "vehicle_use"} & set(self.fields):
            return
        plate, use = self._becomes("plate"), self._becomes("vehicle_use")
        if not plate or not use or plates.use_of(plate) == use:
            return
        said = {"use": comparing.shown(self.order.application, "vehicle_use", use)}
        if "vehicle_use" in self.fields:
            fault = _("車両番号のひらがなが、選んだ用途（%(use)s）と合いません。") % said
        else:
            fault = _("車両番号のひらがなが、申請した用途（%(use)s）と合いません。") % said
        self.add_error("plate", fault)

    def _check_agent(self):
        """Number and name of 記録等事務代行者: both, or neither."""
        names = ("recording_agent_number", "recording_agent_name")
        if not set(names) <= set(self.fields) or any(name in self.errors for name in names):
            return
        empty = [name for name in names if not self.cleaned_data[name]]
        if len(empty) == 1:
            fault = _("%sを入力してください。頼まないときは、両方を空欄にしてください。")
            self.add_error(empty[0], fault % correctable.label(empty[0]))

    def _check_proof(self):
        """使用者の住所証明ファイル says the same name and address, character by character."""
        bound = ("user_name", "user_name_full", "postal_code", "address")
        named = [name for name in (PROOF, *bound) if name in self.fields]
        if not named or whole.proof_agrees(self.order.application, self.changes()):
            return
        packed = self.changes().get(PROOF) or self.order.application.particulars.address_file
        said = address_file.said_in(packed)
        names = "、".join(filter(None, [said.user_name, said.user_name_full]))
        fault = _(
            "使用者の住所証明ファイルの内容（%(names)s、%(code)s、%(address)s）と"
            "一文字ずつ一致させてください。"
        )
        self.add_error(
            named[0], fault % {"names": names, "code": said.postal_code, "address": said.address}
        )


def _field(name, application):
    """The field for what is typed as ``name``."""
    label = correctable.label(name)
    if name == PROOF:
        return forms.FileField(
            label=label, required=False, widget=forms.FileInput(attrs={"accept": ".json"})
        )
    if name == "office":
        field = forms.TypedChoiceField(label=label, coerce=int, choices=_offices())
    else:
        field = deepcopy(_TYPED[name])
        field.label, field.required = label, _REQUIRED.get(name, field.required)
    if name == "weight_class":
        field.choices = paying.weight_choices(application.procedure, application.applied_on)
    speak_plainly(field)
    if isinstance(field, forms.ChoiceField):
        steps.say_choose(field)
    return field


def _offices():
    """The offices under the names of their prefectures."""
    by_place = {}
    for each in Office.objects.all():
        by_place.setdefault(each.prefecture, []).append((each.pk, each.name))
    return list(by_place.items())
