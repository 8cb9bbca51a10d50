"""照合: asking the bank for everything that should have been told, answered or sent by now.

A notice that was lost, a worker that died between two steps, a bank that was away: whatever is
left over from them is found here, and ends as it would have ended at once.
"""

import logging
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from koss.ground import clock
from payments import banks
from payments.direct import accounts, debits
from payments.models import (
    AccountState,
    DebitOrder,
    DebitState,
    DirectAccount,
    PaymentInformation,
    PaymentState,
)
from payments.models.settlement import Finder
from payments.money import awaiting, settlements
from payments.numbers import numbering

logger = logging.getLogger(__name__)

# What is younger may still be on its usual way.
PATIENCE = timedelta(minutes=1)
# After so many questions in a row without an answer the bank is away: the rest waits.
_AWAY = 3
_PAGE = 500


def run(*, now, since=None):
    """Do everything once. Returns how much there was to do of each kind, only what is not 0.

    ``since``: from which moment on the bank is asked for settlements, in the machine's own time;
    by default so that nothing is left out. ``"unanswered"`` counts the questions that got no
    answer: those are asked again next time. Never inside a transaction; running it twice does
    nothing twice.
    """
    counts = Counter()
    _ask_settlements(since or awaiting.ask_since(now), now, counts)
    patient = now - PATIENCE
    unnumbered = PaymentInformation.objects.filter(
        state=PaymentState.UNPAID, payment_number="", requested_at__lte=patient
    )
    counts["numbers"] = _ask(
        unnumbered.order_by("pk"), lambda each: numbering.fetch(each, now=now), counts
    )
    counts["debits_sent"] = _ask(
        debits.due(now).order_by("pk"), lambda each: debits.send(each, now=now), counts
    )
    ordered = DebitOrder.objects.filter(state=DebitState.ORDERED, ordered_at__lte=patient)
    _ask(ordered.order_by("pk"), lambda each: _look_after(each, now, counts), counts)
    waiting = DirectAccount.objects.filter(state=AccountState.WAITING, made_at__lte=patient)
    counts["accounts"] = _ask(
        waiting.order_by("pk"), lambda each: accounts.confirm(each, now=now), counts
    )
    return {name: count for name, count in counts.items() if count}


def run_for_night(business_date, *, now):
    """Ask for settlements, and for the debits that a night must know of before numbers expire.

    Returns as ``run`` does.
    """
    counts = Counter()
    _ask_settlements(awaiting.ask_since(now), now, counts)
    ordered = DebitOrder.objects.filter(
        state=DebitState.ORDERED, information__due_on__lte=business_date
    )
    _ask(ordered.order_by("pk"), lambda each: _look_after(each, now, counts), counts)
    return {name: count for name, count in counts.items() if count}


def _ask_settlements(since, now, counts):
    if _ask([since], lambda since: _find_settlements(since, now, counts), counts):
        awaiting.note_answer(since, now=now)


def _ask(rows, act, counts):
    """``act`` on each, as long as the bank answers; returns for how many it did."""
    answered = silent = 0
    for row in rows:
        try:
            act(row)
        except (banks.BankUnreachable, banks.BankRefused) as error:
            # What a bank may refuse is dealt with in ``act``: here a refusal answers nothing.
            which = getattr(row, "pk", row)
            logger.warning("the bank gave no answer about %s: %s", which, error)
            counts["unanswered"] += 1
            silent += 1
            if silent == _AWAY:
                break
        else:
            answered += 1
            silent = 0
    return answered


def _find_settlements(since, now, counts):
    """Receive what the bank knows and no notice has told, page by page."""
    told = banks.current().settlements(since=since)
    while page := list(islice(told, _PAGE)):
        for message in settlements.news(page):
            _receive(message, now)
            counts["settlements"] += 1


def _look_after(order, now, counts):
    """Ask what became of one debit, and end it like the bank's own message would have."""
    information = order.information
    state, reason, settled = banks.current().debit_state(information.reference)
    if settled is not None:
        if settlements.news([settled]):
            _receive(settled, now)
            counts["settlements"] += 1
    elif state == "failed":
        debits.fail(order, reason, now=now)
        counts["debits_failed"] += 1
    elif state == "unknown":
        debits.send_again(order, now=now)
        counts["debits_sent"] += 1


def _receive(message, now):
    told = replace(message, settled_at=clock.of_machine(message.settled_at))
    settlements.receive(told, now=now, found_by=Finder.RECONCILIATION)
