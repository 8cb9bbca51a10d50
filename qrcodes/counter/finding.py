"""Finding the code that somebody brings to the counter, and judging what it is good for there.

``office`` is the clerk's own office throughout. Nothing here changes a code:
``qrcodes.counter.handing_over`` does.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from applications.models import Application, ReceivingMethod
from applications.status import Status
from koss.ground import clock, numbers
from qrcodes.counter.refusals import SENTENCES
from qrcodes.issuing import symbol
from qrcodes.models import Code, CodeKind, CodeVerdict, Look, LookedBy, Receiver, Refusal

_VERDICTS = {
    CodeVerdict.WRONG: Refusal.WRONG_PASSWORD,
    CodeVerdict.NOT_REGISTERED: Refusal.NOT_REGISTERED,
    CodeVerdict.NOT_CHECKED: Refusal.NOT_CHECKED,
}
# In these an application has nothing left to fetch.
HANDED_OVER = {Status.RETURNED, Status.ISSUED}


class CodeRefused(Exception):
    """The counter does nothing. ``reason``: a Refusal; ``code``: the row, where one was found."""

    def __init__(self, reason, code=None):
        super().__init__(str(reason.label))
        self.reason = reason
        self.code = code

    @property
    def sentence(self):
        """The reason as a clerk reads it."""
        return SENTENCES[self.reason]


def look(text, *, by, office, now):
    """The Code that ``text`` (a symbol's content, or a lookup key in any spelling) means.

    Raises CodeRefused when there is none or it is of no use at this counter now. Every look is
    written down. Unknown lookup keys are counted for each clerk: after KOSS_LOOK_MISSES of them
    within KOSS_LOOK_MINUTES, keys are refused unseen; symbols are still read, nobody guesses them.
    """
    how = LookedBy.SYMBOL if symbol.looks_like_one(text) else LookedBy.KEY
    with transaction.atomic():
        # One clerk's looks come one after the other, so that guesses at once are counted too.
        list(get_user_model().objects.select_for_update(no_key=True).filter(username=by))
        if how == LookedBy.KEY and _has_guessed_too_much(by, now):
            code, reason = None, Refusal.THROTTLED
        else:
            code, reason = _find(text, how)
        if code:
            reason = why_not(code, office, now) or _nothing_to_fetch(code, office)
        Look.objects.create(
            at=now,
            by=by,
            office=office,
            how=how,
            result=reason or "",
            code=code,
            tail=numbers.fold(text)[-4:],
        )
    if reason:
        raise CodeRefused(reason, code)
    return code


def open_code(code, *, office, now):
    """Judge a code that was found before once more, without writing a look. Raises CodeRefused."""
    if reason := why_not(code, office, now) or _nothing_to_fetch(code, office):
        raise CodeRefused(reason, code)


def _has_guessed_too_much(by, now):
    since = now - timedelta(minutes=settings.KOSS_LOOK_MINUTES)
    misses = Look.objects.filter(by=by, result=Refusal.UNKNOWN, at__gt=since)
    return misses.count() >= settings.KOSS_LOOK_MISSES


def _find(text, how):
    """(code, None), or (None, why there is none)."""
    if how == LookedBy.SYMBOL:
        try:
            return symbol.read(text), None
        except symbol.Forged:
            return None, Refusal.FORGED
    try:
        key = numbers.read_lookup_key(text)
    except numbers.NotANumber as fault:
        if fault.reason != "characters":
            return None, Refusal.MISTYPED
        return None, Refusal.JAPANESE_INPUT if _was_typed_in_japanese(text) else Refusal.FOREIGN
    code = Code.objects.filter(lookup_key=key).first()
    return code, None if code else Refusal.UNKNOWN


def _was_typed_in_japanese(text):
    """Whether the keyboard wrote kana or full-width signs, which no code and no key holds."""
    return any("ぁ" <= sign <= "ヿ" or "！" <= sign <= "ﾟ" for sign in text)


def why_not(code, office, now):
    """Why ``code`` is of no use at the counter of ``office``, or None."""
    if code.kind == CodeKind.VEHICLE:
        return _why_not_vehicle(code, office)
    if code.used_at:
        return Refusal.USED
    if code.kind == CodeKind.AUTHENTICATION:
        return _why_not_authentication(code)
    if clock.day(now) > code.expires_on:
        return Refusal.EXPIRED
    registered = Receiver.objects.filter(name=code.receiver_name).first()
    if code.kind == CodeKind.REGISTRATION:
        return Refusal.ALREADY_REGISTERED if registered else None
    if registered is None:
        return Refusal.NOT_REGISTERED
    return Refusal.FROZEN if registered.is_frozen else None


def _why_not_vehicle(code, office):
    application = Application.objects.get(pk=code.application_id)
    if application.office_id != office.pk:
        return Refusal.WRONG_OFFICE
    if application.status in HANDED_OVER:
        return Refusal.HANDED_OVER
    if code.voided_at:
        return Refusal.SUPERSEDED
    return Refusal.USED if code.used_at else None


def _why_not_authentication(code):
    if code.verdict in _VERDICTS:
        return _VERDICTS[code.verdict]
    receiver = Receiver.objects.get(pk=code.receiver_id)
    if receiver.is_frozen:
        return Refusal.FROZEN
    if receiver.password_version != code.password_version:
        return Refusal.PASSWORD_CHANGED
    return None


def _nothing_to_fetch(code, office):
    """Why a 認証用 code, good in itself, fetches nothing here, or None."""
    if code.kind != CodeKind.AUTHENTICATION or ready_for(code, office).exists():
        return None
    elsewhere = _ready_anywhere(code).exists()
    return Refusal.WRONG_OFFICE if elsewhere else Refusal.NOTHING_READY


def ready_for(code, office):
    """The applications of ``office`` whose papers ``code`` fetches, with their attachments."""
    ready = _ready_anywhere(code).filter(office=office)
    return ready.prefetch_related("attachments").order_by("pk")


def _ready_anywhere(code):
    ready = Application.objects.filter(status__in=Status.READY)
    if code.kind == CodeKind.VEHICLE:
        return ready.filter(pk=code.application_id)
    if code.kind != CodeKind.AUTHENTICATION:
        return ready.none()
    return ready.filter(
        procedure=code.procedure,
        receiving_method=ReceivingMethod.RECEIVER_CODE,
        receiver_name=code.receiver_name,
    )
