"""The declared moves of an application: who may move it from where to where, and what that does.

This table is complete: ``applications.life.moves`` carries it out, and docs/states.md is drawn from
it.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import partial

from applications.life import conditions as c
from applications.life.asking import Ask
from applications.life.charges import owe_fees, owe_vehicle_tax, owe_weight_tax
from applications.life.corrections import answer_order, open_order
from applications.models import Agency, NoticeKind
from applications.status import Actor, MoveName, StandardReason, Status


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table.

    ``source`` None: the application begins with this move. ``when``: a condition of
    ``applications.life.conditions``. ``effect``: called with the applications moved, before they are
    written. ``asks``: what the actor must say. ``reason``: what is recorded where nobody is asked.
    """

    name: MoveName
    source: Status | None
    target: Status
    by: Actor
    when: Callable | None = None
    mail: str = ""
    notice: NoticeKind | None = None
    agency: Agency = Agency.INSPECTION_OFFICE
    effect: Callable | None = None
    asks: Set[Ask] = frozenset()
    reason: StandardReason | str = ""


S, A, M, N, R = Status, Actor, MoveName, NoticeKind, StandardReason

_tax_office = partial(Move, agency=Agency.TAX_OFFICE)
_lapse_fees = partial(
    Move,
    M.LET_FEES_LAPSE,
    target=S.INVALID,
    by=A.NIGHT,
    when=c.every(c.overdue, c.fees_unpaid, c.no_number_open),
    mail="invalid",
    notice=N.INVALID,
    reason=R.FEES_LAPSED,
)

# fmt: off
TABLE = (
    # intake
    Move(M.TAKE_IN,   None, S.RECEIVED,     A.INTAKE, mail="accepted"),
    Move(M.TURN_AWAY, None, S.NOT_ACCEPTED, A.INTAKE, mail="not_accepted", notice=N.NOT_ACCEPTED, asks={Ask.REASON}),
    Move(M.ACCEPT, S.RECEIVED, S.FEES_DUE,      A.REVIEWER, c.every(c.owes_fees, c.pays_individually), mail="payment_due", effect=owe_fees),
    Move(M.ACCEPT, S.RECEIVED, S.FEES_IN_BATCH, A.REVIEWER, c.every(c.owes_fees, c.pays_together),     mail="payment_due", effect=owe_fees),
    Move(M.ACCEPT, S.RECEIVED, S.IN_REVIEW,     A.REVIEWER, c.fees_carried_over,                       effect=owe_fees),
    Move(M.INVALIDATE, S.RECEIVED, S.INVALID,   A.REVIEWER, mail="invalid", notice=N.INVALID, asks={Ask.REASON}),

    # fees
    Move(M.SETTLE, S.FEES_DUE,      S.IN_REVIEW, A.SETTLEMENT, c.fees_paid),
    Move(M.SETTLE, S.FEES_IN_BATCH, S.IN_REVIEW, A.SETTLEMENT, c.fees_paid),
    _lapse_fees(source=S.FEES_DUE),
    _lapse_fees(source=S.FEES_IN_BATCH),
    Move(M.VOID_WITH_BATCH, S.FEES_IN_BATCH, S.INVALID, A.NIGHT, c.batch_withdrawn, mail="invalid", notice=N.INVALID,
         reason=R.BATCH_WITHDRAWN),
    Move(M.WITHDRAW, S.FEES_IN_BATCH, S.WITHDRAWING, A.APPLICANT, c.no_number_taken, notice=N.WITHDRAWAL,
         reason=R.WITHDRAWAL_ACCEPTED),

    # review by the association
    Move(M.ORDER_CORRECTION, S.IN_REVIEW, S.AWAITING_CORRECTION, A.REVIEWER, mail="correction_ordered", notice=N.CORRECTION,
         effect=open_order, asks={Ask.REASON, Ask.DEADLINE, Ask.FIELDS}),
    Move(M.REJECT, S.IN_REVIEW, S.REJECTED, A.REVIEWER, mail="rejected", notice=N.REJECTED, asks={Ask.REASON}),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.WEIGHT_TAX_DUE,      A.REVIEWER, c.every(c.owes_weight_tax, c.pays_individually), mail="payment_due",
         effect=owe_weight_tax, asks={Ask.PLATE}),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.WEIGHT_TAX_IN_BATCH, A.REVIEWER, c.every(c.owes_weight_tax, c.pays_together),     mail="payment_due",
         effect=owe_weight_tax, asks={Ask.PLATE}),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.READY_TO_RETURN, A.REVIEWER, c.every(c.free_of_weight_tax, c.is_continued_inspection), mail="ready",
         effect=owe_weight_tax, asks={Ask.PLATE}),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.TAX_IN_REVIEW,   A.REVIEWER, c.every(c.free_of_weight_tax, c.is_new_vehicle),
         effect=owe_weight_tax, asks={Ask.PLATE}),
    Move(M.SEND_CORRECTION, S.AWAITING_CORRECTION, S.IN_REVIEW, A.APPLICANT, c.in_time, effect=answer_order, asks={Ask.CORRECTION}),
    Move(M.WITHDRAW, S.AWAITING_CORRECTION, S.WITHDRAWING, A.APPLICANT, notice=N.WITHDRAWAL,
         reason=R.WITHDRAWAL_ACCEPTED),
    Move(M.LET_CORRECTION_LAPSE, S.AWAITING_CORRECTION, S.REJECTED, A.NIGHT, c.overdue, mail="rejected", notice=N.REJECTED,
         reason=R.CORRECTION_LAPSED),
    Move(M.CONFIRM_WITHDRAWAL, S.WITHDRAWING, S.WITHDRAWN, A.REVIEWER, notice=N.WITHDRAWAL,
         reason=R.WITHDRAWAL_CONFIRMED),

    # weight tax
    Move(M.SETTLE, S.WEIGHT_TAX_DUE,      S.READY_TO_RETURN, A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_continued_inspection), mail="ready"),
    Move(M.SETTLE, S.WEIGHT_TAX_IN_BATCH, S.READY_TO_RETURN, A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_continued_inspection), mail="ready"),
    Move(M.SETTLE, S.WEIGHT_TAX_DUE,      S.TAX_IN_REVIEW,   A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_new_vehicle)),
    Move(M.SETTLE, S.WEIGHT_TAX_IN_BATCH, S.TAX_IN_REVIEW,   A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_new_vehicle)),

    # vehicle tax declaration
    _tax_office(M.ORDER_CORRECTION, S.TAX_IN_REVIEW, S.AWAITING_TAX_CORRECTION, A.TAX_OFFICE, mail="correction_ordered", notice=N.CORRECTION,
                effect=open_order, asks={Ask.REASON, Ask.DEADLINE, Ask.FIELDS}),
    Move(M.SEND_CORRECTION, S.AWAITING_TAX_CORRECTION, S.TAX_IN_REVIEW, A.APPLICANT, effect=answer_order, asks={Ask.CORRECTION}),
    Move(M.PASS_TAX, S.TAX_IN_REVIEW, S.VEHICLE_TAX_DUE,      A.TAX_OFFICE, c.every(c.owes_vehicle_tax, c.pays_individually), mail="payment_due",
         effect=owe_vehicle_tax, asks={Ask.PRICE}),
    Move(M.PASS_TAX, S.TAX_IN_REVIEW, S.VEHICLE_TAX_IN_BATCH, A.TAX_OFFICE, c.every(c.owes_vehicle_tax, c.pays_together),     mail="payment_due",
         effect=owe_vehicle_tax, asks={Ask.PRICE}),
    Move(M.PASS_TAX, S.TAX_IN_REVIEW, S.READY_TO_ISSUE,       A.TAX_OFFICE, c.free_of_vehicle_tax, mail="ready",
         effect=owe_vehicle_tax, asks={Ask.PRICE}),
    Move(M.SETTLE, S.VEHICLE_TAX_DUE,      S.READY_TO_ISSUE, A.SETTLEMENT, c.vehicle_tax_paid, mail="ready"),
    Move(M.SETTLE, S.VEHICLE_TAX_IN_BATCH, S.READY_TO_ISSUE, A.SETTLEMENT, c.vehicle_tax_paid, mail="ready"),

    # counter
    Move(M.HAND_OVER,     S.READY_TO_RETURN, S.RETURNED, A.COUNTER, reason=R.HANDED_OVER),
    Move(M.RECORD_RETURN, S.READY_TO_RETURN, S.RETURNED, A.COUNTER, c.has_recording_agent),
    Move(M.HAND_OVER,     S.READY_TO_ISSUE,  S.ISSUED,   A.COUNTER, reason=R.HANDED_OVER),
)
# fmt: on

_LAPSES = {
    move.source: move.target
    for move in TABLE
    if move.name in (MoveName.LET_FEES_LAPSE, MoveName.LET_CORRECTION_LAPSE)
}


def lapses_into(status):
    """The status that the night gives to what is overdue in ``status``, or "" where it stays."""
    return str(_LAPSES.get(status, ""))
