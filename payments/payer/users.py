"""Payment users (納付利用者): their IDs, passwords and details.

Passwords are encoded before any transaction begins; what raises ``passwords.Busy`` has changed
nothing and would work a moment later. Every password is valid for 60 days
(【画面申請】まとめ納付管理ファイルの取得手順, 2).
"""

import secrets
import string
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from applications.life.letters import PayersMail
from applications.models import Application
from applications.status import Status
from koss.access import passwords, sources
from koss.access.passwords import Verdict
from koss.ground import clock
from koss.mail import outbox
from payments.models import EventKind, PaymentUser, WebhookEnd, WebhookState
from payments.payer import credentials, events
from payments.payer.letters import letter

LOCK_KIND = "payment_user"
# From how long before its end a password's last day is announced.
_WARN = timedelta(days=7)
# How often a new ID may turn out to be taken: by chance, never twice in a row.
_DRAWS = 20
# What a user may change (よくあるご質問), beside the password.
DETAILS = ("name", "name_kana", "representative", "admin_email", "status_email")


class Stale(Exception):
    """What the change began from is so no more; nothing was changed."""


class _Repeated(Exception):
    """The same request has made a user meanwhile."""


class TooManyIssued(Exception):
    """This source had as many IDs issued as one may within a day."""


def issue(*, password, now, bulk_password=None, source="", request_key=None, **details):
    """A new payment user; with ``bulk_password`` also a 一括利用者. ``details``: see DETAILS.

    The IDs are mailed to 利用者管理用メールアドレス. The same ``request_key`` again gives the user
    that it made the first time. Raises Busy, and TooManyIssued where ``source`` had
    KOSS_ISSUES_PER_SOURCE of them within a day.
    """
    if made := _issued_by(request_key):
        return made
    _refuse_too_many(source, now)
    encoded = passwords.encode(password)
    bulk_encoded = passwords.encode(bulk_password) if bulk_password else ""
    try:
        with transaction.atomic():
            if source:  # two at once are counted one after the other
                sources.lock(source, now=now)
                _refuse_too_many(source, now)
            user = _made(
                password=encoded,
                password_set_at=now,
                bulk_password=bulk_encoded,
                issued_at=now,
                updated_at=now,
                request_key=request_key,
                **details,
            )
            events.record(user, EventKind.ISSUED, now=now, source=source)
            outbox.put([letter(user, "users/issued", user.user_id)], now=now)
    except _Repeated:
        return _issued_by(request_key)
    return user


def sign_in(user_id, typed, kind, *, now, source, device=""):
    """Try a password at a login; returns (passwords.Answer, the user when it is RIGHT, else None).

    ``kind``: the EventKind of the login. An unknown ID costs as much as a known one, and a lock
    set by staff looks like any other. Whether a right password has expired is for ``is_expired``.
    """
    answer, user, event = _try(user_id, typed, now=now, source=source, device=device)
    if user:
        _was(event, kind)
    return answer, user


def change_password(user_id, typed, new_password, *, now, source, device=""):
    """パスワード変更: replace the password by ``new_password``, when ``typed`` is the current one.

    Returns (passwords.Answer, user or None) as ``sign_in`` does, with the same counter and at the
    same cost. Every session of the user is over. Raises Busy, and Stale when another change was
    faster.
    """
    answer, user, event = _try(user_id, typed, now=now, source=source, device=device)
    if not user:
        return answer, None
    try:
        encoded = passwords.encode(new_password)
        with transaction.atomic():
            user = set_password(user, encoded, now=now)
            _was(event, EventKind.PASSWORD_CHANGED)
    except (passwords.Busy, Stale):
        event.delete()  # the password was right
        raise
    return answer, user


def set_password(user, encoded, *, now):
    """Give ``user`` a new password, inside the caller's transaction, and mail that it is new.

    Returns the user, locked. Raises Stale when it is no longer the one that ``user`` knows.
    """
    locked = PaymentUser.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.version != user.version:
        raise Stale
    locked.password, locked.password_set_at = encoded, now
    locked.version += 1
    locked.save(update_fields=["password", "password_set_at", "version"])
    outbox.put([letter(locked, "users/password_changed", locked.version)], now=now)
    return locked


def set_bulk_password(user, password, *, now, source=""):
    """一括利用者パスワード初期化: a new password for the user's 一括利用者ID, and no API key.

    Nothing is sent to a webhook of the user any more, until it is resumed. Raises Busy. A user
    without one is a ValueError: no screen offers it there.
    """
    if not user.bulk_id:
        raise ValueError("this payment user has no 一括利用者ID")
    encoded = passwords.encode(password)
    with transaction.atomic():
        PaymentUser.objects.filter(pk=user.pk).update(bulk_password=encoded)
        ended = {
            "credentials": credentials.end_all(user, now=now),
            "webhooks": _stop_webhooks(user, now),
        }
        event = events.record(user, EventKind.BULK_RESET, now=now, source=source)
        outbox.put([letter(user, "users/bulk_password_changed", event.pk, **ended)], now=now)
    user.bulk_password = encoded


def change_details(user, *, now, seen=None, source="", **details):
    """利用者情報変更: set what is given of DETAILS; returns the user as it is then.

    ``seen``: the ``mark`` of what was looked at; Stale is raised when it was changed since then.

    The old and the new 利用者管理用メールアドレス are told. Mails about the user's applications
    that are still under way go to the new 申請状況通知用メールアドレス from now on.
    """
    if unknown := set(details) - set(DETAILS):
        raise ValueError(f"not to be changed: {unknown}")
    with transaction.atomic():
        locked = PaymentUser.objects.select_for_update(no_key=True).get(pk=user.pk)
        if seen is not None and mark(locked) != seen:
            raise Stale
        changed = [name for name, value in details.items() if getattr(locked, name) != value]
        if not changed:
            return locked
        told = {locked.admin_email}
        for name in changed:
            setattr(locked, name, details[name])
        locked.updated_at = now
        locked.save(update_fields=[*changed, "updated_at"])
        if "status_email" in changed:
            _redirect_mail(locked)
        event = events.record(locked, EventKind.DETAILS_CHANGED, now=now, source=source)
        told.add(locked.admin_email)
        outbox.put(
            [letter(locked, "users/details_changed", event.pk, to=each) for each in sorted(told)],
            now=now,
        )
    return locked


def choose_language(user, language):
    """Write mails to ``user``, those about applications included, in ``language`` from now on."""
    PaymentUser.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def mark(user):
    """What changes whenever the details of ``user`` do."""
    return user.updated_at.astimezone(clock.JAPAN).isoformat()


def find(user_id):
    """The payment user of this ID, or None."""
    return PaymentUser.objects.filter(user_id=user_id).first()


def status_mails(user_ids):
    """{ID: PayersMail} of those of ``user_ids`` that exist. One query."""
    users = PaymentUser.objects.filter(user_id__in=user_ids).values_list(
        "user_id", "status_email", "language", "morning_mail"
    )
    return {
        user_id: PayersMail(address, language, chosen is not None)
        for user_id, address, language, chosen in users
    }


def is_expired(user, now):
    """Whether the password only leads to パスワード変更: 60 days have gone by since it was set."""
    return now >= user.password_expires_at()


def days_left(user, now):
    """For how many more days the password is good, from seven days before its end on; else None.

    0 says that it ends today. The days are those of the calendar in Japan.
    """
    ends = user.password_expires_at()
    if now < ends - _WARN or now >= ends:
        return None
    return (clock.day(ends) - clock.day(now)).days


def _stop_webhooks(user, now):
    """Who knew the old password may have named an address: it is told nothing more."""
    told = user.webhooks.filter(state=WebhookState.ACTIVE)
    return told.update(state=WebhookState.DISABLED, end=WebhookEnd.PASSWORD_RESET, state_at=now)


def _redirect_mail(user):
    """Have mails about applications under way go to 申請状況通知用メールアドレス of ``user``."""
    under_way = Application.objects.filter(payer=user.user_id).exclude(status__in=Status.FINAL)
    # Locked in ascending order, as everybody else does.
    keys = list(
        under_way.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    )
    Application.objects.filter(pk__in=keys).update(status_email=user.status_email)


def _try(user_id, typed, *, now, source, device):
    """(answer, user or None, event). The event says that it failed, until ``_was`` corrects it.

    It is written in the transaction that counts the try: so a failure leaves its record although
    the process dies, and an ID that exists is answered no later than one that does not.
    """
    user = find(user_id)
    event = None

    def note_try():
        nonlocal event
        if user:
            event = events.record(user, EventKind.LOGIN_FAILED, now=now, source=source)

    def note_lock():
        if event:
            _was(event, EventKind.LOCKED)

    answer = passwords.attempt(
        LOCK_KIND,
        user_id,
        typed,
        user.password if user else None,
        now=now,
        source=source,
        device=device,
        barred=bool(user and user.staff_locked_at),
        on_count=note_try,
        on_lock=note_lock,
    )
    return answer, user if answer.verdict is Verdict.RIGHT else None, event


def _was(event, kind):
    event.kind = kind
    event.save(update_fields=["kind"])


def _refuse_too_many(source, now):
    lately = events.count(EventKind.ISSUED, source, since=now - timedelta(days=1))
    if source and lately >= settings.KOSS_ISSUES_PER_SOURCE:
        raise TooManyIssued


def _issued_by(request_key):
    return PaymentUser.objects.filter(request_key=request_key).first() if request_key else None


def _made(*, bulk_password, request_key, **fields):
    """The row, under IDs that nobody else has."""
    for _draw in range(_DRAWS):
        try:
            with transaction.atomic():
                return PaymentUser.objects.create(
                    user_id=new_id("KN"),
                    bulk_id=new_id("KI") if bulk_password else "",
                    bulk_password=bulk_password,
                    request_key=request_key,
                    **fields,
                )
        except IntegrityError:
            if _issued_by(request_key):
                raise _Repeated from None
    raise RuntimeError("no free ID was found")


def new_id(prefix):
    """A random ID: two letters and four digits after ``prefix``. It may be taken already."""
    letters = "".join(secrets.choice(string.ascii_uppercase) for _ in range(2))
    return f"{prefix}{letters}{secrets.randbelow(10_000):04d}"
