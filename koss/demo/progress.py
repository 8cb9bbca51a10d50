"""What was done at each seat of a course, read from what the portal keeps of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from applications.demo.course import PLACES, CourseTask, own_vehicle
from applications.inquiry.signing_in import LOCK_KIND
from applications.models import Application, Channel, HistoryEntry, PaymentMethod
from applications.status import Actor, MoveName
from koss.access import passwords
from koss.models import DemoAccount, DemoSeat
from payments.models import EventKind, NoticeVerdict, SettlementNotice, UserEvent
from qrcodes.models import Code

# Tasks that a move of the application at their place shows.
_BY_MOVE = {
    CourseTask.CORRECTION: (MoveName.SEND_CORRECTION, Actor.APPLICANT),
    CourseTask.WITHDRAWAL: (MoveName.WITHDRAW, Actor.APPLICANT),
    CourseTask.PAY_ALONE: (MoveName.SETTLE, Actor.SETTLEMENT),
}
_BY_USER = {
    PaymentMethod.BATCH: CourseTask.PAY_TOGETHER,
    PaymentMethod.DIRECT: CourseTask.PAY_DIRECTLY,
}
_TOGETHER = 2


@dataclass(frozen=True, slots=True)
class TaskDone:
    """One task of one seat. ``at``: when it was done first, or None."""

    task: CourseTask
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatProgress:
    """``accounts``: the DemoAccounts of the seat in the order of ``course.PLACES``."""

    seat: DemoSeat
    accounts: list
    tasks: list

    @property
    def count(self):
        """How many of the tasks are done."""
        return sum(each.at is not None for each in self.tasks)


def of_all():
    """The SeatProgress of every seat, in their order. Eight queries, however many there are."""
    seats = list(DemoSeat.objects.order_by("number"))
    accounts = defaultdict(list)
    for account in DemoAccount.objects.filter(seat__isnull=False).order_by("place"):
        accounts[account.seat_id].append(account)
    done = {
        **_opened(accounts),
        **_moved(accounts),
        **_coded(accounts),
        **_paid(seats),
        **_taken(seats),
        **_applied(seats),
    }
    return [
        SeatProgress(
            seat,
            accounts[seat.pk],
            [TaskDone(task, done.get((seat.pk, task))) for task in CourseTask],
        )
        for seat in seats
    ]


def per_task(rows):
    """(task, how many of the seats ``rows`` have done it), in the order of the course."""
    return [
        (task, sum(row.tasks[place].at is not None for row in rows))
        for place, task in enumerate(CourseTask)
    ]


def _seat_of(accounts, *tasks):
    """Receipt number → (key of the seat, task), of the applications for ``tasks``."""
    return {
        account.receipt_number: (seat, PLACES[account.place].task)
        for seat, of_seat in accounts.items()
        for account in of_seat
        if PLACES[account.place].task in tasks
    }


def _opened(accounts):
    """状況照会ログイン with the password; the demo page's own button is none."""
    found = _seat_of(accounts, CourseTask.INQUIRY)
    return {found[number]: at for number, at in passwords.opened_among(LOCK_KIND, found).items()}


def _moved(accounts):
    found = _seat_of(accounts, *_BY_MOVE)
    entries = HistoryEntry.objects.filter(
        application__receipt_number__in=found, move__in=[move for move, _by in _BY_MOVE.values()]
    )
    made = entries.values_list("application__receipt_number", "move", "actor")
    return {
        found[number]: at
        for number, move, actor, at in made.annotate(first=Min("at"))
        if _BY_MOVE[found[number][1]] == (move, actor)
    }


def _coded(accounts):
    found = _seat_of(accounts, CourseTask.CODE)
    codes = Code.objects.filter(application__receipt_number__in=found)
    issued = codes.order_by().values_list("application__receipt_number")
    return {found[number]: at for number, at in issued.annotate(first=Min("issued_at"))}


def _paid(seats):
    """By the payment user: two or more under one number, or one from its account."""
    of_payer = {seat.payer: seat.pk for seat in seats}
    notices = SettlementNotice.objects.filter(
        verdict=NoticeVerdict.APPLIED,
        information__user__user_id__in=of_payer,
        information__method__in=_BY_USER,
    ).order_by()
    begun = {seat.pk: seat.begun_at for seat in seats}
    done = {}
    for payer, method, at, count in notices.values_list(
        "information__user__user_id", "information__method", "settled_at", "information__count"
    ):
        seat, task = of_payer[payer], _BY_USER[method]
        enough = count >= _TOGETHER or task is not CourseTask.PAY_TOGETHER
        if enough and at > begun[seat]:
            done[seat, task] = min(at, done.get((seat, task), at))
    return done


def _taken(seats):
    of_payer = {seat.payer: seat.pk for seat in seats}
    events = UserEvent.objects.filter(kind=EventKind.FILE_TAKEN, user__user_id__in=of_payer)
    taken = events.order_by().values_list("user__user_id").annotate(first=Min("at"))
    return {(of_payer[payer], CourseTask.BATCH_FILE): at for payer, at in taken}


def _applied(seats):
    """For the vehicle on the seat's card."""
    of_vehicle = {own_vehicle(seat.number)["chassis_number"]: seat for seat in seats}
    sent = Application.objects.filter(chassis_number__in=of_vehicle, channel=Channel.SCREEN)
    first = sent.order_by().values_list("chassis_number").annotate(first=Min("history__at"))
    return {(of_vehicle[number].pk, CourseTask.APPLY): at for number, at in first if at is not None}
