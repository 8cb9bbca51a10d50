"""What a seat of a course is there for: its tasks, and the applications on which they are done."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.demo.making import vehicle
from applications.demo.offices import TOKYO
from applications.models import Office, PaymentMethod
from applications.status import Procedure, Status


class CourseTask(models.TextChoices):
    """The procedures of the manuals, in the order of a course."""

    BATCH_FILE = "batch_file", _("まとめ納付管理ファイルの取得")
    APPLY = "apply", _("申請を行う")
    INQUIRY = "inquiry", _("申請状況照会")
    CORRECTION = "correction", _("補正申請")
    WITHDRAWAL = "withdrawal", _("申請取り下げ")
    PAY_ALONE = "pay_alone", _("個別納付")
    PAY_TOGETHER = "pay_together", _("まとめ納付")
    PAY_DIRECTLY = "pay_directly", _("ダイレクト納付")
    CODE = "code", _("二次元コード発行")


@dataclass(frozen=True, slots=True)
class SeatPlace:
    """One application of a seat. ``shows``: what it is for, on the demo page."""

    task: CourseTask
    status: Status
    shows: str
    method: PaymentMethod = PaymentMethod.INDIVIDUAL


# The place of an application is its number here.
PLACES = (
    SeatPlace(CourseTask.INQUIRY, Status.IN_REVIEW, "状況照会"),
    SeatPlace(CourseTask.WITHDRAWAL, Status.AWAITING_CORRECTION, "取り下げ"),
    SeatPlace(CourseTask.CORRECTION, Status.AWAITING_CORRECTION, "補正"),
    SeatPlace(CourseTask.PAY_ALONE, Status.FEES_DUE, "個別納付"),
    SeatPlace(
        CourseTask.PAY_TOGETHER, Status.FEES_IN_BATCH, "まとめ納付（1件目）", PaymentMethod.BATCH
    ),
    SeatPlace(
        CourseTask.PAY_TOGETHER, Status.FEES_IN_BATCH, "まとめ納付（2件目）", PaymentMethod.BATCH
    ),
    SeatPlace(
        CourseTask.PAY_DIRECTLY, Status.FEES_IN_BATCH, "ダイレクト納付", PaymentMethod.DIRECT
    ),
    SeatPlace(CourseTask.CODE, Status.READY_TO_RETURN, "二次元コード発行"),
)
# Far behind the serials of the demo world itself; ten for each seat, of which the last is that of
# the vehicle for which the seat itself applies.
_FIRST_SERIAL, _OF_A_SEAT = 1000, 10
PROCEDURE = Procedure.CONTINUED_INSPECTION


def payer_of(seat):
    """The 納付利用者ID of the seat with this number."""
    return f"KNSE{seat:04d}"


def vehicle_of(seat, place, office):
    """{"plate", "chassis_number"} of the application at ``place``."""
    return vehicle(PROCEDURE, _FIRST_SERIAL + _OF_A_SEAT * seat + place, office)


def own_vehicle(seat):
    """{"plate", "chassis_number"} with which the seat itself is to apply."""
    return vehicle_of(seat, _OF_A_SEAT - 1, Office(name=TOKYO))
