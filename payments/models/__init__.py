"""The rows of paying: users, payment numbers, what banks told, and what goes back."""

from payments.models.credential import (
    Credential,
    CredentialEnd,
    RememberedRequest,
    Scope,
)
from payments.models.direct import AccountKind, AccountState, DebitOrder, DebitState, DirectAccount
from payments.models.following import CalendarAddress, MorningMail
from payments.models.information import (
    NumberKind,
    PaymentInformation,
    PaymentLine,
    PaymentState,
)
from payments.models.settlement import NoticeVerdict, Reconciliation, Refund, SettlementNotice
from payments.models.user import EventKind, PasswordReset, PaymentUser, UserEvent
from payments.models.webhook import (
    DeliveryFault,
    DeliveryState,
    Webhook,
    WebhookDelivery,
    WebhookEnd,
    WebhookState,
)

__all__ = [
    "AccountKind",
    "AccountState",
    "CalendarAddress",
    "Credential",
    "CredentialEnd",
    "DebitOrder",
    "DebitState",
    "DeliveryFault",
    "DeliveryState",
    "DirectAccount",
    "EventKind",
    "MorningMail",
    "NoticeVerdict",
    "NumberKind",
    "PasswordReset",
    "PaymentInformation",
    "PaymentLine",
    "PaymentState",
    "PaymentUser",
    "Reconciliation",
    "Refund",
    "RememberedRequest",
    "Scope",
    "SettlementNotice",
    "UserEvent",
    "Webhook",
    "WebhookDelivery",
    "WebhookEnd",
    "WebhookState",
]
