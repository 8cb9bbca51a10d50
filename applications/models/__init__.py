"""The rows of an application, in the order a reader meets them."""

from applications.models.application import Application, Channel, PartialReview, ReceivingMethod
from applications.models.charge import Charge, ChargeKind, PaymentMethod, Rate, WeightClass
from applications.models.office import CounterDesk, Office
from applications.models.papers import (
    Agency,
    Attachment,
    AttachmentKind,
    AttachmentState,
    Notice,
    NoticeKind,
)
from applications.models.record import HistoryEntry

__all__ = [
    "Agency",
    "Application",
    "Attachment",
    "AttachmentKind",
    "AttachmentState",
    "Channel",
    "Charge",
    "ChargeKind",
    "CounterDesk",
    "HistoryEntry",
    "Notice",
    "NoticeKind",
    "Office",
    "PartialReview",
    "PaymentMethod",
    "Rate",
    "ReceivingMethod",
    "WeightClass",
]
