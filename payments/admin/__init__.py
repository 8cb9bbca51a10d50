"""Paying in the staff's site: users, numbers, notices, refunds, debits, the daily report."""

from payments.admin.direct import DebitOrderAdmin, DirectAccountAdmin
from payments.admin.notices import SettlementNoticeAdmin
from payments.admin.numbers import PaymentInformationAdmin, PaymentLineAdmin
from payments.admin.records import PasswordResetAdmin, UserEventAdmin
from payments.admin.refunds import RefundAdmin
from payments.admin.report import daily
from payments.admin.users import PaymentUserAdmin

__all__ = [
    "DebitOrderAdmin",
    "DirectAccountAdmin",
    "PasswordResetAdmin",
    "PaymentInformationAdmin",
    "PaymentLineAdmin",
    "PaymentUserAdmin",
    "RefundAdmin",
    "SettlementNoticeAdmin",
    "UserEventAdmin",
    "daily",
]
