"""What a bank is to the portal: one module that offers the names below.

``settings.KOSS_BANK`` names the module and ``current`` returns it; docs/bank.md tells how to write
another one. A bank's module knows no model of the portal: it gets plain values, and answers with
the dataclasses of this package. All amounts are whole yen, all moments aware. No function may be
called inside a database transaction, except ``link`` and the three readers, which ask nobody.

    BANKS                       code of a bank → its Japanese name, in the order of the choice
    request_numbers(*, reference, kind, amount, due_on)          → Numbers
    settlements(*, since)                                        → iterator of SettlementMessage
    register_account(*, reference, bank, branch, account_type, account_number, holder_kana)
                                                                 → (bank's name, branch's name)
    order_debit(*, reference, bank, branch, account_number, agency_number, payment_number, amount)
                                                                 → None
    debit_state(reference)      → (state, reason, SettlementMessage or None)
    link(*, bank, agency_number, payment_number, confirmation_number, amount, kind, payee,
         payee_kana, due_on, return_url, now)                    → Link
    read_notice(headers, body, path, *, now)                     → SettlementMessage
    read_debit_failure(headers, body, path, *, now)              → DebitFailure
    read_inquiry(headers, body, path, *, now)                    → Inquiry

``kind`` of ``request_numbers`` is ``"fees"``, ``"weight_tax"`` or ``"vehicle_tax"``; that of
``link`` is the Japanese label that the payer is shown. ``reference`` is the portal's own name of
an order: the same reference with the same content may be sent any number of times, and is done
once. The state of a debit is ``"unknown"``, ``"accepted"``, ``"settled"`` or ``"failed"``; its
``reason`` is empty unless it failed. ``settlements`` yields, oldest first, whatever was settled at
``since`` or later, and may raise in the middle. ``now`` is the machine's own moment
(``clock.system_now``), never that of the demo's moved clock.

Whatever asks the bank raises ``BankUnreachable`` (nothing is known; ask again later) or
``BankRefused`` (the answer is no, for good). The readers raise ``BadMessage``.
"""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings


class BankUnreachable(Exception):
    """No answer that can be believed: network, timeout, trouble over there, a bad signature."""


class BankRefused(Exception):
    """The bank said no, for good. ``reason``: its own short word for why."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class BadMessage(Exception):
    """A message that claims to come from the bank. ``status``: 403 not its own, 400 malformed."""

    def __init__(self, status, words):
        super().__init__(status, words)

    @property
    def status(self):
        return self.args[0]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the payer types: 5, 20 and 6 digits."""

    agency_number: str
    payment_number: str
    confirmation_number: str


@dataclass(frozen=True, slots=True)
class SettlementMessage:
    """Money was taken. The same ``settlement_id`` always means the same settlement.

    ``way``: ``"link"``, ``"atm"`` or ``"direct"``; ``bank``: code of the bank that took it;
    ``reference``: that of the ordered debit, else "".
    """

    settlement_id: str
    agency_number: str
    payment_number: str
    amount: int
    settled_at: datetime
    way: str
    bank: str
    reference: str


@dataclass(frozen=True, slots=True)
class DebitFailure:
    """An ordered debit took no money.

    ``reason``: ``"insufficient_funds"``, ``"daily_limit"``, ``"account_closed"``,
    ``"already_settled"`` or ``"past_due"``.
    """

    reference: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Somebody typed these at a cash machine; the bank asks what is to be paid."""

    agency_number: str
    payment_number: str
    confirmation_number: str


@dataclass(frozen=True, slots=True)
class Link:
    """A form that the payer's browser posts to ``url``. It can be used once, within 30 minutes."""

    url: str
    fields: dict[str, str]


def current():
    """The module of the bank that this portal works with."""
    return import_module(settings.KOSS_BANK)
