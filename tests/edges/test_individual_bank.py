"""個別納付: from 納付手続 to the bank and back, and what going on is consent to."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from koss.ground import clock
from payments.models import PaymentState
from payments.money import settlements
from payments.numbers import releasing
from tests.rules.payments import numbers
from tests.signing_in import signs_in
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

CONSENT = "同意したものとして扱い"
STATUS_PAGE_QUERIES = 6
# Session, application with office, number, refunds, and whether paying is consent.
PAY_PAGE_QUERIES = 5
# The number is read anew for the link; consent that was given needs no look.
BANK_PAGE_QUERIES = {True: 5, False: 4}
RETURN_QUERIES = 4


def goes_to(visitor, name="東京三葉銀行"):
    visitor.chooses(name)
    visitor.presses("次へ")


def test_a_bank_has_to_be_chosen(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")

    visitor.presses("次へ")

    visitor.sees("金融機関を選んでください。")
    assert visitor.can_press("次へ")


@pytest.mark.parametrize("chosen", ["9999", "", "東京"])
def test_an_unknown_bank_is_refused(visitor, an_application, chosen):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")

    answer = visitor.client.post(f"{visitor.path}way/", {"way": "link", "bank": chosen})

    assert "金融機関を選んでください。" in answer.text
    assert visitor.client.get(f"{visitor.path}bank/9999/").status_code == 404


def test_the_form_to_the_bank_holds_only_the_signed_link(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")
    page = visitor.path
    goes_to(visitor)

    visitor.sees("東京三葉銀行", "金融機関のサイトへ進む")
    [form] = [f for f in visitor.page.all("form") if f["action"] == "http://bank.example/link/"]
    [field] = form.all("input")
    asked = json.loads(field["value"])
    assert field["name"] == "token"
    assert asked["amount"] == numbers.newest().amount
    assert asked["return_url"] == f"{settings.KOSS_ORIGIN}{page}return/"


def test_consent_is_said_first_and_recorded_on_going_on(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち", annual_tax_confirmed=False))
    visitor.presses("納付")

    visitor.sees_in_order(CONSENT, "情報リンク方式", "オンライン方式")
    assert numbers.newest().consented_at is None
    assert numbers.newest().confirmation_number not in dict(visitor.rows()).values()
    visitor.opens(f"{visitor.path}bank/0101/")  # not without having gone on
    visitor.sees("金融機関を選んで")

    visitor.presses("番号を表示する")

    first = numbers.newest().consented_at
    assert first
    assert dict(visitor.rows())["確認番号"] == numbers.newest().confirmation_number
    goes_to(visitor)
    visitor.sees("金融機関のサイトへ進む")
    assert numbers.newest().consented_at == first


def test_consent_is_recorded_on_the_way_to_the_bank(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち", annual_tax_confirmed=False))
    visitor.presses("納付")
    goes_to(visitor)

    visitor.sees("金融機関のサイトへ進む")
    assert numbers.newest().consented_at


@pytest.mark.parametrize("confirmed", [True, None])
def test_nothing_is_said_of_consent_otherwise(visitor, an_application, confirmed):
    signs_in(visitor, an_application("検査手数料等納付待ち", annual_tax_confirmed=confirmed))
    visitor.presses("納付")
    visitor.does_not_see("同意")
    goes_to(visitor)

    assert numbers.newest().consented_at is None


def test_the_return_shows_what_the_database_knows(visitor, an_application, bank):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")
    back = f"{visitor.path}return/"

    visitor.opens(f"{back}?state=paid&result=ok&amount=1")
    visitor.sees("納付手続中", "通知を待っています")
    visitor.does_not_see("納付を確認しました")

    settlements.receive(bank.settles(numbers.newest()), now=clock.now())
    visitor.presses("最新の情報に更新")
    visitor.sees("納付を確認しました")
    visitor.presses("申請状況を確認する")
    visitor.sees("検査申請審査中")


def test_an_ended_number_is_told_on_return(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")
    releasing.release(numbers.newest(), state=PaymentState.EXPIRED, now=clock.now())

    visitor.opens(f"{visitor.path}return/")

    visitor.sees("期限切れ", "還付")


def test_a_visitor_no_longer_signed_in_is_told_where_to_look(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")

    stranger = Visitor(Client())
    stranger.opens(f"{visitor.path}return/")

    assert stranger.status == 200
    stranger.sees("納付の結果は、ログインして確認してください")
    stranger.does_not_see(numbers.newest().payment_number, "1,6")
    stranger.presses("状況の照会")
    stranger.sees("受付番号")


def test_an_idle_applicant_comes_back_to_the_same_words(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")

    with time_machine.travel(clock.now() + timedelta(minutes=45)):
        visitor.opens(f"{visitor.path}return/")

    visitor.sees("納付の結果は、ログインして確認してください")


@pytest.mark.parametrize("confirmed", [True, False])
def test_queries(visitor, an_application, django_assert_num_queries, confirmed):
    page = signs_in(visitor, an_application("検査手数料等納付待ち", annual_tax_confirmed=confirmed))
    with django_assert_num_queries(STATUS_PAGE_QUERIES):
        visitor.client.get(page)
    visitor.presses("納付")
    pay = visitor.path
    with django_assert_num_queries(PAY_PAGE_QUERIES):
        visitor.client.get(pay)
    goes_to(visitor)
    with django_assert_num_queries(BANK_PAGE_QUERIES[confirmed]):
        visitor.client.get(visitor.path)
    with django_assert_num_queries(RETURN_QUERIES):
        visitor.client.get(f"{pay}return/")
    with django_assert_num_queries(STATUS_PAGE_QUERIES):
        visitor.client.get(page)
