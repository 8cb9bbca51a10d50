"""Applications in the staff's site: the list, the page, the moves, and the tables behind them."""

from applications.admin.application import ApplicationAdmin
from applications.admin.papers import AttachmentAdmin, ChargeAdmin, HistoryAdmin, NoticeAdmin
from applications.admin.tables import CounterDeskAdmin, OfficeAdmin, RateAdmin

__all__ = [
    "ApplicationAdmin",
    "AttachmentAdmin",
    "ChargeAdmin",
    "CounterDeskAdmin",
    "HistoryAdmin",
    "NoticeAdmin",
    "OfficeAdmin",
    "RateAdmin",
]
