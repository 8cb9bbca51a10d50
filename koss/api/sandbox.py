"""Driving the demo by a program: its clock, its nights, its staff and its bank.

These addresses exist in demo mode only (``koss.api.gate``). None of them wants an
``Idempotency-Key``: each names the moment, the night, the version or the number it is about, so
that the same request again does nothing twice.
"""

from contextlib import contextmanager
from datetime import timedelta
from heapq import nlargest

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Path, Query

from applications.models import HistoryEntry, PaymentMethod
from applications.practice import values
from applications.status import MoveName, Procedure, Status
from koss.api import acting, played, sent, shapes, showing
from koss.api.bearer import SANDBOX
from koss.api.problems import Problem
from koss.api.routing import router
from koss.demo import anew, morning, world
from koss.ground import clock
from koss.mail import outbox
from koss.models import DemoClock, NightRun, OutgoingMail
from koss.operation import minute, night
from payments import banks
from payments.models import PaymentInformation, SettlementNotice

_ALL = {"tags": ["サンドボックス（デモのみ）"], "auth": SANDBOX, "by_alias": True}
# Dates far away mean nothing to tables of fees and to calendars.
_FARTHEST = timedelta(days=3660)


@router.get(
    "/sandbox/clock",
    response=played.ClockOut,
    url_name="sandbox_clock",
    operation_id="read_sandbox_clock",
    summary="デモの時計",
    **_ALL,
)
def read_clock(request):
    """What time it is in the demo: for pages, the worker and the night alike."""
    return _clock()


@router.post(
    "/sandbox/clock",
    response=played.ClockOut,
    url_name="sandbox_clock",
    operation_id="move_sandbox_clock",
    summary="デモの時計を進める",
    **_ALL,
)
def move_clock(request, body: played.ClockIn):
    """Forward only, and without a night. Where the clock is past that moment, nothing is done."""
    if body.to - clock.system_now() > _FARTHEST:
        raise Problem(
            "conflict",
            _("時計は10年より先へは進められません。"),
            "The clock cannot be moved more than ten years ahead.",
        )
    morning.move_clock_to(body.to)
    return _clock()


@router.post(
    "/sandbox/nights",
    response=played.NightOut,
    url_name="sandbox_nights",
    operation_id="run_sandbox_night",
    summary="翌朝へ進める（夜間処理）",
    **_ALL,
)
def run_night(request, body: played.NightIn):
    """Move the clock to the morning after `business_date` and do its night.

    A night that was done tells again what it did.
    """
    if body.business_date == morning.day_that_ends(clock.now()):
        morning.go_on_from(body.business_date)
    run = NightRun.objects.filter(business_date=body.business_date).order_by("-pk").first()
    if run is None:
        raise Problem(
            "conflict",
            _("次の夜間処理の業務日は、時計の night_of です。"),
            "The next night is that of the business date that the clock names as night_of.",
        )
    return {
        "business_date": run.business_date,
        "finished": run.finished_at is not None,
        "clock": _clock(),
        "steps": [
            {"code": code, "label": str(title), "count": count}
            for code, (title, count) in zip(run.counts, night.told(run), strict=True)
        ],
    }


@router.post(
    "/sandbox/rounds",
    response=played.RoundOut,
    url_name="sandbox_rounds",
    operation_id="run_sandbox_round",
    summary="毎分の処理をいま行う（照合、添付書類、職員）",
    **_ALL,
)
def run_round(request):
    """What is done every minute by itself, now: nothing is done twice.

    What no answer of the bank came to is counted as `unanswered`.
    """
    return {"found": minute.do()}


@router.get(
    "/sandbox/values",
    response=played.Values,
    url_name="sandbox_values",
    operation_id="list_sandbox_values",
    summary="起きることを選ぶ値",
    **_ALL,
)
def list_values(request):
    """Every value by which papers, agency, bank and staff do what somebody wants to see."""
    return {"items": [_value(each) for each in values.TABLE]}


@router.post(
    "/sandbox/world",
    response=played.ClockOut,
    url_name="sandbox_world",
    operation_id="begin_sandbox_anew",
    summary="デモを最初からやり直す",
    **_ALL,
)
def begin_anew(request, body: played.AnewIn):
    """Everything goes, at the practice bank too; the demo's own applications are made again.

    This key stays good, every other one is gone. It takes some seconds.
    """
    try:
        anew.check()
        with _asking_the_bank():
            banks.current().begin_anew()
        anew.begin(keeping=request.auth)
    except world.NotHere as why:
        raise Problem(
            "conflict",
            _("デモとして作られたデータベースではありません。"),
            "This database was not made as a demo.",
        ) from why
    return _clock()


@router.get(
    "/sandbox/applications/{receipt_number}/moves",
    response=played.OpenMoves,
    url_name="sandbox_moves",
    operation_id="list_sandbox_moves",
    summary="職員がいまできる処理",
    **_ALL,
)
def list_moves(request, receipt_number: Path[shapes.ReceiptNumber]):
    """Of any application of the demo, however it was sent."""
    application = acting.find(receipt_number)
    return {
        "receipt_number": application.receipt_number,
        "version": application.version,
        "status": _coded(Status(application.status)),
        "moves": [
            {"move": _coded(line.name), "actor": _coded(line.by), "asks": asks}
            for line, asks in acting.open_to_staff(application, now=clock.now())
        ],
    }


@router.post(
    "/sandbox/applications/{receipt_number}/moves",
    response=sent.Moved,
    url_name="sandbox_moves",
    operation_id="make_sandbox_move",
    summary="職員として処理する",
    **_ALL,
)
def make_move(request, receipt_number: Path[shapes.ReceiptNumber], body: played.MoveIn):
    """As 審査担当, 軽自動車税申告窓口 or 窓口: whichever makes this move."""
    entry = acting.move(acting.find(receipt_number), body)
    return showing.moved(entry.application)


@router.post(
    "/sandbox/payment-numbers/{payment_number}/pay",
    response=played.PaidOut,
    url_name="sandbox_pay",
    operation_id="pay_sandbox_number",
    summary="金融機関で納付する",
    **_ALL,
)
def pay_number(request, payment_number: Path[played.PaymentNumber], body: played.PayIn):
    """Somebody pays at the sandbox bank, whose notice arrives by itself, as `notice` says.

    For a payment that is too late, move the clock past the due date first.
    """
    found = PaymentInformation.objects.filter(payment_number=payment_number).first()
    if found is None:
        raise Problem("not_found")
    with _asking_the_bank():
        banks.current().pay(
            agency_number=found.agency_number,
            payment_number=payment_number,
            amount=found.amount,
            due_on=found.due_on,
            notice=body.notice.value,
            minutes=body.minutes,
        )
    return {"payment_number": payment_number, "notice": body.notice}


@router.get(
    "/sandbox/happenings",
    response=played.Happenings,
    url_name="sandbox_happenings",
    operation_id="list_sandbox_happenings",
    summary="その後に起きたこと",
    **_ALL,
)
def list_happenings(request, query: Query[played.SinceQuery]):
    """Moves, mails, the bank's notices and nights since a moment of the demo clock.

    The newest first; of the whole demo. Programs that follow their own applications read events.
    """
    limit = query.limit + 1
    found = [
        *map(_of_move, _since(HistoryEntry, "at", query, limit).select_related("application")),
        *map(_of_mail, _since(OutgoingMail, "created_at", query, limit)),
        *map(_of_notice, _since(SettlementNotice, "received_at", query, limit)),
        *map(_of_night, _since(NightRun, "started_at", query, limit)),
    ]
    newest = nlargest(limit, found, key=lambda each: each["at"])
    return {"items": newest[: query.limit], "has_more": len(newest) > query.limit}


@contextmanager
def _asking_the_bank():
    """What the bank says instead of doing it, as a Problem."""
    try:
        yield
    except banks.BankUnreachable as away:
        raise Problem("unavailable", headers={"Retry-After": "10"}) from away
    except banks.BankRefused as refused:
        raise Problem(
            "conflict",
            _("金融機関が受け付けませんでした（%s）。") % refused.reason,
            f"The bank refused: {refused.reason}.",
        ) from refused


def _since(model, name, query, limit):
    return model.objects.filter(**{f"{name}__gte": query.since}).order_by(f"-{name}", "-pk")[:limit]


def _of_move(entry):
    label = MoveName(entry.move).label
    return _happening("move", entry.at, entry.move, label, entry.application.receipt_number)


def _of_mail(mail):
    subject, _text = outbox.read(mail)
    return _happening("mail", mail.created_at, mail.template, subject, mail.receipt_number)


def _of_notice(notice):
    label = notice.get_verdict_display()
    at, number = notice.received_at, notice.payment_number
    return _happening("notice", at, notice.verdict, label, "", number)


def _of_night(run):
    return _happening("night", run.started_at, "night", run.business_date.isoformat())


def _happening(kind, at, code, label, receipt_number="", payment_number=""):
    return {
        "kind": kind,
        "at": localtime(at),
        "code": str(code),
        "label": str(label),
        "receipt_number": receipt_number or "",
        "payment_number": payment_number,
    }


def _value(value):
    return {
        "kind": _coded(value.kind),
        "value": value.typed,
        "label": str(value.shows),
        "where": [_coded(where) for where in value.where],
        "reaches": [
            {
                "status": _coded(status),
                "procedures": [each for each in Procedure if status.occurs_in(each)],
                "payment_methods": [each for each in PaymentMethod if _is_paid_by(each, status)],
                "until": values.UNTIL.get(status),
            }
            for status in value.rests
        ],
    }


def _is_paid_by(method, status):
    """Whether an application that pays in this way can come to ``status``."""
    if status not in Status.PAYABLE:
        return True
    return (method == PaymentMethod.INDIVIDUAL) == status.endswith("_due")


def _clock():
    ahead = DemoClock.offset()
    now = clock.system_now() + ahead
    return {
        "now": localtime(now),
        "ahead_seconds": int(ahead.total_seconds()),
        "night_of": morning.day_that_ends(now),
    }


def _coded(value):
    return {"code": value.value, "label": str(value.label)}
