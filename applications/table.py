"""The declared moves of an application: who may move it from where to where, and what that does.

This table is the whole truth (product.md "The life of an application"); ``applications.moves``
carries it out, and docs/states.md is drawn from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext_lazy as _

from applications import conditions as c
from applications.charges import owe_fees, owe_vehicle_tax, owe_weight_tax
from applications.corrections import answer_order, open_order
from applications.models import Agency, NoticeKind
from applications.status import Actor, MoveName, Status


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table.

    ``source`` None: the application begins with this move. ``when``: a condition of
    ``applications.conditions``. ``effect``: called with the applications moved, before they are
    written. ``asks``: what whoever moves must say ("reason", "deadline", "fields", "plate",
    "price", "correction"). ``reason``: what is recorded when nobody is asked.
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
    asks: tuple[str, ...] = ()
    reason: str = ""


S, A, M, N = Status, Actor, MoveName, NoticeKind

_tax_office = partial(Move, agency=Agency.TAX_OFFICE)
_lapse_fees = partial(
    Move,
    M.LET_FEES_LAPSE,
    target=S.INVALID,
    by=A.NIGHT,
    when=c.every(c.overdue, c.fees_unpaid),
    mail="invalid",
    notice=N.INVALID,
    reason=_("納付期限日までに検査手数料・技術情報管理手数料の納付を確認できませんでした。"),
)

# fmt: off
TABLE = (
    # ---- intake
    Move(M.TAKE_IN,   None, S.RECEIVED,     A.INTAKE, mail="accepted"),
    Move(M.TURN_AWAY, None, S.NOT_ACCEPTED, A.INTAKE, mail="not_accepted", notice=N.NOT_ACCEPTED, asks=("reason",)),
    Move(M.ACCEPT, S.RECEIVED, S.FEES_DUE,      A.REVIEWER, c.every(c.owes_fees, c.pays_individually), mail="payment_due", effect=owe_fees),
    Move(M.ACCEPT, S.RECEIVED, S.FEES_IN_BATCH, A.REVIEWER, c.every(c.owes_fees, c.pays_together),     mail="payment_due", effect=owe_fees),
    Move(M.ACCEPT, S.RECEIVED, S.IN_REVIEW,     A.REVIEWER, c.fees_carried_over,                       effect=owe_fees),
    Move(M.INVALIDATE, S.RECEIVED, S.INVALID,   A.REVIEWER, mail="invalid", notice=N.INVALID, asks=("reason",)),

    # ---- fees
    Move(M.SETTLE, S.FEES_DUE,      S.IN_REVIEW, A.SETTLEMENT, c.fees_paid),
    Move(M.SETTLE, S.FEES_IN_BATCH, S.IN_REVIEW, A.SETTLEMENT, c.fees_paid),
    _lapse_fees(source=S.FEES_DUE),
    _lapse_fees(source=S.FEES_IN_BATCH),
    Move(M.VOID_WITH_BATCH, S.FEES_IN_BATCH, S.INVALID, A.NIGHT, c.batch_withdrawn, mail="invalid", notice=N.INVALID,
         reason=_("まとめ納付の単位で取り下げられました。")),
    Move(M.WITHDRAW, S.FEES_IN_BATCH, S.WITHDRAWING, A.APPLICANT, c.no_number_taken, notice=N.WITHDRAWAL,
         reason=_("申請の取り下げを受け付けました。軽自動車検査協会の確認後に完了します。")),

    # ---- review by the association
    Move(M.ORDER_CORRECTION, S.IN_REVIEW, S.AWAITING_CORRECTION, A.REVIEWER, mail="correction_ordered", notice=N.CORRECTION,
         effect=open_order, asks=("reason", "deadline", "fields")),
    Move(M.REJECT, S.IN_REVIEW, S.REJECTED, A.REVIEWER, mail="rejected", notice=N.REJECTED, asks=("reason",)),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.WEIGHT_TAX_DUE,      A.REVIEWER, c.every(c.owes_weight_tax, c.pays_individually), mail="payment_due",
         effect=owe_weight_tax, asks=("plate",)),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.WEIGHT_TAX_IN_BATCH, A.REVIEWER, c.every(c.owes_weight_tax, c.pays_together),     mail="payment_due",
         effect=owe_weight_tax, asks=("plate",)),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.READY_TO_RETURN, A.REVIEWER, c.every(c.free_of_weight_tax, c.is_continued_inspection), mail="ready",
         effect=owe_weight_tax, asks=("plate",)),
    Move(M.PASS_REVIEW, S.IN_REVIEW, S.TAX_IN_REVIEW,   A.REVIEWER, c.every(c.free_of_weight_tax, c.is_new_vehicle),
         effect=owe_weight_tax, asks=("plate",)),
    Move(M.SEND_CORRECTION, S.AWAITING_CORRECTION, S.IN_REVIEW, A.APPLICANT, c.in_time, effect=answer_order, asks=("correction",)),
    Move(M.WITHDRAW, S.AWAITING_CORRECTION, S.WITHDRAWING, A.APPLICANT, notice=N.WITHDRAWAL,
         reason=_("申請の取り下げを受け付けました。軽自動車検査協会の確認後に完了します。")),
    Move(M.LET_CORRECTION_LAPSE, S.AWAITING_CORRECTION, S.REJECTED, A.NIGHT, c.overdue, mail="rejected", notice=N.REJECTED,
         reason=_("補正期限日までに補正が行われなかったため、期限切れ却下となりました。")),
    Move(M.CONFIRM_WITHDRAWAL, S.WITHDRAWING, S.WITHDRAWN, A.REVIEWER, notice=N.WITHDRAWAL,
         reason=_("申請の取り下げが完了しました。")),

    # ---- weight tax
    Move(M.SETTLE, S.WEIGHT_TAX_DUE,      S.READY_TO_RETURN, A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_continued_inspection), mail="ready"),
    Move(M.SETTLE, S.WEIGHT_TAX_IN_BATCH, S.READY_TO_RETURN, A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_continued_inspection), mail="ready"),
    Move(M.SETTLE, S.WEIGHT_TAX_DUE,      S.TAX_IN_REVIEW,   A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_new_vehicle)),
    Move(M.SETTLE, S.WEIGHT_TAX_IN_BATCH, S.TAX_IN_REVIEW,   A.SETTLEMENT, c.every(c.weight_tax_paid, c.is_new_vehicle)),

    # ---- vehicle tax declaration
    _tax_office(M.ORDER_CORRECTION, S.TAX_IN_REVIEW, S.AWAITING_TAX_CORRECTION, A.TAX_OFFICE, mail="correction_ordered", notice=N.CORRECTION,
                effect=open_order, asks=("reason", "deadline", "fields")),
    Move(M.SEND_CORRECTION, S.AWAITING_TAX_CORRECTION, S.TAX_IN_REVIEW, A.APPLICANT, effect=answer_order, asks=("correction",)),
    Move(M.PASS_TAX, S.TAX_IN_REVIEW, S.VEHICLE_TAX_DUE,      A.TAX_OFFICE, c.every(c.owes_vehicle_tax, c.pays_individually), mail="payment_due",
         effect=owe_vehicle_tax, asks=("price",)),
    Move(M.PASS_TAX, S.TAX_IN_REVIEW, S.VEHICLE_TAX_IN_BATCH, A.TAX_OFFICE, c.every(c.owes_vehicle_tax, c.pays_together),     mail="payment_due",
         effect=owe_vehicle_tax, asks=("price",)),
    Move(M.PASS_TAX, S.TAX_IN_REVIEW, S.READY_TO_ISSUE,       A.TAX_OFFICE, c.free_of_vehicle_tax, mail="ready",
         effect=owe_vehicle_tax, asks=("price",)),
    Move(M.SETTLE, S.VEHICLE_TAX_DUE,      S.READY_TO_ISSUE, A.SETTLEMENT, c.vehicle_tax_paid, mail="ready"),
    Move(M.SETTLE, S.VEHICLE_TAX_IN_BATCH, S.READY_TO_ISSUE, A.SETTLEMENT, c.vehicle_tax_paid, mail="ready"),

    # ---- counter
    Move(M.HAND_OVER,     S.READY_TO_RETURN, S.RETURNED, A.COUNTER, asks=("reason",)),
    Move(M.RECORD_RETURN, S.READY_TO_RETURN, S.RETURNED, A.COUNTER, c.has_recording_agent),
    Move(M.HAND_OVER,     S.READY_TO_ISSUE,  S.ISSUED,   A.COUNTER, asks=("reason",)),
)
# fmt: on
