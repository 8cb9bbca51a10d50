"""The shapes of the sandbox: what a program says as clock, staff and bank, and what it is told."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.db import models
from ninja import Schema
from pydantic import AfterValidator, Field

from applications.models import AttachmentKind, PaymentMethod
from applications.practice.values import ValueKind, Where
from applications.status import MoveName, Procedure
from koss.api.sent import Sent, text
from koss.api.shapes import ActorWord, Coded, Count, Day, Moment, ReceiptNumber, StatusWord
from koss.ground import dates

_MOST_NAMED = 100
PaymentNumber = Annotated[str, Field(pattern=r"^[0-9]{20}$")]


class Travel(models.TextChoices):
    """How the bank's notice of one payment travels: once, twice, later, wrong, or not at all."""

    NORMAL = "normal"
    TWICE = "twice"
    LATE = "late"
    WRONG_AMOUNT = "wrong_amount"
    NEVER = "never"


class ClockIn(Sent):
    to: Moment = Field(description="この日時まで進める（時差付き）")


class ClockOut(Schema):
    """``night_of``: the business date whose night comes next."""

    now: datetime
    ahead_seconds: int
    night_of: date


class NightIn(Sent):
    business_date: Day = Field(description="夜間処理をする業務日。時計の night_of")


class AnewIn(Sent):
    confirm: Literal["begin_anew"] = Field(description="すべて消えることの確認")


class StepOut(Coded):
    count: int


class NightOut(Schema):
    """``finished``: whether every step could be done."""

    business_date: date
    finished: bool
    clock: ClockOut
    steps: list[StepOut]


class MoveIn(Sent):
    """What a member of staff says. What the move does not ask for is left out.

    `version`: of the application; where it has moved on since, nothing is done.
    """

    move: MoveName
    version: int | None = Field(None, ge=0, le=999_999_999)
    reason: str = text(2000)
    deadline: Day | None = None
    fields: list[str] = Field([], max_length=_MOST_NAMED, description="補正項目")
    attachments: list[AttachmentKind] = Field([], max_length=_MOST_NAMED)
    plate: str = text()
    acquisition_price: int | None = Field(None, ge=0, le=999_999_999)
    vehicle_tax_rate: str = text(10)
    despite_missing: bool = Field(False, description="添付書類がそろっていなくても審査を完了する")


class MoveWord(Coded):
    code: MoveName


class OpenMove(Schema):
    """A move that some member of staff can make now. ``asks``: the fields of what is sent."""

    move: MoveWord
    actor: ActorWord
    asks: list[str]


class OpenMoves(Schema):
    receipt_number: ReceiptNumber
    version: int
    status: StatusWord
    moves: list[OpenMove]


class PayIn(Sent):
    notice: Travel = Travel.NORMAL
    minutes: int = Field(10, ge=1, le=1440, description="late のときに遅れる分")


class PaidOut(Schema):
    payment_number: str
    notice: Travel


class RoundOut(Schema):
    """What a round had to do, of each kind that there was: e.g. `settlements`, `numbers`."""

    found: dict[str, int]


class KindWord(Coded):
    code: ValueKind


class WhereWord(Coded):
    code: Where


class Reached(Schema):
    """A status in which an application comes to rest, and for which ones it is that status.

    ``until``: the last day of a review after which there is this status at all.
    """

    status: StatusWord
    procedures: list[Procedure]
    payment_methods: list[PaymentMethod]
    until: date | None


class ValueOut(Schema):
    """A magic value. ``value``: what is typed; of a 車台番号 how it begins."""

    kind: KindWord
    value: str
    label: str
    where: list[WhereWord]
    reaches: list[Reached]


class Values(Schema):
    items: list[ValueOut]


class SinceQuery(Schema):
    since: Annotated[Moment, AfterValidator(dates.bounded)]
    limit: Count = Field(100, ge=1, le=500)


class Happening(Schema):
    """One thing that happened. ``code``: of a move, of a mail, or of how a notice was judged."""

    kind: str = Field(examples=["move", "mail", "notice", "night"])
    at: datetime
    code: str
    label: str
    receipt_number: str
    payment_number: str


class Happenings(Schema):
    items: list[Happening]
    has_more: bool
