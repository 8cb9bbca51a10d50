"""Paying in the staff's site: users, numbers, notices, refunds, debits, the daily report."""

from payments.direct.admin import DebitOrderAdmin, DirectAccountAdmin
from payments.money.admin import desk as desk  # the import registers the first page
from payments.money.admin.notices import SettlementNoticeAdmin
from payments.money.admin.refunds import RefundAdmin
from payments.money.admin.report import daily
from payments.numbers.admin import PaymentInformationAdmin, PaymentLineAdmin
from payments.payer.admin.records import (
    CalendarAddressAdmin,
    CredentialAdmin,
    MorningMailAdmin,
    PasswordResetAdmin,
    RememberedRequestAdmin,
    UserEventAdmin,
    WebhookAdmin,
    WebhookDeliveryAdmin,
)
from payments.payer.admin.users import PaymentUserAdmin

__all__ = [
    "CalendarAddressAdmin",
    "CredentialAdmin",
    "DebitOrderAdmin",
    "DirectAccountAdmin",
    "MorningMailAdmin",
    "PasswordResetAdmin",
    "PaymentInformationAdmin",
    "PaymentLineAdmin",
    "PaymentUserAdmin",
    "RefundAdmin",
    "RememberedRequestAdmin",
    "SettlementNoticeAdmin",
    "UserEventAdmin",
    "WebhookAdmin",
    "WebhookDeliveryAdmin",
    "daily",
]
