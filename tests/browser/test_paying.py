"""Paying in a browser, from the portal to the sandbox bank beside it and back.

Both run as `make run` starts them, so what is seen here is what a newcomer sees.
"""

import re
import time

import pytest

from tests.browser.axe import violations
from tests.browser.person import PHONE, ByFinger, ByKeyboard, Person
from tests.signing_in import signs_in, signs_in_to_pay

pytestmark = pytest.mark.browser

# The bank's customers: with plenty of money, and with too little.
PLENTY, SHORT = "01011000001", "01011000002"
BANK_PASSWORD = "ginko-2024"
# How long a notice may take from the bank to the page.
ARRIVES_WITHIN = 30


class _AtTheBank:
    """May also ask the bank, the one other server that payers are sent to."""

    @property
    def bank(self):
        address, port = self.origin.rsplit(":", 1)
        return f"{address}:{int(port) + 1}"

    def _asked(self, request):
        if not request.url.startswith(f"{self.bank}/"):
            super()._asked(request)

    def goes_to_the_bank(self, name="東京三葉銀行"):
        """From 納付手続 on to the bank's site."""
        self.chooses(name)
        self.presses("次へ")
        self.presses("金融機関のサイトへ進む")
        self.sees("インターネットバンキング ログイン")
        assert self.page.url.startswith(f"{self.bank}/")

    def signs_in_at_the_bank(self, customer=PLENTY):
        self.fills("契約者番号（カード番号）", customer)
        self.fills("パスワード", BANK_PASSWORD)
        self.presses("次へ")

    def pays(self):
        self.sees("円を納付する")
        words = re.search(r"[\d,]+円を納付する", self.text)[0]
        self.presses(words)

    def waits_to_see(self, words):
        """Load the page again until it says ``words``."""
        until = time.monotonic() + ARRIVES_WITHIN
        while words not in self.text and time.monotonic() < until:
            time.sleep(0.5)
            self.page.reload()
        self.sees(words)


class Payer(_AtTheBank, Person):
    pass


class PayerOnAPhone(_AtTheBank, ByFinger):
    pass


class PayerByKeyboard(_AtTheBank, ByKeyboard):
    pass


@pytest.fixture
def payer(a_person):
    return a_person(Payer)


def the_numbers(person):
    """What オンライン方式 shows: the three numbers by their names."""
    names = ("収納機関番号", "納付番号", "確認番号")
    rows = person.page.locator("#numbers .koss-row")
    shown = dict(row.inner_text().split("\n", 1) for row in rows.all())
    return {name: shown[name].strip() for name in names}


def types_at_the_machine(person, numbers):
    for name, digits in numbers.items():
        person.fills(name, digits)
    person.presses("照会する")


def test_paying_by_link_until_the_application_moves_on(payer, portal):
    status = signs_in(payer, portal.use_up("検査手数料等納付待ち"))
    payer.presses("納付")
    assert violations(payer.page) == []
    payer.goes_to_the_bank()
    payer.signs_in_at_the_bank()
    payer.pays()
    payer.sees("納付が完了しました")
    payer.presses("ポータルへ戻る")

    payer.waits_to_see("納付を確認しました")
    assert violations(payer.page) == []
    payer.presses("申請状況を確認する")
    assert payer.path == status
    payer.sees_in_order("現在の申請状況", "検査申請審査中", "納付情報", "済")


def test_leaving_the_bank_pays_nothing(payer, portal):
    signs_in(payer, portal.use_up("自動車重量税納付待ち"))
    payer.presses("納付")
    payer.goes_to_the_bank()
    payer.presses("納付せずにポータルへ戻る")

    payer.sees("納付手続中", "最新の情報に更新")
    payer.presses("申請状況を確認する")
    payer.sees("自動車重量税納付待ち")
    payer.presses("納付")
    payer.sees("がすでに押されています")


def test_the_link_works_once(payer, portal):
    signs_in(payer, portal.use_up("検査手数料等納付待ち", "新車"))
    payer.presses("納付")
    payer.chooses("東京三葉銀行")
    payer.presses("次へ")
    token = payer.page.locator("input[name=token]").get_attribute("value")
    payer.presses("金融機関のサイトへ進む")
    payer.signs_in_at_the_bank(SHORT)
    payer.pays()
    payer.sees("残高が不足")

    again = payer.context.request.post(
        f"{payer.bank}/link/", form={"token": token, "bank": "0101"}, max_redirects=0
    )
    assert again.status == 409


def test_paying_at_the_cash_machine(payer, portal):
    status = signs_in(payer, portal.use_up("自動車重量税納付待ち", "新車"))
    payer.presses("納付")
    numbers = the_numbers(payer)
    wrong = f"{(int(numbers['確認番号']) + 1) % 10**6:06d}"

    payer.page.goto(f"{payer.bank}/atm/")
    types_at_the_machine(payer, numbers | {"確認番号": wrong})
    payer.sees("納付の情報が見つかりません")
    types_at_the_machine(payer, numbers)
    payer.sees("自動車重量税", "財務省")
    payer.signs_in_at_the_bank()
    payer.pays()
    payer.sees("納付が完了しました")

    payer.opens(status)
    payer.waits_to_see("軽自動車税申告審査中")


def test_paying_a_batch(payer, portal):
    account = portal.use_up("検査手数料等まとめ払い中", shows="納付期限間近")
    menu = signs_in_to_pay(payer)
    payer.presses("まとめ納付対象選択")
    payer.fills("受付番号", account.receipt_number)
    payer.presses("検索")
    payer.presses("条件に合うものをすべて選ぶ")
    payer.presses("選択内容を確認する")
    payer.presses("納付番号取得")

    payer.opens(menu)
    payer.presses("まとめ納付情報選択")
    payer.fills("受付番号", account.receipt_number)
    payer.presses("検索")
    payer.presses("納付")
    payer.goes_to_the_bank("訓練信用金庫")
    payer.signs_in_at_the_bank("01021000001")
    payer.pays()
    payer.presses("ポータルへ戻る")

    payer.waits_to_see("納付を確認しました")
    assert violations(payer.page) == []


def test_a_direct_debit_at_once(payer, portal):
    account = portal.use_up("自動車重量税まとめ払い中", shows="ダイレクト納付")
    signs_in_to_pay(payer)
    payer.presses("ダイレクト納付対象・情報選択")
    payer.fills("受付番号", account.receipt_number)
    payer.presses("検索")
    payer.presses("条件に合うものをすべて選ぶ")
    payer.presses("選択内容を確認する")
    payer.chooses("すぐに引き落とす")
    assert violations(payer.page) == []
    payer.presses("引き落としを申し込む")
    payer.sees("引き落としの申し込みを受け付けました")
    assert violations(payer.page) == []

    payer.waits_to_see("済")
    payer.opens("/status/login/")
    status = signs_in_again(payer, account)
    payer.opens(status)
    payer.sees("返付準備完了")


def signs_in_again(payer, account):
    """The application has moved on, so its status is not that of the account."""
    account = type(account)(account.receipt_number, account.procedure, "返付準備完了", "")
    return signs_in(payer, account)


def test_paying_on_a_phone(a_person, portal):
    payer = a_person(PayerOnAPhone, viewport=PHONE, has_touch=True)
    signs_in(payer, portal.use_up("軽自動車税納付待ち", "新車"))
    payer.presses("納付")
    payer.sees("オンライン方式")
    assert payer.sideways() == []
    payer.goes_to_the_bank()
    payer.signs_in_at_the_bank()
    payer.pays()
    payer.presses("ポータルへ戻る")

    payer.waits_to_see("納付を確認しました")
    assert payer.sideways() == []
