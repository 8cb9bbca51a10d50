"""Writing down what the portal is to be told, in the way that the training page asks for."""

import json
from datetime import timedelta

from payments.sandbox.clock import JAPAN
from payments.sandbox.models import Message, Training

NOTICES = "/payment/bank/notices/"
DEBITS = "/payment/bank/debits/"

_S = Message.State


def notice_of(settlement):
    """The notice of docs/bank.md."""
    return {
        "settlement_id": settlement.settlement_id,
        "agency_number": settlement.agency_number,
        "payment_number": settlement.payment_number,
        "amount": settlement.amount,
        "settled_at": settlement.settled_at.astimezone(JAPAN).isoformat(),
        "way": settlement.way,
        "bank": settlement.account.bank,
        "reference": settlement.reference,
    }


def put_notice(settlement, training, now):
    """Inside the transaction that settles: tell the portal, as ``training`` says."""
    body = json.dumps(notice_of(settlement))
    mode = Training.Mode(training.mode)
    if mode == Training.Mode.LATE:
        _put(NOTICES, body, now + timedelta(minutes=training.minutes), settlement=settlement)
    elif mode == Training.Mode.NEVER:
        _put(NOTICES, body, now, settlement=settlement, state=_S.NEVER)
    elif mode == Training.Mode.REVERSED:
        _put_reversed(settlement, body, now)
    else:
        for _each in range(2 if mode == Training.Mode.TWICE else 1):
            _put(NOTICES, body, now, settlement=settlement)


def put_debit_failure(debit, now):
    """Inside the transaction that fails the debit: tell the portal at once."""
    body = {
        "reference": debit.reference,
        "result": "failed",
        "reason": debit.reason,
        "at": now.isoformat(),
    }
    _put(DEBITS, json.dumps(body), now)


def send_now(pk, now):
    """Send this one next, whatever it waits for; a delivered one is sent once more."""
    Message.objects.filter(pk=pk).update(
        state=_S.WAITING, after=None, next_try_at=now, last_answer=""
    )


def release_held(now):
    """The order is no longer reversed: what waits for a successor goes at once."""
    Message.objects.filter(state=_S.HELD).update(state=_S.WAITING, next_try_at=now)


def _put_reversed(settlement, body, now):
    """Every second notice overtakes the one before it."""
    held = Message.objects.filter(state=_S.HELD).first()
    if held is None:
        _put(NOTICES, body, now, settlement=settlement, state=_S.HELD)
        return
    held.after = _put(NOTICES, body, now, settlement=settlement)
    held.state, held.next_try_at = _S.WAITING, now
    held.save()


def _put(path, body, at, *, settlement=None, state=_S.WAITING):
    return Message.objects.create(
        path=path, body=body, settlement=settlement, state=state, next_try_at=at, made_at=at
    )
