"""Staff of the demo who act by themselves, as the beginning of a 車台番号 asks for.

One table; docs/api.md says the same. They make one move of an application in each round
(``manage.py reconcile``), through the table of moves as everybody else.
"""

import logging
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q

from applications.life import asking, attachments, charges, corrections, moves
from applications.life.table import TABLE
from applications.models import Application
from applications.status import Actor, MoveName, Procedure, Status
from koss.demo import world

logger = logging.getLogger(__name__)

_S, _M = Status, MoveName
_STAFF = {Actor.REVIEWER, Actor.TAX_OFFICE, Actor.COUNTER}
_ROUND = 200
_REASON = "サンドボックスの職員による処理です。"
_FIELD = "user_name"
# A new vehicle of an application that names none gets that of the manuals.
_PLATE = "品川 - 580 - さ - 1234"

_ACCEPT = (_S.RECEIVED, _M.ACCEPT)
_CONFIRM = (_S.WITHDRAWING, _M.CONFIRM_WITHDRAWAL)
_PASS, _PASS_TAX = (_S.IN_REVIEW, _M.PASS_REVIEW), (_S.TAX_IN_REVIEW, _M.PASS_TAX)
_HAND_OVER = ((_S.READY_TO_RETURN, _M.HAND_OVER), (_S.READY_TO_ISSUE, _M.HAND_OVER))


@dataclass(frozen=True, slots=True)
class PlayedNumber:
    """A 車台番号 that begins with ``prefix``.

    ``steps``: (status, the move that staff make there). A correction is ordered once in a status,
    and then the step behind it is made. ``shows``: what happens, for the guide.
    """

    prefix: str
    steps: tuple
    shows: str


PLAYED = (
    PlayedNumber("TX100-", (_ACCEPT, _CONFIRM), "受付チェックを完了し、納付を待つ"),
    PlayedNumber("TX110-", ((_S.RECEIVED, _M.INVALIDATE),), "受付で検査申請無効にする"),
    PlayedNumber(
        "TX120-",
        (_ACCEPT, (_S.IN_REVIEW, _M.ORDER_CORRECTION), _PASS, _PASS_TAX, _CONFIRM),
        "手数料の納付のあとに補正を一度指示し、補正のあとに審査を完了する",
    ),
    PlayedNumber(
        "TX130-",
        (_ACCEPT, (_S.IN_REVIEW, _M.REJECT)),
        "手数料の納付のあとに検査申請却下にする",
    ),
    PlayedNumber(
        "TX140-",
        (_ACCEPT, _PASS, _PASS_TAX, _CONFIRM),
        "添付書類がそろいしだい審査を完了し、交付物の準備を終える",
    ),
    PlayedNumber(
        "TX150-",
        (_ACCEPT, _PASS, (_S.TAX_IN_REVIEW, _M.ORDER_CORRECTION), _PASS_TAX, _CONFIRM),
        "軽自動車税申告の補正を一度指示する（新車）",
    ),
    PlayedNumber(
        "TX160-",
        (_ACCEPT, _PASS, _PASS_TAX, *_HAND_OVER, _CONFIRM),
        "審査を完了し、交付物を渡すまでを行う",
    ),
)


def act(*, now):
    """Make the next move of each such application; returns how many were made.

    Outside demo mode it does nothing. Two rounds at once make no move twice.
    """
    if not settings.DEMO:
        return 0
    begins = reduce(or_, (Q(chassis_number__startswith=each.prefix) for each in PLAYED))
    waiting = {status for each in PLAYED for status, _move in each.steps}
    rows = Application.objects.filter(begins, status__in=waiting).select_related("office")
    return sum(_act_on(row, now) for row in rows.order_by("status_changed_at", "pk")[:_ROUND])


def _act_on(application, now):
    played = next(each for each in PLAYED if application.chassis_number.startswith(each.prefix))
    name = _next_move(application, played)
    if name is None:
        return False
    [actor] = {
        line.by
        for line in TABLE
        if (line.name, line.source) == (name, application.status) and line.by in _STAFF
    }
    try:
        moves.perform(
            name,
            application,
            actor=actor,
            now=now,
            by=world.on_duty(actor, application.office),
            inputs=_inputs(name, application, now),
            request_key=moves.RequestKey.fresh(application),
        )
    except (moves.MoveRefused, charges.NoRate) as refused:
        logger.info("%s: %s", application.receipt_number, refused)
        return False
    return True


def _next_move(application, played):
    for status, name in played.steps:
        if status != application.status:
            continue
        made = application.history.filter(move=name, from_status=status)
        if name == MoveName.ORDER_CORRECTION and made.exists():
            continue
        if name == MoveName.PASS_REVIEW and attachments.missing(application):
            return None
        return name
    return None


def _inputs(name, application, now):
    lines = [line for line in TABLE if (line.name, line.source) == (name, application.status)]
    if name == MoveName.ORDER_CORRECTION:
        deadline = corrections.usual_deadline(now)
        return moves.Inputs(reason=_REASON, deadline=deadline, fields=(_FIELD,))
    if name == MoveName.PASS_REVIEW and application.procedure == Procedure.NEW_VEHICLE:
        return moves.Inputs(changes={"plate": application.plate or _PLATE})
    return moves.Inputs(reason=_REASON if asking.needs_reason(lines[0]) else "")
