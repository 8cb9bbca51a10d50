"""Rows that belong to no single application area."""

from koss.models.demo import ApiExchange, DemoAccount, DemoClock, DemoSeat, is_a_demo
from koss.models.portal import (
    MailState,
    News,
    NewsQuerySet,
    NightRun,
    OpenHandle,
    OutgoingMail,
    PasswordLock,
    Source,
    SourceMiss,
    StaffEvent,
    StaffEventKind,
    TypedText,
)

__all__ = [
    "ApiExchange",
    "DemoAccount",
    "DemoClock",
    "DemoSeat",
    "MailState",
    "News",
    "NewsQuerySet",
    "NightRun",
    "OpenHandle",
    "OutgoingMail",
    "PasswordLock",
    "Source",
    "SourceMiss",
    "StaffEvent",
    "StaffEventKind",
    "TypedText",
    "is_a_demo",
]
