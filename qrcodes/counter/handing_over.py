"""The office counter: taking a receiver over from a paper, handing over.

``by`` is the clerk's user name and ``office`` the clerk's own office throughout. ``request_key``
is a one-time key of at most 32 characters that a form carries: the same one again gives the same
result, another one on a used code is refused.

Codes are used once. 新規登録用, パスワード変更用 and 個別申告用 do one thing; a 認証用 code is used
up by the first request that hands over at least one vehicle, because it is shown anew at each
pickup and can be issued again at any time (【一括申請】二次元コード発行の操作手順, 3). A request
that hands over nothing leaves it as it was.

Lock order: code, then receiver; application, then code. Nobody who holds a code's lock asks for an
application's.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from applications.life import moves
from applications.models import Application, AttachmentState, ReceivingMethod
from applications.status import Actor, MoveName, Procedure, Status
from koss.access import passwords
from qrcodes.counter import finding
from qrcodes.counter.refusals import SENTENCES
from qrcodes.issuing.codes import LOCK_KIND
from qrcodes.models import (
    Code,
    CodeKind,
    Pickup,
    Proof,
    Receiver,
    ReceiverEvent,
    ReceiverEventKind,
    Refusal,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one vehicle: a pickup, or the reason why there is none."""

    application: Application
    pickup: Pickup | None = None
    reason: Refusal | None = None

    @property
    def sentence(self):
        """Why not, as a clerk reads it; "" when it was handed over."""
        return SENTENCES[self.reason] if self.reason else ""


def register(code, *, by, office, now, request_key=""):
    """Register the receiver that a 新規登録用 ``code`` names, with its password.

    The clerk has checked the paper. Returns the Receiver, or raises Refused. Wrong tries on that
    name are forgotten.
    """
    with transaction.atomic():
        locked, made = _take(code, CodeKind.REGISTRATION, office, now, request_key)
        if made:
            return made.receiver
        try:
            with transaction.atomic():
                receiver = Receiver.objects.create(
                    name=locked.receiver_name,
                    password=locked.password,
                    registered_at=now,
                    registered_by=by,
                    office=office,
                )
        except IntegrityError:  # somebody registered the name a moment ago
            raise finding.CodeRefused(Refusal.ALREADY_REGISTERED, locked) from None
        return _taken_over(
            locked,
            receiver,
            ReceiverEventKind.REGISTERED,
            by=by,
            office=office,
            now=now,
            request_key=request_key,
        )


def take_over_password(code, *, by, office, now, request_key=""):
    """Give the receiver that a パスワード変更用 ``code`` names its new password.

    The clerk has checked the paper. Codes that were issued with the old password are refused from
    then on. Returns the Receiver, or raises Refused.
    """
    with transaction.atomic():
        locked, made = _take(code, CodeKind.PASSWORD_CHANGE, office, now, request_key)
        if made:
            return made.receiver
        named = Receiver.objects.select_for_update(no_key=True).filter(name=locked.receiver_name)
        receiver = named.get()
        receiver.password = locked.password
        receiver.password_version += 1
        receiver.save(update_fields=["password", "password_version"])
        kind = ReceiverEventKind.PASSWORD_CHANGED
        return _taken_over(
            locked, receiver, kind, by=by, office=office, now=now, request_key=request_key
        )


def _take(code, kind, office, now, request_key):
    """(the locked code, None), or (it, the event that this request made the first time)."""
    locked = _lock(code)
    if locked.used_at and request_key and locked.use_request_key == request_key:
        return locked, locked.event
    _check_purpose(locked, {kind})
    if reason := finding.why_not(locked, office, now):
        raise finding.CodeRefused(reason, locked)
    return locked, None


def _taken_over(code, receiver, kind, *, by, office, now, request_key):
    """Write down what a paper did; its password has moved to the receiver."""
    ReceiverEvent.objects.create(
        receiver=receiver, kind=kind, at=now, by=by, office=office, code=code
    )
    code.receiver, code.password = receiver, ""
    code.used_at, code.used_by, code.use_request_key = now, by, request_key
    code.save(update_fields=["receiver", "password", "used_at", "used_by", "use_request_key"])
    passwords.forgive(LOCK_KIND, receiver.name)
    return receiver


def papers_to_show(application):
    """What the clerk still has to be shown on paper: values of AttachmentKind and Proof."""
    papers = [
        attachment.kind
        for attachment in application.attachments.all()
        if attachment.state == AttachmentState.MISSING
    ]
    is_continued = application.procedure == Procedure.CONTINUED_INSPECTION
    if is_continued and not application.annual_tax_confirmed:
        papers.append(Proof.ANNUAL_TAX)
    return papers


def hand_over(code, applications, *, by, office, now, papers_seen=(), request_key=""):
    """Hand the papers of ``applications`` over to who brought ``code``: a Result for each.

    Each vehicle is a transaction of its own. ``papers_seen``: the keys of those applications
    whose ``papers_to_show`` were all shown; without it such a vehicle is not handed over. Raises
    Refused when the code itself is of no use.
    """
    code = _claim(code, by=by, office=office, now=now, request_key=request_key)
    results = []
    for application in sorted(applications, key=lambda each: each.pk):
        seen = application.pk in papers_seen
        results.append(
            _hand_over_one(
                code, application, by=by, office=office, now=now, seen=seen, request_key=request_key
            )
        )
    if not any(result.pickup for result in results):
        _release(code)
    return results


@transaction.atomic
def _claim(code, *, by, office, now, request_key):
    """The code, marked as used by this request and nobody else's."""
    locked = _lock(code)
    if locked.used_at and request_key and locked.use_request_key == request_key:
        return locked
    _check_purpose(locked, {CodeKind.AUTHENTICATION, CodeKind.VEHICLE})
    if reason := finding.why_not(locked, office, now):
        raise finding.CodeRefused(reason, locked)
    _mark_used(locked, by=by, now=now, request_key=request_key)
    return locked


def _release(code):
    """Nothing was handed over: the code can be used again."""
    with transaction.atomic():
        locked = _lock(code)
        if not locked.pickups.exists():
            _mark_used(locked, by="", now=None, request_key="")


def _mark_used(code, *, by, now, request_key):
    code.used_at, code.used_by, code.use_request_key = now, by, request_key
    code.save(update_fields=["used_at", "used_by", "use_request_key"])


@transaction.atomic
def _hand_over_one(code, application, *, by, office, now, seen, request_key):
    locked = moves.lock(application)
    pickup = Pickup.objects.filter(application=locked, code=code).first()
    if pickup:  # this request came before
        return Result(locked, pickup)
    papers = papers_to_show(locked)
    if reason := _why_not_this(code, locked, office, bool(papers) and not seen):
        return Result(locked, reason=reason)
    entry = moves.perform(
        MoveName.HAND_OVER,
        locked,
        actor=Actor.COUNTER,
        now=now,
        by=by,
    )
    pickup = Pickup.objects.create(
        application=locked,
        code=code,
        receiver_name=code.receiver_name,
        by=by,
        office=office,
        at=now,
        papers_seen="\n".join(papers),
    )
    # Said again: a twin of this request that handed over nothing may have released the code.
    _mark_used(code, by=by, now=now, request_key=request_key)
    return Result(entry.application, pickup)


def _why_not_this(code, application, office, papers_missing):
    """Why ``code`` does not fetch the papers of this one application, or None."""
    if application.office_id != office.pk:
        return Refusal.WRONG_OFFICE
    if reason := _why_not_meant(code, application):
        return reason
    if application.status in finding.HANDED_OVER:
        return Refusal.HANDED_OVER
    if application.status not in Status.READY:
        return Refusal.NOT_READY
    return Refusal.PAPERS_MISSING if papers_missing else None


def _why_not_meant(code, application):
    if code.kind == CodeKind.VEHICLE:
        return None if code.application_id == application.pk else Refusal.WRONG_VEHICLE
    if application.receiver_name != code.receiver_name:
        return Refusal.WRONG_RECEIVER
    if application.procedure != code.procedure:
        return Refusal.WRONG_PROCEDURE
    if application.receiving_method != ReceivingMethod.RECEIVER_CODE:
        return Refusal.WRONG_METHOD
    return None


def _lock(code):
    return Code.objects.select_for_update(no_key=True).get(pk=code.pk)


def _check_purpose(code, kinds):
    if code.kind not in kinds:
        raise finding.CodeRefused(Refusal.WRONG_PURPOSE, code)
