"""納付手続 of a batch: whose it is, what the list leads to, and coming back from the bank."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from koss.ground import clock
from payments.batches import withdrawing
from payments.demo import payers
from payments.models import PaymentInformation
from payments.money import settlements
from payments.numbers import numbering, refunds, taking
from tests.signing_in import signs_in_to_pay
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

# Session, user, batch, refunds, whether it is consent, receipt numbers.
PAY_PAGE_QUERIES = 6
BANK_PAGE_QUERIES = 5
RETURN_QUERIES = 4
CONSENT = "同意したものとして扱い"


@pytest.fixture
def a_batch(an_application):
    """A batch of the manuals' payment user over ``many`` applications, numbered or not."""

    def make(status="検査手数料等まとめ払い中", *, many=2, numbered=True, **fields):
        user = payers.payment_user()
        keys = [an_application(status, **fields).pk for _ in range(many)]
        [information] = taking.take(user, keys, now=clock.now())
        return numbering.fetch(information, now=clock.now()) if numbered else information

    return make


def fresh(information):
    return PaymentInformation.objects.get(pk=information.pk)


def presses_pay(visitor, menu=None):
    """From 納付メニュー to 納付手続; returns the path of that page."""
    visitor.opens(menu or signs_in_to_pay(visitor))
    visitor.presses("まとめ納付情報選択")
    visitor.presses("検索")
    visitor.presses("納付")
    return visitor.path


def test_the_row_leads_to_what_is_paid_and_both_ways(visitor, a_batch):
    batch = a_batch(many=7)
    presses_pay(visitor)

    visitor.sees_in_order("納付手続", "納付する内容", "情報リンク方式", "オンライン方式")
    rows = dict(visitor.rows())
    assert rows["収納機関名(漢字)"] == "軽自動車検査協会・自動車技術総合機構"
    assert rows["申請件数"] == "7件"
    assert rows["納付番号"].replace(" ", "") == batch.payment_number
    assert rows["対象の申請"].count("詳細") == 1
    visitor.presses("詳細")
    visitor.sees("まとめ納付情報詳細")
    assert fresh(batch).presses == 1


def test_a_number_that_is_still_missing_comes_on_the_way(visitor, a_batch):
    batch = a_batch(numbered=False)
    presses_pay(visitor)

    assert dict(visitor.rows())["確認番号"] == fresh(batch).confirmation_number != ""


def test_an_agency_out_of_reach_is_said_and_tried_again(visitor, a_batch, bank):
    batch = a_batch(numbered=False)
    bank.unreachable = True
    presses_pay(visitor)
    visitor.sees("納付番号をまだ取得できません")
    assert fresh(batch).presses == 0

    bank.unreachable = False
    visitor.presses("もう一度試す")

    visitor.sees("納付手続", "オンライン方式")
    assert fresh(batch).presses == 1


def test_a_second_press_warns_of_the_first(visitor, a_batch):
    a_batch()
    menu = signs_in_to_pay(visitor)
    presses_pay(visitor, menu)
    visitor.does_not_see("がすでに押されています")

    presses_pay(visitor, menu)

    visitor.sees("「納付」がすでに押されています。別の端末など")


def test_the_link_returns_to_this_batch_and_says_nothing_else(visitor, a_batch):
    batch = a_batch()
    page = presses_pay(visitor)
    visitor.chooses("訓練信用金庫")
    visitor.presses("次へ")

    [token] = [f["value"] for f in visitor.page.all("input") if f["name"] == "token"]
    asked = json.loads(token)
    assert asked["return_url"] == f"{settings.KOSS_ORIGIN}{page}return/"
    assert (asked["amount"], asked["bank"]) == (batch.amount, "0102")
    visitor.presses("戻る")
    visitor.sees("情報リンク方式")


def test_consent_for_one_of_many(visitor, a_batch, an_application):
    user = payers.payment_user()
    keys = [
        an_application("検査手数料等まとめ払い中", annual_tax_confirmed=confirmed).pk
        for confirmed in (True, False)
    ]
    [batch] = taking.take(user, keys, now=clock.now())
    presses_pay(visitor)

    visitor.sees_in_order(CONSENT, "情報リンク方式")
    assert fresh(batch).consented_at is None
    visitor.presses("番号を表示する")
    visitor.does_not_see(CONSENT)
    assert fresh(batch).consented_at


def test_the_return_shows_what_the_database_knows(visitor, a_batch, bank):
    batch = a_batch()
    page = presses_pay(visitor)

    visitor.opens(f"{page}return/?result=paid")
    visitor.sees("納付手続中")
    settlements.receive(bank.settles(batch), now=clock.now())
    visitor.presses("最新の情報に更新")

    visitor.sees("納付を確認しました")
    visitor.presses("まとめ納付情報確認")
    visitor.sees("済")


def test_a_withdrawn_batch_cannot_be_paid_any_more(visitor, a_batch):
    batch = a_batch()
    page = presses_pay(visitor)
    withdrawing.withdraw(batch, user=batch.user, now=clock.now(), presses=1)

    answers = [visitor.client.get(page), visitor.client.post(page)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("取り下げを受け付けています。" in answer.text for answer in answers)
    assert fresh(batch).presses == 1
    visitor.opens(f"{page}return/")
    visitor.sees("取り下げ受付済", "還付")


def test_past_due_there_is_no_way_to_the_bank(visitor, a_batch):
    batch = a_batch()
    with time_machine.travel(clock.at(batch.due_on + timedelta(days=1), hour=1)):
        menu = signs_in_to_pay(visitor)
        answer = visitor.client.post(menu.replace("menu/", f"pay/{batch.reference}/"))

    assert answer.status_code == 409
    assert "納付期限を過ぎています。" in answer.text


def test_nobody_pays_the_batch_of_another_user(visitor, a_batch):
    batch = a_batch()
    payers.payment_user("KNZZ9999")
    menu = signs_in_to_pay(visitor, "KNZZ9999")
    page = menu.replace("menu/", f"pay/{batch.reference}/")

    answers = [
        visitor.client.post(page),
        visitor.client.get(page),
        visitor.client.post(f"{page}way/", {"way": "atm"}),
        visitor.client.get(f"{page}bank/0101/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    visitor.opens(f"{page}return/")
    visitor.sees("ログインして確認してください")
    assert fresh(batch).presses == 0


def test_a_user_no_longer_signed_in_is_led_to_the_payment_login(visitor, a_batch):
    a_batch()
    page = presses_pay(visitor)

    stranger = Visitor(Client())
    stranger.opens(f"{page}return/")

    stranger.sees("納付の結果は、ログインして確認してください")
    stranger.presses("納付ログイン")
    stranger.sees("納付利用者ID")


def test_the_payer_is_told_of_money_that_goes_back(visitor, a_batch, bank):
    batch = a_batch()
    page = presses_pay(visitor)
    wrong = settlements.receive(bank.settles(batch, amount=batch.amount - 100), now=clock.now())

    for address in (page, f"{page}return/"):
        visitor.opens(address)
        visitor.sees("¥ 3,100の入金がありましたが", "還付の手続をします", "金額の異なる入金")
    visitor.sees("納付手続中")

    refunds.complete(wrong.refund, by="unyo", note="口座へ振込", now=clock.now())
    visitor.opens(page)
    visitor.sees("還付しました")


def test_queries(visitor, a_batch, django_assert_num_queries):
    a_batch(many=8)
    page = presses_pay(visitor)

    for address, queries in [
        (page, PAY_PAGE_QUERIES),
        (f"{page}bank/0101/", BANK_PAGE_QUERIES),
        (f"{page}return/", RETURN_QUERIES),
    ]:
        with django_assert_num_queries(queries):
            assert visitor.client.get(address).status_code == 200
