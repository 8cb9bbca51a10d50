"""What happens next with an application, who does it, and until when.

``ROWS`` declares it for every status under every condition. The status page draws all it says and
offers from its row: the sentence, 期限等に関するお知らせ, the buttons and the calendar file.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.labels import Party
from applications.models import ReceivingMethod
from applications.status import Status
from applications.status_page.next_step_words import Note, Sentence, Warn
from koss.ground import clock, dates
from koss.ground.workdays import next_working_day
from payments.labels import Button, Screen
from payments.numbers import information
from payments.numbers.situations import Situation


class Circumstance(Enum):
    """A condition of the statuses in which nothing is paid."""

    ANY = auto()  # and where what it waited for was paid a moment ago
    IN_TIME = auto()  # its deadline has not passed
    TOO_LATE = auto()
    BY_VEHICLE_CODE = auto()  # fetched with 受取者認証兼受取車両個別申告用二次元コード
    BY_RECEIVER = auto()  # fetched by a registered receiver
    BY_AGENT = auto()  # handed back by a recording agent, who needs no code


class Act(Enum):
    """What the applicant can press on the status page."""

    PAY = auto()  # 納付
    GO_TO_PAYMENT = auto()  # the way to 納付ログイン
    CORRECT = auto()
    WITHDRAW = auto()
    ISSUE_CODE = auto()


@dataclass(frozen=True, slots=True)
class NextStepRow:
    """``sentence``, ``near``, ``late``, ``notes``: with the names that ``_facts`` gives.

    ``near`` and ``late``: 期限等に関するお知らせ when the application's deadline is near, and when
    it has passed. Where both are "", the deadline no longer matters and is not told.
    """

    statuses: tuple
    condition: Situation | Circumstance
    who: Party
    sentence: str
    acts: frozenset = frozenset()
    near: str = ""
    late: str = ""
    notes: tuple = ()


_S, _C, _P = Status, Circumstance, Situation
_FEES_DUE, _FEES_BATCH = (_S.FEES_DUE,), (_S.FEES_IN_BATCH,)
_TAX_DUE = (_S.WEIGHT_TAX_DUE, _S.VEHICLE_TAX_DUE)
_TAX_BATCH = (_S.WEIGHT_TAX_IN_BATCH, _S.VEHICLE_TAX_IN_BATCH)
_PAY, _GO = frozenset({Act.PAY}), frozenset({Act.GO_TO_PAYMENT})
_CODE = frozenset({Act.ISSUE_CODE})
_READY = (_S.READY_TO_RETURN, _S.READY_TO_ISSUE)

# fmt: off
ROWS = (
    NextStepRow((_S.NOT_ACCEPTED,), _C.ANY, Party.NOBODY, Sentence.NOT_ACCEPTED),
    NextStepRow((_S.RECEIVED,), _C.ANY, Party.ASSOCIATION, Sentence.RECEIVED),

    # ---- fees, paid by the applicant
    NextStepRow(_FEES_DUE, _P.TO_PAY, Party.YOU, Sentence.PAY, _PAY, Warn.PAY_OR_VOID),
    NextStepRow(_FEES_DUE, _P.PRESSED, Party.YOU, Sentence.PRESSED, _PAY, Warn.PAY_OR_VOID),
    NextStepRow(_FEES_DUE, _P.LATE, Party.NIGHT, Sentence.FEES_LATE, late=Warn.FEES_LATE),
    NextStepRow(_FEES_DUE, _P.LATE_NUMBERED, Party.NIGHT, Sentence.FEES_LATE, late=Warn.FEES_LATE),

    # ---- fees, paid in a batch or by direct debit
    NextStepRow(_FEES_BATCH, _P.TO_TAKE, Party.PAYER, Sentence.TAKE, _GO | {Act.WITHDRAW}, Warn.PAY_OR_VOID),
    NextStepRow(_FEES_BATCH, _P.NUMBERED, Party.PAYER, Sentence.NUMBERED, _GO, Warn.PAY_OR_VOID,
        notes=(Note.WITHDRAW_THE_BATCH,)),
    NextStepRow(_FEES_BATCH, _P.NUMBER_LATE, Party.NIGHT, Sentence.BATCH_LATE, _GO, Warn.PAY_OR_VOID,
        notes=(Note.WITHDRAW_THE_BATCH,)),
    NextStepRow(_FEES_BATCH, _P.TO_ORDER, Party.PAYER, Sentence.ORDER, _GO | {Act.WITHDRAW}, Warn.PAY_OR_VOID),
    NextStepRow(_FEES_BATCH, _P.DEBIT_SCHEDULED, Party.BANK, Sentence.DEBIT_SCHEDULED, _GO,
        notes=(Note.WITHDRAW_AFTER_CANCELLING,)),
    NextStepRow(_FEES_BATCH, _P.DEBIT_ORDERED, Party.BANK, Sentence.DEBIT_ORDERED, notes=(Note.NO_WITHDRAWAL,)),
    NextStepRow(_FEES_BATCH, _P.BATCH_WITHDRAWN, Party.NIGHT, Sentence.BATCH_WITHDRAWN, notes=(Note.NOT_CARRIED_OVER,)),
    NextStepRow(_FEES_BATCH, _P.LATE, Party.NIGHT, Sentence.FEES_LATE, frozenset({Act.WITHDRAW}), late=Warn.FEES_LATE,
        notes=(Note.WITHDRAW_UNTIL_THEN,)),
    NextStepRow(_FEES_BATCH, _P.LATE_NUMBERED, Party.NIGHT, Sentence.FEES_LATE, late=Warn.FEES_LATE),

    # ---- paid while the page was being drawn
    NextStepRow((*_FEES_DUE, *_FEES_BATCH, *_TAX_DUE, *_TAX_BATCH), _C.ANY, Party.BANK, Sentence.JUST_PAID),

    # ---- review by the association
    NextStepRow((_S.IN_REVIEW,), _C.ANY, Party.ASSOCIATION, Sentence.IN_REVIEW),
    NextStepRow((_S.AWAITING_CORRECTION,), _C.IN_TIME, Party.YOU, Sentence.CORRECT,
        frozenset({Act.CORRECT, Act.WITHDRAW}), Warn.CORRECT_OR_REJECTED),
    NextStepRow((_S.AWAITING_CORRECTION,), _C.TOO_LATE, Party.NIGHT, Sentence.CORRECTION_LATE,
        frozenset({Act.WITHDRAW}), late=Warn.CORRECTION_LATE),
    NextStepRow((_S.WITHDRAWING,), _C.ANY, Party.ASSOCIATION, Sentence.WITHDRAWING),
    NextStepRow((_S.WITHDRAWN,), _C.ANY, Party.NOBODY, Sentence.WITHDRAWN),
    NextStepRow((_S.INVALID,), _C.ANY, Party.NOBODY, Sentence.INVALID),
    NextStepRow((_S.REJECTED,), _C.ANY, Party.NOBODY, Sentence.REJECTED),

    # ---- taxes, paid by the applicant
    NextStepRow(_TAX_DUE, _P.TO_PAY, Party.YOU, Sentence.PAY_TAX, _PAY, Warn.PAY, Warn.TAX_OVERDUE),
    NextStepRow(_TAX_DUE, _P.PRESSED, Party.YOU, Sentence.PRESSED, _PAY, Warn.PAY, Warn.TAX_OVERDUE),
    NextStepRow(_TAX_DUE, _P.OVERDUE, Party.YOU, Sentence.TAX_OVERDUE, _PAY, late=Warn.TAX_OVERDUE),
    NextStepRow(_TAX_DUE, _P.NUMBER_LATE, Party.NIGHT, Sentence.NUMBER_LATE, late=Warn.TAX_OVERDUE),

    # ---- taxes, paid in a batch or by direct debit
    NextStepRow(_TAX_BATCH, _P.TO_TAKE, Party.PAYER, Sentence.TAKE, _GO, Warn.PAY, Warn.TAX_OVERDUE),
    NextStepRow(_TAX_BATCH, _P.NUMBERED, Party.PAYER, Sentence.NUMBERED, _GO, Warn.PAY, Warn.TAX_OVERDUE),
    NextStepRow(_TAX_BATCH, _P.OVERDUE, Party.PAYER, Sentence.BATCH_TAX_OVERDUE, _GO, late=Warn.TAX_OVERDUE),
    NextStepRow(_TAX_BATCH, _P.NUMBER_LATE, Party.NIGHT, Sentence.BATCH_LATE, _GO, Warn.PAY, Warn.TAX_OVERDUE),
    NextStepRow(_TAX_BATCH, _P.TO_ORDER, Party.PAYER, Sentence.ORDER, _GO, Warn.PAY, Warn.TAX_OVERDUE),
    NextStepRow(_TAX_BATCH, _P.DEBIT_SCHEDULED, Party.BANK, Sentence.DEBIT_SCHEDULED, _GO),
    NextStepRow(_TAX_BATCH, _P.DEBIT_ORDERED, Party.BANK, Sentence.DEBIT_ORDERED),

    # ---- vehicle tax declaration
    NextStepRow((_S.TAX_IN_REVIEW,), _C.ANY, Party.TAX_OFFICE, Sentence.TAX_IN_REVIEW),
    NextStepRow((_S.AWAITING_TAX_CORRECTION,), _C.IN_TIME, Party.YOU, Sentence.CORRECT_TAX,
        frozenset({Act.CORRECT}), Warn.CORRECT),
    NextStepRow((_S.AWAITING_TAX_CORRECTION,), _C.TOO_LATE, Party.YOU, Sentence.CORRECT_TAX,
        frozenset({Act.CORRECT}), late=Warn.TAX_CORRECTION_LATE),

    # ---- counter
    NextStepRow(_READY, _C.BY_VEHICLE_CODE, Party.YOU, Sentence.FETCH, _CODE),
    NextStepRow(_READY, _C.BY_RECEIVER, Party.RECEIVER, Sentence.RECEIVER_FETCHES, _CODE),
    NextStepRow((_S.READY_TO_RETURN,), _C.BY_AGENT, Party.AGENT, Sentence.AGENT_RETURNS, _CODE),
    NextStepRow((_S.RETURNED,), _C.ANY, Party.NOBODY, Sentence.RETURNED),
    NextStepRow((_S.ISSUED,), _C.ANY, Party.NOBODY, Sentence.ISSUED),
)
# fmt: on
TABLE = {(status, row.condition): row for row in ROWS for status in row.statuses}


@dataclass(frozen=True, slots=True)
class NextStep:
    """A row of the table as it reads for one application at one moment.

    ``deadline``: the last day, or None where none is told. ``days_left`` is below 0 once it has
    passed. ``warning``: 期限等に関するお知らせ, or "". ``calendar``: whether the deadline can be
    taken into a calendar.
    """

    who: Party
    sentence: str
    acts: frozenset
    notes: tuple
    warning: str
    deadline: date | None
    days_left: int | None
    calendar: bool
    work_resumes_on: date | None

    @property
    def is_over(self):
        return self.days_left is not None and self.days_left < 0

    @property
    def is_over_for_good(self):
        return self.who == Party.NOBODY


def of(application, *, owed, now):
    """The next step of ``application`` at ``now``.

    ``owed``: the block of what it has to pay; None where nothing is left to pay.
    """
    today = clock.day(now)
    condition = condition_of(application, owed, today)
    row = TABLE[Status(application.status), condition]
    deadline = application.deadline if row.near or row.late else None
    days_left = (deadline - today).days if deadline else None
    facts = _facts(application, owed, now)
    notes = row.notes
    if application.status == Status.READY_TO_RETURN and application.annual_tax_confirmed is False:
        notes = (*notes, Note.BRING_TAX_PAPER)
    return NextStep(
        who=row.who,
        sentence=row.sentence % facts,
        acts=row.acts,
        notes=tuple(note % facts for note in notes),
        warning=_warning(row, days_left) % facts,
        deadline=deadline,
        days_left=days_left,
        calendar=days_left is not None and days_left >= 0,
        work_resumes_on=_work_resumes_on(row.who, today),
    )


def of_many(applications, *, now):
    """{key: its next step} of ``applications``, which come with their offices. One query at most."""
    payable = [each for each in applications if each.status in Status.PAYABLE]
    blocks = information.blocks_of_many(payable, now=now) if payable else {}
    return {
        each.pk: of(each, owed=information.owed_in(blocks.get(each.pk, [])), now=now)
        for each in applications
    }


def condition_of(application, owed, today):
    """The one condition under which ``application`` stands; ``owed`` as for ``of``."""
    status = application.status
    if status in Status.PAYABLE:
        return owed.situation if owed else Circumstance.ANY
    if status in Status.CORRECTABLE:
        late = application.deadline < today
        return Circumstance.TOO_LATE if late else Circumstance.IN_TIME
    if status not in Status.READY:
        return Circumstance.ANY
    has_agent = application.has_recording_agent and application.recording_agent_allowed
    if has_agent and status == Status.READY_TO_RETURN:
        return Circumstance.BY_AGENT
    if application.receiving_method == ReceivingMethod.RECEIVER_CODE:
        return Circumstance.BY_RECEIVER
    return Circumstance.BY_VEHICLE_CODE


def _warning(row, days_left):
    if days_left is None or days_left > settings.KOSS_NEAR_DAYS:
        return ""
    return row.near if days_left >= 0 else row.late


def _work_resumes_on(who, today):
    """The next working day, where staff have to act and do not work today."""
    working_day = next_working_day(today)
    waits = who in (Party.ASSOCIATION, Party.TAX_OFFICE) and working_day != today
    return working_day if waits else None


def _facts(application, owed, now):
    """What a sentence may name."""
    facts = {
        "office": application.office.name,
        "receiver": application.receiver_name,
        "agent": application.recording_agent_name,
        "pay": Button.PAY,
        "login": Screen.PAYMENT_LOGIN,
        "batches": Screen.CONFIRM_BATCH,
        "orders": Screen.DIRECT_ORDERS,
        "withdraw": Button.WITHDRAW_BATCH,
    }
    acts_for = application.deadline
    if owed:
        facts["charge"] = owed.kind.label
        facts["debit_on"] = _in_words(owed.debit_on) if owed.debit_on else ""
        acts_for = owed.withdrawn_on or owed.number_ends_on or acts_for
    facts["morning"] = _in_words(clock.morning_after(acts_for, now)) if acts_for else ""
    return facts


def _in_words(day):
    return _("%(month)s月%(day)s日") % dates.parts(day)
