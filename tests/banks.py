"""A bank in memory that stands in for the sandbox: the module of ``settings.KOSS_BANK`` in tests.

Its names are those that payments/banks/__init__.py asks of every bank. The fixture ``bank`` gives
the test the ``StandIn`` behind them: switches for what goes wrong, and a record of what was asked.
"""

import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from koss.ground import clock
from payments.banks import (
    BadMessage,
    BankRefused,
    BankUnreachable,
    DebitFailure,
    Inquiry,
    Link,
    Numbers,
    SettlementMessage,
)

BANKS = {"0101": "東京三葉銀行", "0102": "訓練信用金庫"}
_serials = itertools.count(1)


@dataclass
class StandIn:
    """``unreachable``: nobody answers. ``refuses``: why everything is refused.

    ``asked``: [(name of the function, its arguments)]. ``known``: the settlements that the bank
    would tell of, for reconciliation. ``debits``: reference → (state, reason, settlement).
    """

    unreachable: bool = False
    refuses: str = ""
    asked: list = field(default_factory=list)
    known: list = field(default_factory=list)
    debits: dict = field(default_factory=dict)
    numbers: dict = field(default_factory=dict)

    def settles(self, information, **changes):
        """The message that ``information`` was paid as it should be, but for ``changes``."""
        message = SettlementMessage(
            settlement_id=f"S{next(_serials):012d}",
            agency_number=information.agency_number,
            payment_number=information.payment_number,
            amount=information.amount,
            settled_at=clock.now(),
            way="link",
            bank="0101",
            reference="",
        )
        return replace(message, **changes)

    def answer(self, name, arguments):
        self.asked.append((name, arguments))
        if self.unreachable:
            raise BankUnreachable(name)
        if self.refuses:
            raise BankRefused(self.refuses)


_here = StandIn()


@pytest.fixture
def bank(settings):
    """A fresh stand-in for this test."""
    global _here
    settings.KOSS_BANK = __name__
    _here = StandIn()
    return _here


def request_numbers(**asked):
    _here.answer("request_numbers", asked)
    serial = next(_serials)
    return _here.numbers.setdefault(
        asked["reference"], Numbers("00100", f"3000{serial:016d}", f"{serial % 10**6:06d}")
    )


def settlements(*, since):
    _here.answer("settlements", {"since": since})
    yield from (message for message in _here.known if message.settled_at >= since)


def register_account(**asked):
    _here.answer("register_account", asked)
    return BANKS[asked["bank"]], "中央支店"


def order_debit(**asked):
    _here.answer("order_debit", asked)
    _here.debits.setdefault(asked["reference"], ("accepted", "", None))


def pay(**asked):
    """What was paid is told to who asks for settlements, whatever became of the notice."""
    _here.answer("pay", asked)
    missing = 100 if asked["notice"] == "wrong_amount" else 0
    _here.known.append(
        SettlementMessage(
            settlement_id=f"S{next(_serials):012d}",
            agency_number=asked["agency_number"],
            payment_number=asked["payment_number"],
            amount=asked["amount"] - missing,
            settled_at=clock.system_now(),
            way="link",
            bank="0101",
            reference="",
        )
    )


def begin_anew():
    _here.answer("begin_anew", {})


def debit_state(reference):
    _here.answer("debit_state", {"reference": reference})
    return _here.debits.get(reference, ("unknown", "", None))


def link(**asked):
    return Link("http://bank.example/link/", {"token": json.dumps(asked, default=str)})


def read_notice(headers, body, path, *, now):
    return _read(SettlementMessage, headers, body)


def read_debit_failure(headers, body, path, *, now):
    return _read(DebitFailure, headers, body)


def read_inquiry(headers, body, path, *, now):
    return _read(Inquiry, headers, body)


def _read(kind, headers, body):
    """The stand-in signs with one word, and writes moments as ISO text."""
    if headers.get("Koss-Signature") != "stand-in":
        raise BadMessage(403, "not signed")
    try:
        facts = json.loads(body)
        for name in {"settled_at", "at"} & set(facts):
            facts[name] = datetime.fromisoformat(facts[name])
        return kind(**facts)
    except (TypeError, ValueError) as error:
        raise BadMessage(400, str(error)) from error
