"""個別納付: the button in the column 納付, and the pages behind it, for one application."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from koss.ground import clock
from payments.models import PaymentInformation, PaymentState
from payments.money import settlements
from payments.numbers import taking
from tests.rules.payments import numbers
from tests.signing_in import signs_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

INDIVIDUALLY = ["検査手数料等納付待ち", "自動車重量税納付待ち", "軽自動車税納付待ち"]
TOGETHER = ["検査手数料等まとめ払い中", "自動車重量税まとめ払い中", "軽自動車税まとめ払い中"]


def payment(visitor):
    _headings, rows = visitor.table("納付情報の表")
    return rows


def live():
    """How many numbers wait to be paid."""
    return PaymentInformation.objects.filter(state=PaymentState.UNPAID).count()


@pytest.mark.parametrize("status", INDIVIDUALLY)
def test_the_button_takes_a_number_and_shows_what_to_pay(visitor, an_application, status):
    page = signs_in(visitor, an_application(status))
    visitor.presses("納付")

    information = numbers.newest()
    visitor.sees_in_order(
        "納付手続", "納付する内容", "情報リンク方式", "東京三葉銀行", "オンライン方式"
    )
    rows = dict(visitor.rows())
    assert rows["収納機関番号"] == information.agency_number
    assert rows["納付番号"].replace(" ", "") == information.payment_number
    assert re.fullmatch(r"\d{4}( \d{4}){4}", rows["納付番号"])
    assert rows["確認番号"] == information.confirmation_number
    assert rows["金額"] == f"¥ {information.amount:,}"
    assert information.presses == 1

    visitor.opens(page)
    assert information.confirmation_number in payment(visitor)[-1 if "手数料" not in status else 0]
    visitor.sees("すでに押されています")


@pytest.mark.parametrize("status", TOGETHER)
def test_who_pays_together_is_led_to_the_payment_login(visitor, an_application, status):
    signs_in(visitor, an_application(status))

    assert not visitor.can_press("納付")
    visitor.sees("まとめて納付してください")
    visitor.presses("納付ログイン")
    visitor.sees("納付利用者ID")


def test_what_is_not_owed_has_no_button(visitor, an_application):
    signs_in(visitor, an_application("検査申請審査中"))

    assert not visitor.can_press("納付")
    visitor.does_not_see("納付するときは", "納付ログイン")


def test_fees_that_are_past_due_cannot_be_paid(visitor, an_application):
    application = an_application("検査手数料等納付待ち")
    with time_machine.travel(clock.at(application.deadline + timedelta(days=1), hour=1)):
        page = signs_in(visitor, application)

        assert not visitor.can_press("納付")
        visitor.sees("納付期限を過ぎたため、検査手数料・技術情報管理手数料は納付できません。")
        forced = visitor.client.post(pressing(page), {"kind": "fees"})

    assert forced.status_code == 409
    assert live() == 0


def test_taxes_past_due_get_a_number_that_is_due_today(visitor, an_application):
    application = an_application("自動車重量税納付待ち")
    late = clock.at(application.deadline + timedelta(days=9), hour=12)
    with time_machine.travel(late):
        signs_in(visitor, application)
        visitor.presses("納付")

        assert numbers.newest().due_on == clock.day(late)
        visitor.sees("納付手続", "情報リンク方式")


def test_between_midnight_and_the_night_a_late_number_waits(visitor, an_application):
    application = an_application("自動車重量税納付待ち")
    taking.take_individually(application, now=clock.now())
    with time_machine.travel(clock.at(numbers.newest().due_on + timedelta(days=1), hour=1)):
        page = signs_in(visitor, application)

        assert not visitor.can_press("納付")
        visitor.sees("午前5時以降に、新しい番号で納付できます。")
        forced = visitor.client.post(pressing(page), {"kind": "weight_tax"})

    assert forced.status_code == 409
    assert "納付期限を過ぎています。" in forced.text


def pressing(status_page):
    """The address of 個別納付 under the handle of ``status_page``."""
    return status_page.replace("/status/", "/payment/application/")


def test_an_old_page_takes_no_number_for_something_else(visitor, an_application):
    page = signs_in(visitor, an_application("自動車重量税納付待ち"))
    before = PaymentInformation.objects.count()

    answer = visitor.client.post(pressing(page), {"kind": "fees"})

    assert answer.status_code == 409
    assert "最新の申請状況を確認" in answer.text
    assert PaymentInformation.objects.count() == before


@pytest.mark.parametrize("kind", ["", "x"])
def test_a_mangled_request_key_takes_no_number(visitor, an_application, kind):
    page = signs_in(visitor, an_application("検査手数料等納付待ち"))

    assert visitor.client.post(pressing(page), {"kind": kind}).status_code == 409
    assert not PaymentInformation.objects.exists()


def test_pressing_again_uses_the_same_number_and_warns(visitor, an_application):
    page = signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")
    visitor.does_not_see("がすでに押されています")

    visitor.opens(page)
    visitor.presses("納付")

    visitor.sees("「納付」がすでに押されています", "納付の有無を確かめてください")
    assert numbers.newest().presses == 2


def test_loading_the_page_again_presses_nothing(visitor, an_application):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")

    visitor.opens(visitor.path)

    assert numbers.newest().presses == 1


def test_without_a_press_the_page_leads_back(visitor, an_application):
    application = an_application("検査手数料等納付待ち", numbered=True)
    page = signs_in(visitor, application)
    reference = numbers.newest().reference

    for below in ("", "bank/0101/"):
        visitor.opens(f"{pressing(page)}{reference}/{below}")
        visitor.sees("申請状況確認")
    answer = visitor.client.post(f"{pressing(page)}{reference}/way/", {"way": "atm"})

    assert answer.status_code == 302
    assert numbers.newest().presses == 0


def test_an_agency_out_of_reach_is_said_and_tried_again(visitor, an_application, bank):
    page = signs_in(visitor, an_application("検査手数料等納付待ち"))
    bank.unreachable = True
    visitor.presses("納付")

    visitor.sees("納付番号をまだ取得できません")
    assert (numbers.newest().payment_number, numbers.newest().presses) == ("", 0)

    bank.unreachable = False
    visitor.presses("もう一度試す")
    visitor.sees("納付手続", "オンライン方式")
    visitor.does_not_see("がすでに押されています")
    assert numbers.newest().payment_number

    visitor.opens(page)
    assert payment(visitor)[0][2] == numbers.newest().confirmation_number


def test_an_agency_that_refuses_leaves_the_charges_free(visitor, an_application, bank):
    page = signs_in(visitor, an_application("検査手数料等納付待ち"))
    bank.refuses = "金額が不正です"
    visitor.presses("納付")

    assert visitor.status == 409
    visitor.sees("納付番号を取得できませんでした。", "金額が不正です")
    bank.refuses = ""
    visitor.opens(page)
    visitor.presses("納付")
    visitor.sees("納付手続", "オンライン方式")
    assert PaymentInformation.objects.count() == 2


def test_what_is_paid_meanwhile_cannot_be_paid_again(visitor, an_application, bank):
    signs_in(visitor, an_application("検査手数料等納付待ち"))
    visitor.presses("納付")
    page = visitor.path
    settlements.receive(bank.settles(numbers.newest()), now=clock.now())

    answers = [
        visitor.client.get(page),
        visitor.client.post(f"{page}way/", {"way": "link", "bank": "0101"}),
        visitor.client.get(f"{page}bank/0101/"),
    ]

    assert [answer.status_code for answer in answers] == [409] * 3
    assert all("納付は済んでいます。" in answer.text for answer in answers)


def test_nobody_sees_the_number_of_another_application(visitor, an_application):
    other = an_application("検査手数料等納付待ち", numbered=True)
    reference = numbers.newest().reference
    page = signs_in(visitor, an_application("検査手数料等納付待ち"))

    for below in ("", "bank/0101/"):
        assert visitor.client.get(f"{pressing(page)}{reference}/{below}").status_code == 404
    assert visitor.client.post(f"{pressing(page)}{reference}/way/").status_code == 404
    visitor.opens(f"{pressing(page)}{reference}/return/")
    visitor.does_not_see(other.receipt_number[:4], numbers.newest().payment_number[:4])


def test_pressing_needs_a_token_of_this_site(visitor, an_application):
    page = signs_in(visitor, an_application("検査手数料等納付待ち"))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.client.cookies

    assert strict.post(pressing(page), {"kind": "fees"}).status_code == 403
    assert visitor.client.get(pressing(page)).status_code == 405
    assert not PaymentInformation.objects.exists()
