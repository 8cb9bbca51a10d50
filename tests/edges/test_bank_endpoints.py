"""What the bank's machines may call, and what they are told (contract: docs/bank.md)."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.test import Client

from applications.status import Status
from koss.ground import clock
from koss.models import DemoClock
from payments.banks import signing
from payments.batches import withdrawing
from payments.demo import payers
from payments.direct import debits
from payments.models import (
    DebitState,
    NoticeVerdict,
    PaymentInformation,
    PaymentState,
    SettlementNotice,
)
from payments.money import settlements
from payments.numbers import taking
from tests.rules.payments import numbers
from tests.world import make

pytestmark = pytest.mark.django_db

NOTICES, DEBITS, INQUIRIES = (
    f"/payment/bank/{name}/" for name in ("notices", "debits", "inquiries")
)
ALL = (NOTICES, DEBITS, INQUIRIES)


def post(path, content, *, signature="stand-in", **headers):
    body = content if isinstance(content, bytes) else json.dumps(content, default=str).encode()
    client = Client(enforce_csrf_checks=True)
    return client.post(
        path,
        body,
        content_type="application/json",
        headers={"Koss-Signature": signature} | headers,
    )


@pytest.fixture
def information(bank):
    return numbers.batch(now=clock.now())


@pytest.fixture
def notice(bank, information):
    """The bank's words that it was paid."""
    return written(bank.settles(information))


def written(message):
    return asdict(message) | {"settled_at": message.settled_at.isoformat()}


def state(information):
    information.refresh_from_db()
    return PaymentState(information.state)


def test_a_notice_is_kept_and_applied(information, notice):
    response = post(NOTICES, notice)

    assert (response.status_code, response.json()) == (200, {"kept": True})
    assert state(information) == PaymentState.PAID
    assert numbers.statuses(information) == {Status.IN_REVIEW}


def test_a_notice_that_comes_again_is_thanked_for_again(information, notice):
    answers = {(post(NOTICES, notice).status_code) for _ in range(3)}

    assert answers == {200}
    assert SettlementNotice.objects.filter(verdict=NoticeVerdict.APPLIED).count() == 1
    assert SettlementNotice.objects.filter(verdict=NoticeVerdict.REPEATED).count() == 2


@pytest.mark.parametrize(
    ("odd", "verdict"),
    [
        ({"amount": 1}, NoticeVerdict.WRONG_AMOUNT),
        ({"payment_number": "9" * 20}, NoticeVerdict.UNKNOWN_NUMBER),
        ({"settled_at": "2040-01-01T00:00:00+09:00"}, NoticeVerdict.AFTER_DUE),
    ],
)
def test_whatever_is_odd_is_kept_all_the_same(information, notice, odd, verdict):
    response = post(NOTICES, notice | odd)

    assert (response.status_code, response.json()) == (200, {"kept": True})
    assert SettlementNotice.objects.get().verdict == verdict
    assert state(information) == PaymentState.UNPAID


def test_the_banks_moment_becomes_the_portals(bank, settings):
    settings.DEMO = True
    DemoClock.objects.create(ahead=timedelta(days=3))
    information = numbers.batch(now=clock.now())
    at = clock.system_now()

    post(NOTICES, written(bank.settles(information, settled_at=at)))

    assert SettlementNotice.objects.get().settled_at == at + timedelta(days=3)


@pytest.fixture
def debit(bank):
    now = clock.now()
    application = make(Status.WEIGHT_TAX_IN_BATCH, now=now, payment_method="direct")
    made = payers.take_number([application], now=now).debit
    debits.mark_ordered([made.pk], now=now)
    return made


def failure(reference, **changes):
    told = {"reference": reference, "reason": "insufficient_funds", "at": clock.now().isoformat()}
    return told | changes


def test_a_failed_debit_frees_its_charges(debit):
    for _ in range(2):
        response = post(DEBITS, failure(debit.information.reference))
        assert (response.status_code, response.json()) == (200, {"kept": True})

    debit.refresh_from_db()
    assert (debit.state, debit.failure) == (DebitState.FAILED, "insufficient_funds")
    assert state(debit.information) == PaymentState.CANCELLED


def test_the_failure_of_a_debit_that_nobody_ordered_changes_nothing(debit, information):
    for reference in ("0" * 32, information.reference):
        assert post(DEBITS, failure(reference)).json() == {"kept": True}

    debit.refresh_from_db()
    assert debit.state == DebitState.ORDERED
    assert state(information) == PaymentState.UNPAID


def asked(information, **changes):
    typed = {
        "agency_number": information.agency_number,
        "payment_number": information.payment_number,
        "confirmation_number": information.confirmation_number,
    }
    response = post(INQUIRIES, typed | changes)
    assert response.status_code == 200
    return response.json()


def test_an_inquiry_is_told_what_is_to_be_paid(information):
    assert asked(information) == {
        "found": True,
        "payable": True,
        "reason": "",
        "amount": information.amount,
        "kind": "検査手数料・技術情報管理手数料",
        "payee": "軽自動車検査協会・自動車技術総合機構",
        "payee_kana": "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ・ｼﾞﾄﾞｳｼﾔｷﾞｼﾞﾕﾂｿｳｺﾞｳｷｺｳ",
        "due_on": information.due_on.isoformat(),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"agency_number": "99999"},
        {"payment_number": "9" * 20},
        {"confirmation_number": "000000"},
        {"payment_number": "", "confirmation_number": "", "agency_number": ""},
    ],
)
def test_wrong_numbers_are_told_nothing(information, wrong):
    PaymentInformation.objects.filter(pk=information.pk).update(confirmation_number="130110")

    assert asked(information, **wrong) == {"found": False}


def test_a_number_that_was_not_answered_yet_is_not_found_by_nothing(bank):
    """Rows without numbers have empty ones."""
    application = make(Status.FEES_DUE, now=clock.now())
    taken = taking.take_individually(application, now=clock.now())

    assert asked(taken) == {"found": False}


def test_what_was_paid_or_withdrawn_cannot_be_paid(bank):
    paid, withdrawn = (numbers.batch(now=clock.now()) for _ in range(2))
    settlements.receive(bank.settles(paid), now=clock.now())
    withdrawing.withdraw(withdrawn, user=withdrawn.user, now=clock.now())

    assert [(found["payable"], found["reason"]) for found in map(asked, (paid, withdrawn))] == [
        (False, "paid"),
        (False, "withdrawn"),
    ]


@pytest.mark.parametrize(("seconds", "payable"), [(-1, True), (0, False)])
def test_a_number_can_be_paid_until_its_due_date_is_over(
    information, time_machine, seconds, payable
):
    midnight = clock.at(information.due_on + timedelta(days=1))
    time_machine.move_to(midnight + timedelta(seconds=seconds), tick=False)

    found = asked(information)

    assert (found["payable"], found["reason"]) == (payable, "" if payable else "expired")


@pytest.mark.parametrize("ended", [PaymentState.EXPIRED, PaymentState.CANCELLED])
def test_a_number_that_is_over_cannot_be_paid(information, ended):
    PaymentInformation.objects.filter(pk=information.pk).update(state=ended)

    assert asked(information)["reason"] == "expired"


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options"])
def test_only_post_is_answered(bank, path, method):
    assert getattr(Client(), method)(path).status_code == 405


@pytest.mark.parametrize("path", ALL)
def test_a_stranger_is_refused(bank, notice, path):
    for signature in ("", "t=1,v1=00"):
        response = post(path, notice, signature=signature)
        assert response.status_code == 403
        assert "kept" not in response.json()
    assert not SettlementNotice.objects.exists()


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'"text"', b'{"other": 1}'])
def test_what_cannot_be_read_is_refused(bank, path, body):
    assert post(path, body).status_code == 400


@pytest.mark.parametrize("path", ALL)
def test_what_is_too_long_is_refused_unread(bank, path):
    assert post(path, b" " * (16 * 1024 + 1)).status_code == 400
    assert post(path, b"{}", **{"Content-Length": "17000"}).status_code == 400


@pytest.mark.parametrize("path", ALL)
def test_no_session_and_no_cookie_comes_of_it(bank, notice, path):
    response = post(path, notice)

    assert not response.cookies


@pytest.fixture
def true_bank(bank, settings):
    settings.KOSS_BANK = "payments.banks.sandbox"


def signed(path, content, *, at, secret, purpose="bank-to-portal"):
    body = json.dumps(content).encode()
    return post(path, body, signature=signing.sign(secret, f"{purpose}:{path}", body, now=at))


def test_the_banks_signature_is_believed_for_five_minutes(notice, information, true_bank, settings):
    now, secret = clock.system_now(), settings.KOSS_BANK_SECRET
    old = signed(NOTICES, notice, at=now - timedelta(minutes=6), secret=secret)
    foreign = signed(NOTICES, notice, at=now, secret="of somebody else")
    astray = signed(NOTICES, notice, at=now, secret=secret, purpose="portal-to-bank")
    assert {each.status_code for each in (old, foreign, astray)} == {403}
    assert state(information) == PaymentState.UNPAID

    assert signed(NOTICES, notice, at=now, secret=secret).status_code == 200
    assert state(information) == PaymentState.PAID


def test_a_message_cannot_be_played_to_another_address(notice, true_bank, settings):
    body = json.dumps(notice).encode()
    signature = signing.sign(
        settings.KOSS_BANK_SECRET, f"bank-to-portal:{DEBITS}", body, now=clock.system_now()
    )

    assert post(NOTICES, body, signature=signature).status_code == 403


@pytest.mark.parametrize(
    "malformed",
    [
        {"amount": -1},
        {"amount": "1000"},
        {"amount": 2**40},
        {"settled_at": "yesterday"},
        {"settled_at": "2026-05-10T12:00:00"},
        {"payment_number": "12"},
        {"settlement_id": "x" * 41},
        {"settlement_id": "a\x00b"},
        {"way": "cash"},
    ],
)
def test_a_signed_message_of_another_form_is_refused(notice, true_bank, settings, malformed):
    secret = settings.KOSS_BANK_SECRET

    response = signed(NOTICES, notice | malformed, at=clock.system_now(), secret=secret)

    assert response.status_code == 400
    assert not SettlementNotice.objects.exists()
