"""Issuing the four codes. Issuing changes nothing for a receiver until a clerk has the paper.

【一括申請】二次元コード発行の操作手順: 2 to 4 for the three codes of a receiver, 6 for the code of
one vehicle.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from applications.life import moves, receiving
from applications.status import Procedure, Status
from koss.access import passwords
from koss.ground import clock, numbers
from qrcodes.models import Code, CodeKind, CodeVerdict, Receiver

LOCK_KIND = "receiver"
_PUBLIC_ID_LENGTH = 20
_PUBLIC_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

# What ``passwords.attempt`` answers without having looked at the password.
_NOT_NOW = {
    passwords.Verdict.WAIT,
    passwords.Verdict.SOURCE_SPENT,
    passwords.Verdict.SOURCE_BUSY,
}


class NotNow(Exception):
    """The password was neither checked nor counted. ``answer``: that of ``passwords.attempt``."""

    def __init__(self, answer):
        super().__init__(answer.verdict)
        self.answer = answer


class NotReady(Exception):
    """There is nothing to fetch yet, or no longer. ``application``: the row as it stands."""

    def __init__(self, application):
        super().__init__(application.status)
        self.application = application


def issue_registration(name, password, *, now):
    """A 新規登録用 code, which keeps the hash of ``password`` for the registration of ``name``.

    The same whether ``name`` is registered or not; good for KOSS_RECEIVER_CODE_DAYS. ``name`` was
    read by ``names.read_receiver_name``. Raises passwords.Busy.
    """
    return _issue_with_password(CodeKind.REGISTRATION, name, password, now)


def issue_password_change(name, password, *, now):
    """A パスワード変更用 code with the hash of the new ``password``. As ``issue_registration``."""
    return _issue_with_password(CodeKind.PASSWORD_CHANGE, name, password, now)


def issue_authentication(name, password, procedure, *, now, source, device=""):
    """A 認証用 code for the vehicles of ``procedure``, with the verdict on name and password.

    There is a code, right or wrong: only the counter learns the verdict. Tries are counted for each
    name and source as for other logins. One that has to wait raises NotNow, for known and unknown
    names alike: a code that was never checked would send somebody with the right password to the
    counter for nothing. ``source`` and ``device`` come from ``koss.access.visitors``; a browser
    that was right before counts apart. Raises passwords.Busy.
    """
    procedure = Procedure(procedure)
    receiver = Receiver.objects.filter(name=name).first()
    answer = passwords.attempt(
        LOCK_KIND,
        name,
        password,
        receiver.password if receiver else None,
        now=now,
        source=source,
        device=device,
    )
    if answer.verdict is passwords.Verdict.BUSY:
        raise passwords.Busy
    if answer.verdict in _NOT_NOW:
        raise NotNow(answer)
    return _create(
        kind=CodeKind.AUTHENTICATION,
        issued_at=now,
        procedure=procedure,
        receiver_name=name,
        verdict=_verdict(receiver, answer.verdict),
        receiver=receiver,
        password_version=receiver.password_version if receiver else None,
    )


def issue_for_vehicle(application, *, now, request_key=None):
    """A 個別申告用 code for ``application``; from then on only such a code fetches its papers.

    Only in 返付準備完了 and 交付準備完了, else NotReady. An older code of the application dies.
    ``request_key`` (``moves.RequestKey``): the same one again returns the code that it made.
    """
    key = request_key.key if request_key else ""
    with transaction.atomic():
        locked = moves.lock(application)
        issued = Code.objects.filter(application=locked)
        if key and (made := issued.filter(issue_request_key=key).first()):
            return made
        if locked.status not in Status.READY:
            raise NotReady(locked)
        receiving.switch_to_vehicle_code(locked)
        # Also one that a clerk is about to use: should nothing come of it, it stays dead.
        issued.filter(voided_at=None).update(voided_at=now)
        return _create(
            kind=CodeKind.VEHICLE,
            application=locked,
            procedure=locked.procedure,
            issue_number=issued.count() + 1,
            issued_at=now,
            issue_request_key=key,
        )


def live_code_of(application):
    """The code of this one vehicle that still fetches its papers, or None."""
    if application.status not in Status.READY:
        return None
    return Code.objects.filter(application=application, used_at=None, voided_at=None).first()


def _issue_with_password(kind, name, password, now):
    return _create(
        kind=kind,
        issued_at=now,
        receiver_name=name,
        password=passwords.encode(password),
        expires_on=clock.day(now) + timedelta(days=settings.KOSS_RECEIVER_CODE_DAYS),
    )


def _verdict(receiver, verdict):
    if receiver is None:
        return CodeVerdict.NOT_REGISTERED
    known = {
        passwords.Verdict.RIGHT: CodeVerdict.RIGHT,
        passwords.Verdict.WRONG: CodeVerdict.WRONG,
    }
    return known.get(verdict, CodeVerdict.NOT_CHECKED)


def _create(**fields):
    """Save a code under a public id and a lookup key that nobody else has."""
    while True:
        code = Code(
            public_id="".join(
                secrets.choice(_PUBLIC_ID_LETTERS) for _sign in range(_PUBLIC_ID_LENGTH)
            ),
            lookup_key=numbers.make_lookup_key(one_vehicle=fields["kind"] == CodeKind.VEHICLE),
            **fields,
        )
        try:
            with transaction.atomic():
                code.save(force_insert=True)
            return code
        except IntegrityError:
            if not Code.objects.filter(lookup_key=code.lookup_key).exists():
                raise
