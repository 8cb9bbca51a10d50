"""Paying in a browser: by link, at the cash machine, and every reason why not."""

import base64
import json
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from koss.ground import clock
from payments.banks import BankRefused, Numbers, sandbox, signing
from tests.bank.conftest import a_link, a_number
from tests.bank.payer import LOW_LIMIT, PASSWORD, PLENTY, SHORT, Payer
from tests.bank.portal import INQUIRIES, NOTICES
from tests.bank.process import SECRET

pytestmark = pytest.mark.sqlite

PAST = date(2020, 1, 1)


def settled(numbers):
    """What the bank lists about one number."""
    since = clock.system_now() - timedelta(hours=1)
    return [
        each
        for each in sandbox.settlements(since=since)
        if each.payment_number == numbers.payment_number
    ]


class TestByLink:
    def test_pay_and_the_notice_arrives(self, payer, portal):
        numbers = a_number()
        asked = payer.follow(a_link(numbers))
        assert "東京三葉銀行" in asked.text
        shown = payer.sign_in(asked)
        assert "1,500円" in shown.text
        assert "残高" in shown.text
        assert "一日の取扱限度額" in shown.text
        done = payer.confirm(shown)
        assert "納付が完了しました" in done.text
        assert 'href="http://127.0.0.1:8000/payment/"' in done.html
        [(headers, body)] = portal.wait_for(numbers.payment_number)
        notice = sandbox.read_notice(headers, body, NOTICES, now=clock.system_now())
        assert (notice.amount, notice.way, notice.bank) == (1500, "link", "0101")
        assert notice.reference == ""
        assert settled(numbers) == [notice]

    def test_a_number_is_paid_once(self, payer, bank):
        numbers = a_number()
        payer.pay(a_link(numbers))
        again = Payer(bank.origin).follow(a_link(numbers))
        assert again.status == 409
        assert re.search(r"\d{4}年\d+月\d+日\d+時\d\d分に納付されています", again.text)
        assert len(settled(numbers)) == 1

    @pytest.mark.parametrize(
        ("customer", "why"), [(SHORT, "残高が不足"), (LOW_LIMIT, "取扱限度額を超える")]
    )
    def test_money_that_may_not_be_taken(self, payer, customer, why):
        numbers = a_number()
        refused = payer.pay(a_link(numbers), customer)
        assert refused.status == 409
        assert why in refused.text
        assert settled(numbers) == []
        # With another account it goes on.
        asked = payer.post(payer.pay_path(refused).replace("/pay/", "/leave/"))
        assert "納付が完了しました" in payer.confirm(payer.sign_in(asked, PLENTY)).text

    def test_after_midnight_of_the_due_date_no_money_is_taken(self, payer):
        """Though the visit was opened: the moment of settling counts. Until midnight it is."""
        today = clock.day(clock.system_now())
        for due_on, status in ((today - timedelta(days=1), 409), (today, 200)):
            numbers = a_number(due_on=due_on)
            page = payer.pay(a_link(numbers, due_on=due_on))
            assert page.status == status
            assert ("納付期限を過ぎた" in page.text) == (status == 409)
            assert len(settled(numbers)) == (status == 200)

    def test_the_limit_is_that_of_the_day(self, bank):
        outcomes = [
            Payer(bank.origin).pay(a_link(a_number(amount), amount, bank="0103"), "01031000003")
            for amount in (600, 300, 200)
        ]
        assert [page.status for page in outcomes] == [200, 200, 409]

    def test_wrong_passwords_stop_the_customer_for_the_day(self, bank):
        payer = Payer(bank.origin)
        asked = payer.follow(a_link(a_number(), bank="0102"))
        for _each in range(10):
            assert "正しくありません" in payer.sign_in(asked, "01021000001", "wrong").text
        stopped = payer.sign_in(asked, "01021000001", PASSWORD)
        assert stopped.status == 429
        assert "停止しました" in stopped.text

    def test_a_customer_of_another_bank_is_not_known(self, payer):
        asked = payer.follow(a_link(a_number(), bank="0103"))
        assert "正しくありません" in payer.sign_in(asked, PLENTY).text

    def test_nobody_goes_on_with_the_visit_of_somebody_else(self, payer, bank):
        asked = payer.follow(a_link(a_number()))
        assert Payer(bank.origin).get(asked.url).status == 404

    @pytest.mark.race
    def test_twenty_confirm_one_number_and_it_is_settled_once(self, bank, portal):
        numbers = a_number()
        crowd = [Payer(bank.origin) for _each in range(20)]
        pages = [one.sign_in(one.follow(a_link(numbers))) for one in crowd]
        with ThreadPoolExecutor(20) as at_once:
            jobs = [
                at_once.submit(one.confirm, page) for one, page in zip(crowd, pages, strict=True)
            ]
        statuses = sorted(job.result().status for job in jobs)
        assert statuses == [200] + [409] * 19
        assert len(settled(numbers)) == 1
        assert len(portal.wait_for(numbers.payment_number)) == 1

    @pytest.mark.race
    def test_twenty_presses_of_one_button_are_one(self, payer):
        numbers = a_number()
        page = payer.sign_in(payer.follow(a_link(numbers)))
        with ThreadPoolExecutor(20) as at_once:
            jobs = [at_once.submit(payer.confirm, page) for _each in range(20)]
        assert {job.result().status for job in jobs} == {200}
        assert len(settled(numbers)) == 1


def flipped(link, name):
    """The link with one field changed by somebody without the secret."""
    packed, _dot, signature = link.fields["token"].partition(".")
    content = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    value = content[name]
    content[name] = value + 1 if isinstance(value, int) else value[:-1] + "7"
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    return f"{forged}.{signature}"


FIELDS = (
    "jti", "agency_number", "payment_number", "confirmation_number", "amount", "kind", "payee",
    "payee_kana", "due_on", "return_url", "expires_at",
)  # fmt: skip


class TestTheLinkItself:
    @pytest.mark.parametrize("name", FIELDS)
    def test_no_field_can_be_changed(self, payer, name):
        link = a_link(a_number())
        page = payer.post(link.url, token=flipped(link, name), bank="0101")
        assert page.status == 400
        # The genuine one has not been used up by that.
        assert payer.follow(link).status == 200

    @pytest.mark.parametrize("name", FIELDS)
    def test_no_field_may_be_missing_or_odd(self, payer, name):
        for odd in (None, [], "\ud800", "\x00", -1, 10**30):
            content = dict.fromkeys(FIELDS, "1") | {name: odd}
            token = signing.token(SECRET, "link", json.dumps(content).encode())
            assert payer.post("/link/", token=token, bank="0101").status == 400

    @pytest.mark.parametrize("token", ["", ".", "x.y", "あ.い", "e30.", "=" * 5000, "\x00"])
    def test_what_is_no_token(self, payer, token):
        assert payer.post("/link/", token=token, bank="0101").status == 400

    def test_it_is_good_once(self, payer, bank):
        link = a_link(a_number())
        assert payer.follow(link).status == 200
        for again in (payer, Payer(bank.origin)):
            assert again.follow(link).status == 409

    def test_it_is_good_for_half_an_hour(self, payer):
        late = clock.system_now() - timedelta(minutes=30)
        assert payer.follow(a_link(a_number(), now=late)).status == 410
        in_time = clock.system_now() - timedelta(minutes=29)
        assert payer.follow(a_link(a_number(), now=in_time)).status == 200

    def test_a_bank_that_is_not_played_here(self, payer):
        assert payer.follow(a_link(a_number(), bank="9999")).status == 400

    def test_nobody_comes_by_typing_the_address(self, payer):
        assert payer.get("/link/").status == 405


class TestAtTheCashMachine:
    PAYABLE = {
        "found": True,
        "payable": True,
        "reason": "",
        "amount": 1500,
        "kind": "自動車重量税",
        "payee": "財務省",
        "payee_kana": "ｻﾞｲﾑｼﾖｳ",
        "due_on": "2030-04-01",
    }

    def typed(self, payer, numbers, **more):
        payer.get("/atm/")
        return payer.post(
            "/atm/",
            agency_number=more.get("agency", numbers.agency_number),
            payment_number=more.get("payment", numbers.payment_number),
            confirmation_number=more.get("confirmation", numbers.confirmation_number),
        )

    def test_pay_with_a_card(self, payer, portal):
        portal.answer[INQUIRIES] = 200, self.PAYABLE
        numbers = a_number()
        spaced = " ".join(re.findall(".{4}", numbers.payment_number))
        wide = str.maketrans("0123456789 ", "０１２３４５６７８９－")
        asked = self.typed(payer, numbers, payment=spaced.translate(wide))
        assert "財務省" in asked.text
        done = payer.confirm(payer.sign_in(asked))
        assert "納付が完了しました" in done.text
        [(headers, body)] = portal.about(numbers.payment_number, INQUIRIES)
        inquiry = sandbox.read_inquiry(headers, body, INQUIRIES, now=clock.system_now())
        assert inquiry.confirmation_number == numbers.confirmation_number
        [(_headers, body)] = portal.wait_for(numbers.payment_number)
        assert json.loads(body)["way"] == "atm"

    @pytest.mark.parametrize(
        ("reason", "words"),
        [("paid", "すでに納付"), ("withdrawn", "取り下げ"), ("expired", "納付期限を過ぎた")],
    )
    def test_what_cannot_be_paid(self, payer, portal, reason, words):
        portal.answer[INQUIRIES] = 200, self.PAYABLE | {"payable": False, "reason": reason}
        refused = self.typed(payer, a_number())
        assert refused.status == 409
        assert words in refused.text

    def test_ten_wrong_numbers_stop_the_browser_and_the_number_for_the_day(self, bank, portal):
        numbers, payer = a_number(), Payer(bank.origin)
        portal.answer[INQUIRIES] = 200, {"found": False}
        for wrong in range(10):
            page = self.typed(payer, numbers, confirmation=f"{wrong:06d}")
            assert "見つかりません" in page.text
        portal.answer[INQUIRIES] = 200, self.PAYABLE
        assert self.typed(payer, numbers).status == 429
        assert self.typed(payer, a_number()).status == 429
        assert self.typed(Payer(bank.origin), numbers).status == 429
        assert self.typed(Payer(bank.origin), a_number()).status == 200

    def test_a_portal_that_does_not_answer_uses_up_no_try(self, payer, portal):
        numbers = a_number()
        odd = self.PAYABLE | {"amount": "many"}
        for answer in [(500, {}), (403, {}), (200, {}), (200, []), (200, odd)] * 3:
            portal.answer[INQUIRIES] = answer
            assert self.typed(payer, numbers).status == 503
        portal.answer[INQUIRIES] = 200, self.PAYABLE
        assert self.typed(payer, numbers).status == 200

    @pytest.mark.parametrize("odd", ["", "x", "１２", "1" * 21, "1" * 5000, "\x00", "½", "٣" * 20])
    def test_odd_numbers(self, payer, odd):
        page = self.typed(payer, a_number(), payment=odd)
        assert page.status == 200
        assert "納付番号" in page.text
        assert "エラー" in page.text


class TestByAProgram:
    """What drives a demo pays without a browser; the notice of that payment alone is odd."""

    def pay(self, numbers, notice="normal", minutes=10, amount=1500, due_on=date(2030, 4, 1)):
        sandbox.pay(
            agency_number=numbers.agency_number,
            payment_number=numbers.payment_number,
            amount=amount,
            due_on=due_on,
            notice=notice,
            minutes=minutes,
        )

    def test_the_notice_arrives_and_a_number_is_paid_once(self, bank, portal):
        numbers = a_number()
        self.pay(numbers)
        [(headers, body)] = portal.wait_for(numbers.payment_number)
        notice = sandbox.read_notice(headers, body, NOTICES, now=clock.system_now())
        assert [notice] == settled(numbers)
        assert notice.amount == 1500
        with pytest.raises(BankRefused, match="already_settled"):
            self.pay(numbers)

    def test_each_notice_travels_as_it_is_asked_to(self, bank, portal):
        twice, wrong, never, late = (a_number() for _each in range(4))
        self.pay(never, "never")
        self.pay(late, "late", minutes=60)
        self.pay(wrong, "wrong_amount")
        self.pay(twice, "twice")
        assert len(portal.wait_for(twice.payment_number, count=2)) == 2
        [(_headers, body)] = portal.wait_for(wrong.payment_number)
        assert json.loads(body)["amount"] == 1400
        for quiet in (never, late):
            assert len(settled(quiet)) == 1
            assert not portal.about(quiet.payment_number)

    @pytest.mark.parametrize(
        "odd",
        [{"notice": "reversed"}, {"notice": []}, {"minutes": 0}, {"amount": 0}, {"due_on": PAST}],
    )
    def test_what_makes_no_sense_is_refused(self, bank, odd):
        numbers = a_number()
        with pytest.raises(BankRefused):
            self.pay(numbers, **odd)
        assert settled(numbers) == []

    def test_a_number_that_it_did_not_make_is_paid(self, bank):
        numbers = Numbers("00100", f"4000{secrets.randbelow(10**16):016d}", "000000")
        self.pay(numbers)
        assert len(settled(numbers)) == 1
