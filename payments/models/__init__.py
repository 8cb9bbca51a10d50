"""The rows of paying: users, payment numbers, what banks told, and what goes back."""

from payments.models.direct import AccountKind, AccountState, DebitOrder, DebitState, DirectAccount
from payments.models.information import (
    NumberKind,
    PaymentInformation,
    PaymentLine,
    PaymentState,
)
from payments.models.settlement import Refund, SettlementNotice, Verdict
from payments.models.user import EventKind, PasswordReset, PaymentUser, UserEvent

__all__ = [
    "AccountKind",
    "AccountState",
    "DebitOrder",
    "DebitState",
    "DirectAccount",
    "EventKind",
    "NumberKind",
    "PasswordReset",
    "PaymentInformation",
    "PaymentLine",
    "PaymentState",
    "PaymentUser",
    "Refund",
    "SettlementNotice",
    "UserEvent",
    "Verdict",
]
