"""The canonical description of an application: what is shown, signed and sent.

Plain UTF-8 text, one ``項目：値`` a line in the order of the steps, lines ending in LF. Answers
that do not apply are left out. The words are always Japanese: the text is signed, and a reader in
another language must sign the same.
"""

import hashlib

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from applications.apply import journey, names
from applications.life import correctable
from applications.models import Office, PaymentMethod, ReceivingMethod, WeightClass
from applications.models.particulars import ApplicantKind, VehicleUse
from applications.postal import table as postal
from applications.status import Procedure

_VERSION = "1"
_RECEIVING = {
    "vehicle": ReceivingMethod.VEHICLE_CODE.label,
    "receiver": ReceivingMethod.RECEIVER_CODE.label,
    "agent": _("記録等事務代行者による返付"),
}
# What the payer who is named in the application is to do, beside being named there.
ENTRUSTED = {"no": _("納付だけを任せる"), "yes": _("納付と申請の手続を任せる")}


def rows_of(draft, answers):
    """(step, [(label, value), …]) of every step that applies and is answered, in order."""
    return rows_with(draft.procedure, answers, draft.uploads.all())


def rows_with(procedure, answers, uploads):
    """As ``rows_of``, with the files ``uploads``."""
    applying = journey.applying(procedure, answers)
    rows = []
    for name, values in applying.items():
        if name == "files":
            shown_here = [(str(each.get_kind_display()), _file(each)) for each in uploads]
        else:
            shown_here = [
                (str(correctable.label(field)), shown(field, value))
                for field, value in _FIELDS[name](values, answers)
                if value
            ]
        rows.append((journey.BY_NAME[name], shown_here))
    return rows


def text_of(draft, answers):
    """The canonical description as bytes."""
    with translation.override("ja"):
        return _text(
            "軽自動車OSS 申請内容",
            f"手続準備番号：{draft.number}",
            draft.procedure,
            rows_of(draft, answers),
        )


def text_of_row(bulk_id, reference, procedure, answers, uploads):
    """The canonical description of one application of a set, as bytes.

    It names the 一括利用者ID and the sender's own number, so that a signature is good for one
    application. ``uploads``: with their kinds, names and digests.
    """
    with translation.override("ja"):
        return _text(
            "軽自動車OSS 申請内容",
            f"一括利用者ID：{bulk_id}\n整理番号：{reference}",
            procedure,
            rows_with(procedure, answers, uploads),
        )


def text_of_corrected(order, procedure, answers, uploads):
    """The canonical description of a whole application as the answer to ``order`` makes it.

    It names the order by its moment, so that a signature answers no other.
    """
    with translation.override("ja"):
        return _text(
            "軽自動車OSS 補正後の申請内容",
            f"受付番号：{order.application.receipt_number}\n"
            f"補正の指示：{timezone.localtime(order.at).isoformat(timespec='milliseconds')}",
            procedure,
            rows_with(procedure, answers, uploads),
        )


def _text(title, subject, procedure, rows):
    lines = [title, f"様式：{_VERSION}", subject, f"手続種別：{Procedure(procedure).label}"]
    lines += [f"{label}：{value}" for _step, pairs in rows for label, value in pairs]
    return ("\n".join(lines) + "\n").encode()


def _file(upload):
    return f"{upload.name}（SHA-256 {upload.digest}）"


def _only(*names_of_fields):
    return lambda values, answers: [(name, values.get(name, "")) for name in names_of_fields]


def _owner(values, answers):
    if values["same"] == "yes":
        return [("owner_name", answers.get("user", {}).get("user_name", ""))]
    return _only("owner_name", "owner_name_full")(values, answers)


def _proof(values, answers):
    return [("address_file", digest_of(values["file"]) if values else "")]


def digest_of(packed):
    """A 使用者の住所証明ファイル in words: it is handed on as it is."""
    return f"SHA-256 {hashlib.sha256(packed.encode()).hexdigest()}"


_FIELDS = {
    "plate": _only("plate", "vehicle_use"),
    "use": _only("vehicle_use"),
    "chassis": _only("chassis_number"),
    "model": _only("type_designation", "category_number"),
    "papers": _only(
        "insurance_number", "certificate_number", "completion_number", "reservation_number"
    ),
    "applicant": _only("applicant_kind", "applicant_name"),
    "user": _only("user_name", "user_name_full"),
    "owner": _owner,
    "address": _only("postal_code", "address"),
    "proof": _proof,
    "base": lambda values, answers: [("base_address", names.base_address(answers))],
    "office": _only("office"),
    "weight": _only("weight_class"),
    "earlier": _only("earlier"),
    "payment": lambda values, answers: [("payment_method", values["method"])],
    "batch_file": _only("payer", "payer_is_agent"),
    "receiving": lambda values, answers: [("receiving_method", values["way"])],
    "receiver": _only("receiver_name"),
    "agent": _only("recording_agent_number", "recording_agent_name"),
}


def shown(field, value):
    """``value`` for people."""
    if field == "office":
        return str(Office.objects.get(pk=value))
    if field == "postal_code":
        return postal.shown(value)
    if field == "payer_is_agent":
        return str(ENTRUSTED[value])
    if field == "receiving_method":
        return str(_RECEIVING[value])
    choices = {
        "vehicle_use": VehicleUse,
        "applicant_kind": ApplicantKind,
        "weight_class": WeightClass,
        "payment_method": PaymentMethod,
    }
    return str(choices[field](value).label) if field in choices else value
