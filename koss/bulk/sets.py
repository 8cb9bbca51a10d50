"""A set is received, worked on row by row, and reported.

Receiving only writes rows, sealed. A worker takes them one by one: each row is its own transaction,
looks again under its lock and is left alone where it was done, so a worker that is killed, doubled
or late changes nothing. 整理番号 sees to it that one application comes of a row however often it is
sent (a UNIQUE constraint says so too).
"""

import base64
import binascii
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from operator import eq

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from applications.apply import description, sending
from applications.intake.entry import NotCarriedOver
from applications.models import (
    Channel,
    HeldFile,
    ItemState,
    Submission,
    SubmissionItem,
    Upload,
)
from applications.papers import asking
from applications.signatures import record
from applications.status import Status
from applications.uploads import keeping
from koss.bulk import english, rows
from koss.bulk.rows import RowFault
from koss.ground import clock, numbers, sealing

AT_MOST = 1000
# After so long without a sign of work a set is given to a worker again.
_STALLED = timedelta(minutes=2)


def receive(user, typed, *, now):
    """A new Submission of ``user`` with the rows ``typed`` (dicts), for a worker to work on.

    Inside the caller's transaction.
    """
    salt = sealing.new_salt()
    submission = Submission.objects.create(
        number=_new_number(now),
        bulk_id=user.bulk_id,
        payer=user.user_id,
        salt=salt,
        total=len(typed),
        received_at=now,
        worked_at=clock.system_now(),
    )
    SubmissionItem.objects.bulk_create(
        SubmissionItem(
            submission=submission,
            place=place,
            bulk_id=user.bulk_id,
            reference=row["reference"],
            procedure=row["procedure"],
            sealed=sealing.seal(row, salt),
        )
        for place, row in enumerate(typed)
    )
    work_on.enqueue(submission.pk)
    return submission


@transaction.atomic
def receive_now(user, typed, *, now):
    """``receive`` in a transaction of its own."""
    return receive(user, typed, now=now)


def look_at(user, typed, *, now):
    """[(faults, canonical text or b"")] of the rows ``typed``, as a worker would find them.

    Keeps nothing. A row without a signature is looked at as if it were yet to be signed.
    """
    files = files_of(user.bulk_id, typed)
    found, seen = [], set()
    for row in typed:
        understood = rows.read(row, payer=user.user_id, files=files)
        faults = list(understood.faults)
        content = b""
        if not faults:
            content = _content(user.bulk_id, row["reference"], understood)
            faults += _duplicate(user.bulk_id, row["reference"], row["reference"] in seen)
            if row.get("signature"):
                faults += _of_signature(row, content, understood, now)
        seen.add(row["reference"])
        found.append((faults, content))
    return found


@task()
def work_on(submission_id):
    """Every row of one set that waits."""
    submission = Submission.objects.filter(pk=submission_id).first()
    if submission:
        work(submission)


def work(submission):
    """As ``work_on``. Rows that another worker does meanwhile are left to it."""
    waiting = submission.items.filter(state=ItemState.WAITING).order_by("place")
    # The report is a document in Japanese and English, in whatever language a process speaks.
    with translation.override("ja"):
        for item in waiting:
            take_one(submission, item, now=clock.now())
            Submission.objects.filter(pk=submission.pk).update(worked_at=clock.system_now())
    if not submission.items.filter(state=ItemState.WAITING).exists():
        unfinished = Submission.objects.filter(pk=submission.pk, finished_at=None)
        unfinished.update(finished_at=clock.now())


def resume_stalled():
    """Give sets whose worker is gone to a worker again; returns how many."""
    before = clock.system_now() - _STALLED
    stalled = Submission.objects.filter(finished_at=None, worked_at__lt=before)
    keys = list(stalled.values_list("pk", flat=True))
    for key in keys:
        if stalled.filter(pk=key).update(worked_at=clock.system_now()):
            work_on.enqueue(key)
    return len(keys)


def take_one(submission, item, *, now):
    """Do what is to be done with one row that waits: an application, or a report why not."""
    if faults := _duplicate(item.bulk_id, item.reference):
        _report(item, faults)
        return
    typed = sealing.open_sealed(item.sealed, submission.salt)
    files = files_of(item.bulk_id, [typed])
    understood = rows.read(typed, payer=submission.payer, files=files)
    faults, cms = understood.faults, _cms(typed)
    if not faults and cms is None:
        faults = [_no_signature(typed)]
    if faults:
        _report(item, faults)
        return
    content = _content(item.bulk_id, item.reference, understood)
    signer, refusal = _judge(typed, cms, content, understood, now)
    encoded = make_password(typed["password"])
    copies = {held.digest: keeping.copy(held) for held in _named(understood, files)}
    try:
        with transaction.atomic():
            locked = _lock(item)
            if locked is None:
                raise _DoneMeanwhile
            application = sending.take_in(
                understood.procedure,
                understood.answers,
                encoded=encoded,
                channel=Channel.BULK,
                refusal=refusal,
                now=now,
                bulk_id=item.bulk_id,
            )
            record.keep(application, content, cms, signer=signer, refusal=refusal, now=now)
            _keep_files(application, understood, copies, now)
            asking.begin(application, now=now)
            refused = application.status == Status.NOT_ACCEPTED
            locked.state = ItemState.NOT_ACCEPTED if refused else ItemState.TAKEN_IN
            locked.application, locked.sealed = application, b""
            locked.save(update_fields=["state", "application", "sealed"])
    except _DoneMeanwhile:
        _forget(copies)
    except NotCarriedOver:
        _forget(copies)
        _report(item, [_not_carried_over()])
    except IntegrityError:
        _forget(copies)
        faults = _duplicate(item.bulk_id, item.reference)
        if not faults:
            raise
        _report(item, faults)


class _DoneMeanwhile(Exception):
    """Another worker was quicker."""


def counts(submission):
    """ItemState → how many rows of ``submission`` stand so."""
    states = submission.items.order_by().values_list("state", flat=True)
    found = Counter(states)
    return {state: found[state] for state in ItemState}


def files_of(bulk_id, typed):
    """Digest → HeldFile of those that the rows ``typed`` name."""
    named = {each.get("digest", "") for row in typed for each in row.get("attachments") or []}
    if not named:
        return {}
    held = HeldFile.objects.filter(bulk_id=bulk_id, digest__in=named)
    return {each.digest: each for each in held}


def _content(bulk_id, reference, understood):
    return description.text_of_row(
        bulk_id, reference, understood.procedure, understood.answers, understood.uploads
    )


def _named(understood, files):
    return [files[digest] for digest in {upload.digest for upload in understood.uploads}]


def _keep_files(application, understood, copies, now):
    for upload in understood.uploads:
        upload.application, upload.at = application, now
        upload.key = copies[upload.digest]
    Upload.objects.bulk_create(understood.uploads)


def _forget(copies):
    for key in copies.values():
        keeping.delete_files(key)


def _lock(item):
    waiting = SubmissionItem.objects.select_for_update(no_key=True)
    return waiting.filter(pk=item.pk, state=ItemState.WAITING).first()


def _report(item, faults):
    """Write down what is wrong with a row. It stays so, and is sent anew once it is mended."""
    written = [{**asdict(fault), "path": list(fault.path)} for fault in faults]
    SubmissionItem.objects.filter(pk=item.pk, state=ItemState.WAITING).update(
        state=ItemState.FAULTY, faults=written, sealed=b""
    )


def _duplicate(bulk_id, reference, *also):
    """The fault of a 整理番号 of which there is an application; ``also``: or that came before."""
    taken = SubmissionItem.objects.filter(Q(state=ItemState.TAKEN_IN), bulk_id=bulk_id)
    number = (
        taken.filter(reference=reference)
        .values_list("application__receipt_number", flat=True)
        .first()
    )
    if number is None and not any(also):
        return []
    said = {"number": number or "-"}
    return [
        RowFault(
            ("reference",),
            "duplicate_reference",
            _("この整理番号の申請は、すでにあります（受付番号：%(number)s）。") % said,
            f"There is an application with this reference already ({number or 'in this set'}).",
        )
    ]


def _cms(typed):
    """The signature of a row in DER; None where there is none that can be read."""
    try:
        return base64.b64decode(typed.get("signature", ""), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _no_signature(typed):
    japanese, said = english.NOT_BASE64 if typed.get("signature") else english.NO_SIGNATURE
    return RowFault(("signature",), "signature", str(japanese), said)


def _judge(typed, cms, content, understood, now):
    has_password = partial(eq, typed["password"])
    return sending.judge(cms, content, understood.answers, now, has_password=has_password)


def _of_signature(typed, content, understood, now):
    """What a check says of a signature that would end as 未受付."""
    cms = _cms(typed)
    if cms is None:
        return [_no_signature(typed)]
    _signer, refusal = _judge(typed, cms, content, understood, now)
    if not refusal:
        return []
    return [RowFault(("signature",), str(refusal), str(refusal.label), f"Signature: {refusal}.")]


def _not_carried_over():
    return RowFault(
        ("earlier",),
        "not_carried_over",
        _("この番号の手数料は引き継がれません。"),
        "The fees of this application are not carried over.",
    )


def _new_number(now):
    while True:
        number = numbers.make_send_number(clock.day(now))
        if not Submission.objects.filter(number=number).exists():
            return number
