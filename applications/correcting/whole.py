"""The whole application as a correction makes it, in the terms in which it was made and signed.

The canonical description is that of ``applications.apply``; here are only the answers and files
from which it is written.
"""

from copy import copy
from dataclasses import asdict

from applications.apply import address_file, description
from applications.life import correctable
from applications.models import Particulars, ReceivingMethod
from applications.status import Procedure

_PAPERS = ("insurance_number", "certificate_number", "completion_number", "reservation_number")


def text_of(order, changes):
    """The canonical description as bytes: what is signed again."""
    procedure = order.application.procedure
    return description.text_of_corrected(
        order, procedure, answers_of(order.application, changes), uploads_of(order)
    )


def rows_of(order, changes):
    """The same for people: (step, [(label, value), …]) of every step."""
    return description.rows_with(
        order.application.procedure, answers_of(order.application, changes), uploads_of(order)
    )


def uploads_of(order):
    """The files that count once the proposal is sent."""
    added = list(order.uploads.all())
    replaced = {each.kind for each in added}
    stays = [each for each in order.application.uploads.standing() if each.kind not in replaced]
    return stays + added


def answers_of(application, changes):
    """Step name → its answers, as the forms of 申請を行う would have given them."""
    corrected, row = copy(application), _particulars_of(application)
    corrected.particulars = row
    correctable.put(corrected, changes)
    return {**_application(corrected), **_particulars(corrected, row), "files": {"looked": "yes"}}


def proof_agrees(application, changes):
    """Whether 使用者の住所証明ファイル, where there is one, says what the corrected whole says."""
    packed = changes.get("address_file", _particulars_of(application).address_file)
    if not packed:
        return True
    answers = answers_of(application, changes)
    return address_file.agrees(asdict(address_file.said_in(packed)), answers)


def _particulars_of(application):
    """A copy of the row, so that nothing proposed stands in the application itself."""
    return copy(getattr(application, "particulars", None)) or Particulars()


def _application(it):
    answers = {
        "chassis": {"chassis_number": it.chassis_number},
        "user": {"user_name": it.user_name, "user_name_full": it.user_name_full},
        "office": {"office": it.office_id},
        "weight": {"weight_class": it.weight_class},
        "earlier": {"earlier": it.earlier.receipt_number if it.earlier_id else ""},
        "payment": {"method": it.payment_method},
        "batch_file": {
            "payer": it.payer,
            "payer_is_agent": "yes" if it.payer_is_agent else "no",
        },
        "receiving": {"way": _way(it)},
        "receiver": {"receiver_name": it.receiver_name},
        "agent": {
            "recording_agent_number": it.recording_agent_number,
            "recording_agent_name": it.recording_agent_name,
        },
    }
    if it.procedure == Procedure.NEW_VEHICLE:
        answers["owner"] = {
            "same": "no",
            "owner_name": it.owner_name,
            "owner_name_full": it.owner_name_full,
        }
    return answers


def _way(application):
    if application.has_recording_agent:
        return "agent"
    by_receiver = application.receiving_method == ReceivingMethod.RECEIVER_CODE
    return "receiver" if by_receiver else "vehicle"


def _particulars(application, row):
    use = {"vehicle_use": row.vehicle_use}
    return {
        "plate": {"plate": application.plate, **use},
        "use": use,
        "model": {
            "type_designation": row.type_designation,
            "category_number": row.category_number,
        },
        "papers": {name: getattr(row, name) for name in _PAPERS},
        "applicant": {
            "applicant_kind": row.applicant_kind,
            "applicant_name": application.applicant_name,
        },
        "address": {"postal_code": row.postal_code, "address": row.address},
        "proof": {"file": row.address_file} if row.address_file else {},
        "base": {"same": "no", "base_address": row.base_address},
    }
