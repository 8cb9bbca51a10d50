"""The sandbox bank: the program in payments/sandbox, spoken to over HTTP and nothing else."""

import json
import secrets
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.utils.encoding import escape_uri_path

from koss.ground import clock
from payments.banks import (
    BadMessage,
    BankUnreachable,
    DebitFailure,
    Inquiry,
    Link,
    Numbers,
    SettlementMessage,
    fields,
    signing,
    wire,
)

BANKS = {"0101": "東京三葉銀行", "0102": "訓練信用金庫", "0103": "訓練労働金庫"}

_LINK_LASTS = timedelta(minutes=30)
_WAYS = {"link", "atm", "direct"}
_STATES = {"unknown", "accepted", "settled", "failed"}
_REASONS = {"insufficient_funds", "daily_limit", "account_closed", "already_settled", "past_due"}


def request_numbers(*, reference, kind, amount, due_on):
    """Have a payment number made; the same ``reference`` always gets the same one."""
    content = {
        "reference": reference,
        "kind": kind,
        "amount": amount,
        "due_on": due_on.isoformat(),
    }
    answer = _ask("POST", "/api/numbers/", content)
    with _believing(reference, answer):
        return Numbers(*_three_numbers(answer))


def settlements(*, since):
    """Everything settled at ``since`` or later, oldest first, asked page by page."""
    query = {"since": since.isoformat()}
    while True:
        answer = _ask("GET", f"/api/settlements/?{urlencode(query)}")
        with _believing("", answer):
            page = [_settlement(each) for each in answer["settlements"]]
            more = answer["more"] is True and page
        yield from page
        if not more:
            return
        query["after"] = page[-1].settlement_id


def register_account(*, reference, bank, branch, account_type, account_number, holder_kana):
    """Ask whether this account may be debited. Returns the names of its bank and branch."""
    content = {
        "reference": reference,
        "bank": bank,
        "branch": branch,
        "account_type": account_type,
        "account_number": account_number,
        "holder_kana": holder_kana,
    }
    answer = _ask("POST", "/api/accounts/", content)
    with _believing(reference, answer):
        return (
            fields.text(answer, "bank_name", most=60),
            fields.text(answer, "branch_name", most=60),
        )


def order_debit(*, reference, bank, branch, account_number, agency_number, payment_number, amount):
    """Order a debit. Its outcome comes as a notice or a debit failure, or by ``debit_state``."""
    content = {
        "reference": reference,
        "bank": bank,
        "branch": branch,
        "account_number": account_number,
        "agency_number": agency_number,
        "payment_number": payment_number,
        "amount": amount,
    }
    answer = _ask("POST", "/api/debits/", content)
    with _believing(reference, answer):
        fields.choice(answer, "reference", {reference})


def debit_state(reference):
    """What became of an ordered debit."""
    answer = _ask("GET", escape_uri_path(f"/api/debits/{reference}/"))
    with _believing(reference, answer):
        state = fields.choice(answer, "state", _STATES)
        reason = fields.choice(answer, "reason", _REASONS | {""})
        settled = _settlement(answer["settlement"]) if state == "settled" else None
        return state, reason, settled


def pay(*, agency_number, payment_number, amount, due_on, notice, minutes):
    """Have a customer with enough money pay a number.

    For a demo that a program drives; no other bank has this. ``notice``: how the bank tells of it
    (the modes of its training page); ``minutes``: how much later, where that is ``"late"``.
    """
    content = {
        "agency_number": agency_number,
        "payment_number": payment_number,
        "amount": amount,
        "due_on": due_on.isoformat(),
        "notice": notice,
        "minutes": minutes,
    }
    _ask("POST", "/api/payments/", content)


def begin_anew():
    """The bank forgets everything and has its first customers again. Only this bank has this."""
    _ask("POST", "/api/anew/", {})


def link(
    *,
    bank,
    agency_number,
    payment_number,
    confirmation_number,
    amount,
    kind,
    payee,
    payee_kana,
    due_on,
    return_url,
    now,
):
    """The visit to the bank of one payer, with everything filled in and signed."""
    content = {
        "jti": secrets.token_urlsafe(16),
        "agency_number": agency_number,
        "payment_number": payment_number,
        "confirmation_number": confirmation_number,
        "amount": amount,
        "kind": str(kind),
        "payee": str(payee),
        "payee_kana": str(payee_kana),
        "due_on": due_on.isoformat(),
        "return_url": return_url,
        "expires_at": (now + _LINK_LASTS).isoformat(),
    }
    packed = json.dumps(content, ensure_ascii=False).encode()
    signed = signing.token(settings.KOSS_BANK_SECRET, "link", packed)
    return Link(f"{settings.KOSS_BANK_ORIGIN}/link/", {"token": signed, "bank": bank})


def read_notice(headers, body, path, *, now):
    """The settlement that a notice of the bank tells of."""
    with _from_the_bank(headers, body, path, now) as content:
        return _settlement(content)


def read_debit_failure(headers, body, path, *, now):
    """The debit that the bank could not make."""
    with _from_the_bank(headers, body, path, now) as content:
        fields.choice(content, "result", {"failed"})
        return DebitFailure(
            fields.identifier(content, "reference", most=64),
            fields.choice(content, "reason", _REASONS),
            fields.moment(content, "at"),
        )


def read_inquiry(headers, body, path, *, now):
    """The numbers that somebody typed at a cash machine."""
    with _from_the_bank(headers, body, path, now) as content:
        return Inquiry(*_three_numbers(content))


def _ask(method, path, content=None):
    return wire.ask(
        settings.KOSS_BANK_ORIGIN,
        settings.KOSS_BANK_SECRET,
        method,
        path,
        content,
        now=clock.system_now(),
    )


@contextmanager
def _believing(reference, answer):
    """Inside, an answer that is not what was agreed on counts as none.

    A signed answer names the order it belongs to, so that it cannot be played back for another.
    """
    if reference and answer.get("reference") != reference:
        raise BankUnreachable("the answer belongs to another order")
    try:
        yield
    except (fields.Malformed, KeyError, TypeError) as error:
        raise BankUnreachable(f"the answer is malformed: {error}") from error


@contextmanager
def _from_the_bank(headers, body, path, now):
    """Checks the signature and gives the content; what is malformed is a BadMessage."""
    secret, value = settings.KOSS_BANK_SECRET, headers.get(signing.HEADER)
    try:
        signing.check(secret, f"bank-to-portal:{path}", body, value, now=now)
        yield fields.read_object(body)
    except signing.BadSignature as error:
        raise BadMessage(403, f"signature: {error}") from error
    except fields.Malformed as error:
        raise BadMessage(400, f"malformed: {error}") from error


def _settlement(content):
    if not isinstance(content, dict):
        raise fields.Malformed("settlement")
    reference = fields.text(content, "reference", most=64)
    return SettlementMessage(
        settlement_id=fields.identifier(content, "settlement_id", most=40),
        agency_number=fields.digits(content, "agency_number", 5),
        payment_number=fields.digits(content, "payment_number", 20),
        amount=fields.yen(content, "amount"),
        settled_at=fields.moment(content, "settled_at"),
        way=fields.choice(content, "way", _WAYS),
        bank=fields.choice(content, "bank", BANKS),
        reference=fields.identifier(content, "reference", most=64) if reference else "",
    )


def _three_numbers(content):
    return (
        fields.digits(content, "agency_number", 5),
        fields.digits(content, "payment_number", 20),
        fields.digits(content, "confirmation_number", 6),
    )
