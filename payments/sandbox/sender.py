"""The thread that makes ordered debits and sends what stands in the outbox.

Everything it does is a row, so that a killed bank goes on where it was. A message may reach the
portal twice, never not at all.
"""

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections, transaction
from django.db.models import F, Q

from payments.sandbox import clock, portal, settling
from payments.sandbox.models import Debit, Message

_LOOK_EVERY = 0.5
_LONGEST_PAUSE = 60
# One that is being sent is left alone for so long; then its sender is taken for dead.
_CLAIM = timedelta(seconds=30)
_AT_ONCE = 50

_S = Message.State
_log = logging.getLogger(__name__)
_wake = threading.Event()


def start():
    """Start the thread, once for each process."""
    threading.Thread(target=_run, name="sender", daemon=True).start()


def wake():
    """Look at the outbox as soon as the present transaction is written down."""
    transaction.on_commit(_wake.set)


def _run():
    # What the last process failed to send, or was sending, is due.
    Message.objects.filter(state=_S.WAITING, tries__gt=0).update(next_try_at=clock.now())
    while True:
        _wake.clear()
        try:
            close_old_connections()
            busy = _make_debits() | _send_due()
        except Exception:
            _log.exception("The sender stumbled; it goes on.")
            busy = False
        if not busy:
            _wake.wait(_LOOK_EVERY)


def _make_debits():
    waiting = list(
        Debit.objects.filter(state=Debit.State.ACCEPTED).values_list("pk", flat=True)[:_AT_ONCE]
    )
    for pk in waiting:
        settling.make_debit(pk)
    return bool(waiting)


def _send_due():
    now = clock.now()
    due = list(
        Message.objects.filter(
            Q(after=None) | Q(after__state__in=[_S.DELIVERED, _S.GIVEN_UP]),
            state=_S.WAITING,
            next_try_at__lte=now,
        ).order_by("next_try_at", "pk")[:_AT_ONCE]
    )
    for message in due:
        _send(message)
    return bool(due)


def _send(message):
    now = clock.now()
    mine = Message.objects.filter(
        pk=message.pk, state=_S.WAITING, next_try_at=message.next_try_at
    ).update(next_try_at=now + _CLAIM, tries=F("tries") + 1)
    if not mine:
        return
    try:
        status, _answer = portal.post(message.path, message.body, now=now)
        said = f"HTTP {status}"
    except portal.NoAnswer as error:
        status, said = 0, str(error)
    changes = {"last_answer": said}
    if status == 200:
        changes["state"] = _S.DELIVERED
    elif 400 <= status < 500 and status != 429:
        changes["state"] = _S.GIVEN_UP
    else:
        pause = min(2**message.tries, _LONGEST_PAUSE)
        changes["next_try_at"] = clock.now() + timedelta(seconds=pause)
    # Unless somebody pressed 今すぐ送る in the meantime.
    Message.objects.filter(pk=message.pk, next_try_at=now + _CLAIM).update(**changes)
