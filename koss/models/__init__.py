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
    "is_a_demo",
]
