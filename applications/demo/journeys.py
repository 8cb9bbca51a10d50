"""Bringing a new application to a status by true moves, at plausible moments of the past.

For the demo world and for tests. The way to a status is looked up in the declared table, and every
step is ``applications.life.moves``, so the history of what comes out replays to its status.
"""

from collections import deque
from datetime import timedelta
from decimal import Decimal

from applications.demo.offices import CLERKS, TOKYO
from applications.intake import entry
from applications.life import asking, moves
from applications.life.charges import VEHICLE_TAX_LAST_DAY, one_month_after
from applications.life.corrections import usual_deadline
from applications.life.table import TABLE
from applications.models import (
    Application,
    AttachmentKind,
    AttachmentState,
    Channel,
    Office,
    PartialReview,
    PaymentMethod,
    ReceivingMethod,
    WeightClass,
)
from applications.status import Actor, MoveName, Procedure, Status
from koss.ground import clock
from koss.ground.workdays import is_working_day, last_working_day, next_working_day
from payments.demo import payers

PASSWORD = "shinsei-2024"

_IN_BATCH = frozenset(
    {Status.FEES_IN_BATCH, Status.WEIGHT_TAX_IN_BATCH, Status.VEHICLE_TAX_IN_BATCH}
)
_FEES = frozenset({Status.FEES_DUE, Status.FEES_IN_BATCH})
_VEHICLE_TAX = frozenset({Status.VEHICLE_TAX_DUE, Status.VEHICLE_TAX_IN_BATCH})

# On which day after the step before, and at what time, a step happens.
_PACE = {
    MoveName.TAKE_IN: (0, "09:12:40"),
    MoveName.TURN_AWAY: (0, "09:12:41"),
    MoveName.ACCEPT: (0, "10:41:05"),
    MoveName.INVALIDATE: (0, "11:08:32"),
    MoveName.SETTLE: (1, "13:20:11"),
    MoveName.ORDER_CORRECTION: (1, "15:35:15"),
    MoveName.SEND_CORRECTION: (1, "20:14:50"),
    MoveName.REJECT: (1, "14:42:13"),
    MoveName.PASS_REVIEW: (1, "14:05:27"),
    MoveName.PASS_TAX: (1, "11:30:44"),
    MoveName.WITHDRAW: (1, "10:35:15"),
    MoveName.CONFIRM_WITHDRAWAL: (1, "09:50:02"),
    MoveName.VOID_WITH_BATCH: (1, "05:02:13"),
    MoveName.LET_FEES_LAPSE: (1, "05:02:13"),
    MoveName.LET_CORRECTION_LAPSE: (1, "05:02:13"),
    MoveName.HAND_OVER: (1, "13:48:36"),
    MoveName.RECORD_RETURN: (1, "16:02:19"),
}
_WHO = {Actor.REVIEWER: "shinsa", Actor.TAX_OFFICE: "zeimu", Actor.COUNTER: CLERKS[TOKYO]}

_REASONS = {
    MoveName.INVALIDATE: "申請の内容を受付で確認できなかったため、無効となりました。",
    MoveName.REJECT: "申請の内容が保安基準適合証と一致しないため、却下となりました。",
}

# The people and vehicles of 【画面申請】申請状況照会の操作手順, 3 and 5.
_PLATE = "品川 - 580 - さ - 1234"
_MANUAL = {
    Procedure.CONTINUED_INSPECTION: {
        "plate": _PLATE,
        "chassis_number": "AX01-0000001",
        "applicant_name": "軽自行政書士事務所",
        "user_name": "軽自 太郎",
        "annual_tax_confirmed": True,
        "email": "keiji@gyosei.example",
    },
    Procedure.NEW_VEHICLE: {
        "chassis_number": "1234567890",
        "applicant_name": "六本木商事",
        "user_name": "六本木商事",
        "owner_name": "同上",
        "email": "shinsei@roppongi.example",
    },
}
RECORDING_AGENT = {
    "recording_agent_number": "KIROKU0001",
    "recording_agent_name": "指定整備事業者 品川A",
}


class NoSuchJourney(ValueError):
    """The table knows no way to this status for such an application."""


def bring_to(
    status,
    *,
    procedure,
    now,
    payment_method=None,
    numbered=False,
    through=(),
    days_ago=None,
    applied_on=None,
    deadline=None,
    fields_to_correct=None,
    attachments_to_correct=(),
    reason="",
    plate_given=_PLATE,
    **fields,
):
    """A new application that reached ``status`` before ``now``, by the shortest true way.

    ``numbered``: a payment number was taken for what it owes now. ``through``: statuses and moves
    that must lie on the way. It arrives ``days_ago`` (1) days before ``now``; ``applied_on`` alone
    begins it on that day, with ``days_ago`` only its last step happens then. ``deadline``: the
    payment or correction deadline it waits for. ``fields_to_correct``,
    ``attachments_to_correct`` and ``reason``: what the last step says where the table asks.
    ``plate_given``: the plate that the review of a new vehicle gives. Staff work on working days;
    only a deadline that nothing else meets moves their last step to another day. ``fields``:
    values of ``Application``, and what ``intake.take_in`` takes beside them.
    """
    status, procedure = Status(status), Procedure(procedure)
    fields = _MANUAL[procedure] | fields
    if payment_method is None:
        batched = _IN_BATCH | {MoveName.VOID_WITH_BATCH}
        together = bool(batched & {status, *through})
        payment_method = PaymentMethod.BATCH if together else PaymentMethod.INDIVIDUAL
    fields["payment_method"] = payment_method
    if payment_method != PaymentMethod.INDIVIDUAL:
        fields.setdefault("payer", payers.PAYER)
    fields.setdefault("weight_class", WeightClass.NORMAL)
    way = _way(status, procedure, fields, frozenset(through))
    moments = _moments(way, now, days_ago, applied_on, deadline)
    application = _begin(way[0], moments[0], procedure, fields, reason)
    for move, at, before in zip(way[1:], moments[1:], moments, strict=False):
        last = move is way[-1]
        if move.name == MoveName.SETTLE:
            entry = payers.pay(application, now=at)
            application = entry.application
            _check(entry, move)
            continue
        _prepare(move, application, at, clock.day(before))
        entry = moves.perform(
            move.name,
            application,
            actor=move.by,
            now=at,
            by=_who(move.by, application),
            seconded_by=second_of(_who(move.by, application)),
            business_date=_acts_for(move, at),
            inputs=_inputs(
                move,
                application,
                at,
                plate=plate_given,
                reason=reason if last else "",
                deadline=deadline if last else None,
                fields=fields_to_correct,
                kinds=attachments_to_correct,
            ),
        )
        application = entry.application
        _check(entry, move)
    if numbered:
        payers.take_number([application], now=moments[-1] + timedelta(hours=1))
    application.refresh_from_db()
    return application


def second_of(name):
    """Who confirms what the demo's member of staff ``name`` proposed, where that is asked for."""
    return f"{name}-2" if name else ""


def due_date_by(day):
    """The last date up to ``day`` that a review finished on a working day makes due."""
    while not _was_working_day(_one_month_before(day)):
        day -= timedelta(days=1)
    return day


def due_date_from(day):
    """The first such date from ``day`` on."""
    while not _was_working_day(_one_month_before(day)):
        day += timedelta(days=1)
    return day


def fees_due_by(day):
    """The last date up to ``day`` on which fees can fall due: no 31 March follows February."""
    while _one_month_before(day) is None:
        day -= timedelta(days=1)
    return day


def fees_due_from(day):
    """The first date from ``day`` on on which fees can fall due."""
    while _one_month_before(day) is None:
        day += timedelta(days=1)
    return day


def _was_working_day(day):
    return day is not None and is_working_day(day)


def _who(actor, application):
    """The member of staff who makes a move; at the counter it is the clerk of the office."""
    if actor == Actor.COUNTER:
        return CLERKS.get(application.office.name, _WHO[actor])
    return _WHO.get(actor, "")


def _way(target, procedure, fields, through):
    """The shortest sequence of moves from nothing to ``target`` over all of ``through``."""
    waiting, seen = deque([((), None, frozenset())]), set()
    while waiting:
        way, status, met = waiting.popleft()
        if status == target and met == through:
            return way
        for move in TABLE:
            if move.source != status or not _fits(move, procedure, fields):
                continue
            now_met = met | (through & {move.name, move.target})
            if (move.target, now_met) not in seen:
                seen.add((move.target, now_met))
                waiting.append(((*way, move), move.target, now_met))
    raise NoSuchJourney(f"no way to {target} for {procedure} through {sorted(through)}")


def _fits(move, procedure, fields):
    """Whether the conditions of a line can hold for an application with these ``fields``."""
    if not move.target.occurs_in(procedure):
        return False
    if move.target in Status.PAYABLE:
        individually = fields["payment_method"] == PaymentMethod.INDIVIDUAL
        if individually == (move.target in _IN_BATCH):
            return False
    if move.name == MoveName.ACCEPT:
        return (move.target == Status.IN_REVIEW) == bool(fields.get("earlier"))
    if move.name == MoveName.PASS_REVIEW:
        exempt = fields["weight_class"] == WeightClass.EXEMPT
        return exempt == (move.target not in Status.PAYABLE)
    if move.name == MoveName.RECORD_RETURN:
        return bool(fields.get("recording_agent_number"))
    return True


def _moments(way, now, days_ago, applied_on, deadline):
    """When each step of ``way`` happens: in order, and all before ``now``."""
    arrival = clock.day(now) - timedelta(days=1 if days_ago is None else days_ago)
    target = way[-1].target
    if deadline and target in Status.PAYABLE:
        arrival = _one_month_before(deadline)
        if arrival is None:
            raise NoSuchJourney(f"nothing falls due on {deadline}")
        if target in _FEES:  # due a month after the application, whenever it was accepted
            moments = _forward(way, arrival)
            return moments if moments[-1] <= now else [_on(arrival, each) for each in moments]
    elif deadline:
        arrival = min(arrival, deadline)
    start = applied_on or arrival
    moments = _forward(way, start)
    if not applied_on:
        while clock.day(moments[-1]) > arrival or moments[-1] > now:
            start -= max(clock.day(moments[-1]) - arrival, timedelta(days=1))
            moments = _forward(way, start)
    elif days_ago is not None:
        moments[-1] = _on(_work_day(way[-1], arrival, last_working_day), moments[-1])
    if deadline and target in Status.PAYABLE:
        moments[-1] = _on(arrival, moments[-1])
    return _in_time_for_vehicle_tax(way, moments)


def _forward(way, first_day):
    """The steps one after the other from ``first_day`` on; the night waits for its deadline."""
    day, moments = first_day, []
    for move in way:
        days, time = _PACE[move.name]
        if move.name == MoveName.LET_FEES_LAPSE:
            day = one_month_after(first_day)
        elif move.name == MoveName.LET_CORRECTION_LAPSE:
            day = usual_deadline(moments[-1])
        day = _work_day(move, day + timedelta(days=days), next_working_day)
        hour, minute, second = map(int, time.split(":"))
        moments.append(clock.at(day, hour=hour, minute=minute, second=second))
    return moments


def _work_day(move, day, nearest):
    """``day``, or for a move of staff the ``nearest`` working day."""
    return nearest(day) if move.by in _WHO else day


def _on(day, moment):
    """The same time of another day."""
    return moment + (day - clock.day(moment))


def _in_time_for_vehicle_tax(way, moments):
    """環境性能割 is owed only for reviews finished by its last day: put the start back so far."""
    if not _VEHICLE_TAX & {move.target for move in way}:
        return moments
    names = [move.name for move in way]
    reviewed, tail = names.index(MoveName.PASS_REVIEW), names.index(MoveName.PASS_TAX)
    start, head = clock.day(moments[0]), moments[:tail]
    while clock.day(head[reviewed]) > VEHICLE_TAX_LAST_DAY:
        start -= max(clock.day(head[reviewed]) - VEHICLE_TAX_LAST_DAY, timedelta(days=1))
        head = _forward(way[:tail], start)
    return head + moments[tail:]


def _one_month_before(deadline):
    """The newest day whose due date one month later is ``deadline``, or None."""
    days = (deadline - timedelta(days=days) for days in range(28, 32))
    return next((day for day in days if one_month_after(day) == deadline), None)


def _begin(move, at, procedure, fields, reason):
    defaults = {
        "channel": Channel.SCREEN,
        "receiving_method": ReceivingMethod.VEHICLE_CODE,
        "not_needed": (AttachmentKind.PLATE_RESERVATION,),
    }
    if "office" not in fields:
        defaults["office"] = Office.objects.get(name=TOKYO)
    if "password" not in fields:
        defaults["encoded"] = payers.encoded(PASSWORD)
    if move.name == MoveName.TURN_AWAY:
        defaults["faults"] = reason or "署名用電子証明書の有効期間が過ぎています。"
    return entry.take_in(now=at, procedure=procedure, **(defaults | fields))


def _prepare(move, application, at, day_before):
    """What must have happened outside the table before ``move`` is open."""
    if move.name == MoveName.VOID_WITH_BATCH:
        payers.withdraw(application, now=clock.at(day_before, hour=13))
    elif move.name == MoveName.PASS_REVIEW:
        application.attachments.filter(state=AttachmentState.MISSING).update(
            state=AttachmentState.OBTAINED
        )
        Application.objects.filter(pk=application.pk, partial_review=PartialReview.TO_DO).update(
            partial_review=PartialReview.DONE
        )


def _check(entry, move):
    if entry.to_status != move.target:
        raise NoSuchJourney(f"{move.name} led to {entry.to_status}, not {move.target}")


def _acts_for(move, at):
    """The business date of a move of the night."""
    return clock.business_date(at) if move.by == Actor.NIGHT else None


def _inputs(move, application, at, *, plate, reason, deadline, fields, kinds):
    """What the person who makes the move says."""
    if move.name == MoveName.ORDER_CORRECTION:
        return moves.Inputs(
            reason=reason or "記載内容が添付書類と一致しません。補正項目を確認してください。",
            deadline=deadline or usual_deadline(at),
            fields=tuple(("user_name",) if fields is None else fields),
            attachments=tuple(kinds),
        )
    if move.name == MoveName.SEND_CORRECTION:
        order = application.notices.open_corrections().get()
        return moves.Inputs(changes={name: getattr(application, name) for name in order.fields})
    if move.name == MoveName.PASS_REVIEW and application.procedure == Procedure.NEW_VEHICLE:
        return moves.Inputs(changes={"plate": application.plate or plate})
    if move.name == MoveName.PASS_TAX and move.target in _VEHICLE_TAX:
        price = {"acquisition_price": 1_500_000, "vehicle_tax_rate": Decimal("2.0")}
        return moves.Inputs(changes=price)
    if asking.needs_reason(move):
        return moves.Inputs(reason=reason or _REASONS[move.name])
    return None
