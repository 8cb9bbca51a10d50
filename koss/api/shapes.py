"""The shapes of what is asked for and answered: the description is made from them.

Codes are stable, labels are the portal's Japanese words. Amounts are in yen, moments carry their
offset, days are days in Japan.
"""

import re
from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from applications.labels import Party
from applications.models import (
    Agency,
    AttachmentKind,
    AttachmentState,
    ChangeKind,
    NoticeKind,
    PaymentMethod,
)
from applications.status import Actor, Procedure, Status
from applications.status_page.next_step import Act
from payments.models import NumberKind, Scope

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


def _only(pattern, code, *kinds):
    """What does not look like ``pattern`` is refused before anybody is generous with it.

    ``kinds``: what is taken as it is, beside text.
    """

    def check(value):
        taken = pattern.fullmatch(value) if isinstance(value, str) else isinstance(value, kinds)
        if not taken:
            raise PydanticCustomError(code, "not plain")
        return value

    return BeforeValidator(check)


# A number would be read as seconds since 1970.
Day = Annotated[date, _only(_DAY, "date_parsing", date)]
Moment = Annotated[AwareDatetime, _only(_MOMENT, "datetime_parsing", datetime)]
Count = Annotated[int, _only(_NUMBER, "int_parsing", int)]
# The bounds come first, or the description does not have them.
Place = Annotated[int, Field(ge=0, le=1000), _only(_NUMBER, "int_parsing", int)]
ReceiptNumber = Annotated[str, Field(pattern=r"^[0-9]{17}$", examples=["21122310500030459"])]
Cursor = Annotated[str, Field(pattern=r"^[0-9]{1,18}$", examples=["0"])]


class LinkShape(Schema):
    href: str


class Linked(Schema):
    """``_links``: where to go on, as e-Gov's interface names it."""

    links: dict[str, LinkShape] = Field(alias="_links")


class Coded(Schema):
    """One of a list that may grow: ``code`` for programs, ``label`` for people."""

    code: str
    label: str


class StatusWord(Coded):
    code: Status


class ProcedureWord(Coded):
    code: Procedure


class PartyWord(Coded):
    code: Party


class NextStepShape(Schema):
    """次に行うこと. ``acts``: what can be done about it now, on the portal or here."""

    who: PartyWord
    sentence: str
    notes: list[str]
    warning: str
    deadline: date | None
    days_left: int | None
    acts: list[str] = Field(examples=[[act.name.lower() for act in Act]])


class ApplicationLine(Linked):
    """An application as lists show it."""

    receipt_number: ReceiptNumber
    status: StatusWord
    status_changed_at: datetime
    version: int = Field(description="状況が変わるたびに1ずつ増える番号")
    procedure: ProcedureWord
    applied_on: date
    plate: str
    chassis_number: str
    user_name: str
    next_step: NextStepShape


class OrderedField(Schema):
    """One field that a correction order opens, with what stands in it."""

    name: str
    label: str
    value: str


class AttachmentWord(Coded):
    code: AttachmentKind


class AgencyWord(Coded):
    code: Agency


class CorrectionShape(Linked):
    """The correction order that waits for an answer. It is answered on the portal."""

    ordered_at: datetime
    agency: AgencyWord
    deadline: date | None
    reason: str
    fields: list[OrderedField]
    attachments: list[AttachmentWord]


class NoticeWord(Coded):
    code: NoticeKind


class NoticeShape(Schema):
    kind: NoticeWord
    agency: AgencyWord
    at: datetime
    deadline: date | None
    reason: str


class NumberKindWord(Coded):
    code: NumberKind


class ChargeShape(Schema):
    kind: str
    amount: int
    payee: str


class PaymentShape(Schema):
    """What shares one payment number. ``due``: whether the application waits for just this."""

    kind: NumberKindWord
    state: str
    due: bool
    amount: int
    due_on: date
    paid_on: date | None
    agency_number: str
    payment_number: str
    confirmation_number: str
    charges: list[ChargeShape]


class PaperState(Coded):
    code: AttachmentState


class PaperShape(Schema):
    kind: AttachmentWord
    state: PaperState


class ActorWord(Coded):
    code: Actor


class MoveShape(Schema):
    """One line of これまでの経過."""

    version: int
    at: datetime
    status: StatusWord
    by: ActorWord
    reason: str


class PaymentMethodWord(Coded):
    code: PaymentMethod


class ApplicationShape(ApplicationLine):
    """One application with everything the portal tells its applicant."""

    applicant_name: str
    user_name_full: str
    owner_name: str
    owner_name_full: str
    office: str
    payment_method: PaymentMethodWord
    payer: str
    receiving_method: Coded
    receiver_name: str
    correction: CorrectionShape | None
    payments: list[PaymentShape]
    papers: list[PaperShape]
    notices: list[NoticeShape]
    history: list[MoveShape]


class ApplicationList(Linked):
    """``next_cursor``: for ``changed_since``, where that was asked for."""

    items: list[ApplicationLine]
    has_more: bool
    next_cursor: str | None = None


class EventKindWord(Coded):
    code: ChangeKind


class EventShape(Linked):
    """One change. ``status``: the new one, where that is what changed."""

    number: str
    receipt_number: ReceiptNumber
    kind: EventKindWord
    at: datetime
    status: StatusWord | None


class EventList(Linked):
    items: list[EventShape]
    has_more: bool
    next_cursor: str


class KeyShape(Schema):
    """The API key that was used."""

    bulk_id: str
    name: str
    scopes: list[Scope]
    made_at: datetime
    ends_at: datetime | None


class ListQuery(Schema):
    """Which applications: those changed since a cursor, or by day of application and status."""

    changed_since: Cursor | None = Field(None, description="前回の next_cursor。最初は 0")
    first: Day | None = Field(None, alias="from", description="申請年月日（この日から）")
    last: Day | None = Field(None, alias="to", description="申請年月日（この日まで）")
    status: Status | None = None
    set: str | None = Field(None, pattern=r"^[0-9]{18}$", description="送信番号")
    page: str | None = Field(
        None, pattern=r"^[0-9]{1,7}-[0-9]{1,18}$", description="_links.next から"
    )
    limit: Count = Field(50, ge=1, le=100)


class EventQuery(Schema):
    after: Cursor = Field("0", description="前回の next_cursor。最初は 0")
    limit: Count = Field(100, ge=1, le=500)
