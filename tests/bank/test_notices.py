"""How notices travel: once, twice, in the wrong order, late, wrong, never, and after a kill."""

import json
import re

import pytest

from koss.ground import clock
from payments.banks import sandbox
from tests.bank.conftest import a_link, a_number, speak_to, train
from tests.bank.payer import Payer
from tests.bank.portal import NOTICES, Portal, wait_until
from tests.bank.process import running_bank

pytestmark = pytest.mark.sqlite


def paid(bank, amount=1500):
    """A number that was just paid by link."""
    numbers = a_number(amount)
    assert "納付が完了" in Payer(bank.origin).pay(a_link(numbers, amount)).text
    return numbers.payment_number


def send_now(bank, payment_number):
    """Press 今すぐ送る beside the newest message."""
    payer = Payer(bank.origin)
    page = payer.get("/control/")
    assert payer.post(re.search(r'action="([^"]*/send/)"', page.html)[1]).status == 200


def test_twice(bank, portal):
    train(bank, "twice")
    number = paid(bank)
    first, second = portal.wait_for(number, 2)
    assert first[1] == second[1]


def test_reversed(bank, portal):
    train(bank, "reversed")
    first, second = paid(bank), paid(bank)
    portal.wait_for(first)
    order = [json.loads(body)["payment_number"] for at, _, body in portal.received if at == NOTICES]
    assert order.index(second) < order.index(first)


def test_reversed_waits_for_a_successor_until_the_mode_changes(bank, portal):
    train(bank, "reversed")
    held = paid(bank)
    assert "順序の入替え待ち" in Payer(bank.origin).get("/control/").text
    train(bank, "normal")
    portal.wait_for(paid(bank))
    portal.wait_for(held)


def test_late_until_somebody_presses(bank, portal):
    train(bank, "late", minutes=60)
    late = paid(bank)
    train(bank, "normal")
    portal.wait_for(paid(bank))
    assert portal.about(late) == []
    train(bank, "late", minutes=60)
    late = paid(bank)
    send_now(bank, late)
    portal.wait_for(late)


def test_never_but_the_list_knows(bank, portal):
    train(bank, "never")
    since = clock.system_now()
    never = paid(bank)
    train(bank, "normal")
    portal.wait_for(paid(bank))
    assert portal.about(never) == []
    assert never in [each.payment_number for each in sandbox.settlements(since=since)]


def test_a_wrong_amount_is_wrong_everywhere(bank, portal):
    train(bank, "wrong_amount")
    since = clock.system_now()
    number = paid(bank)
    [(headers, body)] = portal.wait_for(number)
    notice = sandbox.read_notice(headers, body, NOTICES, now=clock.system_now())
    assert notice.amount == 1400
    assert notice in list(sandbox.settlements(since=since))


def test_a_portal_in_trouble_is_asked_again(bank, portal):
    portal.answer[NOTICES] = 503, {}
    number = paid(bank)
    portal.wait_for(number, 2)
    portal.answer[NOTICES] = 200, {"kept": True}
    count = len(portal.wait_for(number, 3, seconds=30))
    portal.wait_for(paid(bank))
    assert len(portal.about(number)) == count


def test_a_portal_that_says_no_is_left_alone(bank, portal):
    portal.answer[NOTICES] = 400, {}
    number = paid(bank)
    portal.wait_for(number)
    wait_until(lambda: "ポータルが拒否" in Payer(bank.origin).get("/control/").text)
    portal.answer.clear()
    portal.wait_for(paid(bank))
    assert len(portal.about(number)) == 1


def test_odd_training_is_refused(bank):
    payer = Payer(bank.origin)
    payer.get("/control/")
    for odd in ({"mode": "x", "minutes": "5"}, {"mode": "late", "minutes": "0"}, {"minutes": "x"}):
        page = payer.post("/control/", **odd)
        assert page.status == 200
        assert "エラー" in page.text


def test_a_customer_can_be_changed(bank):
    payer = Payer(bank.origin)
    page = payer.get("/control/")
    # One that no other test pays with.
    path = re.findall(r'href="(/control/accounts/\d+/)"', page.html)[-2]
    payer.get(path)
    refused = payer.post(path, balance="many", daily_limit="-1")
    assert "0以上の整数" in refused.text
    assert payer.post(path, balance="7", daily_limit="8", closed="on").url.endswith("/control/")
    assert "解約済み" in payer.get("/control/").text
    assert payer.get("/control/accounts/999999999999999999999999/").status == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/atm/", 200), ("/nothing/", 404), ("/visits/x/", 404), ("/link/", 405)],
)
def test_every_page_says_what_this_is(bank, path, status):
    assert Payer(bank.origin).get(path).status == status


@pytest.mark.fault
class TestKilled:
    @pytest.fixture
    def portal(self):
        with Portal().running() as portal:
            yield portal

    @pytest.fixture
    def bank(self, tmp_path, portal, settings):
        with running_bank(tmp_path, portal.origin) as bank:
            speak_to(bank, settings)
            yield bank

    def test_right_after_the_answer_loses_nothing(self, bank, portal):
        portal.answer[NOTICES] = 503, {}
        since = clock.system_now()
        numbers = [paid(bank) for _each in range(3)]
        bank.kill()
        assert not bank.answers()
        portal.received.clear()
        portal.answer.clear()
        bank.start()
        listed = list(sandbox.settlements(since=since))
        assert [each.payment_number for each in listed] == numbers
        for number in numbers:
            headers, body = portal.wait_for(number, seconds=60)[0]
            notice = sandbox.read_notice(headers, body, NOTICES, now=clock.system_now())
            assert notice in listed

    def test_an_accepted_debit_is_made_after_the_restart(self, bank, portal):
        account = {"bank": "0101", "branch": "002", "account_number": "1000001"}
        sandbox.register_account(
            reference="a1",
            account_type="ordinary",
            holder_kana="ケイジギヨウセイシヨシジ",
            **account,
        )
        numbers = a_number()
        sandbox.order_debit(
            reference="d1",
            agency_number=numbers.agency_number,
            payment_number=numbers.payment_number,
            amount=1500,
            **account,
        )
        bank.kill()
        bank.start()
        portal.wait_for(numbers.payment_number, seconds=60)
        assert sandbox.debit_state("d1")[0] == "settled"
