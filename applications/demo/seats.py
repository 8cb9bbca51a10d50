"""Seats of a course: for each the same applications and a payment user, but for the numbers."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from applications.demo import journeys, making
from applications.demo.offices import TOKYO
from applications.models import Application, Office, PaymentMethod
from applications.status import Procedure, Status
from koss.models import DemoAccount, DemoClock, MailState, OutgoingMail
from payments.demo import payers

MOST = 100
# Far behind the serials of the demo world itself; ten for each seat.
_FIRST_SERIAL = 1000
_TOGETHER = Status.FEES_IN_BATCH
TASKS = (
    ("状況照会", Status.IN_REVIEW),
    ("取り下げ", Status.AWAITING_CORRECTION),
    ("補正", Status.AWAITING_CORRECTION),
    ("まとめ納付（1件目）", _TOGETHER),
    ("まとめ納付（2件目）", _TOGETHER),
    ("二次元コード発行", Status.READY_TO_RETURN),
)


@dataclass(frozen=True, slots=True)
class Made:
    """One application of a seat. ``seat``: from 1 on; ``task``: its words in ``TASKS``."""

    seat: int
    payer: str
    task: str
    receipt_number: str


def payer_of(seat):
    """The 納付利用者ID of a seat."""
    return f"KNSE{seat:04d}"


@transaction.atomic
def make(count, *, now):
    """Make what is missing of the seats 1 to ``count``; safe to run twice, also at once.

    Returns (list of Made in the order of seats and tasks, number of new applications). Raises
    ValueError for a count outside 1 to ``MOST``.
    """
    if not 1 <= count <= MOST:
        raise ValueError(count)
    # One run at a time: the next finds what this one has made.
    DemoClock.objects.select_for_update().get_or_create(pk=1)
    office = Office.objects.get(name=TOKYO)
    there = dict(DemoAccount.objects.values_list("shows", "receipt_number"))
    found, new = [], []
    for seat in range(1, count + 1):
        payers.payment_user(payer_of(seat), now=now)
        for place, (task, status) in enumerate(TASKS):
            shows = f"席{seat:02d}：{task}"
            if shows not in there:
                there[shows] = _begin(seat, place, status, office, now).receipt_number
                new.append(there[shows])
                DemoAccount.objects.create(receipt_number=there[shows], shows=shows)
            found.append(Made(seat, payer_of(seat), task, there[shows]))
    # What the past of these applications told was told in the past.
    OutgoingMail.objects.filter(state=MailState.QUEUED, receipt_number__in=new).update(
        state=MailState.SENT, tries=1, sent_at=F("created_at")
    )
    return found, len(new)


def _begin(seat, place, status, office, now) -> Application:
    procedure = Procedure.CONTINUED_INSPECTION
    fields = making.vehicle(procedure, _FIRST_SERIAL + 10 * seat + place, office)
    if status == _TOGETHER:
        fields |= {"payer": payer_of(seat), "payment_method": PaymentMethod.BATCH}
    return journeys.bring_to(status, procedure=procedure, now=now, office=office, **fields)
