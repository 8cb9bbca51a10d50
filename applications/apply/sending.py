"""Sending a draft: it becomes one application, however often it is sent.

The signature is checked before the transaction, since that may ask other machines. What is not
valid ends as 未受付 with the reason, like every application that is turned away.
"""

from functools import partial

from django.contrib.auth.hashers import check_password
from django.db import transaction

from applications.apply import description, drafts, fees, journey, names
from applications.intake import entry
from applications.models import (
    AttachmentKind,
    Channel,
    Office,
    Particulars,
    ReceivingMethod,
)
from applications.papers import asking
from applications.practice import values
from applications.signatures import checking, record
from applications.signatures.refusals import SignatureRefused
from applications.status import Procedure
from applications.uploads import keeping
from payments.models import PaymentUser


class Incomplete(ValueError):
    """Something is not answered yet. ``steps``: which, in order."""

    def __init__(self, steps):
        super().__init__(", ".join(step.name for step in steps))
        self.steps = steps


class FilesAltered(ValueError):
    """The storage does not hold what was handed in. ``uploads``: which files."""

    def __init__(self, uploads):
        super().__init__(", ".join(each.key for each in uploads))
        self.uploads = uploads


def send(draft, cms, *, version, now):
    """The application that ``draft`` becomes, signed by ``cms`` (bytes, CMS detached).

    ``version``: of the draft whose description was signed. Raises drafts.Gone when it was changed
    since, Incomplete, FilesAltered, entry.NotCarriedOver. Sent before: the same application.
    """
    if draft.application_id:  # and nothing is left of its answers
        return draft.application
    answers = drafts.answers_of(draft)
    if steps := journey.missing(draft.procedure, answers):
        raise Incomplete(steps)
    if altered := [each for each in draft.uploads.all() if not keeping.is_intact(each)]:
        if draft.uploads.filter(key__in=[each.key for each in altered]).count() < len(altered):
            raise drafts.Gone(draft)  # removed in another window, a moment ago
        raise FilesAltered(altered)
    content = description.text_of(draft, answers)
    has_password = partial(check_password, encoded=draft.password)
    signer, refusal = judge(cms, content, answers, now, has_password=has_password)
    with transaction.atomic():
        locked = drafts.lock(draft)
        if locked.application_id:
            return locked.application
        if locked.version != version or draft.version != version:
            raise drafts.Gone(locked)
        application = take_in(
            locked.procedure,
            answers,
            encoded=locked.password,
            channel=Channel.SCREEN,
            refusal=refusal,
            now=now,
        )
        record.keep(application, content, cms, signer=signer, refusal=refusal, now=now)
        asking.begin(application, now=now)
        locked.uploads.update(draft=None, application=application)
        locked.application, locked.sealed = application, b""
        locked.save(update_fields=["application", "sealed"])
    return application


def judge(cms, content, answers, now, *, has_password):
    """(signer or None, refusal or "") of the signature ``cms`` under ``content``.

    ``answers``: they name the applicant, who has to have signed. ``has_password``: as
    ``values.refusal_of`` has it, for the magic values of the demo. Asks the network.
    """
    name = answers["applicant"]["applicant_name"]
    try:
        signer = checking.check(cms, content, now=now, names=[name])
    except SignatureRefused as refused:
        return refused.signer, refused.refusal
    chassis_number = answers["chassis"]["chassis_number"]
    return signer, values.refusal_of(chassis_number, name, has_password)


def take_in(procedure, answers, *, encoded, channel, refusal, now, **more):
    """The application that ``answers`` make, inside the caller's transaction.

    ``encoded``: its password as hashers wrote it. ``refusal``: why its signature is not valid, or
    "". ``more``: further values of ``Application``. Raises NotCarriedOver.
    """
    applying = journey.applying(procedure, answers)
    paying = applying.get("batch_file", {})
    payer = paying.get("payer", "")
    application = entry.take_in(
        now=now,
        encoded=encoded,
        refusal=refusal,
        not_needed=_not_needed(procedure, applying),
        procedure=procedure,
        channel=channel,
        office=Office.objects.get(pk=applying["office"]["office"]),
        plate=applying.get("plate", {}).get("plate", ""),
        chassis_number=applying["chassis"]["chassis_number"],
        weight_class=applying["weight"]["weight_class"],
        payment_method=applying["payment"]["method"],
        payer=payer,
        payer_is_agent=paying.get("payer_is_agent") == "yes",
        status_email=_status_email(payer),
        email=answers["contact"]["email"],
        earlier=fees.earlier_of(procedure, applying),
        **_people(applying),
        **_receiving(applying),
        **more,
    )
    _particulars(application, applying)
    return application


def _people(applying):
    user = applying["user"]
    people = {
        "applicant_name": applying["applicant"]["applicant_name"],
        "user_name": user["user_name"],
        "user_name_full": user.get("user_name_full", ""),
    }
    owner = applying.get("owner")
    if owner:
        same = owner["same"] == "yes"
        people["owner_name"] = user["user_name"] if same else owner["owner_name"]
        people["owner_name_full"] = (
            user.get("user_name_full", "") if same else owner["owner_name_full"]
        )
    return people


def _receiving(applying):
    way = applying["receiving"]["way"]
    by_receiver = way == "receiver"
    chosen = {
        "receiving_method": (
            ReceivingMethod.RECEIVER_CODE if by_receiver else ReceivingMethod.VEHICLE_CODE
        ),
        "receiver_name": applying["receiver"]["receiver_name"] if by_receiver else "",
    }
    if way == "agent":
        agent = applying["agent"]
        chosen |= {
            "recording_agent_number": agent["recording_agent_number"],
            "recording_agent_name": agent["recording_agent_name"],
            "recording_agent_allowed": True,
        }
    return chosen


def _status_email(payer):
    users = PaymentUser.objects.filter(user_id=payer) if payer else PaymentUser.objects.none()
    return users.values_list("status_email", flat=True).first() or ""


def _not_needed(procedure, applying):
    ordered = applying["papers"].get("reservation_number")
    if procedure == Procedure.NEW_VEHICLE and not ordered:
        return (AttachmentKind.PLATE_RESERVATION,)
    return ()


def _particulars(application, applying):
    papers = applying["papers"]
    use = applying.get("plate") or applying["use"]
    Particulars.objects.create(
        application=application,
        applicant_kind=applying["applicant"]["applicant_kind"],
        vehicle_use=use["vehicle_use"],
        postal_code=applying["address"]["postal_code"],
        address=applying["address"]["address"],
        base_address=names.base_address(applying),
        **{name: papers.get(name, "") for name in _PAPERS},
        address_file=applying.get("proof", {}).get("file", ""),
        **applying.get("model", {}),
    )


_PAPERS = ("insurance_number", "certificate_number", "completion_number", "reservation_number")
