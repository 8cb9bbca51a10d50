"""A draft: begun, answered, found again, and forgotten.

It is kept for ``KOSS_DRAFT_DAYS`` after its last answer. Its number and the password chosen in the
first step open it again on another device; wrong passwords count as everywhere.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from applications.models import Draft, Upload
from applications.uploads import keeping
from koss.ground import clock, numbers, sealing
from koss.mail import outbox

NUMBER_LENGTH = 12
LOCK_KIND = "draft"
# Beside the steps: what a 自動車検査証 said, to begin their forms with.
PREFILL = "prefill"


class Gone(Exception):
    """The draft was changed, sent or forgotten since the form was drawn. ``draft``: as it stood."""

    def __init__(self, draft):
        super().__init__(draft.number)
        self.draft = draft


def begin(procedure, *, password, answers, now):
    """A new draft with its first ``answers``; its number goes out by mail.

    ``password``: encoded by ``passwords.encode``.
    """
    salt = sealing.new_salt()
    while True:
        try:
            with transaction.atomic():
                draft = Draft.objects.create(
                    number=_new_number(),
                    procedure=procedure,
                    password=password,
                    salt=salt,
                    sealed=sealing.seal(answers, salt),
                    begun_at=now,
                    changed_at=now,
                    expires_at=_end(now),
                )
                outbox.put([_letter(draft, answers["contact"]["email"])], now=now)
                return draft
        except IntegrityError:  # one number in 10^11: draw another
            continue


def answers_of(draft):
    """Step name → what was answered there, as the forms gave it. Raises sealing.SealBroken."""
    return sealing.open_sealed(draft.sealed, draft.salt)


@transaction.atomic
def answer(draft, step, values, *, version, now):
    """Keep ``values`` of ``step``; returns the draft as it stands then.

    ``version``: of the draft that the form was drawn from. Another one raises Gone, unless what
    stands there already is the same.
    """
    locked = lock(draft)
    answers = answers_of(locked)
    if answers.get(step) == values:
        return locked
    if locked.version != version or locked.application_id:
        raise Gone(locked)
    locked.sealed = sealing.seal({**answers, step: values}, locked.salt)
    locked.version += 1
    locked.changed_at, locked.expires_at = now, _end(now)
    locked.save(update_fields=["sealed", "version", "changed_at", "expires_at"])
    return locked


def add_file(draft, kind, file, *, now):
    """Inspect ``file`` and keep it with ``draft``. Raises FileRefused, or Gone once it was sent."""

    def own(upload):
        upload.draft = _touched(draft, now)
        return upload.draft.uploads

    return keeping.keep(own, kind, file, now=now)


@transaction.atomic
def remove_file(draft, key, *, now):
    """Take the file of this ``key`` away; nothing where that was done before. Raises Gone."""
    locked = _touched(draft, now)
    for upload in locked.uploads.filter(key=key):
        keeping.remove(upload)


def _touched(draft, now):
    """``draft`` locked. What was drawn of it, and what was signed, is out of date."""
    locked = lock(draft)
    if locked.application_id:
        raise Gone(locked)
    locked.version += 1
    locked.changed_at, locked.expires_at = now, _end(now)
    locked.save(update_fields=["version", "changed_at", "expires_at"])
    return locked


def lock(draft):
    """The row of ``draft``, locked and read again. Only inside a transaction. May raise Gone."""
    locked = Draft.objects.select_for_update(no_key=True).filter(pk=draft.pk).first()
    if locked is None:  # its time was over, and the night has been here
        raise Gone(draft)
    return locked


def forget(business_date, *, now, chunk):
    """Step of the night: delete the drafts whose time is over. Yields how many each time."""
    over = Draft.objects.filter(expires_at__lt=now)
    while keys := list(over.order_by("pk").values_list("pk", flat=True)[:chunk]):
        some = Draft.objects.filter(pk__in=keys, expires_at__lt=now)
        files = list(Upload.objects.filter(draft__in=some).values_list("key", flat=True))
        some.delete()
        for key in files:
            keeping.delete_files(key)
        yield len(keys)


def find(number, *, now):
    """The draft of this number that can still be opened, or None."""
    return Draft.objects.filter(number=number, expires_at__gte=now).first()


def read_number(typed):
    """The 12 digits of a 手続準備番号 that ``typed`` means, or numbers.NotANumber."""
    digits = numbers.read_digits(typed, NUMBER_LENGTH)
    if digits[-1] != numbers.check_digit(digits[:-1]):
        raise numbers.NotANumber("check digit")
    return digits


def _letter(draft, address):
    facts = {
        "number": draft.number,
        "procedure": draft.procedure,
        "days": settings.KOSS_DRAFT_DAYS,
    }
    return outbox.Letter(
        f"draft_begun:{draft.number}",
        "draft_begun",
        address,
        facts=facts,
        language=get_language(),
    )


def _new_number():
    body = f"{secrets.randbelow(10 ** (NUMBER_LENGTH - 1)):0{NUMBER_LENGTH - 1}d}"
    return body + numbers.check_digit(body)


def _end(now):
    """The end of the last day on which it can be opened."""
    return clock.at(clock.day(now) + timedelta(days=settings.KOSS_DRAFT_DAYS + 1))
