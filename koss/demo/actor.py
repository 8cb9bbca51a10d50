"""Staff and applicants of the demo who act by themselves, as a 車台番号 asks for.

The values stand in ``applications.practice.values``. In each round (``koss.operation.minute``) an
application goes as far as it can, through the table of moves as everybody else's.
"""

import logging
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from applications.demo.journeys import second_of
from applications.life import asking, attachments, charges, correctable, corrections, moves
from applications.life.table import TABLE
from applications.models import PAPERS, Application, AttachmentState
from applications.practice import values
from applications.status import Actor, MoveName, Procedure, Status
from koss.demo import paying, world
from qrcodes import demo as receivers

logger = logging.getLogger(__name__)

_ACTORS = {Actor.REVIEWER, Actor.TAX_OFFICE, Actor.COUNTER, Actor.APPLICANT}
# How many are moved in a round, and by how many moves each, at most.
_ROUND, _WAY = 200, 10
_REASON = "サンドボックスの職員による処理です。"
# A new vehicle of an application that names none gets that of the manuals.
_PLATE = "品川 - 580 - さ - 1234"
_PRICE = {"acquisition_price": 1_500_000, "vehicle_tax_rate": Decimal("2.0")}


def act(*, now):
    """Make every next move of each such application; returns how many were made.

    Outside demo mode it does nothing. Two rounds at once make no move twice. Asks the bank, so
    never inside a transaction.
    """
    if not settings.DEMO:
        return 0
    made = moved = 0
    waiting = Application.objects.filter(_has_a_step()).order_by("status_changed_at", "pk")
    for key in list(waiting.values_list("pk", flat=True)):
        application = Application.objects.select_related("office").get(pk=key)
        if steps := _go_on(application, now):
            made, moved = made + steps, moved + 1
        if moved == _ROUND:
            break
    return made + paying.pay_numbers(now=now)


def _has_a_step():
    condition = Q(pk__in=[])
    for each in values.TABLE:
        if each.steps:
            statuses = {status for status, _name in each.steps}
            condition |= values.beginning_with([each]) & Q(status__in=statuses)
    return condition


def _go_on(application, now):
    """How many moves ``application`` made."""
    value = values.of(application.chassis_number)
    for made in range(_WAY):
        name = _next_move(application, value)
        if name is None or not _make(name, application, value, now):
            return made
        application.refresh_from_db()
    return _WAY


def _next_move(application, value):
    """What is made by itself where ``application`` stands, or None."""
    for status, name in value.steps:
        if status != application.status:
            continue
        if name == MoveName.ORDER_CORRECTION and _is_ordered(application, value):
            continue
        if name == MoveName.PASS_REVIEW and attachments.missing(application):
            return None
        return name
    return None


def _is_ordered(application, value):
    made = application.history.filter(
        move=MoveName.ORDER_CORRECTION, from_status=application.status
    )
    return made.count() >= value.order.times


def _make(name, application, value, now):
    """Whether the move was made. Of a payment only the bank's notice makes it."""
    try:
        if name == MoveName.SETTLE:
            paying.take_number(application, value, now=now)
            return False
        actor = _actor(name, application)
        if name == MoveName.HAND_OVER:
            by = world.on_duty(actor, application.office)
            return receivers.fetch(application, by=by, now=now) is not None
        by = "" if actor == Actor.APPLICANT else world.on_duty(actor, application.office)
        moves.perform(
            name,
            application,
            actor=actor,
            now=now,
            by=by,
            seconded_by=second_of(by),
            inputs=_inputs(name, application, value, now),
            request_key=moves.RequestKey.fresh(application),
        )
    except (moves.MoveRefused, charges.NoRate) as refused:
        logger.info("%s: %s", application.receipt_number, refused)
        return False
    return True


def _actor(name, application):
    [actor] = {
        line.by
        for line in TABLE
        if (line.name, line.source) == (name, application.status) and line.by in _ACTORS
    }
    return actor


def _inputs(name, application, value, now):
    lines = [line for line in TABLE if (line.name, line.source) == (name, application.status)]
    if name == MoveName.ORDER_CORRECTION:
        return _order(application, value.order, now)
    if name == MoveName.PASS_REVIEW and application.procedure == Procedure.NEW_VEHICLE:
        return moves.Inputs(changes={"plate": application.plate or _PLATE})
    if name == MoveName.PASS_TAX and Status.VEHICLE_TAX_DUE in value.reaches:
        return moves.Inputs(changes=_PRICE)
    return moves.Inputs(reason=_REASON if asking.needs_reason(lines[0]) else "")


def _order(application, order, now):
    """Of what the value names, what an order to this application can open."""
    can = correctable.open_names(application)
    names = [
        name
        for name in correctable.names_of(application)
        if name in can and (order.everything or name in order.fields)
    ]
    kinds = PAPERS[application.procedure] if order.everything else order.attachments
    not_needed = application.attachments.filter(state=AttachmentState.NOT_NEEDED)
    left_out = set(not_needed.values_list("kind", flat=True))
    return moves.Inputs(
        reason=_REASON,
        deadline=corrections.usual_deadline(now),
        fields=tuple(names),
        attachments=tuple(kind for kind in kinds if kind not in left_out),
    )
