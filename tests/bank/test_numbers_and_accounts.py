"""What the portal asks the bank, through the adapter and over HTTP."""

import json
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from koss.ground import clock, request_ids
from payments.banks import BankRefused, BankUnreachable, sandbox, signing
from tests.bank.conftest import a_link, a_number
from tests.bank.payer import Payer
from tests.bank.portal import DEBITS, wait_until
from tests.bank.process import SECRET

pytestmark = pytest.mark.sqlite

WANTED = {"kind": "fees", "amount": 1500, "due_on": date(2030, 4, 1)}


def a_reference():
    return uuid.uuid4().hex


def test_its_log_names_the_request_that_asked(bank):
    mine = request_ids.hold(request_ids.new())

    sandbox.request_numbers(reference=a_reference(), **WANTED)

    [line] = [line for line in bank.log().splitlines() if mine in line]
    told = json.loads(line)
    assert (told["program"], told["route"], told["request_id"]) == ("bank", "api/numbers/", mine)
    assert told["status"] == 200


class TestNumbers:
    def test_one_reference_has_one_number(self, bank):
        reference = a_reference()
        first = sandbox.request_numbers(reference=reference, **WANTED)
        again = sandbox.request_numbers(reference=reference, **WANTED)
        other = sandbox.request_numbers(reference=a_reference(), **WANTED)
        assert first == again
        assert first.payment_number != other.payment_number
        assert [len(each) for each in (*vars_of(first),)] == [5, 20, 6]

    def test_other_content_under_one_reference_is_refused(self, bank):
        reference = a_reference()
        sandbox.request_numbers(reference=reference, **WANTED)
        with pytest.raises(BankRefused, match="reference_in_use"):
            sandbox.request_numbers(reference=reference, **WANTED | {"amount": 1501})

    @pytest.mark.race
    def test_twenty_at_once_get_the_same(self, bank):
        reference = a_reference()
        with ThreadPoolExecutor(20) as crowd:
            jobs = [
                crowd.submit(sandbox.request_numbers, reference=reference, **WANTED)
                for _each in range(20)
            ]
        assert len({job.result() for job in jobs}) == 1

    @pytest.mark.parametrize(
        "odd", [{"amount": 0}, {"amount": 2**31}, {"amount": 1.5}, {"kind": "tips"}, {"kind": []}]
    )
    def test_what_makes_no_sense_is_refused(self, bank, odd):
        with pytest.raises(BankRefused):
            sandbox.request_numbers(reference=a_reference(), **WANTED | odd)


def test_it_begins_anew(bank, portal):
    numbers = sandbox.request_numbers(reference="anew", **WANTED)
    paid = {"notice": "never", "minutes": 1, "due_on": WANTED["due_on"], "amount": 1500}
    names = ("agency_number", "payment_number")
    sandbox.pay(**{name: getattr(numbers, name) for name in names}, **paid)
    sandbox.begin_anew()
    since = clock.system_now() - timedelta(hours=1)
    assert list(sandbox.settlements(since=since)) == []
    assert sandbox.request_numbers(reference="anew", **WANTED) != numbers
    page = Payer(bank.origin).get("/control/")
    assert "50,000,000" in page.text


class TestTheDoor:
    """/api/ answers nobody but the portal, and never with a 500."""

    def ask(self, bank, path, body, *, method="POST", secret=SECRET, age=0, purpose=None):
        now = clock.system_now() - timedelta(seconds=age)
        request = urllib.request.Request(bank.origin + path, data=body, method=method)
        purpose = purpose or f"portal-to-bank:{method} {path}"
        request.add_header(signing.HEADER, signing.sign(secret, purpose, body or b"", now=now))
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def body(self):
        content = {**WANTED, "due_on": "2030-04-01", "reference": a_reference()}
        return json.dumps(content).encode()

    def test_the_portals_own_hand_is_let_in(self, bank):
        assert self.ask(bank, "/api/numbers/", self.body()) == 200

    @pytest.mark.parametrize(
        "wrong",
        [
            {"secret": "another"},
            {"age": 301},
            {"age": -301},
            {"purpose": "portal-to-bank:POST /api/debits/"},
            {"purpose": "bank-to-portal:/api/numbers/"},
        ],
    )
    def test_another_hand_is_not(self, bank, wrong):
        assert self.ask(bank, "/api/numbers/", self.body(), **wrong) == 403

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"\xff", b"null", b'{"reference": "\\ud800"}', b"[" * 100_000]
    )
    @pytest.mark.parametrize("path", ["/api/numbers/", "/api/accounts/", "/api/debits/"])
    def test_odd_bodies(self, bank, path, body):
        assert self.ask(bank, path, body) == 400

    @pytest.mark.parametrize(
        "query",
        ["", "?since=", "?since=2030-01-01", "?since=0001-01-01T00:00:00%2B09:00", "?since=x"],
    )
    def test_odd_questions(self, bank, query):
        assert self.ask(bank, f"/api/settlements/{query}", None, method="GET") == 400

    def test_an_answer_with_another_secret_is_none(self, bank, settings):
        settings.KOSS_BANK_SECRET = "another"
        with pytest.raises(BankUnreachable):
            a_number()

    def test_nobody_there(self, bank, settings):
        settings.KOSS_BANK_ORIGIN = "http://127.0.0.1:1"
        with pytest.raises(BankUnreachable):
            a_number()


class TestDirectDebits:
    OFFICE = {
        "bank": "0101",
        "branch": "002",
        "account_type": "ordinary",
        "account_number": "1000001",
        "holder_kana": "ケイジギョウセイショシジムショ",
    }
    SHORT = {
        "bank": "0102",
        "branch": "001",
        "account_type": "ordinary",
        "account_number": "1000002",
        "holder_kana": "ｹｲｼﾞ ﾀﾛｳ",
    }

    def test_an_account_is_known_by_number_and_holder(self, bank):
        names = sandbox.register_account(reference=a_reference(), **self.OFFICE)
        assert names == ("東京三葉銀行", "中央支店")
        cut = self.OFFICE | {"holder_kana": "ケイジギヨウセイシヨシジ"}
        assert sandbox.register_account(reference=a_reference(), **cut) == names

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"holder_kana": "ケイジ ジロウ"}, "holder_differs"),
            ({"account_number": "9999999"}, "unknown_account"),
            ({"branch": "001"}, "unknown_account"),
            ({"account_type": "current"}, "unknown_account"),
        ],
    )
    def test_a_wrong_account_is_refused(self, bank, wrong, reason):
        with pytest.raises(BankRefused) as refusal:
            sandbox.register_account(reference=a_reference(), **self.OFFICE | wrong)
        assert refusal.value.reason == reason

    def order(self, account, numbers, reference, amount=1500):
        sandbox.order_debit(
            reference=reference,
            bank=account["bank"],
            branch=account["branch"],
            account_number=account["account_number"],
            agency_number=numbers.agency_number,
            payment_number=numbers.payment_number,
            amount=amount,
        )

    def test_a_debit_comes_back_as_a_notice(self, bank, portal):
        # The account that is registered from the start.
        numbers, reference = a_number(), a_reference()
        self.order(self.OFFICE, numbers, reference)
        self.order(self.OFFICE, numbers, reference)
        [(headers, body)] = portal.wait_for(numbers.payment_number)
        notice = sandbox.read_notice(
            headers, body, "/payment/bank/notices/", now=clock.system_now()
        )
        assert (notice.way, notice.reference, notice.amount) == ("direct", reference, 1500)
        assert sandbox.debit_state(reference) == ("settled", "", notice)

    @pytest.mark.parametrize(
        ("account", "due_on", "reason"),
        [
            (SHORT, date(2030, 4, 1), "insufficient_funds"),
            (OFFICE, date(2020, 4, 1), "past_due"),
        ],
    )
    def test_a_debit_that_takes_no_money_comes_back_as_a_failure(
        self, bank, portal, account, due_on, reason
    ):
        sandbox.register_account(reference=a_reference(), **account)
        numbers, reference = a_number(due_on=due_on), a_reference()
        self.order(account, numbers, reference)

        def failure():
            for path, headers, body in portal.received:
                if path == DEBITS and json.loads(body)["reference"] == reference:
                    return sandbox.read_debit_failure(headers, body, path, now=clock.system_now())
            return None

        found = wait_until(failure)
        assert found.reason == reason
        assert sandbox.debit_state(reference) == ("failed", reason, None)
        assert portal.about(numbers.payment_number) == []

    def test_an_unknown_debit(self, bank):
        assert sandbox.debit_state(a_reference()) == ("unknown", "", None)

    def test_an_account_that_was_not_registered_is_not_debited(self, bank):
        stranger = self.OFFICE | {"bank": "0103"}
        with pytest.raises(BankRefused, match="unknown_account"):
            self.order(stranger, a_number(), a_reference())

    def test_a_number_that_was_paid_is_not_debited(self, bank, payer):
        sandbox.register_account(reference=a_reference(), **self.OFFICE)
        numbers = a_number()
        payer.pay(a_link(numbers))
        with pytest.raises(BankRefused, match="already_settled"):
            self.order(self.OFFICE, numbers, a_reference())


def test_settlements_are_listed_page_by_page(bank):
    since = clock.system_now()
    paid = []
    for _each in range(3):
        numbers = a_number(1)
        Payer(bank.origin).pay(a_link(numbers, 1))
        paid.append(numbers.payment_number)
    found = [each.payment_number for each in sandbox.settlements(since=since)]
    assert [each for each in found if each in paid] == paid
    assert list(sandbox.settlements(since=clock.system_now())) == []


def vars_of(numbers):
    return numbers.agency_number, numbers.payment_number, numbers.confirmation_number
