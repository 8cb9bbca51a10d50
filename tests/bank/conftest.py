"""One bank and one portal, played by the test, for all tests of a run that leave them usable."""

import uuid
from datetime import date

import pytest

from koss.ground import clock
from payments.banks import sandbox, wire
from tests.bank.payer import Payer
from tests.bank.portal import Portal
from tests.bank.process import SECRET, running_bank


@pytest.fixture(scope="session")
def _together(tmp_path_factory):
    with (
        Portal().running() as portal,
        running_bank(tmp_path_factory.mktemp("bank"), portal.origin) as bank,
    ):
        yield portal, bank


@pytest.fixture
def portal(_together):
    portal, _bank = _together
    portal.answer.clear()
    return portal


@pytest.fixture
def bank(_together, settings):
    """A running bank that the adapter speaks to. How notices travel is put back afterwards."""
    _portal, bank = _together
    speak_to(bank, settings)
    yield bank
    train(bank, "normal")


@pytest.fixture
def payer(bank):
    return Payer(bank.origin)


def speak_to(bank, settings):
    """From now on the adapter's bank is this one."""
    settings.KOSS_BANK_ORIGIN, settings.KOSS_BANK_SECRET = bank.origin, SECRET
    wire.line.hear()  # what other tests asked of a bank that was away is not held against it


def train(bank, mode, minutes=10):
    """Choose on the training page how notices travel."""
    payer = Payer(bank.origin)
    payer.get("/control/")
    page = payer.post("/control/", mode=mode, minutes=minutes)
    assert page.status == 200
    return page


def a_number(amount=1500, due_on=date(2030, 4, 1)):
    """Fresh numbers for so many yen."""
    return sandbox.request_numbers(
        reference=uuid.uuid4().hex, kind="fees", amount=amount, due_on=due_on
    )


def a_link(numbers, amount=1500, **more):
    """The portal's link for them."""
    facts = {
        "bank": "0101",
        "agency_number": numbers.agency_number,
        "payment_number": numbers.payment_number,
        "confirmation_number": numbers.confirmation_number,
        "amount": amount,
        "kind": "検査手数料・技術情報管理手数料",
        "payee": "軽自動車検査協会",
        "payee_kana": "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ",
        "due_on": date(2030, 4, 1),
        "return_url": "http://127.0.0.1:8000/payment/",
        "now": clock.system_now(),
    }
    return sandbox.link(**facts | more)
