"""CSV files of applications, as people write them with Excel: read, and the template for them.

The first line names the columns in the portal's own words, in any order; a choice is written by
its word. UTF-8, with or without its mark, and CP932 are told apart by what the bytes are. Windows
writes signs of JIS X 0208 by other numbers (～ as U+FF5E), which no name could hold: they become
those of JIS.
"""

import csv
import io

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.apply.forms.paying import ReceivingForm
from applications.labels import Field
from applications.models import (
    Application,
    Particulars,
    PaymentMethod,
    SubmissionItem,
    WeightClass,
)
from applications.models.particulars import ApplicantKind, VehicleUse
from applications.status import Procedure
from koss.ground.joining import listed

# What one file may hold: it is looked at while somebody waits. Programs send more.
AT_MOST = 100
LARGEST = 512 * 1024
_OWN = {
    "reference": SubmissionItem._meta.get_field("reference").verbose_name,
    "password": Field.APPLICATION_PASSWORD,
    "receiving": Application._meta.get_field("receiving_method").verbose_name,
    "chassis_number_confirmed": gettext_lazy("英字の確認"),
    "recording_agent_conditions": gettext_lazy("記録等事務代行の条件"),
}
NAMES = (
    "reference",
    "procedure",
    "password",
    "email",
    "plate",
    "vehicle_use",
    "chassis_number",
    "chassis_number_confirmed",
    "type_designation",
    "category_number",
    "insurance_number",
    "certificate_number",
    "completion_number",
    "reservation_number",
    "applicant_kind",
    "applicant_name",
    "user_name",
    "user_name_full",
    "owner_name",
    "owner_name_full",
    "postal_code",
    "address",
    "base_address",
    "office",
    "weight_class",
    "earlier",
    "payment_method",
    "receiving",
    "receiver_name",
    "recording_agent_number",
    "recording_agent_name",
    "recording_agent_conditions",
)
# What Windows types and writes → the sign of JIS X 0208 that is meant.
_AS_JIS = str.maketrans({"\uff5e": "\u301c", "\u2225": "\u2016"})
_YES = gettext_lazy("はい")
_CHOICES = {
    "procedure": Procedure.choices,
    "vehicle_use": VehicleUse.choices,
    "applicant_kind": ApplicantKind.choices,
    "weight_class": WeightClass.choices,
    "payment_method": PaymentMethod.choices,
    "receiving": ReceivingForm.base_fields["way"].choices,
}
_AGREED = ("chassis_number_confirmed", "recording_agent_conditions")


class NotAFile(ValueError):
    """The file cannot be read as a whole. ``sentence``: why, for people."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def label(name):
    """The heading of the column ``name``."""
    if name in _OWN:
        return str(_OWN[name])
    fields = {each.name: each for each in Particulars._meta.fields}
    fields |= {each.name: each for each in Application._meta.fields}
    return str(fields[name].verbose_name)


def template():
    """The bytes of an empty file with all headings, as Excel opens it."""
    return _written([[label(name) for name in NAMES]])


def faults_file(found):
    """The bytes of a file with every fault. ``found``: (line, reference, column, sentence)."""
    return _written([[_("行"), label("reference"), _("項目"), _("誤りの内容")], *found])


def read(content):
    """The rows of a file (bytes), as ``koss.bulk.rows`` reads them. Raises NotAFile."""
    if len(content) > LARGEST:
        raise NotAFile(_("512キロバイト以下のファイルを選んでください。"))
    try:
        lines = list(csv.reader(io.StringIO(_decoded(content)), strict=True))
    except csv.Error as error:
        raise NotAFile(_("CSVとして読み取れません。引用符の組を確かめてください。")) from error
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if not lines:
        raise NotAFile(_("ファイルが空です。"))
    names = _names_of(lines[0])
    if not lines[1:]:
        raise NotAFile(_("見出しの行だけで、申請の行がありません。"))
    if len(lines) - 1 > AT_MOST:
        raise NotAFile(_("1つのファイルの申請は%s件までです。分けてください。") % AT_MOST)
    return [_row(names, line) for line in lines[1:]]


def _decoded(content):
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding).translate(_AS_JIS)
        except UnicodeDecodeError:
            continue
    raise NotAFile(_("文字コードが分かりません。UTF-8またはShift_JIS（CP932）で保存してください。"))


def _names_of(headings):
    known = _in_both(lambda: {label(name): name for name in NAMES})
    names = [known.get(_plain(heading)) for heading in headings]
    if unknown := [heading for heading, name in zip(headings, names, strict=True) if not name]:
        raise NotAFile(_("見出しに、ひな形にない名前があります：%s") % listed(unknown)[:200])
    if len(set(names)) < len(names):
        raise NotAFile(_("同じ見出しが二つあります。"))
    if missing := [label(name) for name in ("reference", "procedure") if name not in names]:
        raise NotAFile(_("見出しに、なければならない名前がありません：%s") % listed(missing))
    return names


def _row(names, line):
    row = {}
    for name, cell in zip(names, line, strict=False):
        if value := _plain(cell):
            row[name] = _value(name, value)
    return {"reference": "", "procedure": "", **row}


def _plain(cell):
    """Without the blanks around it, and without Excel's ="001"."""
    cell = cell.strip(" \t　")
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _value(name, typed):
    if name in _AGREED:
        return typed in _in_both(lambda: {str(_YES): True})
    choices = _CHOICES.get(name, ())
    return _in_both(lambda: {str(word): code for code, word in choices}).get(typed, typed)


def _in_both(words):
    """What ``words`` makes in Japanese and in the reader's language: a file may hold either."""
    with translation.override(settings.LANGUAGE_CODE):
        japanese = words()
    return japanese | words()


def _written(lines):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")
